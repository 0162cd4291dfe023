#include "harness/main/run_live.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "harness/live/live_run.hpp"
#include "harness/main/declared_uploads.hpp"
#include "harness/main/interrupt.hpp"
#include "harness/main/load_binding.hpp"
#include "harness/main/machine.hpp"
#include "harness/main/output.hpp"
#include "harness/proxy/fault_runner.hpp"
#include "harness/target/binding/http_target.hpp"
#include "harness/target/http/run_clock.hpp"

namespace dueprocess {

struct LivePlan {
  LiveRequest request;
  LiveClock clock = LiveClock::barrier;
  http::Endpoint endpoint;
  Binding binding;
};

void forget(LivePlan* plan) { delete plan; }

namespace {

constexpr Duration shown_within{std::chrono::seconds{10}};  // wall: evidence of an honest service may take so long on its way

void tell(const std::string& what) { print_error("dueprocess: " + what + "\n"); }

LiveClock clock_named(const std::string& name) {
  for (const LiveClock clock : {LiveClock::barrier, LiveClock::stamped})
    if (name == name_of(clock)) return clock;
  return LiveClock::wall;
}

bool read_the_password(const std::string& file, std::string& password) {
  std::ifstream in{file};
  if (std::getline(in, password) && !password.empty()) return true;
  tell(fmt::format("{}: there is no password in its first line", file));
  return false;
}

/// What only the engine in this process can do.
bool fits_live(const LivePlan& plan, const Loaded& loaded) {
  const Scenario& scenario = loaded.scenario;
  bool fits = true;
  const auto refuse = [&](const std::string& what) {
    tell(what);
    fits = false;
  };
  if (!scenario.restarts.empty())
    refuse(
        fmt::format("{}: `restarts` are the in-process engine's; a live service is killed and started by `faults` with commands",
                    scenario.file));
  if (scenario.timers.mode != TimerMode::exact)
    refuse(fmt::format("{}: `engine` is the in-process engine's; a live service has timers of its own", scenario.file));
  if (loaded.bugs.any() || !scenario.bugs.empty())
    refuse("bugs are seeded in the in-process engine; a service is started with its own (dueprocess serve --bug)");
  if (plan.clock == LiveClock::stamped && !scenario.faults.empty())
    refuse("faults need one clock: --clock barrier or --clock wall");
  if (has_commands(scenario.faults) && !plan.request.allow_commands)
    refuse(fmt::format("{}: its faults run commands on this machine; --allow-commands lets them", scenario.file));
  if (plan.clock == LiveClock::wall && scenario.policy.days == DayRule::calendar && plan.request.speed != 1)
    refuse("calendar days cannot be scaled: --speed 1");
  return fits;
}

/// A setting that the user knows better than the binding, and the tolerances that it declares.
void apply_tolerances(const Tolerances& tolerances, Loaded& loaded, LiveOptions& options) {
  loaded.scenario.policy.after_deadline = tolerances.after_deadline;
  options.oracle.lateness_max = std::max(tolerances.lateness, loaded.scenario.tolerances.lateness);
  options.oracle.payment_bound = tolerances.payment_within;
  options.oracle.notice_bound = tolerances.notice_within;
}

WallOptions wall_options(const LiveRequest& request, const Binding& binding, const Abilities& abilities,
                         const Scenario& scenario) {
  const Tolerances& tolerances = binding.tolerances;
  WallOptions wall;
  wall.lateness_max = std::max(tolerances.lateness, request.lateness_max);
  wall.payment_bound = std::max(tolerances.payment_within, shown_within);
  wall.notice_bound = std::max(tolerances.notice_within, shown_within);
  wall.read_staleness = tolerances.staleness;
  wall.granularity = std::max(tolerances.granularity, Duration{1});
  wall.recovery_bound = recovery_bound(scenario.faults);
  wall.tells.refusals = abilities.told_refusals;
  wall.events = abilities.events;
  wall.notices = abilities.notices;
  wall.payments = abilities.payments;
  const AnswerRules& answers = binding.of(OperationKind::view_order).answers;
  wall.tells.versions = answers.version.given;
  wall.tells.deadlines = answers.deadline.given;
  wall.tells.completed_by = answers.completed_by.given;
  wall.tells.completed_at = answers.completed_at.given;
  wall.tells.lateness = answers.late.given;
  return wall;
}

/// With the run's first seller and its first buyer; not through what goes wrong on purpose.
void try_declared_uploads(const LivePlan& plan, const Loaded& loaded, const HttpTargetOptions& target) {
  const UserId buyer{std::max(loaded.scenario.market.sellers, 1U) + 1};  // nobody orders from himself, where there are only cases
  const Instant now = plan.clock == LiveClock::wall ? calendar_now() : loaded.scenario.starts;
  try {
    require_declared_uploads(plan.endpoint, plan.binding, target, buyer, UserId{1}, now + std::chrono::hours{72});
  } catch (const TargetProblem& problem) {
    throw TargetProblem{plan.endpoint.url() + ": " + problem.what()};
  }
}

/// How the run is judged, which a history is to say too.
void judge_by(const LivePlan& plan, Loaded& loaded, LiveOptions& options) {
  const Abilities abilities = abilities_of(plan.binding);
  apply_tolerances(plan.binding.tolerances, loaded, options);
  for (const DeclaredDowntime& down : declared_downtimes(loaded.scenario.faults))
    options.oracle.downtimes.push_back({down.from, down.to});
  options.oracle.recovery_bound = recovery_bound(loaded.scenario.faults);
  options.oracle.events = abilities.events;
  options.oracle.notices = abilities.notices;
  options.oracle.payments = abilities.payments;
  options.wall.speed = plan.request.speed;
  options.wall.oracle = wall_options(plan.request, plan.binding, abilities, loaded.scenario);
}

}  // namespace

void describe(const LivePlan& plan, const Loaded& loaded_before, HistoryHeader& header) {
  Loaded loaded = loaded_before;
  LiveOptions options;
  judge_by(plan, loaded, options);
  header.target = plan.endpoint.url();
  header.binding = plan.request.binding;
  header.clock = plan.clock == LiveClock::wall ? HistoryClock::wall : HistoryClock::virtual_time;
  header.speed = plan.request.speed;
  header.client_timeout_ns = us_of(plan.request.timeout) * 1000;
  for (const FaultPlan& fault : loaded.scenario.faults) header.faults.push_back(words_of(fault));
  header.interleaved = true;
  header.policy = loaded.scenario.policy;
  header.tolerances = options.oracle;
  header.wall = options.wall.oracle;
}

LivePlanPtr plan_live(const LiveRequest& request, Loaded& loaded) {
  LivePlanPtr plan{new LivePlan};
  plan->request = request;
  plan->clock = clock_named(request.clock);
  std::string problem;
  bool good = true;
  if (const auto endpoint = http::read_endpoint(request.target, problem)) {
    plan->endpoint = *endpoint;
  } else {
    tell("--target: " + problem);
    good = false;
  }
  if (std::optional<Binding> binding = load_binding(request.binding))
    plan->binding = std::move(*binding);
  else
    good = false;
  if (!request.password_file.empty()) good = read_the_password(request.password_file, plan->binding.observer.password) && good;
  return fits_live(*plan, loaded) && good ? std::move(plan) : nullptr;
}

LiveResult run_live(const LivePlan& plan, const Loaded& loaded_before, unsigned threads, Progress& progress,
                    HistoryFile* history) {
  Loaded loaded = loaded_before;
  const LiveRequest& request = plan.request;
  LiveOptions options;
  options.history = history;
  options.clock = plan.clock;
  options.threads = plan.clock == LiveClock::wall || plan.clock == LiveClock::stamped ? threads : 1;
  options.stop = &InterruptWatch::stop();
  options.progress = &progress;
  options.began_ns = http::monotonic_ns();
  options.stalled_after_ns = std::max<HarnessTime>(options.stalled_after_ns, us_of(request.timeout) * 4000);
  judge_by(plan, loaded, options);
  options.wall.in_flight = request.in_flight;
  options.wall.calendar_zero = calendar_now();

  http::Endpoint endpoint = plan.endpoint;
  std::unique_ptr<FaultRunner> faults;
  std::mutex faults_lock;
  if (!loaded.scenario.faults.empty()) {
    FaultRunnerOptions runner;
    runner.host = endpoint.host;
    runner.port = endpoint.port;
    runner.seed = loaded.scenario.seed;
    faults = std::make_unique<FaultRunner>(loaded.scenario.faults, loaded.scenario.starts, runner, options.began_ns);
    if (const std::string problem = faults->start(); !problem.empty()) throw TargetProblem{problem};
    if (faults->port() != 0) {
      if (endpoint.tls && !request.insecure)
        throw TargetProblem{"faults lie between harness and service, where a certificate would name another host: --insecure"};
      endpoint.host = "127.0.0.1";
      endpoint.port = faults->port();
    }
    options.faults.wall_begins = [&](HarnessTime zero_ns) { faults->run_by_wall(zero_ns, static_cast<double>(request.speed)); };
    options.faults.next_change = [&] { return faults->next_change(); };
    options.faults.reach = [&](Instant t) { faults->reach(t); };
    options.faults.heal = [&] {
      const std::scoped_lock lock{faults_lock};
      faults->finish();
    };
  }

  HttpTargetOptions target;
  target.clock = plan.clock;
  target.starts = plan.clock == LiveClock::wall ? never : loaded.scenario.starts;
  target.run = text_of_this_run();
  target.texts = loaded.scenario.texts;
  target.declared_uploads = request.declared_uploads;
  target.client.connections = request.connections != 0 ? request.connections : plan.clock == LiveClock::wall ? 256 : 64;
  target.client.in_flight = static_cast<std::size_t>(request.in_flight) * 2;
  target.client.answer_timeout_ns = us_of(request.timeout) * 1000;
  target.client.tls.insecure = request.insecure;
  target.client.tls.ca_file = request.ca_file;
  target.client.seed = loaded.scenario.seed;
  http::raise_file_limit(target.client.connections * options.threads + 256);
  if (request.declared_uploads && plan.binding.of(OperationKind::upload).has_declared) try_declared_uploads(plan, loaded, target);
  options.target = [&](Loop& loop, LiveSink& sink) {
    return std::make_unique<HttpTarget>(loop.context(), endpoint, plan.binding, target, http::RunClock{options.began_ns}, sink);
  };

  LiveOutcome outcome;
  try {
    outcome = run_live(loaded.scenario, options);
  } catch (const TargetProblem& problem) {
    throw TargetProblem{plan.endpoint.url() + ": " + problem.what()};
  }
  LiveResult result;
  result.outcome = std::move(outcome.run);
  result.clock = outcome.facts.clock;
  // To people an offset is one from this machine's calendar clock, not from the run's own.
  LiveTally& live = result.outcome.tally.live;
  if (live.offset_low_us > INT64_MIN / 4 && live.offset_high_us < INT64_MAX / 4) {
    const std::int64_t machine_us = us_of(calendar_now()) - (http::monotonic_ns() - options.began_ns) / 1000;
    live.offset_low_us -= machine_us;
    live.offset_high_us -= machine_us;
  }
  LiveRecord& record = result.record;
  record.target = plan.endpoint.url();
  record.binding = request.binding;
  record.clock = name_of(plan.clock);
  record.speed = request.speed;
  record.load_s = plan.clock == LiveClock::wall ? outcome.facts.load_s : result.outcome.facts.wall_s;
  record.cpu_ppm = outcome.facts.cpu_ppm;
  record.saturated = outcome.facts.saturated;
  record.reviews_unread = outcome.facts.reviews_unread;
  record.cases_not_played = outcome.facts.cases_not_played;
  record.problem = outcome.problem;
  if (faults) {
    faults->finish();
    record.faults = faults->records();
    for (const std::string& trouble : faults->trouble()) tell(trouble);
  }
  return result;
}

}  // namespace dueprocess
