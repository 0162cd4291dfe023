// The target of a request: path, and the query's parameters without their escapes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace dueprocess::service {

/// Without scheme and host, should it have them.
std::string_view origin_form(std::string_view target);
inline std::string_view path_of(std::string_view target) { return target.substr(0, target.find('?')); }
inline std::string_view query_of(std::string_view target) {
  const std::size_t mark = target.find('?');
  return mark == std::string_view::npos ? std::string_view{} : target.substr(mark + 1);
}

/// One parameter; nothing: it is not there. A broken escape stays as it is.
std::optional<std::string> parameter(std::string_view query, std::string_view name);
/// The next parameter of the query, taken off it. False: there are no more.
bool next_parameter(std::string_view& query, std::string& name, std::string& value);

}  // namespace dueprocess::service
