#include "harness/target/faulty_live_target.hpp"

#include <array>
#include <utility>

namespace dueprocess {
namespace {

constexpr std::uint32_t purpose_of_live_faults = 0x4C46'0000;

}  // namespace

std::string_view name_of(LiveFault fault) {
  constexpr std::array<std::string_view, live_fault_count> names{"refuse", "lose_request", "lose_answer",
                                                                 "delay",  "overtake",     "duplicate"};
  return names[static_cast<unsigned>(fault)];
}

FaultyLiveTarget::FaultyLiveTarget(const MakeInner& make, const LiveFaults& faults, LoopCalls loop, LiveSink& sink)
    : inner_(make(*this)), faults_(faults), loop_(std::move(loop)), sink_(sink) {}

FaultyLiveTarget::~FaultyLiveTarget() { *alive_ = false; }

bool FaultyLiveTarget::strikes(const Operation& operation) {
  ++operations_;
  const std::uint32_t index = sequences_[operation.order]++;
  const Draws draws{faults_.seed, number(operation.order), purpose_of_live_faults, index};
  if (operations_ != faults_.nth && !faults_.chance.hit(draws.u32(0))) return false;
  ++struck_;
  return true;
}

void FaultyLiveTarget::pass_on(Asked asked, bool loses_answer) {
  const std::uint64_t ticket = ++tickets_;
  waiting_.emplace(ticket, Waiting{asked.ticket, loses_answer});
  asked.ticket = ticket;
  inner_->perform(asked);
}

void FaultyLiveTarget::send_unheard(Asked asked) {
  asked.ticket = ++tickets_;
  inner_->perform(asked);
}

void FaultyLiveTarget::fail(const Asked& asked, Failure failure, Outcome outcome) {
  LiveObservation seen;
  seen.observation.operation = asked.operation;
  seen.observation.intended = seen.observation.sent = seen.observation.answered = asked.at;
  seen.observation.answer.outcome = outcome;
  seen.intended_ns = asked.intended_ns;
  seen.sent_ns = loop_.now();
  seen.failure = failure;
  const std::uint64_t held = ++tickets_;
  waiting_.emplace(held, Waiting{asked.ticket, false});
  loop_.post([this, alive = alive_, seen, held, ticket = asked.ticket]() mutable {
    if (!*alive) return;
    waiting_.erase(held);
    seen.answered_ns = loop_.now();
    sink_.replied(ticket, seen);
  });
}

void FaultyLiveTarget::perform(const Asked& asked) {
  if (!strikes(asked.operation)) return pass_on(asked, false);
  const auto later = [&](auto&& call) {
    loop_.call_at(loop_.now() + faults_.delay_ns, [alive = alive_, call] {
      if (*alive) call();
    });
  };
  switch (faults_.kind) {
    case LiveFault::refuse:
      return fail(asked, Failure::no_connection, Outcome::refused);
    case LiveFault::lose_request:
      return fail(asked, Failure::timed_out, Outcome::info);
    case LiveFault::lose_answer:
      return pass_on(asked, true);
    case LiveFault::delay:
      return later([this, asked] { pass_on(asked, false); });
    case LiveFault::overtake:
      fail(asked, Failure::timed_out, Outcome::info);
      return later([this, asked] { send_unheard(asked); });
    case LiveFault::duplicate: {
      // One idempotency key in both, as every retry has it.
      Asked keyed = asked;
      const bool may = asked.operation.by != UserId::nobody && asked.operation.kind != OperationKind::list_orders;
      if (may && keyed.operation.key == KeyId::none) keyed.operation.key = KeyId{(std::uint64_t{1} << 62) | ++tickets_};
      const std::uint64_t ticket = ++tickets_;
      waiting_.emplace(ticket, Waiting{asked.ticket, false});
      keyed.ticket = ticket;
      inner_->perform(keyed);
      return send_unheard(keyed);
    }
  }
}

void FaultyLiveTarget::replied(std::uint64_t ticket, const LiveObservation& reply) {
  const auto found = waiting_.find(ticket);
  if (found == waiting_.end()) return;  // nobody waits for it any more
  const Waiting waiting = found->second;
  waiting_.erase(found);
  LiveObservation seen = reply;
  if (number(seen.observation.operation.key) >> 62 == 1) seen.observation.operation.key = KeyId::none;  // ours
  if (waiting.loses_answer) {
    seen.observation.answer = Answer{};
    seen.observation.answer.outcome = Outcome::info;
    seen.failure = Failure::cut;
  }
  sink_.replied(waiting.ticket, seen);
}

}  // namespace dueprocess
