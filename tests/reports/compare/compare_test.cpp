#include <cmath>

#include "catch.hpp"
#include "reports/compare/comparison.hpp"
#include "sim/kernel/random.hpp"

using namespace dueprocess;

namespace {

constexpr std::size_t stated_repeats = 10;

double standard_normal(std::uint64_t seed, std::uint64_t entity, std::uint32_t purpose, std::uint32_t index) {
  const Draws draws{seed, entity, purpose, index};
  const double u = (static_cast<double>(draws.u64(0) >> 11) + 0.5) * 0x1p-53,
               v = static_cast<double>(draws.u64(1) >> 11) * 0x1p-53;
  return std::sqrt(-2 * std::log(u)) * std::cos(2 * 3.14159265358979323846 * v);
}

/// A run in wall time whose times are noisy, figure by figure; `slower` times as slow.
Measured noisy_run(std::uint64_t seed, std::uint64_t run, double noise, double slower) {
  Measured made;
  made.file = "made up";
  made.scenario = "noisy";
  made.clock = "wall";
  made.exact = false;
  std::uint32_t index = 0;
  for (const Figure& figure : all_figures()) {
    ++index;
    made.figures[std::string{figure.name}] = figure.chance && figure.name != "orders.unknown"
                                                 ? 1e6 * index * slower * std::exp(noise * standard_normal(seed, run, 1, index))
                                                 : 0;
  }
  return made;
}

std::vector<Measured> noisy_set(std::uint64_t seed, std::uint64_t first, double noise, double slower, std::size_t repeats) {
  std::vector<Measured> set;
  for (std::size_t i = 0; i < repeats; ++i) set.push_back(noisy_run(seed, first + i, noise, slower));
  return set;
}

Change verdict_of_pair(std::uint64_t pair, double noise, double slower, std::size_t repeats) {
  return compare(noisy_set(7, pair * 1000, noise, 1, repeats), noisy_set(7, pair * 1000 + 500, noise, slower, repeats), {})
      .verdict();
}

Measured exact_run(const std::string& digest) {
  Measured made;
  made.file = "made up";
  made.scenario = "exact";
  made.digest = digest;
  made.members = {{"/digest", digest}, {"/orders/placed", "30"}};
  made.cells = {{1, 10, "a"}, {11, 10, digest}, {21, 10, digest}};
  made.figures = {{"violations", 0}, {"auto_complete.lateness p99", 0}};
  return made;
}

std::vector<std::string> mistakes_of(const std::string& text) {
  CompareTolerances tolerances;
  std::vector<std::string> told;
  for (const Mistake& mistake : read_tolerances(text, "t.yaml", tolerances)) told.push_back(to_string(mistake));
  return told;
}

}  // namespace

TEST_CASE("the rank sum's p is exact, with ties too") {
  CHECK(rank_sum_p({1, 2, 3}, {4, 5, 6}) == Approx(0.1));
  CHECK(rank_sum_p({1, 2, 3, 4, 5}, {6, 7, 8, 9, 10}) == Approx(2.0 / 252));
  CHECK(rank_sum_p({1, 4}, {2, 3}) == Approx(1));
  CHECK(rank_sum_p({1, 1, 1}, {1, 1, 1}) == Approx(1));
  CHECK(rank_sum_p({1, 1}, {2, 2}) == Approx(2.0 / 6));
  CHECK(rank_sum_p_min(5, 5) == Approx(2.0 / 252));
}

TEST_CASE("a family of p values is corrected by Holm or by Benjamini and Hochberg") {
  const std::vector<double> p{0.01, 0.04, 0.03, 0.005};
  const std::vector<double> holm = corrected(p, Correction::holm), bh = corrected(p, Correction::benjamini_hochberg);
  CHECK(holm[0] == Approx(0.03));
  CHECK(holm[1] == Approx(0.06));
  CHECK(holm[2] == Approx(0.06));
  CHECK(holm[3] == Approx(0.02));
  CHECK(bh[0] == Approx(0.02));
  CHECK(bh[1] == Approx(0.04));
  CHECK(bh[2] == Approx(0.04));
  CHECK(bh[3] == Approx(0.02));
}

TEST_CASE("the interval of a shift holds the true one about as often as it says") {
  unsigned held = 0;
  for (std::uint64_t pair = 0; pair < 200; ++pair) {
    std::vector<double> base, now;
    for (std::uint32_t i = 0; i < stated_repeats; ++i) {
      base.push_back(100 + standard_normal(1, pair, 2, i));
      now.push_back(103 + standard_normal(1, pair, 3, i));
    }
    const Interval interval = shift_interval(base, now, 0.95);
    held += interval.low <= 3 && 3 <= interval.high;
  }
  CHECK(held >= 184);  // 190 are meant; that is two standard deviations less
}

TEST_CASE("of 100 pairs of runs that are alike no more are called than the stated rate of false alarms") {
  // The spread is the tolerance and more, so that tolerance alone does not explain the silence.
  for (const double noise : {0.02, 0.20}) {
    unsigned alarms = 0;
    for (std::uint64_t pair = 0; pair < 100; ++pair) {
      const Change verdict = verdict_of_pair(pair, noise, 1, stated_repeats);
      alarms += verdict == Change::worse || verdict == Change::better;
    }
    INFO("noise " << noise);
    CHECK(alarms <= 5);
  }
}

