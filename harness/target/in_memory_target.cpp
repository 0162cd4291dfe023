#include "harness/target/in_memory_target.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace dueprocess {
namespace {

bool changes_something(OperationKind kind) {
  return kind != OperationKind::view_order && kind != OperationKind::list_orders && kind != OperationKind::open_draft;
}

}  // namespace

InMemoryService::InMemoryService(const InMemoryOptions& options) : options_(options) {
  assert(options_.engine && !options_.ranges.empty());
  for (const OrderRange& range : options_.ranges) {
    parts_.push_back({range, options_.engine(options_.policy), Instant::min()});
    parts_.back().target->reset(range);
  }
}

InMemoryService::Part& InMemoryService::part_of(OrderId order) {
  const auto after = std::upper_bound(parts_.begin(), parts_.end(), order, [](OrderId wanted, const Part& part) {
    return number(wanted) < number(part.orders.first);
  });
  return after == parts_.begin() ? parts_.front() : *std::prev(after);
}

void InMemoryService::keep_evidence(Part& part) {
  std::vector<Evidence>& fresh = part.target->evidence();
  log_.insert(log_.end(), fresh.begin(), fresh.end());
  fresh.clear();
}

void InMemoryService::fire_due(Part& part, Instant now) {
  while (part.target->next_timer() <= now) {
    part.target->fire_next();
    keep_evidence(part);
  }
  part.clock = std::max(part.clock, now);
}

void InMemoryService::perform(const Operation& asked, Instant at, Answer& answer) {
  const std::scoped_lock lock{mutex_};
  answer = Answer{};
  const Instant now = options_.clock == LiveClock::barrier ? clock_ : at;
  answer.stamp = now;
  if (asked.kind == OperationKind::list_orders) {  // over all parts: nothing that one of them could answer
    if (asked.by == UserId::nobody) {
      answer.outcome = Outcome::refused;
      answer.refusal = Refusal::unauthenticated;
    }
    return;
  }
  Part& part = part_of(asked.order);
  if (now < part.clock) {
    answer.outcome = Outcome::refused;
    answer.refusal = Refusal::invalid;
    return;
  }
  fire_due(part, now);
  Operation operation = asked;
  if (operation.key == KeyId::none && operation.by != UserId::nobody && changes_something(operation.kind))
    operation.key = KeyId{(std::uint64_t{1} << 63) | ++keys_};
  part.target->perform(operation, now, answer);
  keep_evidence(part);
}

bool InMemoryService::advance(Instant to, Instant& next_deadline) {
  const std::scoped_lock lock{mutex_};
  if (to < clock_) return false;
  clock_ = to;
  next_deadline = never;
  for (Part& part : parts_) {
    fire_due(part, to);
    next_deadline = std::min(next_deadline, part.target->next_timer());
  }
  return true;
}

void InMemoryService::look(std::uint64_t& cursor, Instant now, std::vector<Evidence>& seen) {
  const std::scoped_lock lock{mutex_};
  if (options_.clock == LiveClock::wall)
    for (Part& part : parts_) fire_due(part, std::max(now, part.clock));
  seen.assign(log_.begin() + static_cast<std::ptrdiff_t>(cursor), log_.end());
  cursor = log_.size();
}

void InMemoryService::restart(Instant down, Instant back) {
  const std::scoped_lock lock{mutex_};
  for (Part& part : parts_) {
    fire_due(part, down);
    part.target->restart(down, back);
    part.clock = back;
    keep_evidence(part);
  }
}

// ---------------------------------------------------------------------------------------------- the target

InMemoryTarget::InMemoryTarget(InMemoryService& service, LoopCalls loop, LiveSink& sink)
    : service_(service), loop_(std::move(loop)), sink_(sink) {}

InMemoryTarget::~InMemoryTarget() { *alive_ = false; }

Abilities InMemoryTarget::abilities() const {
  Abilities abilities;
  abilities.operations = service_.options().operations;
  abilities.barrier = service_.options().clock == LiveClock::barrier;
  abilities.stamped = service_.options().clock == LiveClock::stamped;
  abilities.keys = true;
  abilities.events = abilities.notices = abilities.payments = service_.options().shows_evidence;
  abilities.pushes = service_.options().pushes_every_ns != 0;
  return abilities;
}

Instant InMemoryTarget::service_now() const {
  return service_.options().wall_zero == never ? never : service_.options().wall_zero + Duration{loop_.now() / 1000};
}

void InMemoryTarget::open(Done done) {
  loop_.post([this, alive = alive_, done = std::move(done)] {
    if (!*alive) return;
    done({});
    if (service_.options().pushes_every_ns != 0) push();
  });
}

void InMemoryTarget::push() {
  look();
  loop_.call_at(loop_.now() + service_.options().pushes_every_ns, [this, alive = alive_] {
    if (*alive) push();
  });
}

void InMemoryTarget::perform(const Asked& asked) {
  ++in_flight_;
  loop_.post([this, alive = alive_, asked, sent = loop_.now()] {
    if (*alive) carry_out(asked, sent);
  });
}

void InMemoryTarget::carry_out(const Asked& asked, HarnessTime sent) {
  const bool wall = service_.options().clock == LiveClock::wall;
  LiveObservation seen;
  seen.observation.operation = asked.operation;
  if (!wall) seen.observation.intended = seen.observation.sent = seen.observation.answered = asked.at;
  seen.intended_ns = asked.intended_ns;
  seen.sent_ns = sent;
  service_.perform(asked.operation, wall ? service_now() : asked.at, seen.observation.answer);
  ++counts_.requests;
  auto reply = [this, alive = alive_, seen, ticket = asked.ticket]() mutable {
    if (!*alive) return;
    seen.answered_ns = loop_.now();
    --in_flight_;
    sink_.replied(ticket, seen);
  };
  if (service_.options().answers_after_ns == 0) return reply();
  loop_.call_at(loop_.now() + service_.options().answers_after_ns, reply);
}

void InMemoryTarget::advance(Instant to, Advanced done) {
  loop_.post([this, alive = alive_, to, done = std::move(done)] {
    if (!*alive) return;
    Instant next = never;
    const bool moved = service_.advance(to, next);
    ++counts_.requests;
    done(moved ? "" : "the clock is past that instant", service_.options().tells_next_deadline ? next : never);
  });
}

void InMemoryTarget::look() {
  std::vector<Evidence> fresh;
  const HarnessTime not_seen = looked_ns_;
  looked_ns_ = loop_.now();
  service_.look(cursor_, service_now(), fresh);
  if (!service_.options().shows_evidence) return;
  for (const Evidence& evidence : fresh) sink_.witnessed({evidence, loop_.now(), not_seen});
}

void InMemoryTarget::drain(Done done) {
  loop_.post([this, alive = alive_, done = std::move(done)] {
    if (!*alive) return;
    look();
    ++counts_.requests;
    done({});
  });
}

void InMemoryTarget::close(Done done) {
  loop_.post([alive = alive_, done = std::move(done)] {
    if (*alive) done({});
  });
}

LiveTally InMemoryTarget::take_transport_counts() { return std::exchange(counts_, {}); }

}  // namespace dueprocess
