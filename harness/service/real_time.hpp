// The machine's clock, in the service's terms.
#pragma once

#include <string>

#include "sim/kernel/time.hpp"

namespace dueprocess::service {

Instant real_time();
/// As the Date field of HTTP has it: "Mon, 02 Mar 2026 09:00:00 GMT".
std::string http_date(Instant);

}  // namespace dueprocess::service
