// A service of another shape passes the rules, driven through nothing but its binding; and with a bug in it, it does not.
#include "catch.hpp"
#include "harness/live/live_run.hpp"
#include "harness/target/binding/http_target.hpp"
#include "scenarios/language/read.hpp"
#include "scenarios/language/read_binding.hpp"
#include "sim/engine/bugs.hpp"
#include "tests/second-api/jobs_service.hpp"

#include <memory>

using namespace dueprocess;

namespace {

/// The service's ear lives as long as the target: both belong to the run's loop.
struct Served final : LiveTarget {
  Served(std::unique_ptr<testing::SmallServer> ear, std::unique_ptr<HttpTarget> target)
      : server(std::move(ear)), inner(std::move(target)) {}
  Abilities abilities() const override { return inner->abilities(); }
  void open(Done done) override { inner->open(std::move(done)); }
  void perform(const Asked& asked) override { inner->perform(asked); }
  void advance(Instant to, Advanced done) override { inner->advance(to, std::move(done)); }
  void drain(Done done) override { inner->drain(std::move(done)); }
  void forget(OrderId order) override { inner->forget(order); }
  std::size_t in_flight() const override { return inner->in_flight(); }
  void close(Done done) override { inner->close(std::move(done)); }
  LiveTally take_transport_counts() override { return inner->take_transport_counts(); }
  std::unique_ptr<testing::SmallServer> server;
  std::unique_ptr<HttpTarget> inner;
};

/// Service and target on the loop of the run: one thread.
LiveOutcome driven(const std::string& scenario_name, BugSet bugs = {}) {
  ReadOptions read;
  read.environment = false;
  ReadResult scenario = read_scenario_file(DUEPROCESS_LIBRARY "/" + scenario_name + ".yaml", read);
  REQUIRE(scenario.ok());
  const ReadBinding binding = read_binding_file(DUEPROCESS_JOBS, false);
  for (const Mistake& mistake : binding.mistakes) UNSCOPED_INFO(to_string(mistake));
  REQUIRE(binding.ok());

  testing::JobsService jobs{scenario.scenario.policy, bugs};
  LiveOptions options;
  options.clock = LiveClock::barrier;
  options.target = [&](Loop& loop, LiveSink& sink) -> std::unique_ptr<LiveTarget> {
    auto server = std::make_unique<testing::SmallServer>(
        loop.context(), [&](const testing::HttpRequest& request) { return jobs.answer(request); });
    http::Endpoint endpoint;
    endpoint.host = "127.0.0.1";
    endpoint.port = server->port();
    HttpTargetOptions target;
    target.clock = LiveClock::barrier;
    target.starts = scenario.scenario.starts;
    target.run = "test";
    target.texts = scenario.scenario.texts;
    target.declared_uploads = true;
    return std::make_unique<Served>(
        std::move(server),
        std::make_unique<HttpTarget>(loop.context(), endpoint, binding.binding, target, http::RunClock{loop.began_ns()}, sink));
  };
  return run_live(scenario.scenario, options);
}

}  // namespace

TEST_CASE("the second API passes every case of the rules") {
  const LiveOutcome outcome = driven("rules");
  CHECK(outcome.problem == "");
  const Tally& tally = outcome.run.tally;
  std::string findings;
  for (const CaseFailure& failure : tally.case_failures)
    findings += "case " + std::to_string(failure.case_index) + " step " + std::to_string(failure.step_index) + ": " +
                failure.expected + ", seen " + failure.seen + "\n";
  for (const Violation& violation : tally.violation_samples)
    findings += std::string{name_of(violation.invariant)} + " order " + std::to_string(number(violation.order)) + ": expected " +
                violation.expected + ", seen " + violation.seen + "\n";
  CHECK(findings == "");
  CHECK(tally.cases_run > 50);
  CHECK(tally.case_failures.empty());
  CHECK(tally.violation_samples.empty());
  CHECK(tally.live.failures[static_cast<std::size_t>(Failure::unreadable)] == 0);
}

TEST_CASE("a bug in the second API is found through its binding") {
  BugSet bugs;
  bugs.set(static_cast<std::size_t>(*bug_named("B05")));
  CHECK_FALSE(driven("rules", bugs).run.tally.violation_samples.empty());
}
