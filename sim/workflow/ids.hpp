// Who and which: strong integer ids. An order's id is the harness's own name for it, dense from 1 in a run,
// so it says which cell simulates the order; a live target's own id is mapped to it by the binding.
#pragma once

#include <cstdint>

namespace dueprocess {

enum class OrderId : std::uint64_t { none = 0 };
enum class UserId : std::uint32_t { nobody = 0 };  // nobody: not logged in
enum class KeyId : std::uint64_t { none = 0 };     // idempotency key; none: the request carries no key

/// A text of an operation (description, message, file name) by its number in the scenario's text table.
/// The workflow cares only whether it is blank; a live target looks the words up.
enum class TextId : std::uint32_t { absent = 0, blank = 1, first_real = 2 };

constexpr bool is_blank(TextId text) { return text < TextId::first_real; }
constexpr std::uint64_t number(OrderId id) { return static_cast<std::uint64_t>(id); }
constexpr std::uint32_t number(UserId id) { return static_cast<std::uint32_t>(id); }
constexpr std::uint64_t number(KeyId id) { return static_cast<std::uint64_t>(id); }

/// The orders one cell simulates: ids first, first + 1, ... first + count - 1.
struct OrderRange {
  OrderId first{1};
  std::uint64_t count = 0;
  constexpr bool contains(OrderId id) const { return number(id) >= number(first) && number(id) - number(first) < count; }
  constexpr std::uint64_t index_of(OrderId id) const { return number(id) - number(first); }
  constexpr OrderId at(std::uint64_t index) const { return OrderId{number(first) + index}; }
};

}  // namespace dueprocess
