#include "harness/oracle/wall/diagnosis.hpp"

#include <algorithm>

namespace dueprocess::wall {
namespace {

constexpr Breaks of_evidence = all_breaks & ~(bit(Break::event) - 1) & ~bit(Break::identity);

// Two at once, where one bug shows as both.
constexpr Breaks pairs[] = {
    bit(Break::early) | bit(Break::deadline),      bit(Break::late) | bit(Break::deadline),
    bit(Break::early) | bit(Break::completion),    bit(Break::late) | bit(Break::completion),
    bit(Break::deadline) | bit(Break::version),    bit(Break::key) | bit(Break::deadline),
    bit(Break::after_deadline) | bit(Break::late), bit(Break::after_deadline) | bit(Break::completion),
    bit(Break::outcome) | bit(Break::version),     bit(Break::outcome) | bit(Break::deadline),
    bit(Break::outcome) | bit(Break::early),       bit(Break::outcome) | bit(Break::late),
    bit(Break::outcome) | bit(Break::completion),  bit(Break::state) | bit(Break::version),
    bit(Break::state) | bit(Break::outcome),       bit(Break::state) | bit(Break::late),
    bit(Break::outcome) | bit(Break::identity),
};

/// Asks again and again, each time for a little and all together for not much more than the first question: a run in which every
/// order is wrong must not take forever.
class Diagnostician {
 public:
  Diagnostician(Search& search, const Account& account, const Policy& policy, judging::ReviewClock& review,
                const WallOptions& options)
      : search_{search}, account_{account}, policy_{policy}, review_{review}, options_{options} {
    each_ = std::min<std::uint32_t>(options.nodes_max, 500 + 20 * static_cast<std::uint32_t>(account.steps.size()));
    steps_end_ = search.steps() + 2 * options.nodes_max;
  }

  Diagnosis find() {
    for (unsigned b = 0; b < break_count; ++b) {
      if (static_cast<Break>(b) == Break::lateness && is_explained_by_age()) return Diagnosis::stale;
      if (explains(bit(static_cast<Break>(b)))) return Diagnosis::troubles;
    }
    // What is shown beside the answers has no bearing on them: several such faults are as many findings.
    if (explains(of_evidence)) return tidied();
    for (unsigned b = 0; b < break_count; ++b)
      if (explains(bit(static_cast<Break>(b)) | of_evidence)) return tidied();
    for (const Breaks two : pairs)
      if (explains(two) || explains(two | of_evidence)) return tidied();
    return leave_out();
  }

 private:
  bool explains(Breaks allowed) { return search_.steps() < steps_end_ && search_.explain(allowed, each_); }

  bool is_explained_by_age() const {
    Account any_age = account_;
    for (Step& step : any_age.steps)
      if (step.look) step.when.low = -far_us, step.sent = -never_ns;
    std::stable_sort(any_age.steps.begin(), any_age.steps.end(), [](const Step& a, const Step& b) { return a.sent < b.sent; });
    return Search{any_age, policy_, review_, options_}.explain(0, each_);
  }

  /// Of the breaks allowed only those that were needed.
  Diagnosis tidied() {
    Breaks used = 0;
    for (const Trouble& trouble : search_.troubles()) used |= bit(trouble.what);
    const bool still = search_.explain(used, each_) || search_.explain(used);
    return still ? Diagnosis::troubles : Diagnosis::unnamed;
  }

  /// Everything passed over, and then one after the other left out as long as the rest suffices.
  Diagnosis leave_out() {
    Breaks needed = all_breaks;
    if (!search_.explain(needed)) return search_.gave_up() ? Diagnosis::unnamed : Diagnosis::contradictory;
    for (unsigned b = break_count; b-- > 0;)
      if (explains(needed & ~bit(static_cast<Break>(b)))) needed &= ~bit(static_cast<Break>(b));
    return search_.explain(needed) ? Diagnosis::troubles : Diagnosis::unnamed;
  }

  Search& search_;
  const Account& account_;
  const Policy& policy_;
  judging::ReviewClock& review_;
  const WallOptions& options_;
  std::uint32_t each_ = 0, steps_end_ = 0;
};

}  // namespace

Diagnosis diagnose(Search& search, const Account& account, const Policy& policy, judging::ReviewClock& review,
                   const WallOptions& options) {
  return Diagnostician{search, account, policy, review, options}.find();
}

}  // namespace dueprocess::wall
