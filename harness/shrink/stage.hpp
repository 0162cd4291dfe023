// Where plots are played: on the target under suspicion, and on the correct engine, which says what is legal and what should have
// been seen. One thread.
#pragma once

#include <array>
#include <functional>
#include <string>
#include <vector>

#include "harness/drive/run.hpp"
#include "harness/shrink/plot.hpp"

namespace dueprocess {

/// What one order was told and what came of it, act by act.
struct Seen {
  std::vector<Answer> answers;     // of its acts, in order; fewer where it was cut short
  std::vector<Instant> deadlines;  // every one that was ever told, once
  Instant completed_at = never;    // by the first event that says so
  std::uint64_t payments = 0, notices_to_buyer = 0, notices_to_seller = 0;
  std::int64_t paid_cents = 0;
};

struct Played {
  std::array<std::uint64_t, invariant_count> violations_by{};
  std::uint64_t violations = 0, failures = 0;
  std::vector<Seen> orders;        // in process only
  std::vector<Violation> samples;  // the first of them
  bool breaks(Invariant invariant) const { return violations_by[static_cast<std::size_t>(invariant)] > 0; }
};

/// A scenario against a live target, and where the target's clock was at the end; throws TargetProblem.
struct LivePlay {
  Tally tally;
  Instant clock = Instant::min();
};
using LiveStage = std::function<LivePlay(const Scenario&)>;

class Stage {
 public:
  /// `live` not set: in process, with the bugs or on a target of the user's own.
  Stage(const Scenario&, const BugSet&, TargetFactory, LiveStage live);

  Played suspect(const Plot&);
  Played correct(const Plot&) const;
  /// A whole scenario as it is read from its text, on either: the round trip.
  Tally suspect(const Scenario&, bool one_cell);
  Tally correct(const Scenario&, bool one_cell) const;

  bool is_live() const { return static_cast<bool>(live_); }
  const Scenario& base() const { return base_; }
  std::uint64_t plays() const { return plays_; }  // on the target under suspicion, so far

 private:
  Tally on_live(Scenario);

  Scenario base_;  // stripped
  BugSet bugs_;
  TargetFactory target_;
  LiveStage live_;
  Instant live_free_ = Instant::min();  // the service's clock may have come so far
  std::uint64_t plays_ = 0;
};

}  // namespace dueprocess
