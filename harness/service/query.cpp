#include "harness/service/query.hpp"

namespace dueprocess::service {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

void unescape(std::string_view from, std::string& to) {
  to.clear();
  for (std::size_t i = 0; i < from.size(); ++i) {
    if (from[i] == '+') {
      to += ' ';
    } else if (from[i] == '%' && i + 2 < from.size() && hex_digit(from[i + 1]) >= 0 && hex_digit(from[i + 2]) >= 0) {
      to += static_cast<char>(hex_digit(from[i + 1]) << 4 | hex_digit(from[i + 2]));
      i += 2;
    } else {
      to += from[i];
    }
  }
}

}  // namespace

std::string_view origin_form(std::string_view target) {
  const std::size_t scheme = target.starts_with("http://") ? 7 : target.starts_with("https://") ? 8 : 0;
  if (scheme == 0) return target;
  const std::size_t slash = target.find('/', scheme);
  return slash == std::string_view::npos ? std::string_view{"/"} : target.substr(slash);
}

bool next_parameter(std::string_view& query, std::string& name, std::string& value) {
  while (query.starts_with('&')) query.remove_prefix(1);
  if (query.empty()) return false;
  const std::size_t end = std::min(query.find('&'), query.size());
  const std::string_view one = query.substr(0, end);
  query.remove_prefix(end);
  const std::size_t sign = std::min(one.find('='), one.size());
  unescape(one.substr(0, sign), name);
  unescape(sign < one.size() ? one.substr(sign + 1) : std::string_view{}, value);
  return true;
}

std::optional<std::string> parameter(std::string_view query, std::string_view name) {
  std::string found, value;
  while (next_parameter(query, found, value))
    if (found == name) return value;
  return std::nullopt;
}

}  // namespace dueprocess::service
