#include "reports/compare/comparison.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace dueprocess {
namespace {

constexpr std::size_t members_shown_max = 20;

std::vector<double> values_of(const std::vector<Measured>& set, std::string_view figure) {
  std::vector<double> values;
  for (const Measured& each : set)
    if (const auto found = each.figures.find(figure); found != each.figures.end()) values.push_back(found->second);
  return values;
}

bool all_equal(const std::vector<double>& base, const std::vector<double>& now) {
  const auto same = [&](double value) { return value == base.front(); };
  return std::all_of(base.begin(), base.end(), same) && std::all_of(now.begin(), now.end(), same);
}

Change direction(const Figure& figure, double shift) {
  return (shift < 0) == (figure.wanted == Wanted::lower) ? Change::better : Change::worse;
}

/// A figure that no noise explains: the worst of each side.
void judge_without_chance(FigureChange& change, const std::vector<double>& base, const std::vector<double>& now) {
  change.base = *std::max_element(base.begin(), base.end());
  change.now = *std::max_element(now.begin(), now.end());
  change.shift = change.now - change.base;
  change.change = change.shift == 0 ? Change::same : direction(*change.figure, change.shift);
}

/// In virtual time, or where every repeat says the same: the numbers themselves.
void judge_exact(FigureChange& change, const std::vector<double>& base, const std::vector<double>& now) {
  change.base = median_of(base);
  change.now = median_of(now);
  change.shift = change.now - change.base;
  change.change = all_equal(base, now) ? Change::same : direction(*change.figure, change.shift);
}

void describe_noise(FigureChange& change, const std::vector<double>& base, const std::vector<double>& now, double alarm) {
  change.base = median_of(base);
  change.now = median_of(now);
  change.shift = shift_of(base, now);
  if (base.size() < 2 || now.size() < 2) {
    change.why = "one run each shows no noise: repeat it (run --repeat)";
    return;
  }
  change.interval = shift_interval(base, now, 1 - alarm);
  change.p = rank_sum_p(base, now);
}

void judge_noise(FigureChange& change, const CompareTolerances& tolerances, bool could_alarm) {
  if (!change.p) return;
  const bool matters = std::abs(change.shift) > change.tolerance;
  const bool sure = *change.p <= tolerances.alarm;
  const bool within = change.interval->low >= -change.tolerance && change.interval->high <= change.tolerance;
  if (sure && matters)
    change.change = direction(*change.figure, change.shift);
  else if (within || sure)
    change.change = Change::same;
  else
    change.why = could_alarm ? "the repeats spread too far for the tolerance" : "too few repeats for so many figures";
}

/// Repeats that the smallest p of so many figures needs.
std::size_t repeats_needed(std::size_t figures, double alarm) {
  std::size_t repeats = 2;
  while (repeats < repeats_max && rank_sum_p_min(repeats, repeats) * static_cast<double>(figures) > alarm) ++repeats;
  return repeats;
}

void judge_figures(const std::vector<Measured>& base, const std::vector<Measured>& now, const CompareTolerances& tolerances,
                   ResultComparison& result) {
  const bool live = !base.front().clock.empty() && !now.front().clock.empty();
  std::vector<std::size_t> noisy;
  for (const Figure& figure : all_figures()) {
    if (!tolerances.compares(figure, live)) continue;
    const std::vector<double> b = values_of(base, figure.name), n = values_of(now, figure.name);
    FigureChange change;
    change.figure = &figure;
    if (b.empty() && n.empty() && !tolerances.only_these) continue;
    if (b.size() != base.size() || n.size() != now.size()) {
      change.why = "not measured in every run";
      result.figures.push_back(std::move(change));
      continue;
    }
    const Tolerance tolerance = tolerances.of(figure.name);
    change.tolerance = tolerance.amount.value_or(tolerance.share * std::abs(median_of(b)));
    // What the machine and the network say is noisy whatever the clock is.
    const bool repeats = result.exact && !figure.member.starts_with("/run/") && !figure.member.empty();
    if (!figure.chance) {
      judge_without_chance(change, b, n);
    } else if (repeats || (all_equal(b, n) && b.size() > 1)) {
      judge_exact(change, b, n);
    } else {
      describe_noise(change, b, n, tolerances.alarm);
      if (change.p) noisy.push_back(result.figures.size());
    }
    result.figures.push_back(std::move(change));
  }
  if (noisy.empty()) return;
  std::vector<double> p;
  for (const std::size_t i : noisy) p.push_back(*result.figures[i].p);
  p = corrected(p, tolerances.correction);
  const std::size_t family = tolerances.correction == Correction::none ? 1 : noisy.size();
  const bool could_alarm = rank_sum_p_min(base.size(), now.size()) * static_cast<double>(family) <= tolerances.alarm;
  for (std::size_t i = 0; i < noisy.size(); ++i) {
    result.figures[noisy[i]].p = p[i];
    judge_noise(result.figures[noisy[i]], tolerances, could_alarm);
  }
  if (!could_alarm)
    result.notes.push_back(
        fmt::format("with {} and {} repeats and {} noisy figures no single difference can be called: {} repeats can", base.size(),
                    now.size(), noisy.size(), repeats_needed(family, tolerances.alarm)));
}

void compare_members(const Measured& base, const Measured& now, ResultComparison& result) {
  const auto differ = [&](const std::string& member, const std::string& b, const std::string& n) {
    ++result.members_differ;
    if (result.members.size() < members_shown_max) result.members.push_back({member, b, n});
  };
  for (const auto& [member, value] : base.members) {
    const auto other = now.members.find(member);
    if (other == now.members.end())
      differ(member, value, "-");
    else if (other->second != value)
      differ(member, value, other->second);
  }
  for (const auto& [member, value] : now.members)
    if (!base.members.contains(member)) differ(member, "-", value);
}

/// The first cells whose digests differ.
FirstDifference locate(const Measured& base, const Measured& now, std::size_t repeat) {
  FirstDifference difference;
  difference.repeat = repeat;
  if (base.cells.size() != now.cells.size()) return difference;
  for (std::size_t i = 0; i < base.cells.size(); ++i) {
    const OrdersDigest &b = base.cells[i], &n = now.cells[i];
    if (b.first != n.first || b.orders != n.orders) return difference;
    if (b.digest == n.digest) continue;
    difference.first_order = b.first;
    difference.orders = b.orders;
    return difference;
  }
  return difference;
}

std::vector<std::pair<std::string, std::string>> sets_of_scenario(const Measured& measured) {
  auto sets = measured.overrides;
  std::erase_if(sets, [](const auto& set) { return set.first.starts_with("policy"); });
  return sets;
}

bool same_scenario(const Measured& a, const Measured& b) {
  return a.scenario == b.scenario && a.starts == b.starts && a.ends == b.ends && sets_of_scenario(a) == sets_of_scenario(b) &&
         a.environment == b.environment;
}

}  // namespace

