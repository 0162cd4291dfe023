// A harness and a service with a network between them: requests take their time, get lost or lose their answers, are sent again
// under their keys; the service's clock is off, drifts, and may be set. One order a world. Everything is drawn from a seed.
#pragma once

#include "harness/oracle/wall/wall_oracle.hpp"
#include "service.hpp"
#include "sim/kernel/random.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace dueprocess::wall_test {

inline constexpr UserId seller{1}, buyer{2}, stranger{3};

class Dice {
 public:
  Dice(std::uint64_t seed, std::uint64_t entity) : seed_{seed}, entity_{entity} {}
  std::int64_t operator()(std::int64_t below) {
    return static_cast<std::int64_t>(
        (std::uint64_t{Draws{seed_, entity_, 55, count_++}.u32(0)} * static_cast<std::uint64_t>(below)) >> 32);
  }
  bool one_in(std::int64_t n) { return (*this)(n) == 0; }

 private:
  std::uint64_t seed_, entity_;
  std::uint32_t count_ = 0;
};

struct Clockwork {
  std::int64_t offset_us = 1'790'000'000'000'000;
  std::int64_t ppm = 0;
  HarnessTime set_at_ns = never_ns;  // the clock is set ...
  std::int64_t set_by_us = 0;        // ... by this
  Instant at(HarnessTime t) const {
    const std::int64_t us = t / 1000;
    return instant_at(offset_us + us + us / 1000 * ppm / 1000 + (t >= set_at_ns ? set_by_us : 0));
  }
};

struct WorldOptions {
  Policy policy;
  Clockwork clock;
  Duration sweep{0};
  Bug bug = Bug::none;
  HarnessTime delay_max_ns = 400 * us_ns;  // of a request, and of an answer
  int lost_in = 0;                         // one in so many requests or answers is lost; 0: none
  bool stamped = true;                     // answers bear stamps
  bool evidence = true;
  bool read_at_deadlines = true;
};

inline Policy quick_policy() {
  Policy p;
  p.review_period = Duration{1'500'000};
  p.extension_max = Duration{5'000'000};
  p.max_file_size = 1000;
  return p;
}

/// What the harness came to know, in that order.
struct Seen {
  std::vector<LiveObservation> operations;
  std::vector<LiveEvidence> evidence;
  HarnessTime end = 0;
};

class World {
 public:
  World(const WorldOptions& options, std::uint64_t seed, OrderId order)
      : options_{options}, dice_{seed, number(order)}, order_{order} {
    service_.policy = options.policy;
    service_.sweep = options.sweep;
    service_.bug = options.bug;
  }

  Seen live() {
    plan();
    std::stable_sort(arrivals_.begin(), arrivals_.end(), [](const Arrival& a, const Arrival& b) { return a.at < b.at; });
    for (std::size_t i = 0; i < arrivals_.size(); ++i) arrive(i);
    service_.pass(options_.clock.at(end_));
    collect();
    return std::move(seen_);
  }

 private:
  struct Request {
    Operation op;
    HarnessTime sent = 0, answered = 0;
    std::uint16_t attempts = 0;
    bool settled = false;
    Answer answer;
  };
  struct Arrival {
    std::size_t request;
    HarnessTime at, back;  // back: never_ns if the answer is lost
  };

  HarnessTime delay() { return 10 * us_ns + dice_(options_.delay_max_ns) / (dice_.one_in(8) ? 1 : 4); }
  bool lost() { return options_.lost_in > 0 && dice_.one_in(options_.lost_in); }

  void ask(HarnessTime at, Operation op, bool keyed = true) {
    op.order = order_;
    if (keyed && can_transition(op.kind)) op.key = KeyId{number(order_) * 1000 + requests_.size()};
    Request r;
    r.op = op;
    r.sent = at;
    const std::size_t index = requests_.size();
    constexpr HarnessTime patience = 40 * ms_ns;
    HarnessTime sent = at;
    const int attempts_max = op.key != KeyId::none ? 2 : 1;
    for (int attempt = 0; attempt < attempts_max; ++attempt) {
      ++r.attempts;
      const bool never_arrives = lost(), never_comes_back = lost();
      // Given up and yet on its way: it may arrive long after.
      const HarnessTime there = sent + (options_.lost_in > 0 && dice_.one_in(12) ? patience + dice_(200 * ms_ns) : delay());
      const HarnessTime back = there + delay();
      if (!never_arrives) arrivals_.push_back({index, there, never_comes_back || back > sent + patience ? never_ns : back});
      if (!never_arrives && !never_comes_back && back <= sent + patience) break;
      sent += patience + ms_ns;
    }
    r.answered = sent;
    r.answer.outcome = Outcome::info;
    requests_.push_back(r);
  }
  Operation make(OperationKind kind, UserId by) {
    Operation op;
    op.kind = kind;
    op.by = by;
    op.text = TextId{7};
    return op;
  }
  Operation delivery(OperationKind kind) {
    Operation op = make(kind, seller);
    op.links = 1;
    if (dice_.one_in(12)) op.links = 0;
    if (dice_.one_in(20)) op.content = Content::draft;
    if (dice_.one_in(10)) op.use_draft = true;
    return op;
  }
  Operation upload() {
    Operation op = make(OperationKind::upload, seller);
    op.bytes = dice_.one_in(4) ? 1001 : 900;
    return op;
  }