TEST_CASE("a slowdown of 5% is called in at least 90 of 100 at ten repeats, where runs spread by 2%") {
  unsigned called = 0;
  for (std::uint64_t pair = 0; pair < 100; ++pair) called += verdict_of_pair(pair, 0.02, 1.05, stated_repeats) == Change::worse;
  CHECK(called >= 90);
}

TEST_CASE("runs that are alike and spread little are the same, those that spread too far cannot be told") {
  CHECK(verdict_of_pair(1, 0.002, 1, stated_repeats) == Change::same);
  CHECK(verdict_of_pair(1, 0.30, 1, stated_repeats) == Change::cannot_tell);
  CHECK(verdict_of_pair(1, 0.01, 1.5, 1) == Change::cannot_tell);  // one run each
  CHECK(verdict_of_pair(1, 0.01, 0.8, stated_repeats) == Change::better);
}

TEST_CASE("too few repeats for so many figures are told, with how many it takes") {
  CompareTolerances all;
  all.only_these = true;
  for (const Figure& figure : all_figures()) all.figures[std::string{figure.name}] = {};
  const ResultComparison few = compare(noisy_set(7, 0, 0.01, 1, 4), noisy_set(7, 500, 0.01, 2, 4), all);
  CHECK(few.verdict() == Change::cannot_tell);
  REQUIRE(few.notes.size() == 1);
  CHECK(few.notes[0].find("6 repeats can") != std::string::npos);
}

TEST_CASE("a violation that there never was before is worse, however noisy the rest is") {
  auto base = noisy_set(7, 0, 0.3, 1, 3), now = noisy_set(7, 500, 0.3, 1, 3);
  now[2].figures["violations"] = 1;
  CHECK(compare(base, now, {}).verdict() == Change::worse);
}

TEST_CASE("in virtual time any difference at all is a finding, told down to the first cell") {
  CHECK(compare({exact_run("a")}, {exact_run("a")}, {}).verdict() == Change::same);
  const ResultComparison differs = compare({exact_run("a")}, {exact_run("b")}, {});
  CHECK(differs.verdict() == Change::worse);
  CHECK(differs.members_differ == 1);
  REQUIRE(differs.difference);
  CHECK(differs.difference->first_order == 11);
  CHECK(differs.difference->orders == 10);
}

TEST_CASE("what differs in scenario, policy or seeds is not compared unless it may") {
  Measured base = exact_run("a"), now = base;
  now.policy["/review_period_us"] = "1";
  CHECK(not_comparable({base}, {now}, {}).size() == 1);
  CHECK(not_comparable({base}, {now}, {"policy"}).empty());
  now = base;
  now.seed = 2;
  CHECK(not_comparable({base}, {now}, {"policy", "scenario"}).size() == 1);
  CHECK(not_comparable({base}, {now}, {"seeds"}).empty());
  now = base;
  now.overrides = {{"sellers.count", "7"}};
  CHECK(not_comparable({base}, {now}, {}).size() == 1);
  now.overrides = {{"policy.review_period", "4d"}};  // told as a policy, if it makes one
  CHECK(not_comparable({base}, {now}, {}).empty());
  now.interrupted = true;
  CHECK(not_comparable({base}, {now}, {"all"}).size() == 1);
}

TEST_CASE("tolerances are read, and every mistake in them is told with its place") {
  CompareTolerances read;
  const std::string good =
      "alarm: 1%\ncorrection: benjamini-hochberg\ndefault: 3%\nfigures:\n  http.response_time p99: 10%\n  auto_complete.lateness "
      "p99: 1ms\n  run.cpp: 1%\n";
  CHECK(mistakes_of(good) ==
        std::vector<std::string>{"t.yaml:7:3: error: figures.run.cpp: unknown figure \"run.cpp\"; did you mean \"run.cpu\"?"});
  CHECK(read_tolerances("alarm: 1%\nfigures:\n  http.response_time p99: 1ms\n", "t.yaml", read).empty());
  CHECK(read.alarm == Approx(0.01));
  CHECK(read.only_these);
  CHECK(read.of("http.response_time p99").amount == Approx(1e6));  // nanoseconds
  CHECK(mistakes_of("alarm: 90%\n").size() == 1);
  CHECK(mistakes_of("").size() == 1);
  CHECK(mistakes_of("figures: {violations: many}\n").size() == 1);
}

TEST_CASE("what is no result is told") {
  std::string problem;
  CHECK_FALSE(read_measured("{", "a.json", problem));
  CHECK(problem.find("is not JSON") != std::string::npos);
  CHECK_FALSE(read_measured("{\"schema\": \"x\"}", "a.json", problem));
  CHECK(problem.find("is no result") != std::string::npos);
}

TEST_CASE("a comparison as text, Markdown, JSON and JUnit says the verdict and what is worse") {
  ResultComparison c = compare(noisy_set(7, 0, 0.01, 1, 8), noisy_set(7, 500, 0.01, 1.2, 8), {});
  c.scenario = "a|b";
  CHECK(comparison_text(c, {}).find("COMPARED: worse") != std::string::npos);
  CHECK(comparison_markdown(c).find("| **worse** | http.response\\_time p99 |") != std::string::npos);
  CHECK(comparison_json(c).find("\"verdict\": \"worse\"") != std::string::npos);
  CHECK(comparison_junit(c).find("<failure message=\"worse\">") != std::string::npos);
}
