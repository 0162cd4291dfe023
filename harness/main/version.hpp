// Which dueprocess this is.
#pragma once

#include <string>

namespace dueprocess {

std::string version_text();     // "dueprocess 0.1.0"
std::string version_number();   // "0.1.0"
std::string compiler_text();    // "g++ 12.2.0"
std::string build_type_text();  // "RelWithDebInfo"

}  // namespace dueprocess
