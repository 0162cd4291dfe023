// Instants, lengths of time and money as services write them, both ways, exactly: integers in, decimal text out, and back.
#pragma once

#include "scenarios/language/template.hpp"
#include "sim/kernel/time.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace dueprocess::binding {

// ---------------------------------------------------------------------------------------------- writing: appended to `out`

/// rfc3339 has six digits and Z; epoch_s, epoch_ms and epoch_us have decimals only where they are needed.
void append_instant(std::string& out, Instant, Spelling);
/// hours, minutes and days have up to twelve decimals: closer than half a microsecond.
void append_duration(std::string& out, Duration, Spelling);
void append_money(std::string& out, std::int64_t cents, Spelling);
void append_number(std::string& out, std::int64_t);
void append_json_text(std::string& out, std::string_view);  // what stands between the quotes
void append_url_text(std::string& out, std::string_view);   // everything but letters, digits and -._~ as %XX
void append_base64(std::string& out, std::string_view);

// ---------------------------------------------------------------------------------------------- reading; false: it is none

/// RFC 3339 with any offset, further digits than six are cut off; numbers of the epoch may have decimals and exponents.
bool read_instant(std::string_view, Spelling, Instant& out);
bool read_money(std::string_view, Spelling, std::int64_t& cents);
bool read_count(std::string_view, std::uint32_t& out);

}  // namespace dueprocess::binding
