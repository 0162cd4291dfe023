#include "harness/proxy/fault_runner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <list>
#include <mutex>
#include <thread>
#include <utility>

#include "harness/proxy/proxy.hpp"
#include "harness/proxy/shell.hpp"
#include "harness/target/http/run_clock.hpp"

namespace dueprocess {
namespace {

struct Change {
  enum class What : std::uint8_t { on, off, strike, command };
  Instant at;
  std::size_t fault;
  What what;
};

/// Everything that has an instant, in its order; at one instant windows end first, then what begins does, as written.
std::vector<Change> changes_of(const std::vector<FaultPlan>& plans) {
  std::vector<Change> changes;
  for (std::size_t i = 0; i < plans.size(); ++i) {
    const FaultPlan& plan = plans[i];
    if (plan.from == Instant::min()) continue;
    if (plan.kind == FaultKind::command) {
      changes.push_back({plan.from, i, Change::What::command});
    } else if (plan.is_momentary()) {
      changes.push_back({plan.from, i, Change::What::strike});
    } else {
      changes.push_back({plan.from, i, Change::What::on});
      if (plan.to != never) changes.push_back({plan.to, i, Change::What::off});
    }
  }
  std::ranges::stable_sort(changes, [](const Change& a, const Change& b) {
    if (a.at != b.at) return a.at < b.at;
    return (a.what == Change::What::off) > (b.what == Change::What::off);
  });
  return changes;
}

}  // namespace

struct FaultRunner::Impl {
  Impl(std::vector<FaultPlan> given, Instant scenario_starts, FaultRunnerOptions run_options, HarnessTime began_ns)
      : plans(std::move(given)),
        starts(scenario_starts),
        options(std::move(run_options)),
        clock{began_ns},
        changes(changes_of(plans)) {
    for (const FaultPlan& plan : plans) {
      FaultRecord& record = records.emplace_back();
      record.what = words_of(plan);
      record.is_command = plan.kind == FaultKind::command;
      record.from_ns = never_ns;  // until it begins
      record.from = plan.from == Instant::min() ? starts : plan.from;
      record.to = plan.to;
    }
  }
  ~Impl() {
    stop_keeping_time();
    recall.call();
    commands.clear();  // joins
  }

  bool needs_proxy() const {
    return std::ranges::any_of(plans, [](const FaultPlan& plan) { return plan.kind != FaultKind::command; });
  }

  std::string start() {
    if (!needs_proxy()) return {};
    ProxyOptions wanted;
    wanted.host = options.host;
    wanted.port = options.port;
    wanted.seed = options.seed;
    wanted.connections_max = options.connections_max;
    proxy = std::make_unique<FaultProxy>(plans, wanted);
    if (std::string problem = proxy->start(); !problem.empty()) return problem;
    const std::lock_guard lock{mutex};
    for (std::size_t i = 0; i < plans.size(); ++i)
      if (plans[i].from == Instant::min()) records[i].from_ns = clock.now();
    return {};
  }

  /// Makes it, and takes down when. Commands go on by themselves.
  void make(const Change& change) {
    const HarnessTime now = clock.now();
    switch (change.what) {
      case Change::What::on:
        proxy->set(change.fault, true);
        note(change.fault, [&](FaultRecord& record) { record.from_ns = now; });
        break;
      case Change::What::off:
        proxy->set(change.fault, false);
        note(change.fault, [&](FaultRecord& record) { record.to_ns = clock.now(); });
        break;
      case Change::What::strike:
        proxy->strike(change.fault);
        note(change.fault, [&](FaultRecord& record) { record.from_ns = now, record.to_ns = clock.now(); });
        break;
      case Change::What::command:
        note(change.fault, [&](FaultRecord& record) { record.from_ns = now; });
        commands.emplace_back([this, fault = change.fault] { run(fault); });
        break;
    }
  }