  /// An open-loop life: it may be refused what it asks for, which is as it should be.
  void plan() {
    const HarnessTime start = dice_(second_ns);
    Operation place = make(OperationKind::place_order, buyer);
    place.seller = seller;
    const HarnessTime due = start + 200 * ms_ns + dice_(second_ns);
    place.due_at = options_.clock.at(due);
    place.price_cents = 100 + dice_(9000);
    ask(start, place);
    HarnessTime t = start + 60 * ms_ns + dice_(200 * ms_ns);
    if (dice_.one_in(3)) ask(t, upload());
    if (dice_.one_in(4)) {
      Operation draft = make(OperationKind::save_draft, seller);
      draft.links = 1;
      ask(t + 5 * ms_ns, draft);
    }
    t += 50 * ms_ns + dice_(dice_.one_in(3) ? 2 * second_ns : 400 * ms_ns);
    const int rounds = 1 + static_cast<int>(dice_(3));
    HarnessTime deadline = t;
    for (int round = 0; round < rounds; ++round) {
      const OperationKind kind = round == 0 ? OperationKind::deliver : OperationKind::deliver_modified;
      ask(t, delivery(kind));
      if (dice_.one_in(2)) ask(t + 3 * ms_ns, delivery(kind));
      deadline = std::max(due, t) + us_of(options_.policy.review_period) * 1000;
      while (dice_.one_in(3)) {
        Operation more = make(OperationKind::extend_review, buyer);
        more.extend_by_us = 100'000 + dice_(400'000);
        ask(t + 100 * ms_ns + dice_(deadline - t), more);
        deadline += more.extend_by_us * 1000;
      }
      if (dice_.one_in(2)) ask(t + dice_(second_ns), make(OperationKind::view_order, dice_.one_in(9) ? stranger : buyer), false);
      if (round + 1 == rounds) break;
      const HarnessTime asks = t + 150 * ms_ns + dice_(second_ns);
      ask(asks, make(OperationKind::request_modification, buyer));
      t = asks + 100 * ms_ns + dice_(2 * second_ns);
    }
    // Around the deadline: two who are not sure, and who looks on.
    if (dice_.one_in(2)) {
      const HarnessTime off = dice_.one_in(3) ? dice_(4 * ms_ns) - 2 * ms_ns : dice_(second_ns) - 700 * ms_ns;
      ask(deadline + off, make(dice_.one_in(3) ? OperationKind::request_modification : OperationKind::accept, buyer));
      if (dice_.one_in(3)) ask(deadline + off + dice_(300 * us_ns), make(OperationKind::accept, buyer));
    }
    if (options_.read_at_deadlines) {
      for (HarnessTime d = -40 * ms_ns; d <= 120 * ms_ns; d += 5 * ms_ns + dice_(5 * ms_ns))
        ask(deadline + d, make(OperationKind::view_order, buyer), false);
    }
    if (dice_.one_in(5)) ask(deadline + dice_(second_ns), make(OperationKind::accept, stranger), false);
    end_ = deadline + 6 * second_ns;
    ask(end_ - second_ns, make(OperationKind::view_order, seller), false);
    ask(end_ - second_ns + 20 * ms_ns, make(OperationKind::view_order, buyer), false);
    ask(end_ - second_ns + 80 * ms_ns, make(OperationKind::view_order, buyer), false);
  }

  void arrive(std::size_t i) {
    const Arrival arrival = arrivals_[i];
    Request& r = requests_[arrival.request];
    const Answer answer = service_.perform(r.op, options_.clock.at(arrival.at));
    if (arrival.back == never_ns || r.settled) return;
    r.settled = true;
    r.answered = arrival.back;
    r.answer = answer;
    if (!options_.stamped) r.answer.stamp = never;
  }

  void collect() {
    for (const Request& r : requests_) {
      LiveObservation o;
      o.observation.operation = r.op;
      o.observation.answer = r.answer;
      o.intended_ns = o.sent_ns = r.sent;
      o.answered_ns = r.answered;
      o.attempts = r.attempts;
      seen_.operations.push_back(o);
    }
    std::stable_sort(seen_.operations.begin(), seen_.operations.end(),
                     [](const LiveObservation& a, const LiveObservation& b) { return a.answered_ns < b.answered_ns; });
    seen_.end = end_;
    if (!options_.evidence) return;
    // The feed is read every so often.
    constexpr HarnessTime every = 7 * ms_ns;
    for (const Shown& shown : service_.shown) {
      HarnessTime visible = (us_of(shown.visible) - options_.clock.offset_us) * 1000;
      visible -= visible / 1'000'000 * options_.clock.ppm;
      if (visible >= options_.clock.set_at_ns) visible -= options_.clock.set_by_us * 1000;
      visible += 2 * us_ns;  // rounding, and to be on the safe side of it
      LiveEvidence e;
      e.evidence = shown.evidence;
      if (!options_.stamped) e.evidence.at = never;
      const HarnessTime asked = (visible / every + 1) * every;
      e.seen_ns = asked + delay();
      e.not_seen_ns = asked - every;
      e.not_seen_ns = e.not_seen_ns < visible - 4 * us_ns && e.not_seen_ns > 0 ? e.not_seen_ns - us_ns : 0;
      if (e.seen_ns < end_) seen_.evidence.push_back(e);
    }
  }

  WorldOptions options_;
  Dice dice_;
  OrderId order_;
  Service service_;
  std::vector<Request> requests_;
  std::vector<Arrival> arrivals_;
  HarnessTime end_ = 0;
  Seen seen_;
};

