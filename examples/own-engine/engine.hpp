// An order-delivery engine as one might write it for oneself: orders in a std::map, and no timers at all. What is due next is
// found by looking at every order, which is slow and hard to get wrong.
//
// It implements the rules R1 to R18 of dueprocess's docs/workflow.md, with every knob but calendar days.
#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "harness/target/target.hpp"

namespace own_engine {

using namespace dueprocess;

struct Draft {
  bool described = false;
  bool has_file = false;
};

struct Order {
  OrderId id = OrderId::none;
  UserId buyer = UserId::nobody, seller = UserId::nobody;
  std::int64_t price_cents = 0;
  Instant due_at = never;
  OrderState state = OrderState::in_progress;
  std::uint32_t version = 1;
  Instant deadline = never;         // while delivered
  Instant first_delivered = never;  // never: not yet
  Instant completed_at = never;
  CompletedBy completed_by = CompletedBy::nobody;
  std::uint32_t uploads = 0;  // since the last delivery
  std::uint32_t modifications = 0;
  std::uint32_t extensions = 0;          // in this review
  Duration extended = Duration::zero();  // in all reviews
  bool has_draft = false;
  Draft draft;
};

class Engine final : public Target {
 public:
  /// Throws std::invalid_argument: calendar days are not for this engine.
  explicit Engine(const Policy& policy);

  void perform(const Operation&, Instant now, Answer&) override;
  Instant next_timer() const override;
  void fire_next() override;
  void restart(Instant down, Instant back) override;
  std::vector<Evidence>& evidence() override { return evidence_; }
  void reset(OrderRange) override;

 private:
  /// What was asked under an idempotency key, and what was answered first.
  struct Remembered {
    Operation operation;
    Answer answer;
  };

  Answer carry_out(const Operation&, Instant now);
  Answer place(const Operation&, Instant now);
  Answer list(const Operation&, Instant now) const;
  Refusal act(const Operation&, Order&, Instant now);
  Refusal save_draft(const Operation&, Order&);
  Refusal upload(const Operation&, Order&) const;
  Refusal deliver(const Operation&, Order&, Instant now);
  Refusal accept(Order&, Instant now);
  Refusal request_modification(Order&, Instant now);
  Refusal extend(const Operation&, Order&, Instant now);
  void complete(Order&, CompletedBy, Instant now);

  Instant end_of_review(const Order&, Instant delivered_at) const;
  const Order* next_due() const;

  void show_event(const Order&, OrderState from, Instant now);
  void notify(const Order&, Notice, UserId to, Instant now);
  void pay(const Order&, Instant now);

  Policy policy_;
  std::map<OrderId, Order> orders_;
  std::map<std::pair<UserId, KeyId>, Remembered> keys_;
  std::vector<Evidence> evidence_;
};

}  // namespace own_engine
