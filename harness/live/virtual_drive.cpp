#include "harness/live/virtual_drive.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include "harness/live/without.hpp"
#include "harness/record/meter.hpp"

namespace dueprocess {
namespace {

constexpr std::size_t ledger_max = 4096;           // observations and evidence that a cell holds unjudged
constexpr HarnessTime tick_every_ns = 50'000'000;  // looks at the stop flag, at the watchdog, at progress

}  // namespace

VirtualDrive::Cell::Cell(const Scenario& scenario, const MarketPlan& plan, const OracleOptions& options, std::uint32_t first,
                         std::uint32_t count, Tally& tally, HistoryShare* history)
    : market(plan, first, count),
      oracle(scenario.policy, options, market.orders(), tally),
      ledger(oracle, history),
      first_block(first),
      block_count(count) {
  ledger.reset(market.orders());
  for (std::uint32_t block = first; block < first + count; ++block) scripted = scripted || plan.is_case(block);
}

VirtualDrive::VirtualDrive(const Scenario& scenario, const MarketPlan& plan, const LiveOptions& options, std::uint32_t first,
                           std::uint32_t count, std::uint32_t cell_blocks, Loop& loop, TestClock& clock, Tally& tally)
    : plan_(plan),
      options_(options),
      loop_(loop),
      clock_(clock),
      tally_(tally),
      target_(options.target(loop, *this)),
      history_(options.history ? std::make_unique<HistoryShare>(*options.history) : nullptr),
      first_block_(first),
      cell_blocks_(cell_blocks),
      alarm_(loop, [this] { tick(); }) {
  if (!target_) throw TargetProblem{"the live target's factory made nothing"};
  for (std::uint32_t block = first; block < first + count; block += cell_blocks)
    cells_.push_back(std::make_unique<Cell>(scenario, plan, options.oracle, block, std::min(cell_blocks, first + count - block),
                                            tally, history_.get()));
  abilities_ = target_->abilities();
  member_.loop = &loop;
  member_.target = target_.get();
  member_.moved = [this](Instant now) { clock_moved(now); };
  member_.ended = [this] { read_open_orders(); };
  member_.failed = [this](const std::string& problem) { stop_with(problem); };
  clock_.join(member_);
}

VirtualDrive::~VirtualDrive() = default;

VirtualDrive::Cell& VirtualDrive::cell_of(OrderId order) {
  return *cells_[(plan_.block_of(order) - first_block_) / cell_blocks_];
}

void VirtualDrive::run() {
  loop_.post([this] {
    last_sign_ns_ = loop_.now();
    tick();
    for (const auto& cell : cells_) pump(*cell);
    raise_floor();
  });
  loop_.run();
}

// ---------------------------------------------------------------------------------------------- a cell's next step

void VirtualDrive::pump(Cell& cell) {
  cell.waits = Waits::nothing;
  for (;;) {
    if (stopping_) return;
    const Instant at = cell.market.next_at();
    if (at == never) {
      cell.over = true;
      return;
    }
    if (cell.market.counts_evidence_next() && drains_done_ < cell.answered_before) return wait_for_drain(cell);
    if (cell.ledger.size() >= ledger_max) {
      if (options_.clock == LiveClock::barrier) {
        settle_after_drain_ = true;
        return wait_for_drain(cell);
      }
      cell.waits = Waits::clock;
      return clock_.want(cell.ledger.middle());
    }
    if (!cell.market.next(cell.operation)) continue;
    if (!abilities_.can(cell.operation.kind)) {
      ++tally_.live.failures[static_cast<unsigned>(Failure::unsupported)];
      cell.market.learn(cell.operation, answer_without(cell.operation.kind), at);
      continue;
    }
    cell.operation = fitted(cell.operation, abilities_);
    cell.at = at;
    cell.waits = Waits::reply;
    ++in_flight_;
    return options_.clock == LiveClock::barrier ? approach(cell) : perform(cell);
  }
}

/// Barrier: on to the operation's instant, by way of what changes before it.
void VirtualDrive::approach(Cell& cell) {
  const bool faulty = static_cast<bool>(options_.faults.next_change);
  const Instant change = faulty ? options_.faults.next_change() : never;
  const Instant to = std::min(change, cell.at);
  const auto there = [this, &cell, change] {
    last_sign_ns_ = loop_.now();
    if (change > cell.at) return perform(cell);
    options_.faults.reach(change);
    approach(cell);
  };
  // What is declared down has no clock that moves; it is moved on once it is back.
  if (clock_.now() < to && !declared_down(to)) return clock_.advance_to(to, there);
  there();
}

bool VirtualDrive::declared_down(Instant at) const {
  return std::any_of(options_.oracle.downtimes.begin(), options_.oracle.downtimes.end(),
                     [&](const Downtime& down) { return down.from < at && at < down.to; });
}

void VirtualDrive::perform(Cell& cell) {
  Asked asked;
  asked.ticket = cell.first_block;
  asked.operation = cell.operation;
  asked.at = cell.at;
  asked.intended_ns = loop_.now();
  target_->perform(asked);
}

void VirtualDrive::replied(std::uint64_t ticket, const LiveObservation& reply) {
  Cell& cell = *cells_[(static_cast<std::uint32_t>(ticket) - first_block_) / cell_blocks_];
  assert(cell.waits == Waits::reply || reading_);
  --in_flight_;
  last_sign_ns_ = loop_.now();
  meter(tally_.live, reply);
  Observation seen = reply.observation;
  if (!reading_) seen.operation = cell.operation;
  seen.intended = seen.sent = seen.answered = reading_ ? clock_.now() : cell.at;
  cell.ledger.observe(seen);
  if (reading_) {
    if (in_flight_ == 0) wind_up(never);
    return;
  }
  if (!abilities_.events && seen.operation.order != OrderId::none) {
    if (seen.operation.kind == OperationKind::place_order) open_orders_[seen.operation.order] = seen.operation.by;
    if (seen.answer.state == OrderState::completed) open_orders_.erase(seen.operation.order);
  }
  if (const Instant deadline = seen.answer.deadline; deadline != never && us_of(deadline) > member_.latest_deadline_us.load())
    member_.latest_deadline_us.store(us_of(deadline));
  cell.answered_before = drains_begun_ + 1;
  cell.market.learn(cell.operation, seen.answer, cell.at);
  cell.market.done().clear();  // their actors are; what the timer does to them is still to come
  if (stopping_) {
    cell.waits = Waits::nothing;
    if (in_flight_ == 0) wind_up(clock_.now());
    return;
  }
  pump(cell);
  // Only the cell that was furthest behind can change who is.
  if (&cell == cells_[floor_cell_].get()) raise_floor();
}

void VirtualDrive::raise_floor() {
  // Nobody asks for it now, or the threads' common floor is theirs to raise first.
  Instant floor = never;
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    if (const Instant own = cells_[i]->floor(); own < floor) {
      floor = own;
      floor_cell_ = i;
    }
  }
  member_.floor_us.store(us_of(floor), std::memory_order_release);
  if (floor == never || floor >= clock_.wanted()) clock_.consider();
}

