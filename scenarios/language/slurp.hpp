// A whole file into memory, with a bound.
#pragma once

#include <string>

namespace dueprocess {

/// Empty: done. Otherwise what went wrong, naming the file.
std::string slurp(const std::string& path, std::size_t bytes_max, std::string& out);

}  // namespace dueprocess