/// What a run over many worlds came to.
struct Outcome_ {
  Tally tally;
  LiveTally live;
  std::uint64_t searched = 0;
  std::string first_trouble;
};

inline WallOptions wall_options(const WorldOptions& world) {
  WallOptions o;
  o.lateness_max = world.sweep;
  o.notice_bound = Duration{10'000} + world.sweep;
  o.payment_bound = Duration{10'000} + world.sweep;
  o.events = o.notices = o.payments = world.evidence;
  return o;
}

inline std::string found(const Tally& tally) {
  std::string all;
  for (unsigned i = 0; i < invariant_count; ++i)
    if (tally.violations_by[i] != 0)
      all += (all.empty() ? "" : " ") + std::string{name_of(static_cast<Invariant>(i))} + "x" +
             std::to_string(tally.violations_by[i]);
  return all;
}
inline std::string words(const Tally& tally) {
  std::string all;
  for (const Violation& v : tally.violation_samples) {
    all += "order " + std::to_string(number(v.order)) + " " + std::string{name_of(v.invariant)} + ": expected " + v.expected +
           "; seen " + v.seen + "\n";
    if (all.size() > 3000) break;
  }
  return all;
}

/// Many orders of one service, all of one clock, seen by one oracle in the order of the harness's time.
inline Outcome_ run_worlds(const WorldOptions& world, const WallOptions& options, std::uint64_t seed, std::uint64_t orders) {
  Outcome_ out;
  WallOracle oracle{world.policy, options, out.tally, out.live};
  oracle.on_trouble([&](const OrderHistory& h, const OrderVerdict& v) {
    if (out.first_trouble.empty())
      out.first_trouble = "order " + std::to_string(number(h.order)) +
                          (v.verdict == Verdict::unknown ? " unknown: " + std::string{name_of(v.reason)} : " violated");
  });
  struct Item {
    HarnessTime at;
    const LiveObservation* operation;
    const LiveEvidence* evidence;
  };
  std::vector<Seen> all;
  for (std::uint64_t i = 1; i <= orders; ++i) all.push_back(World{world, seed, OrderId{i}}.live());
  std::vector<Item> items;
  HarnessTime end = 0;
  for (const Seen& seen : all) {
    for (const LiveObservation& o : seen.operations) items.push_back({o.answered_ns, &o, nullptr});
    for (const LiveEvidence& e : seen.evidence) items.push_back({e.seen_ns, nullptr, &e});
    end = std::max(end, seen.end);
  }
  std::stable_sort(items.begin(), items.end(), [](const Item& a, const Item& b) { return a.at < b.at; });
  for (const Item& item : items) item.operation != nullptr ? oracle.observe(*item.operation) : oracle.observe(*item.evidence);
  for (std::uint64_t i = 1; i <= orders; ++i) oracle.finish(OrderId{i}, all[i - 1].end);
  oracle.finish_all(end);
  return out;
}

}  // namespace dueprocess::wall_test
