// A small language to tell wall-time histories in. Milliseconds of the harness's clock; the service's is the same unless told:
//
//   Story s;                                    // seller 1, buyer 2; review 1000 ms; due at 500 ms; service stamps in the middle
//   s.place(0);
//   s.deliver(100, 110);                        // sent, answered: taken; its review ends at 1500
//   s.view(1498, 1502).delivered(2, 1500);      // what it told
//   s.view(1510, 1512).completed(3, 1500);
//   CHECK(s.verdict() == "ok");
#pragma once

#include "harness/oracle/wall/wall_oracle.hpp"
#include "world.hpp"

#include <deque>
#include <string>

namespace dueprocess::wall_test {

constexpr Instant at_ms(double ms) { return instant_at(static_cast<std::int64_t>(ms * 1000)); }

class Story {
 public:
  Policy policy;
  WallOptions options;
  bool stamped = true;
  HarnessTime last_look = 100'000 * ms_ns;

  Story() {
    policy.review_period = Duration{1'000'000};
    options.events = options.notices = options.payments = false;
    options.tells.lateness = false;
  }

  struct Said {
    LiveObservation& o;
    Answer& answer() { return o.observation.answer; }
    Said& told(OrderState state, std::uint32_t version) {
      answer().state = state;
      answer().version = version;
      return *this;
    }
    Said& delivered(std::uint32_t version, double deadline) {
      answer().deadline = at_ms(deadline);
      return told(OrderState::delivered, version);
    }
    Said& completed(std::uint32_t version, double at, CompletedBy by = CompletedBy::automatic) {
      answer().completed_by = by;
      answer().completed_at = at_ms(at);
      return told(OrderState::completed, version);
    }
    Said& refused(Refusal why) {
      answer().outcome = Outcome::refused;
      answer().refusal = why;
      return *this;
    }
    Said& lost() {
      answer() = Answer{};
      answer().outcome = Outcome::info;
      return *this;
    }
    Said& stamp(double ms) {
      answer().stamp = at_ms(ms);
      return *this;
    }
    Said& key(std::uint64_t k) {
      o.observation.operation.key = KeyId{k};
      return *this;
    }
    Said& extends(double ms) {
      o.observation.operation.extend_by_us = static_cast<std::int64_t>(ms * 1000);
      return *this;
    }
  };

  Said ask(OperationKind kind, UserId by, double sent, double answered) {
    LiveObservation& o = operations_.emplace_back();
    Operation& op = o.observation.operation;
    op.order = OrderId{1};
    op.kind = kind;
    op.by = by;
    op.text = TextId{7};
    op.links = is_delivery(kind) ? 1 : 0;
    o.sent_ns = static_cast<HarnessTime>(sent * 1e6);
    o.answered_ns = static_cast<HarnessTime>(answered * 1e6);
    o.observation.answer.stamp = at_ms((sent + answered) / 2);
    return {o};
  }
  Said place(double sent, double due = 500) {
    Said said = ask(OperationKind::place_order, buyer, sent, sent + 2);
    Operation& op = said.o.observation.operation;
    op.seller = seller;
    op.due_at = at_ms(due);
    op.price_cents = 5000;
    said.told(OrderState::in_progress, 1);
    return said;
  }
  Said deliver(double sent, double answered) {
    Said said = ask(OperationKind::deliver, seller, sent, answered);
    const double mid = (sent + answered) / 2;
    return said.delivered(2, std::max(500.0, mid) + 1000);
  }
  Said view(double sent, double answered) { return ask(OperationKind::view_order, buyer, sent, answered); }
  Said accept(double sent, double answered) { return ask(OperationKind::accept, buyer, sent, answered); }
  Said extend(double sent, double answered, double by) {
    return ask(OperationKind::extend_review, buyer, sent, answered).extends(by);
  }
  Said modify(double sent, double answered) { return ask(OperationKind::request_modification, buyer, sent, answered); }

  LiveEvidence& shown(EvidenceKind kind, double at, double seen, std::uint32_t version) {
    LiveEvidence& e = evidence_.emplace_back();
    e.evidence.order = OrderId{1};
    e.evidence.kind = kind;
    e.evidence.at = at_ms(at);
    e.evidence.version = version;
    e.seen_ns = static_cast<HarnessTime>(seen * 1e6);
    return e;
  }
  void payment(double at, double seen) {
    Evidence& e = shown(EvidenceKind::payment, at, seen, 3).evidence;
    e.amount_cents = 5000;
    e.to = seller;
  }

  /// "ok", "unknown: why", or the ids found.
  std::string verdict() {
    Tally tally;
    LiveTally live;
    WallOracle oracle{policy, options, tally, live};
    // Quick answers now and then, so that the service's clock is known to a few microseconds.
    for (HarnessTime t = 0; stamped && t < 5'000 * ms_ns; t += 50 * ms_ns) {
      LiveObservation ping;
      ping.observation.operation.kind = OperationKind::list_orders;
      ping.observation.operation.by = buyer;
      ping.observation.answer.stamp = instant_at(t / 1000);
      ping.sent_ns = ping.answered_ns = t;
      oracle.observe(ping);
    }
    std::stable_sort(operations_.begin(), operations_.end(),
                     [](const LiveObservation& a, const LiveObservation& b) { return a.answered_ns < b.answered_ns; });
    for (LiveObservation& o : operations_) {
      if (!stamped) o.observation.answer.stamp = never;
      oracle.observe(o);
    }
    for (const LiveEvidence& e : evidence_) oracle.observe(e);
    std::string reason;
    oracle.on_trouble([&](const OrderHistory&, const OrderVerdict& v) { reason = name_of(v.reason); });
    oracle.finish(OrderId{1}, last_look);
    for (const LiveEvidence& e : afterwards) oracle.observe(e);
    words_ = words(tally);
    if (tally.violations_total() != 0) return found(tally);
    return tally.orders_unknown != 0 ? "unknown: " + reason : "ok";
  }
  const std::string& in_words() const { return words_; }

  std::vector<LiveEvidence> afterwards;  // seen once it was judged

 private:
  std::deque<LiveObservation> operations_;
  std::deque<LiveEvidence> evidence_;
  std::string words_;
};

}  // namespace dueprocess::wall_test
