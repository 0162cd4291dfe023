#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "reports/compare/comparison.hpp"
#include "reports/format.hpp"

namespace dueprocess {
namespace {

Ink ink_of(Change change) {
  return change == Change::worse ? Ink::bad : change == Change::cannot_tell ? Ink::doubtful : Ink::good;
}

std::string figure_lines(const FigureChange& change, const TextStyle& style) {
  const FigureUnit unit = change.figure->unit;
  std::string line = "  " + inked(padded(name_of(change.change), 12), ink_of(change.change), style) +
                     padded(change.figure->name, 30) + " " + padded_left(figure_text(change.base, unit), 12) + " -> " +
                     padded_left(figure_text(change.now, unit), 12);
  if (change.shift != 0)
    line += "  " + figure_text(change.shift, unit, true) + " (" + share_text(change.shift, change.base) + ")";
  line += "\n";
  std::string more;
  if (change.interval)
    more = fmt::format("between {} and {}; p {:.4f}; tolerated {}", figure_text(change.interval->low, unit, true),
                       figure_text(change.interval->high, unit, true), change.p.value_or(1), figure_text(change.tolerance, unit));
  if (!change.why.empty()) more += (more.empty() ? "" : "; ") + change.why;
  return more.empty() ? line : line + inked(fmt::format("              {}\n", more), Ink::faint, style);
}

std::string difference_lines(const FirstDifference& difference, const TextStyle& style) {
  std::string text = "\n" + inked("FIRST DIFFERENCE", Ink::heading, style) + "\n\n";
  if (difference.order != 0)
    text += fmt::format("  order {}, the first whose history differs{}\n", difference.order,
                        difference.how.empty() ? "" : " (" + difference.how + ")");
  else if (difference.orders != 0)
    text += fmt::format("  among the orders {} to {}\n", difference.first_order, difference.first_order + difference.orders - 1);
  if (difference.order == 0 && !difference.how.empty()) text += wrapped("  " + difference.how, style.width, "  ") + "\n";
  if (difference.order != 0) text += "\n  in BASE\n\n" + difference.base_timeline + "\n  in NEW\n\n" + difference.now_timeline;
  return text;
}

}  // namespace

std::string figure_text(double value, FigureUnit unit, bool sign) {
  if (value < 0) return "-" + figure_text(-value, unit);
  const auto whole = [](double amount) { return static_cast<std::uint64_t>(std::llround(amount)); };
  std::string text;
  double us = value;
  switch (unit) {
    case FigureUnit::count:
      text = value == std::floor(value) ? thousands(whole(value)) : fmt::format("{:.1f}", value);
      break;
    case FigureUnit::bytes:
      text = human_bytes(whole(value));
      break;
    case FigureUnit::per_second:
      text = human_rate(value);
      break;
    case FigureUnit::nanoseconds:
      us = value / 1e3;
      break;
    case FigureUnit::seconds:
      us = value * 1e6;
      break;
    case FigureUnit::microseconds:
      break;
  }
  if (text.empty())
    text = us == 0     ? "0s"
           : us < 1000 ? fmt::format("{:.4g}us", us)
           : us < 1e6  ? fmt::format("{:.4g}ms", us / 1e3)
           : us < 1e8  ? fmt::format("{:.4g}s", us / 1e6)
                       : human_duration(Duration{static_cast<std::int64_t>(us)});
  return sign ? "+" + text : text;
}

std::string share_text(double part, double whole) {
  return whole == 0 ? "-" : fmt::format("{:+.1f}%", part / std::abs(whole) * 100);
}

std::string comparison_text(const ResultComparison& c, const TextStyle& style) {
  std::string text = fmt::format("{}: {} ({}) against {} ({})\n\n", c.scenario, c.now, counted(c.now_repeats, "run"), c.base,
                                 counted(c.base_repeats, "run"));
  text += inked("FIGURES", Ink::heading, style) + "\n\n";
  for (const FigureChange& change : c.figures) text += figure_lines(change, style);
  if (c.members_differ > 0) {
    text += "\n" + inked("WHAT MUST REPEAT AND DOES NOT", Ink::heading, style) + "\n\n";
    for (const MemberChange& member : c.members) text += fmt::format("  {}: {} -> {}\n", member.member, member.base, member.now);
    if (c.members_differ > c.members.size())
      text += fmt::format("  and {} more\n", thousands(c.members_differ - c.members.size()));
  }
  if (c.difference) text += difference_lines(*c.difference, style);
  if (!c.notes.empty()) text += "\n";
  for (const std::string& note : c.notes) text += wrapped("  " + note, style.width, "  ") + "\n";
  return text + "\n" + inked(fmt::format("COMPARED: {}", name_of(c.verdict())), ink_of(c.verdict()), style) + "\n";
}

}  // namespace dueprocess
