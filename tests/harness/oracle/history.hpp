// A small language to tell the oracle histories in:
//
//   History h;                                   // seller 1, buyer 2; order 1; day 0 is 2026-03-02, due on day 2, 50.00
//   h.place();
//   h.at(days(1)).deliver();                     // lawful steps are answered by the naive target
//   h.at(h.deadline() - us).told([](Step& s) { s.observation.answer.deadline += us; }).view();   // ... unless a step is bent
//   h.end();
//   REQUIRE(h.found() == "T5");
#pragma once

#include "harness/oracle/oracle.hpp"
#include "naive.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace dueprocess {

inline constexpr Duration us{1}, ms{1000}, second{1'000'000};
constexpr Duration hours(std::int64_t n) { return std::chrono::hours{n}; }
constexpr Duration days(std::int64_t n) { return std::chrono::hours{24 * n}; }
inline constexpr Instant day_0 = std::chrono::sys_days{std::chrono::year{2026} / 3 / 2};
inline constexpr UserId seller{1}, buyer{2}, stranger{3}, nobody{0};

class History {
 public:
  using Bend = std::function<void(Step&)>;

  explicit History(Policy policy = {}, OracleOptions options = {}, std::uint64_t orders = 8, Instant start = day_0)
      : start_{start}, now_{start}, target_{policy, options.downtimes} {
    oracle_ = std::make_unique<Oracle>(policy, options, OrderRange{OrderId{1}, orders}, tally);
  }

  // when
  History& at(Instant t) {
    now_ = t;
    return *this;
  }
  History& at(Duration since_start) { return at(start_ + since_start); }
  History& later(Duration by) { return at(now_ + by); }
  Instant now() const { return now_; }
  Instant deadline() const { return target_.deadline(order, now_); }

  // how: for the next step only
  History& told(Bend bend) {
    bend_ = std::move(bend);
    return *this;
  }
  History& by(UserId user) {
    user_ = user;
    as_user_ = true;
    return *this;
  }
  History& key(std::uint64_t key) {
    key_ = KeyId{key};
    return *this;
  }
  /// The target does not hear of it: only the oracle sees the operation, answered as bent.
  History& unheard() {
    unheard_ = true;
    return *this;
  }

