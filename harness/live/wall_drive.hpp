// One thread of a run in real time: its blocks as one open-loop market, their target, and the reads of the harness's own.
//
//   begin      a few requests that measure the service's clock
//   load       each operation at its instant, scaled; one that rests on another's answer comes after it. Late or not, latency
//              counts from the instant it was meant for
//   wait       the actors are done: for those of the other threads, and for the last planned fault; then all faults are healed
//   settle     until the last deadline that is known has passed, with all that may come after it
//   read       every order that is not seen to be over is read once, those of class R3 too
//   judge      the feed is read to its end; the oracle finishes every order
//
// An order that was seen completed, and whose actors are done, is judged on the way: memory follows the orders that are open.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "harness/history/share.hpp"
#include "harness/live/deadline_reads.hpp"
#include "harness/live/live_run.hpp"
#include "harness/live/time_scale.hpp"
#include "harness/oracle/wall/wall_oracle.hpp"
#include "sim/market/market.hpp"

namespace dueprocess {

class WallDrive final : private LiveSink {
 public:
  /// The blocks [first, first + count), none of them a case. Makes the target. Everything outlives the drive.
  WallDrive(const Scenario&, const MarketPlan&, const LiveOptions&, std::uint32_t first, std::uint32_t count, Loop&, Tally&);
  ~WallDrive() override;

  LiveTarget& target() { return *target_; }
  /// A few requests, one after the other. REQUIRES: the target is open.
  void measure_clock(LiveTarget::Done);
  OffsetBounds offset() const { return oracle_.service_clock().at(loop_.now()); }
  /// What the threads of a run have to know of each other.
  struct Together {
    unsigned threads = 1;
    HarnessTime last_fault_ns = 0;         // the last planned fault is over
    std::atomic<unsigned> actors_done{0};  // threads whose actors are
    std::atomic<bool> healed{false};
  };
  /// To the end on this thread's loop: everything judged, the target closed.
  void run(const TimeScale&, Together&);
  /// Declared down. Before the end, on the loop's thread.
  void down(HarnessTime from, HarnessTime to);

  const std::string& problem() const { return problem_; }
  bool interrupted() const { return interrupted_; }
  std::uint64_t reviews_unread() const { return reads_.left_out(); }
  HarnessTime load_ended_ns() const { return load_ended_ns_; }

 private:
  enum class Phase : std::uint8_t { measure, load, wait, settle, read, look, over };
  /// An operation on its way.
  struct Slot {
    Ticket ticket;
    Operation operation;  // the actor's own, in virtual time
    bool own = false;     // a read of the harness's
  };
  struct Known {
    UserId buyer = UserId::nobody;
    bool placed = false, completed = false, actors_done = false, finished = false;
    HarnessTime deadline = never_ns;  // pending, on the harness's clock
  };
  struct Completed {
    OrderId order;
    HarnessTime seen_ns;
  };

  void replied(std::uint64_t ticket, const LiveObservation&) override;
  void witnessed(const LiveEvidence&) override;

  void work();
  void next_phase();
  void arm();
  void tick();
  void send(const Slot&, HarnessTime intended);
  void read(OrderId, HarnessTime intended);
  void learn(const Slot&, const Answer&);
  void note(OrderId, const Answer&, const Operation&);
  void note_completed(OrderId);
  void note_over(OrderId);
  HarnessTime harness_of(Instant service) const;
  HarnessTime last_deadline() const;
  void look(bool last);
  void looked(HarnessTime began, bool last);
  void finish_ripe(HarnessTime looked_ns);
  void read_all();
  void count_in();
  void show();
  void stop_with(const std::string& problem);
  void end();
  Known& known(OrderId order) { return known_[orders_.index_of(order)]; }

  const LiveOptions& options_;
  Loop& loop_;
  Tally& tally_;
  TimeScale scale_;
  Together* together_ = nullptr;
  Market market_;
  OrderRange orders_;
  WallOracle oracle_;
  std::unique_ptr<HistoryShare> history_;  // what the oracle is shown is written there; none: nowhere
  unsigned ticks_ = 0;
  DeadlineReads reads_;
  std::unique_ptr<LiveTarget> target_;
  Abilities abilities_;
  Phase phase_ = Phase::measure;
  std::vector<Slot> slots_;
  std::vector<std::uint32_t> free_slots_;
  std::vector<Known> known_;  // by order
  std::deque<Completed> ripening_;
  std::uint64_t next_to_read_ = 0;  // the last reading: index of the next order
  std::size_t in_flight_ = 0;
  Instant market_now_ = Instant::min();
  unsigned measurements_left_ = 0;
  LiveTarget::Done measured_;
  UserId somebody_ = UserId::nobody;
  bool counted_in_ = false, looking_ = false, stopping_ = false, interrupted_ = false;
  std::string problem_;
  HarnessTime last_sign_ns_ = 0, settle_until_ = 0, last_look_asked_ = 0, last_looked_ns_ = 0, load_ended_ns_ = 0,
              stop_asked_ns_ = 0;
  std::uint64_t events_shown_ = 0, orders_shown_ = 0, orders_finished_ = 0;
  Loop::Alarm alarm_, ticker_;
};

}  // namespace dueprocess
