#include "reports/summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>

#include "reports/format.hpp"
#include "reports/json_names.hpp"
#include "reports/live_summary.hpp"

namespace dueprocess {
namespace {

constexpr std::size_t samples_a_rule = 2;  // violations shown of each broken rule
constexpr std::size_t samples_max = 12;    // and in all
constexpr std::size_t failed_steps_max = 10;
constexpr std::size_t row_problems_max = 5;

/// The summary as it grows: sections, `name....: value` lines, marked lines.
class Page {
 public:
  explicit Page(const TextStyle& style) : style_(style) {}

  void section(std::string_view title) {
    if (!out_.ends_with("\n\n")) out_ += '\n';
    out_ += "  " + inked(fmt::format("█ {}", title), Ink::heading, style_) + "\n\n";
  }
  void line(std::string_view text) {
    text = text.substr(0, text.find_last_not_of(' ') + 1);
    out_.append("    ").append(text).append("\n");
  }
  void paragraph(std::string_view text, std::string_view indent) {
    const std::size_t room = style_.width > indent.size() + 4 ? style_.width - indent.size() - 4 : 20;
    out_ += wrapped(text, room, "    " + std::string{indent}) + "\n";
  }
  /// "name.......: value", the values one below the other.
  void value(std::string_view name, std::string_view text) {
    constexpr std::size_t width = 34;
    const std::size_t taken = columns_of(name);
    const std::string dots(taken < width ? width - taken : 0, '.');
    line(fmt::format("{}{}: {}", name, inked(dots, Ink::faint, style_), text));
  }
  void verbatim(std::string_view text) { out_ += text; }

  const TextStyle& style() const { return style_; }
  std::string take() { return std::move(out_); }

