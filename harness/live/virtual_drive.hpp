// One thread of a run on a virtual clock, barrier or stamped: its cells, their target, and what is waited for.
//
//   cell:  next event ─▶ [barrier: advance the clock] ─▶ perform ─▶ reply ─▶ ledger, market ─▶ next event ...
//
// A cell has one operation on its way. It waits
//   for a drain     before a step of a case that counts evidence; barrier: when its ledger is full
//   for the clock   stamped: when its ledger is full, as what it holds is known only once the service's clock has passed it
//
// The cell furthest behind waits for nothing but its answer, so there is always one that goes on.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "harness/live/ledger.hpp"
#include "harness/live/live_run.hpp"
#include "harness/live/test_clock.hpp"
#include "sim/market/market.hpp"

namespace dueprocess {

class VirtualDrive final : private LiveSink {
 public:
  /// The blocks [first, first + count), in cells of `cell_blocks` of them. Makes the target. Everything outlives the drive.
  VirtualDrive(const Scenario&, const MarketPlan&, const LiveOptions&, std::uint32_t first, std::uint32_t count,
               std::uint32_t cell_blocks, Loop&, TestClock&, Tally&);
  ~VirtualDrive() override;

  LiveTarget& target() { return *target_; }
  /// To the end on this thread's loop: everything judged, the target closed. The target is open, and the clock at the start.
  void run();
  const std::string& problem() const { return problem_; }
  bool interrupted() const { return interrupted_; }

 private:
  enum class Waits : std::uint8_t { reply, drain, clock, nothing };
  struct Cell {
    Cell(const Scenario&, const MarketPlan&, const OracleOptions&, std::uint32_t first_block, std::uint32_t block_count, Tally&,
         HistoryShare*);
    Market market;
    Oracle oracle;
    Ledger ledger;
    std::uint32_t first_block, block_count;
    bool scripted = false;
    Waits waits = Waits::nothing;
    Operation operation;                // on its way, or about to be
    Instant at = Instant::min();        // of it
    std::uint64_t needs_drain = 0;      // Waits::drain: the number of the drain that ends it
    std::uint64_t answered_before = 0;  // the first drain begun after its last answer has this number
    bool over = false;
    Instant floor() const { return over ? never : waits == Waits::reply ? at : market.next_at(); }
  };

  void replied(std::uint64_t ticket, const LiveObservation&) override;
  void witnessed(const LiveEvidence&) override;

  void pump(Cell&);
  void approach(Cell&);
  void perform(Cell&);
  bool declared_down(Instant) const;
  void wait_for_drain(Cell&);
  void begin_drain();
  void drained();
  void finish(Cell&, Instant horizon);
  static Instant known_of(const Cell&, Instant through);
  void settle_all(Instant through);
  void clock_moved(Instant now);
  void raise_floor();
  void tick();
  void show();
  void read_open_orders();
  void wind_up(Instant horizon);
  void judge_all(Instant horizon);
  void judge_what_is_known();
  void close();
  void stop_with(const std::string& problem);
  Cell& cell_of(OrderId);

  const MarketPlan& plan_;
  const LiveOptions& options_;
  Loop& loop_;
  TestClock& clock_;
  Tally& tally_;
  std::unique_ptr<LiveTarget> target_;
  Abilities abilities_;
  TestClock::Member member_;
  std::unique_ptr<HistoryShare> history_;  // what the oracles are shown is written there; none: nowhere
  std::vector<std::unique_ptr<Cell>> cells_;
  std::uint32_t first_block_, cell_blocks_;
  std::size_t floor_cell_ = 0;  // the one furthest behind when last looked
  std::uint64_t drains_begun_ = 0, drains_done_ = 0;
  Instant drain_from_ = Instant::min();   // what the clock showed when the drain under way began
  Instant known_until_ = Instant::min();  // ... when the last one that ended did: of what was before, all evidence has come
  bool drain_again_ = false, settle_after_drain_ = false;
  std::size_t in_flight_ = 0;
  bool stopping_ = false, winding_up_ = false, interrupted_ = false;
  // without events: what may still have to be read at the end, since only an answer tells of a completion
  std::map<OrderId, UserId> open_orders_;
  bool reading_ = false;
  Instant horizon_ = never;
  std::string problem_;
  Loop::Alarm alarm_;
  HarnessTime last_sign_ns_ = 0;  // when anything last came back
  std::uint64_t events_shown_ = 0;
};

}  // namespace dueprocess
