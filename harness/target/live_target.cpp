#include "harness/target/live_target.hpp"

namespace dueprocess {

std::string_view name_of(LiveClock clock) {
  constexpr std::string_view names[] = {"barrier", "stamped", "wall"};
  return names[static_cast<unsigned>(clock)];
}

}  // namespace dueprocess
