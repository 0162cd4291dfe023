// The JSON Schema (2020-12) of a history's records: of one line.
#pragma once

#include <string>

namespace dueprocess {

std::string history_schema();

}  // namespace dueprocess
