// The policy of a service whose periods are divided by the speed: `dueprocess serve --clock wall --speed N`.
#pragma once

#include <algorithm>
#include <cstdint>

#include "sim/workflow/policy.hpp"

namespace dueprocess {

/// REQUIRES: speed >= 1.
inline Policy scaled_policy(Policy policy, std::int64_t speed) {
  policy.review_period /= speed;
  policy.extension_min = std::max(policy.extension_min / speed, Duration{1});
  policy.extension_max /= speed;
  return policy;
}

}  // namespace dueprocess