 private:
  TextStyle style_;
  std::string out_;
};

std::string of_whole(std::uint64_t part, std::uint64_t whole) {
  std::string count = padded_left(thousands(part), 13);
  if (whole == 0) return count;
  const std::uint64_t per_myriad = static_cast<std::uint64_t>(static_cast<UInt128>(part) * 10'000 / whole);
  return fmt::format("{}  {:>3}.{:02}%", count, per_myriad / 100, per_myriad % 100);
}

std::string where(const Result& result, std::uint32_t line) {
  return line == 0 ? std::string{} : fmt::format("{}:{}", result.file, line);
}

// ------------------------------------------------------------------------------------------ what was to hold

void expectations(Page& page, const Result& result) {
  page.section("EXPECTATIONS");
  if (result.expectations.empty()) {
    page.line("The scenario has none: only the rules were checked.");
    return;
  }
  std::size_t width = 0;
  for (const JudgedExpectation& e : result.expectations) width = std::max(width, columns_of(e.text));
  width = std::min(width, page.style().width / 2);
  for (const JudgedExpectation& e : result.expectations) {
    const std::string mark = !e.held   ? inked("-", Ink::doubtful, page.style())
                             : *e.held ? inked("✓", Ink::good, page.style())
                                       : inked("✗", Ink::bad, page.style());
    const std::string line = e.held == false ? "  " + inked(where(result, e.line), Ink::faint, page.style()) : "";
    page.line(fmt::format("{} {}  {}{}", mark, padded(e.text, width), e.actual, line));
  }
}

void cases(Page& page, const Result& result) {
  if (result.tally.cases_run == 0) return;
  page.section("CASES");
  const std::uint64_t run = result.tally.cases_run;
  const std::uint64_t held = run - std::min(run, result.cases_failed);
  page.line(fmt::format("{} {} of {} hold",
                        result.cases_failed == 0 ? inked("✓", Ink::good, page.style()) : inked("✗", Ink::bad, page.style()),
                        thousands(held), thousands(run)));
  for (std::size_t i = 0; i < std::min(result.failed_steps.size(), failed_steps_max); ++i) {
    const FailedStep& step = result.failed_steps[i];
    page.verbatim("\n");
    page.line(fmt::format("{} {}  {}", inked("✗", Ink::bad, page.style()), step.name,
                          inked(where(result, step.line), Ink::faint, page.style())));
    page.paragraph("expected  " + step.expected, "    ");
    page.paragraph("seen      " + step.seen, "    ");
    page.line("    " + command_to_replay(result, step.order));
  }
  if (result.failed_steps.size() > failed_steps_max)
    page.line(fmt::format("... and {} more steps", thousands(std::uint64_t{result.failed_steps.size() - failed_steps_max})));
}

void samples_of(Page& page, const Result& result, Invariant rule, std::size_t& shown) {
  std::size_t of_this = 0;
  for (const Violation& violation : result.tally.violation_samples) {
    if (violation.invariant != rule) continue;
    if (of_this == samples_a_rule || shown == samples_max) return;
    ++of_this, ++shown;
    const std::string whose =
        violation.order == OrderId::none ? std::string{"the run"} : fmt::format("order {}", number(violation.order));
    page.line(fmt::format("    {} at {}", whose, rfc3339(violation.at)));
    page.paragraph("expected  " + violation.expected, "      ");
    page.paragraph("seen      " + violation.seen, "      ");
    // Never broken into lines: it is there to be copied.
    if (violation.order != OrderId::none) page.line("      " + command_to_replay(result, number(violation.order)));
  }
}

void violations(Page& page, const Result& result) {
  const Tally& tally = result.tally;
  page.section("VIOLATIONS");
  if (tally.violations_total() == 0) {
    page.line(fmt::format("{} none in {} orders", inked("✓", Ink::good, page.style()), thousands(tally.placed)));
    return;
  }
  std::size_t shown = 0;
  for (unsigned i = 0; i < invariant_count; ++i) {
    if (tally.violations_by[i] == 0) continue;
    const auto rule = static_cast<Invariant>(i);
    page.line(fmt::format("{} {} {}: {}", inked("✗", Ink::bad, page.style()), name_of(rule), title_of(rule),
                          thousands(tally.violations_by[i])));
    samples_of(page, result, rule, shown);
  }
}

// ------------------------------------------------------------------------------------------ what happened

void rows_left_out(Page& page, const Result& result) {
  if (result.rows_skipped == 0) return;
  page.value("rows of the file left out", of_whole(result.rows_skipped, 0));
  for (std::size_t i = 0; i < std::min(result.row_problems.size(), row_problems_max); ++i)
    page.paragraph(result.row_problems[i], "  ");
}

void history(Page& page, const Result& result) {
  if (!result.history) return;
  const FromHistory& from = *result.history;
  page.section("HISTORY");
  page.value("file", from.file);
  page.value("operations", of_whole(from.operations, 0));
  page.value("events, notices, payments", of_whole(from.evidence, 0));
  if (from.lines_unread > 0) page.value("lines that could not be used", of_whole(from.lines_unread, 0));
  for (std::size_t i = 0; i < std::min(from.problems.size(), row_problems_max); ++i) page.paragraph(from.problems[i], "  ");
  for (const std::string& hole : from.holes) page.line(inked("! " + hole, Ink::doubtful, page.style()));
  for (const std::string& note : from.notes) page.paragraph("- " + note, "");
}

void orders(Page& page, const Result& result) {
  const Tally& t = result.tally;
  page.section("ORDERS");
  page.value("placed", of_whole(t.placed, t.placed));
  page.value("completed by the buyer", of_whole(t.completed_by_buyer, t.placed));
  page.value("completed by auto", of_whole(t.completed_by_auto, t.placed));
  page.value("never delivered", of_whole(t.open_in_progress, t.placed));
  if (t.open_delivered > 0) page.value("delivered and left open", of_whole(t.open_delivered, t.placed));
  page.value("left in revision", of_whole(t.open_in_revision, t.placed));
  page.value("judged ok", of_whole(t.orders_ok, t.placed));
  if (t.orders_violated > 0) page.value("judged violated", of_whole(t.orders_violated, t.placed));
  if (t.orders_unknown > 0) page.value("judged unknown", of_whole(t.orders_unknown, t.placed));
  page.value("payments", of_whole(t.paid, 0) + "  " + human_money(t.paid_cents));
  if (t.actions_dropped > 0) page.value("actors that gave up", of_whole(t.actions_dropped, 0));
  rows_left_out(page, result);
}

std::uint64_t largest_bucket(const Tally& tally) {
  return *std::max_element(tally.lateness_buckets.begin(), tally.lateness_buckets.end());
}

void auto_complete(Page& page, const Result& result) {
  const Tally& t = result.tally;
  page.section("AUTO-COMPLETE");
  if (t.completed_by_auto == 0) {
    page.line("No order was completed by auto.");
    return;
  }
  const auto at = [&](std::uint32_t ppm) { return human_duration(Duration{t.lateness_us.quantile(ppm)}); };
  page.value("lateness", fmt::format("p50={}  p99={}  p99.9={}  max={}", at(500'000), at(990'000), at(999'000),
                                     human_duration(Duration{t.lateness_us.max()})));
  const auto bucket = [&](std::string_view name, std::uint64_t count, Ink ink) {
    const std::size_t room = page.style().width > 76 ? 24 : 12;
    const std::uint64_t most = std::max(largest_bucket(t), t.early);
    page.value(name, of_whole(count, t.completed_by_auto) + "  " + inked(bar_of(count, most, room), ink, page.style()));
  };
  bucket("early", t.early, Ink::bad);
  if (t.early > 0) page.value("  the earliest by", human_duration(Duration{t.earliest_us}));
  for (unsigned i = 0; i < lateness_bucket_count; ++i) {
    const auto which = static_cast<LatenessBucket>(i);
    bucket(name_of(which), t.lateness_buckets[i], which == LatenessBucket::on_time ? Ink::good : Ink::doubtful);
  }
}

void throughput(Page& page, const Result& result) {
  const Tally& t = result.tally;
  const RunRecord& run = result.run;
  const auto rate = [&](double amount) { return run.wall_s > 0 ? amount / run.wall_s : 0; };
  const Duration span = t.last > t.first ? t.last - t.first : Duration{0};
  const auto virtual_s = static_cast<double>(span.count()) / 1e6;
  page.section("THROUGHPUT");
  page.value("orders", fmt::format("{}  {}", of_whole(t.placed, 0), human_rate(rate(static_cast<double>(t.placed)))));
  page.value("events (operations and timers)",
             fmt::format("{}  {}", of_whole(events_of(t), 0), human_rate(rate(static_cast<double>(events_of(t))))));
  page.value("virtual time",
             fmt::format("{}  {} a second", padded_left(human_duration(span), 13),
                         human_duration(Duration{static_cast<std::int64_t>(std::min(rate(virtual_s) * 1e6, 9e18))})));
  page.value("wall clock",
             fmt::format("{:>11.2f} s  {}, {}", run.wall_s, counted(run.threads, "thread"), counted(run.cells, "cell")));
  page.value("processor time", fmt::format("{:>11.2f} s", run.cpu_user_s + run.cpu_system_s));
  page.value("memory at most", padded_left(human_bytes(run.memory_peak_bytes), 13));
}

void live_target(Page& page, const Result& result) {
  if (!result.run.live) return;
  page.section("LIVE TARGET");
  for (const auto& [name, value] : live_lines(result)) page.value(name, value);
}

// ------------------------------------------------------------------------------------------ what was covered

/// Short counts, so that the table stays narrow: 999, 1.2k, 35k, 4.1M.
std::string brief(std::uint64_t count) {
  static constexpr std::array<std::string_view, 7> units{"", "k", "M", "G", "T", "P", "E"};
  std::size_t unit = 0;
  std::uint64_t scale = 1;
  while (unit + 1 < units.size() && count / scale >= 1'000) scale *= 1'000, ++unit;
  if (unit == 0 || count / scale >= 10) return fmt::format("{}{}", count / scale, units[unit]);
  return fmt::format("{}.{}{}", count / scale, count % scale / (scale / 10), units[unit]);
}

std::string cell_text(const std::array<std::uint64_t, 3>& outcomes) {
  if (outcomes[0] + outcomes[1] + outcomes[2] == 0) return "·";
  std::string text = outcomes[0] > 0 ? brief(outcomes[0]) : "";
  if (outcomes[1] > 0) text += fmt::format("{}{}✗", text.empty() ? "" : " ", brief(outcomes[1]));
  if (outcomes[2] > 0) text += fmt::format("{}{}?", text.empty() ? "" : " ", brief(outcomes[2]));
  return text;
}

void state_table(Page& page, const Coverage& coverage) {
  constexpr std::size_t name_width = 22, cell_width = 13;
  std::string head = padded("operation in state", name_width);
  for (unsigned state = 0; state < order_state_count; ++state)
    head += padded_left(state == 0 ? "no order" : name_of(static_cast<OrderState>(state)), cell_width);
  page.line(inked(head, Ink::faint, page.style()));
  for (unsigned kind = 0; kind < operation_kind_count; ++kind) {
    std::string row = padded(name_of(static_cast<OperationKind>(kind)), name_width);
    for (unsigned state = 0; state < order_state_count; ++state)
      row += padded_left(cell_text(coverage.operations[state][kind]), cell_width);
    page.line(row);
  }
  page.line(inked("✗ refused   ? no definite answer   · never met", Ink::faint, page.style()));
}

void coverage(Page& page, const Result& result) {
  const Coverage& met = result.tally.coverage;
  page.section("COVERED");
  state_table(page, met);
  page.verbatim("\n");
  const auto at = [&](Boundary boundary) { return brief(met.boundaries[static_cast<std::size_t>(boundary)]); };
  page.value("around the deadline D",
             fmt::format("-1s {}  -1ms {}  -1us {}  D {}  +1us {}  +1ms {}  +1s {}", at(Boundary::within_1s_before),
                         at(Boundary::within_1ms_before), at(Boundary::within_1us_before), at(Boundary::at_deadline),
                         at(Boundary::within_1us_after), at(Boundary::within_1ms_after), at(Boundary::within_1s_after)));
  for (const CoverageCount& count : json_coverage_counts)
    if (met.*count.field > 0) page.value(count.words, of_whole(met.*count.field, 0));
  if (result.not_met.empty()) return;
  page.verbatim("\n");
  page.line(inked("Not met in this run:", Ink::doubtful, page.style()));
  for (const std::string& gap : result.not_met) page.line("- " + gap);
}

void header(Page& page, const Result& result) {
  page.verbatim("\n  " + inked(result.scenario, Ink::heading, page.style()) + fmt::format("  seed {}", result.seed));
  if (!result.bugs.empty()) page.verbatim(fmt::format("  seeded bugs: {}", fmt::join(result.bugs, ", ")));
  page.verbatim("\n\n");
}

void totals(Page& page, const Result& result) {
  const Tally& t = result.tally;
  page.verbatim("\n");
  page.line(fmt::format("{} orders: {} by their buyers, {} by auto, {} open; {} events in {:.2f} s", thousands(t.placed),
                        thousands(t.completed_by_buyer), thousands(t.completed_by_auto),
                        thousands(t.open_in_progress + t.open_delivered + t.open_in_revision), thousands(events_of(t)),
                        result.run.wall_s));
  rows_left_out(page, result);
}

void ending(Page& page, const Result& result, const std::string& written) {
  page.verbatim("\n");
  page.line(written.empty() ? "Nothing was written (--out DIR writes DIR/result.json)." : "Result: " + written);
  page.line(verdict_line(result, page.style()));
}

}  // namespace

std::string verdict_line(const Result& result, const TextStyle& style) {
  const Ink ink = result.verdict == RunVerdict::ok         ? Ink::good
                  : result.verdict == RunVerdict::violated ? Ink::bad
                                                           : Ink::doubtful;
  std::string line = inked(fmt::format("VERDICT: {}", name_of(result.verdict)), ink, style);
  if (!result.reasons.empty()) line += fmt::format(" ({})", fmt::join(result.reasons, "; "));
  return line;
}

std::string summary_text(const Result& result, SummaryKind kind, const std::string& written, const TextStyle& style) {
  if (kind == SummaryKind::none) return {};
  Page page{style};
  header(page, result);
  history(page, result);
  expectations(page, result);
  cases(page, result);
  if (kind == SummaryKind::full || result.tally.violations_total() > 0) violations(page, result);
  if (kind == SummaryKind::full) {
    orders(page, result);
    auto_complete(page, result);
    live_target(page, result);
    throughput(page, result);
    coverage(page, result);
  } else {
    totals(page, result);
  }
  ending(page, result, written);
  return page.take();
}

}  // namespace dueprocess
