// Writing JSON straight into a string: no tree, no allocation once the string has grown. Reading it is body.hpp's.
#pragma once

#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>

#include "sim/kernel/time.hpp"

namespace dueprocess::service {

/// `text` in quotes, with what JSON wants escaped. Bytes above 127 go as they are: texts are UTF-8.
void append_quoted(std::string& to, std::string_view text);
/// RFC 3339 with six digits and Z, in quotes; `never` is null.
void append_instant(std::string& to, Instant);

inline void append_number(std::string& to, std::int64_t number) {
  char digits[20];
  const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  to.append(digits, end);
}

/// RFC 3339 with six digits and Z, without quotes. Years beyond 9999 are told as the end of 9999.
void append_plain_instant(std::string& to, Instant);
/// Reads RFC 3339: any offset, no more than six digits of a second, years 1900 to 2200. False: it is none.
bool read_instant(std::string_view text, Instant& instant);

/// Whether the bytes are UTF-8 without control characters.
bool is_plain_text(std::string_view text);

}  // namespace dueprocess::service
