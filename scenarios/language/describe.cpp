#include "scenarios/language/describe.hpp"

#include "scenarios/language/estimate.hpp"
#include "scenarios/language/moments.hpp"
#include "scenarios/language/values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace dueprocess {
namespace {

constexpr std::size_t rows_max = 31;
constexpr unsigned width_min = 40;

std::string grouped(double value) {
  std::string digits = fmt::format("{:.0f}", value);
  for (std::ptrdiff_t at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3)
    digits.insert(static_cast<std::size_t>(at), ",");
  return digits;
}

/// 1,234 as it is, 1,234,567 as 1.23 million.
std::string about(double value) {
  if (value < 1e6) return grouped(value);
  if (value < 1e9) return fmt::format("{:.3g} million", value / 1e6);
  return fmt::format("{:.4g} billion", value / 1e9);
}

/// A length of time to two digits: "2.3d", "11h".
std::string roughly(double us) {
  static constexpr std::pair<double, std::string_view> units[] = {
      {86'400e6, "d"}, {3600e6, "h"}, {60e6, "m"}, {1e6, "s"}, {1e3, "ms"}};
  for (const auto& [factor, name] : units)
    if (std::abs(us) >= factor) return fmt::format("{:.{}f}{}", us / factor, std::abs(us) < 10 * factor ? 1 : 0, name);
  return fmt::format("{:.0f}us", us);
}

std::string memory(double bytes) {
  return bytes < 1e9 ? fmt::format("{:.0f} MB", bytes / 1e6) : fmt::format("{:.1f} GB", bytes / 1e9);
}
std::string percent(double share) { return fmt::format("{:.3g}%", share * 100); }

/// Lines "label  text", the text wrapped under itself.
class Page {
 public:
  explicit Page(unsigned width) : width_(std::max(width, width_min)) {}

  void row(std::string_view label, std::string_view text) {
    constexpr std::size_t indent = 12;
    std::string line = fmt::format("{:<{}}", label, indent);
    if (label.size() >= indent) line += ' ';
    std::size_t used = line.size();
    bool begun = false;
    while (!text.empty()) {
      const std::size_t end = std::min(text.find(' '), text.size());
      const std::string_view word = text.substr(0, end);
      text.remove_prefix(std::min(end + 1, text.size()));
      const std::size_t columns = static_cast<std::size_t>(
          std::ranges::count_if(word, [](char c) { return (static_cast<unsigned char>(c) & 0xC0u) != 0x80u; }));
      if (begun && used + 1 + columns > width_) {
        line += '\n' + std::string(indent, ' ');
        used = indent;
      } else if (begun) {
        line += ' ';
        ++used;
      }
      line += word;
      used += columns;
      begun = true;
    }
    text_ += line + '\n';
  }
  void raw(std::string_view line) {
    text_ += line;
    text_ += '\n';
  }
  void gap() { text_ += '\n'; }
  unsigned width() const { return width_; }
  std::string take() { return std::move(text_); }

 private:
  unsigned width_;
  std::string text_;
};

/// A bar of eighths of a column.
std::string bar(double part, std::size_t columns) {
  static constexpr std::string_view eighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  const auto units = static_cast<std::size_t>(std::lround(part * static_cast<double>(columns) * 8));
  std::string result;
  for (std::size_t i = 0; i < units / 8; ++i) result += "█";
  result += eighths[units % 8];
  return result;
}

Duration bucket_for(Duration span) {
  using namespace std::chrono;
  static constexpr Duration sizes[] = {Duration{1}, milliseconds{1}, milliseconds{100}, seconds{1},  seconds{10}, minutes{1},
                                       minutes{5},  minutes{15},     hours{1},          hours{6},    hours{24},   hours{168},
                                       hours{720},  hours{2160},     hours{8760},       hours{87600}};
  for (const Duration size : sizes)
    if (span / size <= static_cast<std::int64_t>(rows_max)) return size;
  return sizes[std::size(sizes) - 1];
}

void draw_arrivals(const Scenario& scenario, Page& page) {
  const Duration bucket = bucket_for(scenario.ends - scenario.starts);
  const auto counts = arrivals_by_bucket(scenario, bucket);
  if (counts.empty()) return;
  const double most = *std::ranges::max_element(counts);
  const bool by_date = bucket >= std::chrono::hours{24};
  page.gap();
  page.raw(fmt::format("orders placed, by {}", duration_text(bucket)));
  constexpr std::array weekdays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  std::size_t count_width = 1;
  for (const double count : counts) count_width = std::max(count_width, grouped(count).size());
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const Instant at = scenario.starts + bucket * static_cast<std::int64_t>(i);
    const std::string instant = instant_text(at);
    std::string label =
        by_date ? fmt::format("{} {}", weekdays[std::chrono::weekday{std::chrono::floor<std::chrono::days>(at)}.c_encoding()],
                              instant.substr(0, 10))
                : fmt::format("{} {}", instant.substr(5, 5), instant.substr(11));
    if (label.ends_with('Z')) label.pop_back();
    const std::size_t used = 2 + label.size() + 2 + count_width + 2;
    const std::size_t room = page.width() > used + 8 ? std::min<std::size_t>(page.width() - used, 60) : 8;
    page.raw(fmt::format("  {}  {:>{}}  {}", label, grouped(counts[i]), count_width, bar(most > 0 ? counts[i] / most : 0, room)));
  }
  if (bucket < std::chrono::hours{24}) return;
  const auto hours = arrivals_by_hour(scenario);
  const double busiest = *std::ranges::max_element(hours);
  static constexpr std::string_view levels[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  std::string line;
  for (const double hour : hours)
    line += levels[std::min<std::size_t>(7, static_cast<std::size_t>(busiest > 0 ? hour / busiest * 7.999 : 0))];
  page.raw(fmt::format("  by hour UTC  {}", line));
}

// ---------------------------------------------------------------------------------------------- words

/// "5h after the delivery on average", "-2ms to 2ms around the deadline".
std::string when(const Moment& moment) {
  static constexpr std::string_view names[] = {"placing", "the due date", "the delivery", "the deadline", "the start"};
  const std::string_view anchor = names[static_cast<std::size_t>(moment.anchor)];
  if (moment.fraction_of_due)
    return fmt::format("after {:.2g} to {:.2g} of the time to the due date, {:.2g} on average",
                       static_cast<double>(moment.amount.min()) / 1e9, static_cast<double>(moment.amount.max()) / 1e9,
                       moment.amount.mean() / 1e9);
  if (moment.amount.is_constant()) {
    const std::int64_t us = moment.amount.min();
    if (us == 0) return fmt::format("at {}", anchor);
    return fmt::format("{} {} {}", duration_text(Duration{us < 0 ? -us : us}), us < 0 ? "before" : "after", anchor);
  }
  if (moment.amount.min() < 0)
    return fmt::format("{} to {} around {}", roughly(static_cast<double>(moment.amount.min())),
                       roughly(static_cast<double>(moment.amount.max())), anchor);
  return fmt::format("{} after {} on average", roughly(moment.amount.mean()), anchor);
}

void add_chance(std::string& text, Chance chance, std::string_view words) {
  if (chance.possible()) text += fmt::format("; {} {}", percent(chance.probability()), words);
}
void add_mean(std::string& text, const Distribution& distribution, std::string_view words) {
  if (distribution.mean() > 0) text += fmt::format("; {:.2g} {}", distribution.mean(), words);
}
void add_habits(std::string& text, const Habits& habits) {
  add_mean(text, habits.looks, "looks");
  add_chance(text, habits.lists, "list their orders");
  add_chance(text, habits.double_clicks, "click twice");
  add_chance(text, habits.seeks_support, "ask support");
  add_chance(text, habits.intrudes, "try what they may not");
}

std::string words_of(const SellerPersona& persona) {
  std::string text = "deliver " + when(persona.delivers);
  if (persona.parallel) text += fmt::format("; {} orders at once", persona.parallel);
  add_chance(text, persona.abandons, "never deliver");
  add_mean(text, persona.drafts, "drafts");
  add_mean(text, persona.files, "files");
  add_chance(text, persona.delivers_draft, "deliver the draft");
  add_chance(text, persona.links, "add a link");
  add_chance(text, persona.forgets_file, "forget the file");
  add_chance(text, persona.oversize, "send too large a file");
  add_chance(text, persona.blank_description, "forget the description");
  add_chance(text, persona.work_sample, "send a sample first");
  add_habits(text, persona.habits);
  return text;
}

std::string words_of(const BuyerPersona& persona) {
  std::string text;
  if (persona.decides) {
    text = "decide " + when(*persona.decides);
    add_mean(text, persona.modification_rounds, "modifications first");
    add_chance(text, persona.accepts, "accept");
    add_chance(text, persona.modifies, "ask for a modification");
    add_chance(text, persona.extends, fmt::format("ask for more time ({} on average)", roughly(persona.extend_by.mean())));
  } else {
    text = "say nothing";
  }
  add_habits(text, persona.habits);
  return text;
}

template <class Persona>
void add_people(Page& page, std::string_view who, std::uint32_t count, const std::vector<Persona>& personas) {
  page.row(who, grouped(count));
  for (const Persona& persona : personas)
    page.row("", fmt::format("{} {}: {}", percent(persona.share), persona.name, words_of(persona)));
}

std::string words_of(const Policy& policy) {
  static constexpr std::string_view anchors[] = {"the later of due date and delivery", "the due date", "the delivery"};
  std::string text = fmt::format("review {} from {}", duration_text(policy.review_period),
                                 anchors[static_cast<std::size_t>(policy.review_anchor)]);
  if (policy.days == DayRule::calendar) text += fmt::format(", calendar days in {}", policy.zone);
  text += fmt::format("; files up to {}; extensions {} to {}", size_text(policy.max_file_size),
                      duration_text(policy.extension_min), duration_text(policy.extension_max));
  if (policy.max_extensions != unlimited) text += fmt::format(", {} a review", policy.max_extensions);
  if (policy.extensions_carry_over) text += ", carried over";
  if (policy.max_modifications != unlimited) text += fmt::format("; {} modifications an order", policy.max_modifications);
  if (policy.after_deadline == AfterDeadline::until_fired) text += "; buyers may act until the timer has fired";
  return text;
}

void add_faults(Page& page, const Scenario& scenario) {
  for (std::size_t i = 0; i < scenario.faults.size(); ++i) {
    const FaultPlan& plan = scenario.faults[i];
    std::string text = words_of(plan);
    if (plan.is_momentary())
      text += fmt::format(", at {}", instant_text(plan.from));
    else if (plan.to != never)
      text += fmt::format(", {} to {}", instant_text(plan.from), instant_text(plan.to));
    if (plan.down_for > Duration::zero()) text += fmt::format(", declared down for {}", duration_text(plan.down_for));
    page.row(i ? "" : "faults", text);
  }
  if (has_commands(scenario.faults)) page.row("", "Commands are run only where the run is started with --allow-commands.");
  if (!scenario.faults.empty()) page.row("", "Faults need a live target: run with --target.");
}

void add_replay(Page& page, const Scenario& scenario) {
  if (scenario.replay_file.empty()) return;
  std::string text = fmt::format("{} rows of {}", grouped(static_cast<double>(scenario.replay_rows)), scenario.replay_file);
  if (scenario.replay_rows_outside)
    text += fmt::format("; {} placed outside of starts and ends, not played",
                        grouped(static_cast<double>(scenario.replay_rows_outside)));
  text += scenario.replay_rows_skipped ? fmt::format("; {} left out", grouped(static_cast<double>(scenario.replay_rows_skipped)))
                                       : "; none left out";
  page.row("replay", text + fmt::format("; deliveries as in the file, answers {}",
                                        scenario.market.orders.answers_from_file ? "too" : "as the buyers are"));
  for (const std::string& problem : scenario.replay_problems) page.row("", problem);
  if (scenario.replay_rows_skipped > scenario.replay_problems.size()) page.row("", "...");
}

void add_timers(Page& page, const Scenario& scenario) {
  const TimerPlan& timers = scenario.timers;
  if (timers.mode == TimerMode::sweep) {
    std::string words = fmt::format("a sweep every {}", duration_text(timers.every));
    if (timers.phase != Duration{0}) words += fmt::format(", {} after the grid", duration_text(timers.phase));
    if (timers.batch != 0)
      words += fmt::format(", at most {} orders at a time, the {} first", timers.batch,
                           timers.order == SweepOrder::oldest ? "oldest" : "newest");
    page.row("timers", words);
  }
  if (timers.workers > 1)
    page.row("workers", fmt::format("{}, the last one's clock off by {}", timers.workers, duration_text(timers.clock_skew)));
  for (std::size_t i = 0; i < timers.clock_steps.size(); ++i)
    page.row(i ? "" : "clock",
             fmt::format("set by {} at {}", duration_text(timers.clock_steps[i].by), instant_text(timers.clock_steps[i].at)));
  if (scenario.tolerances.lateness != Duration{0})
    page.row("tolerated", fmt::format("timers late by {}", duration_text(scenario.tolerances.lateness)));
}

}  // namespace

std::string describe_scenario(const Scenario& scenario, unsigned width) {
  Page page{width};
  const MarketSetup& market = scenario.market;
  const Estimate expected = estimate(scenario);
  page.row("scenario", scenario.name);
  if (!scenario.description.empty()) page.row("", trimmed(scenario.description));
  page.row("seed", std::to_string(scenario.seed));
  page.row("time", market.orders.count
                       ? fmt::format("{} to {} ({}), then until every order is completed", instant_text(scenario.starts),
                                     instant_text(scenario.ends), duration_text(scenario.ends - scenario.starts))
                       : fmt::format("from {} until every order is completed", instant_text(scenario.starts)));
  page.row("policy", words_of(scenario.policy));
  page.row("orders", fmt::format("{}{}", grouped(static_cast<double>(market.orders.count)),
                                 market.cases.empty()
                                     ? ""
                                     : fmt::format(" and {} case{}", market.cases.size(), market.cases.size() == 1 ? "" : "s")));
  page.row(
      "expected",
      fmt::format(
          "about {} operations and {} timers; an order lives {} on average; about {} alive at the busiest, {} if in one cell",
          about(expected.operations), about(expected.timers), roughly(expected.life_us), about(expected.alive_max),
          memory(expected.memory_bytes)));
  if (market.sellers) {
    add_people(page, "sellers", market.sellers, market.seller_personas);
    add_people(page, "buyers", market.buyers, market.buyer_personas);
  }
  add_replay(page, scenario);
  for (std::size_t i = 0; i < scenario.restarts.size(); ++i)
    page.row(i ? "" : "restarts",
             fmt::format("down {} to {}", instant_text(scenario.restarts[i].down), instant_text(scenario.restarts[i].back)));
  add_timers(page, scenario);
  add_faults(page, scenario);
  if (!scenario.bugs.empty()) page.row("bugs", fmt::format("{}", fmt::join(scenario.bugs, ", ")));
  for (std::size_t i = 0; i < market.cases.size(); ++i)
    page.row(i ? "" : "cases", fmt::format("{} ({} steps)", market.cases[i].name, market.cases[i].steps.size()));
  for (std::size_t i = 0; i < scenario.expectations.size(); ++i)
    page.row(i ? "" : "expect", fmt::format("{}{}", scenario.expectations[i].text,
                                            scenario.expectations[i].metric->live ? "  (live targets only)" : ""));
  if (market.orders.count) draw_arrivals(scenario, page);
  return page.take();
}

}  // namespace dueprocess