std::string_view name_of(Change change) {
  static constexpr std::string_view names[] = {"better", "same", "worse", "cannot tell"};
  return names[static_cast<std::size_t>(change)];
}

Change ResultComparison::verdict() const {
  const auto any = [&](Change change) {
    return std::any_of(figures.begin(), figures.end(), [&](const FigureChange& each) { return each.change == change; });
  };
  if (members_differ > 0 || difference || any(Change::worse)) return Change::worse;
  if (any(Change::cannot_tell)) return Change::cannot_tell;
  return any(Change::better) ? Change::better : Change::same;
}

std::vector<std::string> not_comparable(const std::vector<Measured>& base, const std::vector<Measured>& now,
                                        const std::vector<std::string>& allowed) {
  const auto may = [&](std::string_view what) {
    return std::any_of(allowed.begin(), allowed.end(), [&](const std::string& each) { return each == "all" || each == what; });
  };
  std::vector<std::string> reasons;
  const Measured& first = base.front();
  const auto check = [&](const std::vector<Measured>& set) {
    for (const Measured& each : set) {
      if (each.interrupted) reasons.push_back(fmt::format("{}: the run was interrupted", each.file));
      if (each.exact != first.exact)
        reasons.push_back(fmt::format("{} is in {} time, {} is not", first.file, first.exact ? "virtual" : "wall", each.file));
      if (!may("scenario") && !same_scenario(first, each))
        reasons.push_back(
            fmt::format("{} and {} are of different scenarios: name, dates, --set or environment differ", first.file, each.file));
      if (!may("policy") && each.policy != first.policy) {
        std::string knobs;
        for (const auto& [knob, value] : first.policy) {
          const auto other = each.policy.find(knob);
          if (other == each.policy.end() || other->second != value)
            knobs += fmt::format("{}{} {} and {}", knobs.empty() ? "" : ", ", knob.substr(1), value,
                                 other == each.policy.end() ? "-" : other->second);
        }
        reasons.push_back(fmt::format("{} and {} are under different policies: {}", first.file, each.file, knobs));
      }
    }
  };
  check(base);
  check(now);
  const auto seeds = [](const std::vector<Measured>& set) {
    std::vector<std::uint64_t> all;
    for (const Measured& each : set) all.push_back(each.seed);
    return all;
  };
  std::vector<std::uint64_t> b = seeds(base), n = seeds(now);
  // In wall time the number of repeats may differ; the plan is the same where one list begins with the other, or all are one
  // seed.
  const std::size_t both = std::min(b.size(), n.size());
  const auto one = [&](const std::vector<std::uint64_t>& all) {
    return std::all_of(all.begin(), all.end(), [&](std::uint64_t seed) { return seed == b.front(); });
  };
  const bool same_plan = (one(b) && one(n)) || (b.size() == n.size() && std::equal(b.begin(), b.end(), n.begin()));
  if (!may("seeds") && !same_plan)
    reasons.push_back(fmt::format("the seeds differ: {} and {}",
                                  fmt::join(b.begin(), b.begin() + static_cast<std::ptrdiff_t>(both), " "),
                                  fmt::join(n.begin(), n.begin() + static_cast<std::ptrdiff_t>(both), " ")));
  return reasons;
}

ResultComparison compare(const std::vector<Measured>& base, const std::vector<Measured>& now,
                         const CompareTolerances& tolerances) {
  ResultComparison result;
  result.scenario = now.front().scenario;
  result.base_repeats = base.size();
  result.now_repeats = now.size();
  result.exact = base.front().exact && now.front().exact;
  result.alarm = tolerances.alarm;
  result.correction = tolerances.correction;
  if (base.front().version != now.front().version)
    result.notes.push_back(fmt::format("BASE is of dueprocess {}, NEW of {}", base.front().version, now.front().version));
  if (base.front().bugs != now.front().bugs)
    result.notes.push_back(
        fmt::format("seeded bugs: BASE [{}], NEW [{}]", fmt::join(base.front().bugs, " "), fmt::join(now.front().bugs, " ")));
  judge_figures(base, now, tolerances, result);
  if (!result.exact) return result;
  // Repeats in virtual time are one run each, seed by seed; the first that differs is told.
  for (std::size_t i = 0; i < std::max(base.size(), now.size()) && result.members_differ == 0; ++i) {
    const Measured& b = base[std::min(i, base.size() - 1)];
    const Measured& n = now[std::min(i, now.size() - 1)];
    compare_members(b, n, result);
    if (b.digest != n.digest) result.difference = locate(b, n, i);
  }
  return result;
}

}  // namespace dueprocess
