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

bool is_explained_by_age(const Account& account, const Policy& policy, judging::ReviewClock& review, const WallOptions& options) {
  Account any_age = account;
  for (Step& step : any_age.steps)
    if (step.look) step.when.low = -far_us, step.sent = -never_ns;
  std::stable_sort(any_age.steps.begin(), any_age.steps.end(), [](const Step& a, const Step& b) { return a.sent < b.sent; });
  return Search{any_age, policy, review, options}.explain(0);
}

/// Of the breaks allowed only those that were needed.
void tidy(Search& search) {
  Breaks used = 0;
  for (const Trouble& trouble : search.troubles()) used |= bit(trouble.what);
  search.explain(used);
}

}  // namespace

Diagnosis diagnose(Search& search, const Account& account, const Policy& policy, judging::ReviewClock& review,
                   const WallOptions& options) {
  for (unsigned b = 0; b < break_count; ++b) {
    if (static_cast<Break>(b) == Break::lateness && is_explained_by_age(account, policy, review, options))
      return Diagnosis::stale;
    if (search.explain(bit(static_cast<Break>(b)))) return Diagnosis::troubles;
  }
  // What is shown beside the answers has no bearing on them: several such faults are as many findings.
  if (search.explain(of_evidence)) return tidy(search), Diagnosis::troubles;
  for (unsigned b = 0; b < break_count; ++b)
    if (search.explain(bit(static_cast<Break>(b)) | of_evidence)) return tidy(search), Diagnosis::troubles;
  for (const Breaks two : pairs)
    if (search.explain(two) || search.explain(two | of_evidence)) return tidy(search), Diagnosis::troubles;
  // Everything, and then one after the other left out as long as the rest suffices.
  Breaks needed = all_breaks;
  if (!search.explain(needed)) return search.gave_up() ? Diagnosis::over_budget : Diagnosis::contradictory;
  for (unsigned b = break_count; b-- > 0;)
    if (search.explain(needed & ~bit(static_cast<Break>(b)))) needed &= ~bit(static_cast<Break>(b));
  search.explain(needed);
  return Diagnosis::troubles;
}

}  // namespace dueprocess::wall
