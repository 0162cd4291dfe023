#include "harness/target/http/generated.hpp"

#include <set>
#include <string>

#include "catch.hpp"

namespace dueprocess::http {
namespace {

std::string bytes(std::uint64_t seed, std::uint64_t from, std::size_t count) {
  std::string text(count, '\0');
  generate_bytes(seed, from, text.data(), count);
  return text;
}

TEST_CASE("A generated body is the same from whatever place it is made") {
  const std::string whole_body = bytes(7, 0, 1000);
  for (std::size_t from : {0U, 1U, 7U, 8U, 9U, 500U})
    for (std::size_t count : {0U, 1U, 3U, 8U, 64U, 333U}) CHECK(bytes(7, from, count) == whole_body.substr(from, count));
  CHECK(bytes(7, 4'999'999'993, 7) == bytes(7, 4'999'999'990, 10).substr(3));
}

TEST_CASE("Another seed, another body, and no byte is rare") {
  CHECK(bytes(1, 0, 100) != bytes(2, 0, 100));
  const std::string whole_body = bytes(3, 0, 10'000);
  CHECK(std::set<char>(whole_body.begin(), whole_body.end()).size() == 256);
}

}  // namespace
}  // namespace dueprocess::http
