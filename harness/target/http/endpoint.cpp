#include "harness/target/http/endpoint.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <charconv>

namespace dueprocess::http {

std::string Endpoint::authority() const {
  std::string text = host.find(':') == std::string::npos ? host : "[" + host + "]";
  if (port != (tls ? 443 : 80)) text += ":" + std::to_string(port);
  return text;
}

std::string Endpoint::url() const { return (tls ? "https://" : "http://") + authority() + base; }

std::optional<Endpoint> read_endpoint(std::string_view text, std::string& problem) {
  const auto wrong = [&](std::string why) {
    problem = std::move(why);
    return std::nullopt;
  };
  const boost::urls::result<boost::urls::url_view> url = boost::urls::parse_uri(text);
  if (!url) return wrong("not a URL: http://HOST[:PORT][/PATH] is expected");
  // The URL is not repeated: it may have a password.
  if (url->has_userinfo()) return wrong("a URL with a user or a password is not taken");
  if (url->has_query() || url->has_fragment()) return wrong("a URL with a query or a fragment is not taken");
  Endpoint endpoint;
  if (url->scheme_id() == boost::urls::scheme::https) {
    endpoint.tls = true;
  } else if (url->scheme_id() != boost::urls::scheme::http) {
    return wrong("the scheme is to be http or https");
  }
  switch (url->host_type()) {
    case boost::urls::host_type::ipv6:
      endpoint.host = url->host_ipv6_address().to_string();
      break;
    case boost::urls::host_type::ipv4:
    case boost::urls::host_type::name:
      endpoint.host = url->host();
      break;
    default:
      return wrong("the URL has no host");
  }
  if (endpoint.host.empty()) return wrong("the URL has no host");
  endpoint.port = endpoint.tls ? 443 : 80;
  if (url->has_port() && !url->port().empty()) {
    const std::string port = url->port();
    const auto [stop, error] = std::from_chars(port.data(), port.data() + port.size(), endpoint.port);
    if (error != std::errc{} || endpoint.port == 0) return wrong("the port is to be 1 to 65535");
  }
  endpoint.base = std::string{url->encoded_path()};
  while (endpoint.base.ends_with('/')) endpoint.base.pop_back();
  return endpoint;
}

}  // namespace dueprocess::http
