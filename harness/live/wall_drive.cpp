#include "harness/live/wall_drive.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include "harness/live/without.hpp"
#include "harness/record/meter.hpp"

namespace dueprocess {
namespace {

constexpr HarnessTime wall_tick_every_ns = 100 * ms_ns;
constexpr HarnessTime look_every_pushed_ns = second_ns;  // where evidence comes by itself: to let judged orders go
constexpr HarnessTime look_every_unpushed_ns = 100 * ms_ns;
constexpr HarnessTime ripe_after_ns = 2 * second_ns;         // from an order's completion to its judgement
constexpr HarnessTime last_words_ns = 5 * second_ns;         // stopped: what is on its way may still come back for so long
constexpr HarnessTime after_last_deadline_ns = 500 * ms_ns;  // beyond the tolerances: the densest reads are over by then
constexpr unsigned measurements = 16;
constexpr unsigned ticks_a_flush = 10;  // of the history: what a killed run has lost of it
constexpr unsigned at_once = 256;       // operations begun before the loop may bring answers

}  // namespace

WallDrive::WallDrive(const Scenario& scenario, const MarketPlan& plan, const LiveOptions& options, std::uint32_t first,
                     std::uint32_t count, Loop& loop, Tally& tally)
    : options_(options),
      loop_(loop),
      tally_(tally),
      market_(plan, first, count),
      orders_(market_.orders()),
      oracle_(scaled_policy(scenario.policy, options.wall.speed), options.wall.oracle, tally, tally.live),
      history_(options.history ? std::make_unique<HistoryShare>(*options.history) : nullptr),
      reads_({scenario.seed, options.wall.never_read, options.wall.reads_per_s}),
      target_(options.target(loop, *this)),
      known_(orders_.count),
      alarm_(loop, [this] { work(); }),
      ticker_(loop, [this] { tick(); }) {
  if (history_) history_->in(orders_);
  if (!target_) throw TargetProblem{"the live target's factory made nothing"};
  if (options.wall.on_trouble) oracle_.on_trouble(options.wall.on_trouble);
  abilities_ = target_->abilities();
  somebody_ = UserId{scenario.market.sellers + 1};  // the first buyer
}

WallDrive::~WallDrive() = default;

void WallDrive::down(HarnessTime from, HarnessTime to) {
  oracle_.down(from, to);
  if (history_) history_->down(from, to);
}

// ---------------------------------------------------------------------------------------------- the clock, before

void WallDrive::measure_clock(LiveTarget::Done done) {
  measured_ = std::move(done);
  measurements_left_ = measurements;
  Slot slot;
  slot.operation.kind = OperationKind::list_orders;
  if (!abilities_.can(OperationKind::list_orders)) {  // then an order that is not there yet: a refusal is stamped too
    slot.operation.kind = OperationKind::view_order;
    slot.operation.order = orders_.first;
  }
  slot.operation.by = somebody_;
  slot.own = true;
  loop_.post([this, slot] { send(slot, loop_.now()); });
}

HarnessTime WallDrive::harness_of(Instant service) const {
  if (service == never) return never_ns;
  const OffsetBounds offset = oracle_.service_clock().at(loop_.now());
  const std::int64_t apart = offset.known() ? offset.low_us + offset.width_us() / 2 : us_of(scale_.base) - scale_.zero_ns / 1000;
  const Int128 at = (static_cast<Int128>(us_of(service)) - apart) * 1000;
  constexpr Int128 furthest = never_ns / 2;
  return static_cast<HarnessTime>(at > furthest ? furthest : at < -furthest ? -furthest : at);
}

// ---------------------------------------------------------------------------------------------- the load

void WallDrive::run(const TimeScale& scale, Together& together) {
  scale_ = scale;
  together_ = &together;
  market_now_ = scale.starts;
  loop_.post([this] {
    phase_ = Phase::load;
    loop_.gather(options_.wall.gather_ns);
    last_sign_ns_ = last_look_asked_ = loop_.now();
    tick();
    work();
  });
  loop_.run();
}

void WallDrive::work() {
  if (stopping_ || phase_ == Phase::over) return;
  const HarnessTime now = loop_.now();
  unsigned begun = 0;
  const auto may_send = [&] { return in_flight_ < options_.wall.in_flight && begun < at_once; };
  while (may_send() && market_.next_at() != never) {
    const Instant at = market_.next_at();
    const HarnessTime intended = scale_.harness_at(at);
    if (intended > now) break;
    Slot slot;
    market_now_ = std::max(market_now_, at);
    if (!market_.next(slot.operation, slot.ticket)) continue;
    ++begun;
    send(slot, intended);
  }
  for (HarnessTime due = reads_.next_at(); may_send() && due <= now; due = reads_.next_at()) {
    ++begun;
    if (const OrderId order = reads_.next(now); order != OrderId::none) read(order, due);
  }
  if (phase_ == Phase::read) read_all();
  next_phase();
  if (begun == at_once) return loop_.post([this] { work(); });
  arm();
}

void WallDrive::arm() {
  if (in_flight_ >= options_.wall.in_flight) return alarm_.set(never_ns);  // an answer calls work()
  alarm_.set(std::min(scale_.harness_at(market_.next_at()), reads_.next_at()));
}

void WallDrive::send(const Slot& wanted, HarnessTime intended) {
  Slot slot = wanted;
  if (!slot.own && !abilities_.can(slot.operation.kind)) {
    ++tally_.live.failures[static_cast<unsigned>(Failure::unsupported)];
    return learn(slot, answer_without(slot.operation.kind));
  }
  slot.operation = fitted(slot.operation, abilities_);
  std::uint32_t place = 0;
  if (free_slots_.empty()) {
    place = static_cast<std::uint32_t>(slots_.size());
    slots_.push_back(slot);
  } else {
    place = free_slots_.back();
    free_slots_.pop_back();
    slots_[place] = slot;
  }
  ++in_flight_;
  loop_.did_one();
  Asked asked;
  asked.ticket = place;
  asked.operation = scale_.to_wire(slot.operation);
  asked.intended_ns = intended;
  target_->perform(asked);
}

void WallDrive::read(OrderId order, HarnessTime intended) {
  Slot slot;
  slot.own = true;
  slot.operation.kind = OperationKind::view_order;
  slot.operation.order = order;
  slot.operation.by = known(order).buyer;
  ++tally_.live.reads_at_deadlines;
  send(slot, intended);
}

void WallDrive::replied(std::uint64_t ticket, const LiveObservation& seen) {
  const Slot slot = slots_[ticket];
  free_slots_.push_back(static_cast<std::uint32_t>(ticket));
  --in_flight_;
  loop_.did_one();
  last_sign_ns_ = loop_.now();
  if (phase_ == Phase::over) return;
  meter(tally_.live, seen);
  oracle_.observe(seen);
  if (history_) history_->append(seen);
  const Answer& answer = seen.observation.answer;
  if (phase_ == Phase::measure) {
    if (--measurements_left_ != 0) return send(slot, loop_.now());
    const std::string problem = "the target does not answer: " + std::string{name_of(seen.failure)};
    return std::exchange(measured_, nullptr)(seen.failure == Failure::none ? "" : problem);
  }
  if (slot.operation.order != OrderId::none) note(slot.operation.order, answer, slot.operation);
  if (!slot.own) learn(slot, answer);
  if (stopping_) {
    if (in_flight_ == 0) look(true);
    return;
  }
  work();
}

void WallDrive::learn(const Slot& slot, const Answer& answer) {
  market_now_ = std::max(market_now_, scale_.virtual_at(loop_.now()));
  market_.learn(slot.ticket, slot.operation, scale_.to_market(answer), market_now_);
  for (const OrderId order : market_.done()) {
    known(order).actors_done = true;
    note_over(order);
  }
  market_.done().clear();
}

// ---------------------------------------------------------------------------------------------- what is known of orders

void WallDrive::note(OrderId order, const Answer& answer, const Operation& operation) {
  if (!orders_.contains(order)) return;
  Known& order_known = known(order);
  if (operation.kind == OperationKind::place_order) order_known.buyer = operation.by;
  if (answer.state == OrderState::none || order_known.completed) return;
  order_known.placed = true;
  if (answer.state == OrderState::completed) return note_completed(order);
  order_known.deadline = harness_of(answer.deadline);
  reads_.deadline(order, order_known.deadline, loop_.now());
}

void WallDrive::note_completed(OrderId order) {
  Known& order_known = known(order);
  if (order_known.completed) return;
  order_known.completed = true;
  order_known.deadline = never_ns;
  reads_.completed(order);
  note_over(order);
}

/// Class R3 is read at the end, and kept until then.
void WallDrive::note_over(OrderId order) {
  const Known& order_known = known(order);
  if (order_known.completed && order_known.actors_done && !order_known.finished && !reads_.is_never_read(order))
    ripening_.push_back({order, loop_.now()});
}

void WallDrive::witnessed(const LiveEvidence& seen) {
  const OrderId order = seen.evidence.order;
  if (!orders_.contains(order) || phase_ == Phase::over) return;
  last_sign_ns_ = loop_.now();
  oracle_.observe(seen);
  if (history_) history_->append(seen);
  if (seen.evidence.kind != EvidenceKind::event) return;
  if (seen.evidence.state == OrderState::completed) {
    if (seen.evidence.completed_by == CompletedBy::automatic) ++tally_.timers_fired;
    known(order).placed = true;
    note_completed(order);
  } else if (!known(order).completed) {
    known(order).deadline = harness_of(seen.evidence.deadline);
  }
}

// ---------------------------------------------------------------------------------------------- looks, and what they let go

void WallDrive::look(bool last) {
  if (looking_ && !last) return;
  looking_ = true;
  if (last) phase_ = Phase::look;
  const HarnessTime began = loop_.now();
  last_look_asked_ = began;
  target_->drain([this, began, last](const std::string& problem) {
    looking_ = false;
    if (phase_ == Phase::over) return;
    if (problem.empty()) {
      last_sign_ns_ = loop_.now();
      last_looked_ns_ = began;
    }
    // While the target is down it shows nothing; the next look tells.
    if (!problem.empty() && last && !stopping_) return stop_with(problem);
    if (problem.empty() || last) looked(began, last);
  });
}

void WallDrive::looked(HarnessTime began, bool last) {
  if (last) return end();
  finish_ripe(began);
}

void WallDrive::finish_ripe(HarnessTime looked_ns) {
  while (!ripening_.empty() && ripening_.front().seen_ns + ripe_after_ns <= looked_ns) {
    const OrderId order = ripening_.front().order;
    ripening_.pop_front();
    if (known(order).finished) continue;
    known(order).finished = true;
    ++orders_finished_;
    oracle_.finish(order, looked_ns);
    if (history_) history_->finish(order, looked_ns);
    target_->forget(order);
  }
}

// ---------------------------------------------------------------------------------------------- phases

HarnessTime WallDrive::last_deadline() const {
  HarnessTime last = loop_.now();
  for (const Known& order : known_)
    if (order.placed && !order.completed && order.deadline != never_ns) last = std::max(last, order.deadline);
  return last;
}

void WallDrive::next_phase() {
  if (phase_ == Phase::load && market_.next_at() == never && in_flight_ == 0) {
    phase_ = Phase::wait;
    load_ended_ns_ = loop_.now();
    count_in();
  }
  if (phase_ == Phase::wait && together_->actors_done.load() == together_->threads && loop_.now() >= together_->last_fault_ns) {
    // Whoever comes first heals for all.
    if (!together_->healed.exchange(true) && options_.faults.heal) options_.faults.heal();
    phase_ = Phase::settle;
    const WallOptions& bounds = options_.wall.oracle;
    const Duration longest =
        bounds.lateness_max + bounds.recovery_bound + std::max(bounds.notice_bound, bounds.payment_bound) / 10;
    settle_until_ = last_deadline() + us_of(longest) * 1000 + after_last_deadline_ns;
  }
  if (phase_ == Phase::settle && loop_.now() >= settle_until_ && in_flight_ == 0) {
    phase_ = Phase::read;
    next_to_read_ = 0;
    read_all();
  }
  if (phase_ == Phase::read && next_to_read_ == known_.size() && in_flight_ == 0) look(true);
}

void WallDrive::count_in() {
  if (together_ && !std::exchange(counted_in_, true)) together_->actors_done.fetch_add(1);
}

void WallDrive::read_all() {
  for (; next_to_read_ < known_.size() && in_flight_ < options_.wall.in_flight; ++next_to_read_) {
    const Known& order = known_[next_to_read_];
    if (order.buyer == UserId::nobody || order.finished) continue;
    read(orders_.at(next_to_read_), loop_.now());
  }
}

void WallDrive::tick() {
  if (phase_ == Phase::over) return;
  const HarnessTime now = loop_.now();
  show();
  if (history_ && ++ticks_ % ticks_a_flush == 0) history_->flush();
  if (options_.stop && options_.stop->load(std::memory_order_relaxed) && !stopping_) {
    stopping_ = interrupted_ = true;
    stop_asked_ns_ = now;
    if (load_ended_ns_ == 0) load_ended_ns_ = now;
    alarm_.set(never_ns);
    if (in_flight_ == 0 && phase_ != Phase::look) look(true);
  }
  if (stopping_ && now - stop_asked_ns_ > last_words_ns) return end();
  if (in_flight_ != 0 && now - last_sign_ns_ > options_.stalled_after_ns)
    return stop_with("nothing came back for " + std::to_string(options_.stalled_after_ns / second_ns) + " s");
  if (phase_ != Phase::look && now - last_look_asked_ >= (abilities_.pushes ? look_every_pushed_ns : look_every_unpushed_ns))
    look(false);
  if (!stopping_) {
    next_phase();
    if (phase_ == Phase::load) arm();
  }
  ticker_.set(now + wall_tick_every_ns);
}

void WallDrive::show() {
  if (!options_.progress) return;
  Progress& progress = *options_.progress;
  std::uint64_t events = tally_.timers_fired;
  for (const auto& outcomes : tally_.operations)
    for (const std::uint64_t count : outcomes) events += count;
  progress.events.fetch_add(events - std::exchange(events_shown_, events), std::memory_order_relaxed);
  progress.orders_done.fetch_add(orders_finished_ - std::exchange(orders_shown_, orders_finished_), std::memory_order_relaxed);
  progress.virtual_us.store(us_of(scale_.virtual_at(loop_.now())), std::memory_order_relaxed);
}

void WallDrive::stop_with(const std::string& problem) {
  problem_ = problem;
  end();
}

/// What the last look that came back could not show is no fault of the target: it may have been lost since.
void WallDrive::end() {
  if (phase_ == Phase::over) return;
  phase_ = Phase::over;
  count_in();
  alarm_.set(never_ns);
  ticker_.set(never_ns);
  if (load_ended_ns_ == 0) load_ended_ns_ = loop_.now();
  oracle_.finish_all(last_looked_ns_);
  if (history_) {
    history_->end_at_look(last_looked_ns_);
    history_->flush();
  }
  tally_.actions_dropped += market_.actions_dropped();
  show();
  tally_.live.merge(target_->take_transport_counts());
  target_->close([this](const std::string&) { loop_.stop(); });
}

}  // namespace dueprocess
