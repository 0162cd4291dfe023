// How the in-process engine's timers are run, and how late timers may be.
#include "scenarios/language/document.hpp"

namespace dueprocess {
namespace {

Mapping describe_sweep(TimerPlan& timers) {
  return Mapping{"every so often whatever is due by then fires"}
      .key("every", duration(timers.every, Sign::positive), "from sweep to sweep", "5m")
      .key("phase", duration(timers.phase, Sign::not_negative),
           "how long after the grid of whole periods since 1970-01-01T00:00Z a sweep comes", "0s")
      .key("batch", count(timers.batch, 0, 1'000'000'000),
           "at most so many orders a sweep, of the whole market; 0: all that are due", "0")
      .key("order", one_of({"oldest", "newest"}, [&timers](std::size_t i) { timers.order = static_cast<SweepOrder>(i); }),
           "which of them a sweep takes first that may not take all", "oldest");
}

Mapping describe_clock_step(ClockStepText& step) {
  return Mapping{"the workers' wall clocks are set"}
      .required("at", time_point(step.at), "when")
      .required("by", duration(step.by, Sign::any), "by how much: forward, or back with a minus");
}

}  // namespace

Mapping describe(EngineText& engine) {
  const Inlet steps = list(
      [&engine](std::size_t) {
        return Inlet{[&engine](Reading& reading, const Node& node) {
                       ClockStepText one;
                       one.node = &node;
                       describe_clock_step(one).read(reading, node);
                       engine.clock_steps.push_back(one);
                     },
                     [] {
                       ClockStepText one;
                       return describe_clock_step(one).schema();
                     }};
      },
      true, 10'000);
  const Inlet sweep = noting(engine.sweep_node, {[&engine](Reading& reading, const Node& node) {
                                                   engine.timers.mode = TimerMode::sweep;
                                                   describe_sweep(engine.timers).read(reading, node);
                                                 },
                                                 [&engine] { return describe_sweep(engine.timers).schema(); }});
  const Inlet timers = scalar_or(one_of({"exact"}, [](std::size_t) {}), mapping([sweep] {
                                   return Mapping{"timers that do not fire at their instant"}.required(
                                       "sweep", sweep, "every so often whatever is due by then fires");
                                 }));
  return Mapping{"the in-process engine's timers, and its workers' clocks"}
      .key("timers", timers, "exact: each fires at its deadline; or {sweep: {every: 5m}}", "exact")
      .key("workers", count(engine.timers.workers, 1, 1000), "who fires them, each its share; only seeded bugs tell them apart",
           "1")
      .key("clock_skew", duration(engine.timers.clock_skew, Sign::not_negative),
           "how far off the last worker's wall clock is; only seeded bugs read it", "0s")
      .key("clock_steps", steps, "when the wall clocks are set; only seeded bugs read them");
}

Mapping describe(TimerBounds& bounds) {
  return Mapping{"how late timers may be, beyond the policy's deadlines"}
      .key("lateness", duration(bounds.lateness, Sign::not_negative), "how late a timer may fire", "0s")
      .key("recovery", duration(bounds.recovery, Sign::not_negative), "and how much later after a downtime", "0s");
}

}  // namespace dueprocess