  void run(std::size_t fault) {
    const CommandEnd end = run_by_shell(plans[fault].command, plans[fault].time_limit, recall);
    note(fault, [&](FaultRecord& record) {
      record.to_ns = clock.now();
      record.struck = 1;
      record.command_failed = end.failed;
      record.output = end.output.empty() ? end.how : end.how + ":\n" + end.output;
      if (end.failed) told.push_back(fmt::format("{} {}{}", record.what, end.how, end.output.empty() ? "" : ": " + end.output));
    });
  }

  template <class Write>
  void note(std::size_t fault, Write&& write) {
    const std::lock_guard lock{mutex};
    write(records[fault]);
  }

  void keep_time(HarnessTime base_ns, double speed) {
    for (; next < changes.size(); ++next) {
      const Change& change = changes[next];
      const auto due_ns = base_ns + static_cast<HarnessTime>(static_cast<double>(us_of(change.at - starts)) * 1000 / speed);
      std::unique_lock lock{mutex};
      while (!stopping && clock.now() < due_ns) wake.wait_for(lock, std::chrono::nanoseconds{due_ns - clock.now()});
      if (stopping) return;
      lock.unlock();
      make(change);
    }
  }

  void stop_keeping_time() {
    {
      const std::lock_guard lock{mutex};
      stopping = true;
    }
    wake.notify_all();
    if (timekeeper.joinable()) timekeeper.join();
  }

  void finish() {
    stop_keeping_time();
    commands.clear();  // joins: each ends at its time limit at the latest
    for (std::size_t i = 0; i < plans.size() && proxy; ++i) {
      if (plans[i].kind == FaultKind::command) continue;
      proxy->set(i, false);
      note(i, [&](FaultRecord& record) {
        if (record.from_ns != never_ns && record.to_ns == never_ns) record.to_ns = clock.now();
      });
    }
    next = changes.size();
  }

  const std::vector<FaultPlan> plans;
  const Instant starts;
  const FaultRunnerOptions options;
  const http::RunClock clock;
  const std::vector<Change> changes;
  std::size_t next = 0;  // of `changes`; the timekeeper's while there is one
  std::unique_ptr<FaultProxy> proxy;
  Recall recall;

  mutable std::mutex mutex;  // of what follows
  std::condition_variable wake;
  bool stopping = false;
  std::vector<FaultRecord> records;
  std::vector<std::string> told;

  std::thread timekeeper;
  std::list<std::jthread> commands;
};

FaultRunner::FaultRunner(std::vector<FaultPlan> plans, Instant starts, FaultRunnerOptions options, HarnessTime began_ns)
    : impl_(std::make_unique<Impl>(std::move(plans), starts, std::move(options), began_ns)) {}
FaultRunner::~FaultRunner() = default;

std::string FaultRunner::start() { return impl_->start(); }
std::uint16_t FaultRunner::port() const { return impl_->proxy ? impl_->proxy->port() : std::uint16_t{0}; }

void FaultRunner::run_by_wall(HarnessTime base_ns, double speed) {
  impl_->timekeeper = std::thread{[impl = impl_.get(), base_ns, speed] { impl->keep_time(base_ns, speed); }};
}

void FaultRunner::reach(Instant t) {
  for (; next_change() <= t && impl_->next < impl_->changes.size(); ++impl_->next) {
    impl_->make(impl_->changes[impl_->next]);
    impl_->commands.clear();  // joins
  }
}

Instant FaultRunner::next_change() const { return impl_->next < impl_->changes.size() ? impl_->changes[impl_->next].at : never; }

void FaultRunner::finish() { impl_->finish(); }

std::vector<FaultRecord> FaultRunner::records() const {
  std::vector<FaultRecord> records;
  {
    const std::lock_guard lock{impl_->mutex};
    records = impl_->records;
  }
  if (!impl_->proxy) return records;
  const std::vector<std::uint64_t> struck = impl_->proxy->counts().struck;
  for (std::size_t i = 0; i < records.size(); ++i)
    if (!records[i].is_command) records[i].struck = struck[i];
  return records;
}

std::vector<std::string> FaultRunner::trouble() {
  const std::lock_guard lock{impl_->mutex};
  return std::exchange(impl_->told, {});
}

}  // namespace dueprocess
