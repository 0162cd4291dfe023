#include "harness/target/http/endpoint.hpp"

#include "catch.hpp"

namespace dueprocess::http {
namespace {

Endpoint read(std::string_view url) {
  std::string problem;
  const std::optional<Endpoint> endpoint = read_endpoint(url, problem);
  INFO(problem);
  REQUIRE(endpoint);
  return *endpoint;
}

std::string problem_of(std::string_view url) {
  std::string problem;
  CHECK_FALSE(read_endpoint(url, problem));
  CHECK(problem.find("secret") == std::string::npos);
  return problem;
}

TEST_CASE("A URL says host, port, TLS and base") {
  CHECK(read("http://example.org") == Endpoint{.host = "example.org", .port = 80});
  CHECK(read("https://example.org/") == Endpoint{.host = "example.org", .port = 443, .tls = true});
  CHECK(read("http://127.0.0.1:8080/api/v2/") == Endpoint{.host = "127.0.0.1", .port = 8080, .base = "/api/v2"});
  CHECK(read("https://[::1]:8443") == Endpoint{.host = "::1", .port = 8443, .tls = true});
  CHECK(read("HTTP://example.org:80").port == 80);
}

TEST_CASE("Its authority is what a Host field says") {
  CHECK(read("http://example.org:80").authority() == "example.org");
  CHECK(read("https://example.org:80").authority() == "example.org:80");
  CHECK(read("http://[::1]:8080").authority() == "[::1]:8080");
  CHECK(read("https://[::1]/x/").url() == "https://[::1]/x");
}

TEST_CASE("What is no such URL is told why, and never repeated") {
  CHECK(problem_of("example.org:80") == "the scheme is to be http or https");
  CHECK(problem_of("") == "not a URL: http://HOST[:PORT][/PATH] is expected");
  CHECK(problem_of("localhost") == "not a URL: http://HOST[:PORT][/PATH] is expected");
  CHECK(problem_of("ftp://example.org") == "the scheme is to be http or https");
  CHECK(problem_of("http://user:secret@example.org") == "a URL with a user or a password is not taken");
  CHECK(problem_of("http://example.org/?token=secret") == "a URL with a query or a fragment is not taken");
  CHECK(problem_of("http:///path") == "the URL has no host");
  CHECK(problem_of("http://example.org:0") == "the port is to be 1 to 65535");
  CHECK(problem_of("http://example.org:99999") == "the port is to be 1 to 65535");
  CHECK(problem_of("http://exa mple.org") == "not a URL: http://HOST[:PORT][/PATH] is expected");
}

}  // namespace
}  // namespace dueprocess::http
