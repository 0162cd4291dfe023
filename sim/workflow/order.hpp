// What an order can be seen to be, by anyone who looks: the shared vocabulary of engine and oracle, and no rule.
#pragma once

#include <cstdint>
#include <string_view>

namespace dueprocess {

enum class OrderState : std::uint8_t { none, in_progress, delivered, in_revision, completed };  // none: not known, or not placed
inline constexpr unsigned order_state_count = 5;

enum class CompletedBy : std::uint8_t { nobody, buyer, automatic };

std::string_view name_of(OrderState);   // "in_progress" ...
std::string_view name_of(CompletedBy);  // "nobody", "buyer", "auto"

}  // namespace dueprocess
