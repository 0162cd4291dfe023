#include "harness/drive/run.hpp"

#include <algorithm>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "harness/drive/cell.hpp"
#include "harness/drive/process_facts.hpp"

namespace dueprocess {
namespace {

/// Deals cells to whoever asks. A cell is one block, or all of them.
class Dealer {
 public:
  Dealer(std::uint32_t blocks, bool one_cell) : blocks_(blocks), one_cell_(one_cell) {}
  std::uint32_t cells() const { return one_cell_ ? std::min(blocks_, 1u) : blocks_; }
  std::uint32_t blocks_per_cell() const { return one_cell_ ? blocks_ : 1; }
  /// The next cell, or cells() when there is none left.
  std::uint32_t next() { return std::min(next_.fetch_add(1, std::memory_order_relaxed), cells()); }

 private:
  std::uint32_t blocks_;
  bool one_cell_;
  std::atomic<std::uint32_t> next_{0};
};

std::uint64_t events_of(const Tally& tally) {
  std::uint64_t events = tally.timers_fired;
  for (const auto& outcomes : tally.operations)
    for (const std::uint64_t count : outcomes) events += count;
  return events;
}

/// Takes a cell down in the history, when there is one.
class Scribe {
 public:
  explicit Scribe(HistoryFile* file) : file_(file) {
    if (!file_) return;
    cell_.emplace(*file_);
    recorder_.observation = [this](const Observation& seen) { cell_->append(seen); };
    recorder_.evidence = [this](const Evidence& evidence, Instant seen) { cell_->append(evidence, seen); };
    recorder_.finished = [this](OrderId order, Instant horizon) { cell_->finish(order, horizon); };
    recorder_.ended = [this](Instant horizon) { cell_->end(horizon); };
  }
  Scribe(const Scribe&) = delete;
  Scribe& operator=(const Scribe&) = delete;

  /// The recorder of the cell that is about to be played.
  const Recorder* begin(std::uint32_t index, OrderRange orders) {
    if (!file_) return nullptr;
    cell_->begin(index, orders);
    return &recorder_;
  }
  void skip(std::uint32_t index) {
    if (file_) file_->skip(index);
  }

 private:
  HistoryFile* file_;
  std::optional<HistoryCell> cell_;
  Recorder recorder_;
};

struct alignas(128) Worker {  // two of them share no cache line: they are written all the time
  Tally tally;
  std::exception_ptr failure;
  bool interrupted = false;
  std::vector<std::pair<std::uint32_t, CellDigest>> digests;  // by the cell's number
};

void work(const Scenario& scenario, const MarketPlan& plan, const BugSet& bugs, const RunOptions& options, Dealer& dealer,
          Worker& worker) {
  Cell cell{scenario, plan, bugs, worker.tally, options.target};
  Scribe scribe{options.history};
  const double span_us = static_cast<double>(us_of(scenario.ends) - us_of(scenario.starts));
  std::uint64_t events_shown = 0, violations_shown = 0;
  for (std::uint32_t index = dealer.next(); index < dealer.cells(); index = dealer.next()) {
    if (options.stop && options.stop->load(std::memory_order_relaxed)) {
      worker.interrupted = true;
      scribe.skip(index);
      return;
    }
    const std::uint32_t first = index * dealer.blocks_per_cell();
    const OrderRange orders = plan.orders_of(first, dealer.blocks_per_cell());
    const std::uint64_t digest_before = worker.tally.digest;
    cell.play(first, dealer.blocks_per_cell(), options, scribe.begin(index, orders));
    worker.digests.push_back({index, {orders, worker.tally.digest - digest_before}});
    if (!options.progress) continue;
    Progress& progress = *options.progress;
    const std::uint64_t done = progress.cells_done.fetch_add(1, std::memory_order_relaxed) + 1;
    if (dealer.cells() == 1) {
      progress.orders_done.store(plan.order_count(), std::memory_order_relaxed);
      progress.events.store(events_of(worker.tally), std::memory_order_relaxed);
      continue;
    }
    progress.orders_done.fetch_add(plan.block(first).orders.count, std::memory_order_relaxed);
    const std::uint64_t events = events_of(worker.tally), violations = worker.tally.violations_total();
    progress.events.fetch_add(events - events_shown, std::memory_order_relaxed);
    progress.violations.fetch_add(violations - violations_shown, std::memory_order_relaxed);
    events_shown = events;
    violations_shown = violations;
    const double share = static_cast<double>(done) / dealer.cells();
    progress.virtual_us.store(us_of(scenario.starts) + static_cast<std::int64_t>(share * span_us), std::memory_order_relaxed);
  }
  // A stop that came while the last cell was being played cut that cell short.
  worker.interrupted = options.stop && options.stop->load(std::memory_order_relaxed);
}

}  // namespace

RunOutcome run(const Scenario& scenario, const RunOptions& options) {
  const ProcessFacts before = process_facts();
  const MarketPlan plan{scenario.market, scenario.seed};
  const BugSet bugs = bugs_of(scenario, options.bugs);
  Dealer dealer{plan.block_count(), options.one_cell || scenario.timers.couples_orders()};
  if (options.progress) {
    options.progress->cells_total = dealer.cells();
    options.progress->orders_total = plan.order_count();
    options.progress->virtual_us = us_of(scenario.starts);
  }

  const unsigned threads = std::max(1u, std::min(options.threads, dealer.cells()));
  std::vector<Worker> workers(threads);
  {
    std::vector<std::jthread> team;
    for (unsigned i = 1; i < threads; ++i)
      team.emplace_back([&, i] {
        try {
          work(scenario, plan, bugs, options, dealer, workers[i]);
        } catch (...) {
          workers[i].failure = std::current_exception();
        }
      });
    try {
      work(scenario, plan, bugs, options, dealer, workers[0]);
    } catch (...) {
      workers[0].failure = std::current_exception();
    }
  }

  RunOutcome outcome;
  std::vector<std::pair<std::uint32_t, CellDigest>> digests;
  for (Worker& worker : workers) {
    if (worker.failure) std::rethrow_exception(worker.failure);
    digests.insert(digests.end(), worker.digests.begin(), worker.digests.end());
    outcome.tally.merge(worker.tally);
    outcome.facts.interrupted |= worker.interrupted;
  }
  std::sort(digests.begin(), digests.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  for (const auto& [index, digest] : digests) outcome.facts.digests.push_back(digest);
  note_cost(before, process_facts(), outcome.facts);
  outcome.facts.threads = threads;
  outcome.facts.cells = dealer.cells();
  return outcome;
}

}  // namespace dueprocess