// ---------------------------------------------------------------------------------------------- evidence

void VirtualDrive::witnessed(const LiveEvidence& seen) {
  const Evidence& evidence = seen.evidence;
  if (evidence.order == OrderId::none || number(evidence.order) > plan_.order_count()) return;
  const std::uint32_t block = plan_.block_of(evidence.order);
  if (block < first_block_ || (block - first_block_) / cell_blocks_ >= cells_.size()) return;  // another thread's
  Cell& cell = cell_of(evidence.order);
  if (evidence.kind == EvidenceKind::event && evidence.completed_by == CompletedBy::automatic) ++tally_.timers_fired;
  cell.ledger.witness(evidence);
  if (cell.scripted) cell.market.learn(evidence, evidence.at);
}

void VirtualDrive::wait_for_drain(Cell& cell) {
  cell.waits = Waits::drain;
  cell.needs_drain = drains_begun_ + 1;
  begin_drain();
}

void VirtualDrive::begin_drain() {
  if (drains_begun_ != drains_done_) {
    drain_again_ = true;  // what is under way may have looked already
    return;
  }
  ++drains_begun_;
  drain_from_ = clock_.now();
  target_->drain([this](const std::string& problem) {
    last_sign_ns_ = loop_.now();
    if (!problem.empty() && !(in_flight_ == 0 && declared_down(clock_.now()))) return clock_.fail(problem);
    drains_done_ = drains_begun_;
    if (problem.empty()) known_until_ = drain_from_;
    if (!problem.empty()) settle_after_drain_ = false;  // down, as declared: later
    drained();
  });
}

void VirtualDrive::drained() {
  if (winding_up_) {
    if (std::exchange(drain_again_, false)) return begin_drain();
    return judge_all(horizon_);
  }
  if (std::exchange(settle_after_drain_, false)) settle_all(clock_.now());
  for (const auto& cell : cells_) {
    if (cell->waits == Waits::drain && cell->needs_drain <= drains_done_) pump(*cell);
    if (cell->waits == Waits::clock && cell->ledger.size() < ledger_max) pump(*cell);
  }
  raise_floor();
  if (std::exchange(drain_again_, false)) begin_drain();
}

