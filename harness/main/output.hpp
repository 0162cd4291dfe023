// Where words go: data to standard output, all else to standard error.
#pragma once

#include <string>
#include <string_view>

namespace dueprocess {

/// Whole, at once. A reader that went away (a closed pipe) is no failure; false for any other, which has been told on
/// standard error then: the caller ends with ExitCode::output.
bool print_out(std::string_view);
void print_error(std::string_view);
/// A file that was asked for, whole; none asked for (no path) is fine. False: it cannot be written, which has been told.
bool write_asked(const std::string& path, std::string_view text);
/// The same, but "-" is standard output.
bool write_or_print(const std::string& path, std::string_view text);

}  // namespace dueprocess
