// How much of a difference matters, from a YAML file:
//
//   alarm: 5%                               # the rate of false alarms of the whole comparison
//   correction: holm                        # or benjamini-hochberg, none
//   default: 2%                             # of figures without a line of their own
//   figures:                                # only these are compared; without this key, the usual ones
//     http.response_time p99: 10%           # a share of BASE's median
//     auto_complete.lateness p99: 1ms       # or an amount: a duration, a size or a count, by the figure's unit
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "reports/compare/measured.hpp"
#include "reports/compare/statistics.hpp"
#include "scenarios/language/read.hpp"

namespace dueprocess {

/// Differences up to this are none: a share of BASE's median, or an amount in the figure's unit.
struct Tolerance {
  double share = 0.02;
  std::optional<double> amount;
};

struct CompareTolerances {
  double alarm = 0.05;
  Correction correction = Correction::holm;
  Tolerance usual;
  std::map<std::string, Tolerance, std::less<>> figures;
  bool only_these = false;  // of `figures`

  bool compares(const Figure&, bool live) const;
  Tolerance of(std::string_view figure) const;
};

/// Empty: it was read. Otherwise every mistake.
std::vector<Mistake> read_tolerances(const std::string& text, const std::string& file_name, CompareTolerances&);
std::vector<Mistake> read_tolerances_file(const std::string& path, CompareTolerances&);

}  // namespace dueprocess
