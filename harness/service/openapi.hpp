// /openapi.json: OpenAPI 3.1, made of the table that dispatches.
#pragma once

#include <string>

namespace dueprocess::service {

std::string openapi_json();

}  // namespace dueprocess::service
