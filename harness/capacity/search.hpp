// The search for the highest rate that meets every objective: which rate is held next, and when it is over. Nothing is measured
// here.
//
//   Search search{plan};
//   while (const auto ask = search.next()) search.take(*ask, hold(*ask));
//   search.found();
//
//   bracket    from the first rate up (or down) by a factor, until one rate carries and the next does not
//   bisect     at the geometric mean, until the rate that does not carry is within the resolution of the one that does
//   confirm    both are held again until a majority of `holds` agrees; a bound that falls sets the search going again
//   curve      further rates below the capacity, for the curve alone
//
// Equal rates, equal answers: equal asks. A search is taken up again by giving it its old steps.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dueprocess::capacity {

struct SearchPlan {
  double first = 1;  // rates are a second
  double rate_min = 0.001, rate_max = std::numeric_limits<double>::infinity();
  double factor = 2;         // REQUIRES: > 1
  double resolution = 0.05;  // REQUIRES: > 0; of the rate that carries
  unsigned holds = 3;        // REQUIRES: odd
  unsigned steps_max = 100;
  double time_max_s = std::numeric_limits<double>::infinity();  // of the machine; no hold begins after it
  std::vector<double> curve;                                    // parts of the capacity
};

enum class HoldVerdict : std::uint8_t {
  carried,
  failed,     // an objective
  unsteady,   // the objectives held, but what they are about was still moving
  saturated,  // the generator was at its limit: nothing is known of the target
};
std::string_view name_of(HoldVerdict);

enum class Purpose : std::uint8_t { bracket, bisect, confirm, curve };
std::string_view name_of(Purpose);

struct HoldAsk {
  double rate = 0;
  unsigned repeat = 0;  // holds at this rate before
  Purpose purpose = Purpose::bracket;
};

/// What the search has to know of a hold.
struct HoldSeen {
  HoldVerdict verdict = HoldVerdict::failed;
  std::string reason;  // of anything but carried: in words
  double took_s = 0;   // of the machine
};

enum class Ending : std::uint8_t {
  found,            // bracketed, as close as asked, confirmed
  upper_limit,      // the highest rate that was to be tried carries
  nothing_carries,  // nor does the lowest
  generator,        // the bound above is the generator's, not the target's
  time,             // the budget is spent
  steps,
  stopped,  // by whoever asks
};
std::string_view name_of(Ending);

struct Found {
  double carries = 0;  // 0: no rate did
  double fails = 0;    // the lowest that did not, above it; 0: none
  bool confirmed = false;
  Ending ending = Ending::stopped;
  std::string reason;  // why `fails` did not carry
};

class Search {
 public:
  explicit Search(SearchPlan);

  /// Nothing: it is over.
  std::optional<HoldAsk> next();
  void take(const HoldAsk&, const HoldSeen&);
  Found found() const;
  unsigned steps() const { return steps_; }

 private:
  struct Point {
    double rate = 0;
    unsigned carried = 0, failed = 0;
    HoldVerdict worst = HoldVerdict::carried;
    std::string reason;

    bool carries() const { return carried > failed; }
    bool tied() const { return carried == failed; }
    /// More holds cannot change it.
    bool sure(unsigned holds) const { return carried > holds / 2 || failed > holds / 2; }
    unsigned held() const { return carried + failed; }
  };
  const Point* lower() const;  // the highest rate that carries below upper()
  const Point* upper() const;  // the lowest that does not
  const Point* at(double rate) const;
  std::optional<HoldAsk> ask(double rate, Purpose) const;
  std::optional<HoldAsk> next_bound();
  std::optional<HoldAsk> next_of_curve() const;
  void end(Ending);

  SearchPlan plan_;
  std::vector<Point> points_;  // by rate
  unsigned steps_ = 0;
  double spent_s_ = 0;
  bool confirmed_ = false;
  std::optional<Ending> ending_;
};

}  // namespace dueprocess::capacity
