// An engine of one order at a time, for orders that share nothing with others: the same rules on the same record as the engine of
// many, but no table to look in, no queue of timers (an order has one deadline, and its record says when), no growing list of
// what is shown. Header-only: the whole path of an operation is compiled into its caller.
//
//   begin(id); { perform() | fire_timer(), each followed by looking at evidence() and clearing it }; end()
//
// One thread. list_orders is not for it.
#pragma once

#include "sim/engine/keys.hpp"
#include "sim/engine/require.hpp"
#include "sim/engine/rules.hpp"

#include <array>
#include <cstddef>

namespace dueprocess {

/// What one operation, or one timer, lets be seen: five pieces at most, of a completion.
class FewEvidence {
 public:
  Evidence& emplace_back() {
    require(count_ < pieces_.size(), "more evidence than an operation can show");
    Evidence& piece = pieces_[count_++];
    piece = Evidence{};
    return piece;
  }
  Evidence& back() { return pieces_[count_ - 1]; }
  const Evidence* begin() const { return pieces_.data(); }
  const Evidence* end() const { return pieces_.data() + count_; }
  std::size_t size() const { return count_; }
  bool empty() const { return count_ == 0; }
  void clear() { count_ = 0; }

 private:
  std::array<Evidence, 8> pieces_;
  std::size_t count_ = 0;
};

class LoneOrder {
 public:
  /// REQUIRES: with calendar days, the policy's zone is one the machine knows.
  explicit LoneOrder(const Policy& policy) : rules_(policy, Switches<false>{{}}) {}

  void begin(OrderId id) {
    order_ = OrderRecord{};
    id_ = id;
  }
  /// REQUIRES: the operation is about this order, no list_orders; now < next_timer().
  [[gnu::always_inline]] void perform(const Operation& op, Instant now, Answer& answer) {
    answer = Answer{};
    answer.stamp = now;
    if (op.by == UserId::nobody) [[unlikely]]
      return rules_.refuse(answer, Refusal::unauthenticated);
    if (op.key != KeyId::none) [[unlikely]]
      return perform_keyed(op, now, answer);
    perform_plain(op, now, answer);
  }
  Instant next_timer() const { return order_.deadline(); }  // never: none
  /// REQUIRES: next_timer() != never.
  void fire_timer() { rules_.expire(order_, id_, order_.moment); }
  FewEvidence& evidence() { return rules_.witness.seen; }
  /// The order will not be asked about again.
  void end() {
    if (order_.flags.keyed) keys_.forget(id_);
  }

 private:
  /// The record is all the timer there is.
  struct NoQueue {
    void arm(const OrderRecord&, OrderId) {}
    void cancel(OrderId, Instant) {}
    void arm_rogue(OrderId, Instant) {}
    void look_again(OrderId) {}
  };

  [[gnu::always_inline]] void perform_plain(const Operation& op, Instant now, Answer& answer) {
    if (!order_.placed()) {
      const Refusal refusal = op.kind == OperationKind::place_order ? rules_.why_not_place(op, now) : Refusal::not_found;
      if (refusal != Refusal::none) [[unlikely]]
        return rules_.refuse(answer, refusal);
      rules_.place(op, order_, now);
    } else {
      if (!rules_.is_party(order_, op.by)) [[unlikely]]
        return rules_.refuse(answer, Refusal::not_found);
      const Refusal refusal = rules_.act(op, order_, now);
      if (refusal != Refusal::none) [[unlikely]]
        rules_.refuse(answer, refusal);
    }
    rules_.tell(answer, order_, now);
  }

  [[gnu::noinline, gnu::cold]] void perform_keyed(const Operation& op, Instant now, Answer& answer) {
    if (const KeyStore::Remembered* first = keys_.find(op.by, op.key)) {
      if (same_request(first->operation, op)) {
        answer = first->answer;
        return;
      }
      rules_.refuse(answer, Refusal::invalid);
      if (rules_.is_party(order_, op.by)) rules_.tell(answer, order_, now);
      return;
    }
    perform_plain(op, now, answer);
    const bool bound = order_.placed();
    if (bound) order_.flags.keyed = true;
    keys_.remember(op, answer, bound);
  }

  Rules<false, NoQueue, FewEvidence> rules_;
  OrderRecord order_;
  OrderId id_ = OrderId::none;
  KeyStore keys_;
};

}  // namespace dueprocess
