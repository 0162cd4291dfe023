#include "harness/proxy/switchboard.hpp"

#include <algorithm>
#include <utility>

namespace dueprocess {
namespace {

constexpr std::uint32_t purpose_of_faults = 0x5052'0000;

bool goes(FaultOf of, FaultOf way) { return of == FaultOf::both || of == way; }

/// What can happen to an exchange once only.
bool is_final(FaultKind kind) {
  return kind == FaultKind::cut || kind == FaultKind::reset || kind == FaultKind::truncate || kind == FaultKind::black_hole;
}

std::int64_t stricter(std::int64_t a, std::int64_t b) { return a == 0 ? b : b == 0 ? a : std::min(a, b); }

}  // namespace

Switchboard::Switchboard(std::vector<FaultPlan> plans, std::uint64_t seed)
    : plans_(std::move(plans)), on_(plans_.size()), struck_(plans_.size()), seed_(seed) {
  for (std::size_t i = 0; i < plans_.size(); ++i)
    on_[i] = plans_[i].kind != FaultKind::command && plans_[i].to == never && plans_[i].from == Instant::min();
}

Treatment Switchboard::of_message(FaultOf way, std::uint64_t connection, std::uint32_t exchange) {
  Treatment treatment;
  for (std::size_t i = 0; i < plans_.size(); ++i) {
    const FaultPlan& plan = plans_[i];
    if (!on_[i] || (plan.kind == FaultKind::duplicate ? way != FaultOf::requests : !goes(plan.of, way))) continue;
    const Draws draws{seed_, connection, purpose_of_faults + static_cast<std::uint32_t>(i), exchange};
    if (!plan.share.hit(draws.u32(0))) continue;
    const FaultOf chosen = (draws.u32(1) & 1) != 0 ? FaultOf::answers : FaultOf::requests;
    // A hole for everything is one for requests and for answers; with a share, one of the two is lost.
    if (plan.of == FaultOf::both && is_final(plan.kind) && way != chosen && plan.share != Chance::always()) continue;
    apply(plan, draws.u64(1), treatment);
    count(i);
  }
  return treatment;
}

void Switchboard::apply(const FaultPlan& plan, std::uint64_t bits, Treatment& treatment) const {
  const auto end = [&](Ending how) {
    const auto after = static_cast<std::uint64_t>(plan.after(bits));
    if (treatment.ending != Ending::none && treatment.ending_after <= after) return;  // the earlier one comes
    treatment.ending = how;
    treatment.ending_after = after;
  };
  switch (plan.kind) {
    case FaultKind::delay:
      treatment.delay_us += plan.by(bits);
      break;
    case FaultKind::throttle:
      treatment.bytes_per_second = stricter(treatment.bytes_per_second, plan.bytes_per_second);
      break;
    case FaultKind::cut:
      return end(Ending::cut);
    case FaultKind::reset:
      return end(Ending::reset);
    case FaultKind::truncate:
      return end(Ending::truncate);
    case FaultKind::black_hole:
      treatment.vanishes = true;
      break;
    case FaultKind::duplicate:
      treatment.twice = true;
      break;
    case FaultKind::command:
      break;
  }
}

bool Switchboard::all_vanish(FaultOf way) const {
  for (std::size_t i = 0; i < plans_.size(); ++i)
    if (on_[i] && plans_[i].kind == FaultKind::black_hole && goes(plans_[i].of, way) && plans_[i].share == Chance::always())
      return true;
  return false;
}

std::int64_t Switchboard::bytes_per_second(FaultOf way) const {
  std::int64_t rate = 0;
  for (std::size_t i = 0; i < plans_.size(); ++i)
    if (on_[i] && plans_[i].kind == FaultKind::throttle && goes(plans_[i].of, way) && plans_[i].share == Chance::always())
      rate = stricter(rate, plans_[i].bytes_per_second);
  return rate;
}

}  // namespace dueprocess
