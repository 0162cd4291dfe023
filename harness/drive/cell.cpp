#include "harness/drive/cell.hpp"

#include <algorithm>
#include <cassert>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "harness/drive/lone_play.hpp"
#include "harness/drive/retirement.hpp"
#include "harness/drive/target_engine.hpp"
#include "sim/engine/timed_engine.hpp"

namespace dueprocess {
namespace {

constexpr std::uint64_t large_cell_orders = 1u << 17;          // above: look ahead in memory, and let ended orders go
constexpr std::uint64_t events_at_one_instant_max = 1u << 24;  // and a thousand for each order of the cell
constexpr std::uint64_t poll_every = 1u << 14;  // events between two looks at the stop flag, two showings of progress

}  // namespace

OracleOptions oracle_options(const Scenario& scenario) {
  OracleOptions options;
  for (const RestartPlan& restart : scenario.restarts) options.downtimes.push_back({restart.down, restart.back});
  options.lateness_max = scenario.tolerances.lateness;
  options.recovery_bound = scenario.tolerances.recovery;
  return options;
}

BugSet bugs_of(const Scenario& scenario, const BugSet& more) {
  BugSet bugs = more;
  for (const std::string& id : scenario.bugs)
    if (const auto bug = bug_named(id)) bugs.set(static_cast<std::size_t>(*bug));
  return bugs;
}

struct Cell::Machine {
  virtual ~Machine() = default;
  virtual void play(std::uint32_t first, std::uint32_t count, const RunOptions& options, const Recorder* recorder) = 0;
};

namespace {

/// The restarts of a run as the clock meets them.
class Outages {
 public:
  explicit Outages(const std::vector<RestartPlan>& plans) : plans_(plans) { rewind(); }
  bool down() const { return down_; }
  Instant next_change() const { return next_change_; }
  const RestartPlan& current() const { return plans_[next_]; }
  void go_down() {
    down_ = true;
    next_change_ = plans_[next_].back;
  }
  void come_back() { move_to(next_ + 1); }
  void rewind() { move_to(0); }

 private:
  void move_to(std::size_t next) {
    next_ = next;
    down_ = false;
    next_change_ = next_ == plans_.size() ? never : plans_[next_].down;
  }

  const std::vector<RestartPlan>& plans_;
  Instant next_change_ = never;  // asked for at every event
  std::size_t next_ = 0;
  bool down_ = false;
};

/// `Driven` is the built-in engine, with or without seeded bugs, or a user's target behind the same face.
template <class Driven>
class MachineOf final : public Cell::Machine {
 public:
  template <class... Parts>
  MachineOf(const Scenario& scenario, const MarketPlan& plan, Tally& tally, Parts&&... parts_of_the_engine)
      : plan_(plan),
        tally_(tally),
        market_(plan, 0, 0),
        engine_(std::forward<Parts>(parts_of_the_engine)...),
        oracle_(scenario.policy, oracle_options(scenario), {}, tally),
        outages_(scenario.restarts) {
    if constexpr (std::is_same_v<Driven, Engine>)
      if (scenario.restarts.empty()) lone_play_.emplace(scenario.policy, market_, oracle_, tally);
  }

  void play(std::uint32_t first, std::uint32_t count, const RunOptions& options, const Recorder* recorder) override {
    // Lone orders one by one, where nothing but their own clocks moves them and nobody watches the cell.
    const bool set_apart = lone_play_.has_value() && !recorder && count == 1;
    const std::vector<OrderId>* lone = nullptr;
    if (set_apart)
      lone = &market_.set_lone_orders_apart(first);
    else
      market_.reset(first, count);
    const OrderRange orders = market_.orders();
    engine_.reset(orders);
    oracle_.reset(orders);
    outages_.rewind();
    scripted_ = false;
    for (std::uint32_t block = first; block < first + count && !scripted_; ++block) scripted_ = plan_.is_case(block);
    large_ = orders.count > large_cell_orders;
    retirement_.reset(orders);

    const bool ended = recorder ? loop<true>(options, recorder) : loop<false>(options, nullptr);
    if (lone && ended) lone_play_->play(*lone, options.stop);
    const Instant horizon = ended ? never : now_;
    oracle_.finish_all(horizon);
    if (recorder && recorder->ended) recorder->ended(horizon);

    for (StepFailure& failure : market_.failures())
      tally_.add_case_failure({failure.case_index, failure.step_index, std::move(failure.expected), std::move(failure.seen)});
    market_.failures().clear();
    if (scripted_)
      for (std::uint32_t block = first; block < first + count; ++block) tally_.cases_run += plan_.is_case(block) ? 1 : 0;
    tally_.actions_dropped += market_.actions_dropped();
  }

