#include "sim/engine/order_counts.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

namespace dueprocess {

struct OrderCounts::Counted {
  boost::unordered_flat_map<std::uint32_t, std::uint32_t> by_user;
};

OrderCounts::OrderCounts() : counted_(std::make_unique<Counted>()) {}
OrderCounts::~OrderCounts() = default;

std::uint32_t OrderCounts::of(UserId user) {
  count();
  const auto found = counted_->by_user.find(number(user));
  return found == counted_->by_user.end() ? 0 : found->second;
}

void OrderCounts::count() {
  for (const Parties& parties : log_) {
    ++counted_->by_user[number(parties.seller)];
    ++counted_->by_user[number(parties.buyer)];
  }
  log_.clear();
}

void OrderCounts::clear() {
  log_.clear();
  counted_->by_user.clear();
}

}  // namespace dueprocess