void VirtualDrive::clock_moved(Instant) {
  last_sign_ns_ = loop_.now();
  if (stopping_ || winding_up_) return;
  settle_after_drain_ = true;
  begin_drain();
}

/// All evidence up to `through` has come: so far everything of this cell is known. The evidence of what is on its way may be
/// there before its answer.
Instant VirtualDrive::known_of(const Cell& cell, Instant through) {
  return cell.waits == Waits::reply && cell.at <= through ? cell.at - Duration{1} : through;
}

void VirtualDrive::settle_all(Instant through) {
  for (const auto& cell : cells_) {
    cell->ledger.settle(known_of(*cell, through));
    // Still full: what it holds lies in the future of somebody further behind.
    if (cell->waits == Waits::clock && cell->ledger.size() >= ledger_max) clock_.want(cell->ledger.middle());
  }
}

// ---------------------------------------------------------------------------------------------- the end

void VirtualDrive::tick() {
  if (winding_up_) return;
  show();
  if (options_.stop && options_.stop->load(std::memory_order_relaxed) && !stopping_) {
    stopping_ = interrupted_ = true;
    if (in_flight_ == 0) wind_up(clock_.now());
  }
  if (loop_.now() - last_sign_ns_ > options_.stalled_after_ns)
    clock_.fail("nothing came back for " + std::to_string(options_.stalled_after_ns / 1'000'000'000) + " s");
  alarm_.set(loop_.now() + tick_every_ns);
}

void VirtualDrive::show() {
  if (!options_.progress) return;
  Progress& progress = *options_.progress;
  std::uint64_t events = tally_.timers_fired;
  for (const auto& outcomes : tally_.operations)
    for (const std::uint64_t count : outcomes) events += count;
  progress.events.fetch_add(events - std::exchange(events_shown_, events), std::memory_order_relaxed);
  if (clock_.now() != Instant::min()) progress.virtual_us.store(us_of(clock_.now()), std::memory_order_relaxed);
}

void VirtualDrive::stop_with(const std::string& problem) {
  if (winding_up_) return;
  problem_ = problem;
  stopping_ = winding_up_ = true;
  judge_what_is_known();
}

void VirtualDrive::read_open_orders() {
  reading_ = true;
  for (const auto& [order, buyer] : open_orders_) {
    Asked asked;
    asked.ticket = cell_of(order).first_block;
    asked.operation.order = order;
    asked.operation.by = buyer;
    asked.at = clock_.now();
    asked.intended_ns = loop_.now();
    ++in_flight_;
    target_->perform(asked);
  }
  if (in_flight_ == 0) wind_up(never);
}

/// Nothing is on its way: a last look, then everything is judged. `horizon` never: nothing will ever happen any more.
void VirtualDrive::wind_up(Instant horizon) {
  if (winding_up_) return;
  winding_up_ = true;
  horizon_ = horizon;
  begin_drain();
}

void VirtualDrive::finish(Cell& cell, Instant horizon) {
  cell.oracle.finish_all(horizon);
  if (!history_) return;
  history_->in(cell.market.orders());
  history_->end(horizon);
}

void VirtualDrive::judge_all(Instant horizon) {
  for (const auto& cell : cells_) {
    // Cut short, a cell on its own clock may be ahead of the service's.
    const Instant end = horizon == never ? never : std::max(horizon, cell->at);
    cell->ledger.settle(never);
    finish(*cell, end);
  }
  close();
}

/// The target cannot be looked at any more: that the rest of its evidence is missing is not its fault.
void VirtualDrive::judge_what_is_known() {
  for (const auto& cell : cells_) {
    const Instant through = known_of(*cell, known_until_);
    cell->ledger.settle(through);
    finish(*cell, through);
  }
  close();
}

void VirtualDrive::close() {
  alarm_.set(never_ns);
  for (const auto& cell : cells_) {
    for (StepFailure& failure : cell->market.failures())
      tally_.add_case_failure({failure.case_index, failure.step_index, std::move(failure.expected), std::move(failure.seen)});
    cell->market.failures().clear();
    for (std::uint32_t block = cell->first_block; block < cell->first_block + cell->block_count; ++block)
      tally_.cases_run += plan_.is_case(block) ? 1 : 0;
    tally_.actions_dropped += cell->market.actions_dropped();
  }
  show();
  if (history_) history_->flush();
  tally_.live.merge(target_->take_transport_counts());
  target_->close([this](const std::string&) { loop_.stop(); });
}

}  // namespace dueprocess