  // what
  void place(Duration due_in = days(2), std::int64_t price_cents = 5000) {
    Operation op = make(OperationKind::place_order, buyer);
    op.seller = seller;
    op.due_at = now_ + due_in;
    op.price_cents = price_cents;
    ask(op);
  }
  void view() { ask(make(OperationKind::view_order, buyer)); }
  void list() { ask(make(OperationKind::list_orders, buyer)); }
  void upload(std::int64_t bytes = 20'000'000) {
    Operation op = make(OperationKind::upload, seller);
    op.text = TextId{5};
    op.bytes = bytes;
    ask(op);
  }
  void draft(TextId text = TextId{7}, std::uint16_t attachments = 0, std::uint16_t links = 1) {
    Operation op = make(OperationKind::save_draft, seller);
    op.text = text;
    op.attachments = attachments;
    op.links = links;
    ask(op);
  }
  void open_draft() { ask(make(OperationKind::open_draft, seller)); }
  void deliver(const std::function<void(Operation&)>& change = {}) { hand_over(OperationKind::deliver, change); }
  void redeliver(const std::function<void(Operation&)>& change = {}) { hand_over(OperationKind::deliver_modified, change); }
  void accept() { ask(make(OperationKind::accept, buyer)); }
  void modify() {
    Operation op = make(OperationKind::request_modification, buyer);
    op.text = TextId{9};
    ask(op);
  }
  void extend(Duration by) {
    Operation op = make(OperationKind::extend_review, buyer);
    op.extend_by_us = us_of(by);
    ask(op);
  }
  void support() { ask(make(OperationKind::contact_support, buyer)); }
  void ask(const Operation& op) {
    std::vector<Step> steps;
    if (unheard_) {
      Step step;
      step.asked = true;
      step.at = now_;
      step.observation.operation = op;
      step.observation.intended = step.observation.sent = step.observation.answered = now_;
      steps.push_back(step);
    } else {
      steps = target_.ask(op, now_);
    }
    for (Step& step : steps) {
      if (step.asked && bend_) bend_(step);
      show(step);
    }
    as_user_ = unheard_ = false;
    key_ = KeyId::none;
    bend_ = {};
  }
  /// Time passes up to now: what the timer does is shown, bent or not at all.
  void timer() {
    for (Step& step : target_.wait(now_)) {
      if (bend_) bend_(step);
      show(step);
    }
    bend_ = {};
  }
  /// The target completes the order by itself at this instant, whatever the rules say.
  void completes_by_itself(std::uint32_t version, OrderState from = OrderState::delivered) {
    Evidence e;
    e.order = order;
    e.at = now_;
    e.version = version;
    e.from = from;
    e.state = OrderState::completed;
    e.completed_by = CompletedBy::automatic;
    show(e);
    notice(Notice::completed, buyer, version, CompletedBy::automatic);
    notice(Notice::completed, seller, version, CompletedBy::automatic);
    payment(version);
    notice(Notice::payment_processed, seller, version);
  }
  void notice(Notice what, UserId to, std::uint32_t version, CompletedBy by = CompletedBy::nobody, Instant deadline = never) {
    Evidence e;
    e.kind = EvidenceKind::notification;
    e.order = order;
    e.at = now_;
    e.version = version;
    e.notice = what;
    e.to = to;
    e.completed_by = by;
    e.deadline = deadline;
    show(e);
  }
  void payment(std::uint32_t version, std::int64_t cents = 5000, UserId to = seller) {
    Evidence e;
    e.kind = EvidenceKind::payment;
    e.order = order;
    e.at = now_;
    e.version = version;
    e.amount_cents = cents;
    e.to = to;
    show(e);
  }
  void show(const Evidence& e) { oracle_->observe(e, e.at); }
  void show(const Step& step) {
    if (step.asked) oracle_->observe(step.observation);
    for (const Evidence& e : step.evidence) oracle_->observe(e, step.at);
  }

  /// The history is over; nothing more will happen.
  void end(Instant horizon = never) { oracle_->finish_all(horizon); }
  Oracle& oracle() { return *oracle_; }

  /// What was found: ids in the order of finding's samples, each as often as found, "" for nothing.
  std::string found() const {
    std::string all;
    for (unsigned i = 0; i < invariant_count; ++i) {
      for (std::uint64_t n = 0; n < tally.violations_by[i]; ++n)
        all += (all.empty() ? "" : " ") + std::string{name_of(static_cast<Invariant>(i))};
    }
    return all;
  }
  std::string words() const {
    std::string all;
    for (const Violation& v : tally.violation_samples)
      all += std::string{name_of(v.invariant)} + ": expected " + v.expected + "; seen " + v.seen + "\n";
    return all;
  }

  Tally tally;
  OrderId order{1};

 private:
  Operation make(OperationKind kind, UserId usual) const {
    Operation op;
    op.order = kind == OperationKind::list_orders ? OrderId::none : order;
    op.kind = kind;
    op.by = as_user_ ? user_ : usual;
    op.key = key_;
    return op;
  }
  void hand_over(OperationKind kind, const std::function<void(Operation&)>& change) {
    Operation op = make(kind, seller);
    op.text = TextId{8};
    op.links = 1;
    if (change) change(op);
    ask(op);
  }

  Instant start_, now_;
  NaiveTarget target_;
  std::unique_ptr<Oracle> oracle_;
  Bend bend_;
  UserId user_ = nobody;
  bool as_user_ = false, unheard_ = false;
  KeyId key_ = KeyId::none;
};

inline void deliver_on_day_1(History& h) {
  h.place();
  h.at(days(1)).deliver();
}

}  // namespace dueprocess