 private:
  /// True when nothing more can happen, false when it was stopped.
  template <bool Recording>
  bool loop(const RunOptions& options, const Recorder* recorder) {
    Observation observation;
    std::uint64_t until_poll = poll_every;
    for (;;) {
      const Instant actor = market_.next_at();
      const Instant timer = outages_.down() ? never : engine_.next_timer();
      const Instant soonest = std::min(actor, timer);
      // While the engine is down it may hold orders that only the restart sets going again.
      if (soonest == never && !outages_.down()) return true;
      if (const Instant change = outages_.next_change(); change <= soonest && change != never) {
        now_ = change;
        if (outages_.down()) {
          engine_.restart(outages_.current().down, change);
          outages_.come_back();
          take_evidence<Recording>(recorder);
        } else {
          outages_.go_down();
        }
        continue;
      }
      if (timer <= actor) {
        now_ = timer;
        engine_.fire_next();
        ++tally_.timers_fired;
        take_evidence<Recording>(recorder);
      } else {
        now_ = actor;
        if (large_) prefetch();
        if (market_.next(observation.operation)) perform<Recording>(observation, recorder);
        if (large_) retire<Recording>(recorder);
      }
      if (--until_poll == 0) {
        until_poll = poll_every;
        watch_for_a_stall();
        if (options.stop && options.stop->load(std::memory_order_relaxed)) return false;
        if (options.progress && large_) {
          options.progress->virtual_us.store(us_of(now_), std::memory_order_relaxed);
          options.progress->events.fetch_add(poll_every, std::memory_order_relaxed);
          options.progress->violations.store(tally_.violations_total(), std::memory_order_relaxed);
        }
      }
    }
  }

  /// A target (a seeded bug, say) that fires one timer over and over would stop the clock for good.
  void watch_for_a_stall() {
    if (now_ != polled_at_) {
      polled_at_ = now_;
      polls_at_one_instant_ = 0;
    } else if (++polls_at_one_instant_ * poll_every > events_at_one_instant_max + 1000 * market_.orders().count) {
      throw TargetProblem{"the virtual clock stands still: " + std::to_string(polls_at_one_instant_ * poll_every) +
                          " events and no progress"};
    }
  }

  template <bool Recording>
  void perform(Observation& observation, const Recorder* recorder) {
    observation.intended = observation.sent = observation.answered = now_;
    if (outages_.down()) [[unlikely]] {
      observation.answer = Answer{};
      observation.answer.outcome = Outcome::refused;  // nobody listens: refused without a code, certainly no effect
    } else {
      engine_.perform(observation.operation, now_, observation.answer);
    }
    oracle_.observe(observation);
    if constexpr (Recording) recorder->observation(observation);
    take_evidence<Recording>(recorder);
    market_.learn(observation.operation, observation.answer, now_);
  }

  template <bool Recording>
  void take_evidence(const Recorder* recorder) {
    std::vector<Evidence>& seen = engine_.evidence();
    if (seen.empty()) return;
    if (!Recording) oracle_.observe(std::span<const Evidence>{seen}, now_);
    for (const Evidence& evidence : seen) {
      if (Recording) oracle_.observe(evidence, now_);
      if (scripted_) market_.learn(evidence, now_);
      if (large_ && evidence.state == OrderState::completed) retirement_.completed(evidence.order);
      if constexpr (Recording) recorder->evidence(evidence, now_);
    }
    seen.clear();
  }

  void prefetch() {
    for (const OrderId order : market_.upcoming()) {
      market_.prefetch(order);
      engine_.prefetch(order);
      oracle_.prefetch(order);
    }
  }

  template <bool Recording>
  void retire(const Recorder* recorder) {
    retirement_.take(market_.done(), now_);
    for (OrderId order = retirement_.next(now_); order != OrderId::none; order = retirement_.next(now_)) {
      if (const OrderId coming = retirement_.coming(); coming != OrderId::none) {
        oracle_.prefetch(coming);
        engine_.prefetch(coming);
      }
      oracle_.finish(order, now_);
      engine_.forget(order);
      if constexpr (Recording)
        if (recorder->finished) recorder->finished(order, now_);
    }
  }

  const MarketPlan& plan_;
  Tally& tally_;
  Market market_;
  Driven engine_;
  Oracle oracle_;
  Outages outages_;
  Retirement retirement_;
  std::optional<LonePlay> lone_play_;
  Instant now_ = Instant::min();
  Instant polled_at_ = Instant::min();
  std::uint64_t polls_at_one_instant_ = 0;
  bool scripted_ = false;
  bool large_ = false;
};

}  // namespace

Cell::Cell(const Scenario& scenario, const MarketPlan& plan, const BugSet& bugs, Tally& tally, const TargetFactory& target) {
  const Policy& policy = scenario.policy;
  assert(!target || bugs.none());
  if (target)
    machine_ = std::make_unique<MachineOf<TargetEngine>>(scenario, plan, tally, target, policy);
  else if (bugs.any())
    machine_ = std::make_unique<MachineOf<TimedEngine<true>>>(scenario, plan, tally, policy, scenario.timers, OrderRange{}, bugs);
  else if (scenario.timers.mode != TimerMode::exact)
    machine_ = std::make_unique<MachineOf<TimedEngine<false>>>(scenario, plan, tally, policy, scenario.timers, OrderRange{});
  else
    machine_ = std::make_unique<MachineOf<Engine>>(scenario, plan, tally, policy, OrderRange{});
}

Cell::~Cell() = default;

void Cell::play(std::uint32_t first, std::uint32_t count, const RunOptions& options, const Recorder* recorder) {
  machine_->play(first, count, options, recorder);
}

}  // namespace dueprocess
