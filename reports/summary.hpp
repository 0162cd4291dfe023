// The end-of-run summary, in the layout users of load testers know: expectations first, the verdict last.
#pragma once

#include <string>

#include "reports/result.hpp"
#include "reports/terminal.hpp"

namespace dueprocess {

enum class SummaryKind : std::uint8_t {
  none,     // nothing
  compact,  // expectations, what is wrong, one line of totals, the verdict
  full,
};

/// `written`: where the result lies, empty: nowhere. Ends with a newline, unless it is empty.
std::string summary_text(const Result&, SummaryKind, const std::string& written, const TextStyle&);

/// The last line: "VERDICT: violated (3 violations of the rules)". Without a newline.
std::string verdict_line(const Result&, const TextStyle&);

}  // namespace dueprocess
