// Two sets of results, and what is to be said of them: figure by figure, and where the orders' histories part.
//
// In virtual time a run is a function of scenario, seed and what was tested, so any difference at all is a finding. In wall time
// figures are noisy, and what counts is whether the repeats differ by more than chance and by more than is tolerated.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "reports/compare/measured.hpp"
#include "reports/compare/tolerances.hpp"
#include "reports/terminal.hpp"

namespace dueprocess {

enum class Change : std::uint8_t { better, same, worse, cannot_tell };
std::string_view name_of(Change);  // "cannot tell"

/// One figure in both.
struct FigureChange {
  const Figure* figure = nullptr;
  Change change = Change::cannot_tell;
  double base = 0, now = 0;          // medians of the repeats
  double shift = 0;                  // now - base
  std::optional<Interval> interval;  // of the shift; nothing: fewer than two repeats, or no chance in it
  std::optional<double> p;           // corrected; nothing: no chance in it
  double tolerance = 0;              // in the figure's unit
  std::string why;                   // in words, when it is not plain
};

/// A part of the file that differs though it must repeat.
struct MemberChange {
  std::string member, base, now;  // "-": it has none
};

/// The orders among which the first difference lies.
struct FirstDifference {
  std::size_t repeat = 0;                     // 0-based
  std::uint64_t first_order = 0, orders = 0;  // 0: the results do not say
  std::uint64_t order = 0;                    // the first order whose history differs; 0: not known
  std::string how;                            // why it is not known, or how it was found
  std::string base_timeline, now_timeline;    // of that order
};

struct ResultComparison {
  std::string scenario, base, now;  // as they were named
  std::size_t base_repeats = 0, now_repeats = 0;
  bool exact = false;  // virtual time
  double alarm = 0.05;
  Correction correction = Correction::holm;
  std::vector<std::string> notes;  // what else is to be known
  std::vector<FigureChange> figures;
  std::uint64_t members_differ = 0;
  std::vector<MemberChange> members;  // the first of them
  std::optional<FirstDifference> difference;

  /// worse: a figure is, or what must repeat does not; else cannot_tell: a figure is; else better or same.
  Change verdict() const;
};

/// Why the two are not to be compared, a line each; empty: they are. `allowed`: of scenario, policy, seeds, all.
std::vector<std::string> not_comparable(const std::vector<Measured>& base, const std::vector<Measured>& now,
                                        const std::vector<std::string>& allowed);

/// REQUIRES: neither is empty.
ResultComparison compare(const std::vector<Measured>& base, const std::vector<Measured>& now, const CompareTolerances&);

std::string comparison_text(const ResultComparison&, const TextStyle&);
std::string comparison_markdown(const ResultComparison&);  // for a pull request
std::string comparison_json(const ResultComparison&);
std::string comparison_junit(const ResultComparison&);  // a test a figure, and one for what must repeat

/// "1.234ms", "12,345", "85.3/s": a figure's value in words. `sign`: with a plus when it is not negative.
std::string figure_text(double, FigureUnit, bool sign = false);
/// "+5.1%"; "-" where there is nothing to be a share of.
std::string share_text(double part, double whole);

}  // namespace dueprocess
