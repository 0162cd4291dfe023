// Where a service listens: what is taken of a --target URL.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace dueprocess::http {

struct Endpoint {
  std::string host{};      // a name, an IPv4 or an IPv6 address (without brackets)
  std::uint16_t port = 0;  // what the scheme says if the URL says none
  bool tls = false;
  std::string base{};  // path before every target, without a slash at its end: empty for http://host/
  /// For the Host header: brackets around IPv6, the port unless it is the scheme's own.
  std::string authority() const;
  std::string url() const;  // as text, for messages
  friend bool operator==(const Endpoint&, const Endpoint&) = default;
};

/// `http://host[:port][/path]` or `https://...`. Nothing and a problem in words when it is something else, also when it has a
/// user, a query or a fragment: a password does not belong into a URL.
std::optional<Endpoint> read_endpoint(std::string_view url, std::string& problem);

}  // namespace dueprocess::http
