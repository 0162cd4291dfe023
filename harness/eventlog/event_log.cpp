#include "harness/eventlog/event_log.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <tuple>
#include <unordered_map>

#include "harness/eventlog/rows.hpp"
#include "scenarios/language/values.hpp"

namespace dueprocess {
namespace {

/// At one instant: what opens comes before what it makes possible, and the timer before what a buyer does (R11).
int rank_of(LogEvent event) {
  switch (event) {
    case LogEvent::placed:
      return 0;
    case LogEvent::auto_completed:
      return 1;
    case LogEvent::delivered:
      return 2;
    case LogEvent::extended:
      return 3;
    case LogEvent::modification_requested:
    case LogEvent::accepted:
    case LogEvent::completed:
      return 4;
    case LogEvent::paid:
      return 5;
  }
  return 6;
}

template <class T>
T good(Parsed<T> parsed, std::string_view column) {
  if (!parsed.ok()) throw fmt::format("{}: {}", column, parsed.problem);
  return parsed.value;
}

class LogReader {
 public:
  LogReader(const LogMapping& mapping, LogFormat format, std::string_view text, std::string& wrong) : mapping_(mapping) {
    order_ = place(mapping.order);
    buyer_ = place(mapping.buyer);
    seller_ = place(mapping.seller);
    due_ = place(mapping.due);
    price_ = place(mapping.price);
    for (const LogRule& rule : mapping.rules) {
      Places places{place(rule.at), place(rule.length), place(rule.deadline), place(rule.amount), place(rule.by), {}};
      for (const auto& [column, words] : rule.when) places.when.push_back(place(column));
      rules_.push_back(std::move(places));
    }
    rows_ = open_rows(format, text, columns_, wrong);
  }

  EventLog read() {
    while (rows_->next()) {
      ++log_.rows;
      try {
        if (!rows_->problem().empty()) throw rows_->problem();
        take_row();
      } catch (const std::string& why) {
        ++log_.rows_broken;
        tell(fmt::format("line {}: {}", rows_->line(), why));
      }
    }
    for (LoggedOrder& order : log_.orders) complete(order);
    return std::move(log_);
  }

 private:
  static constexpr std::size_t none = static_cast<std::size_t>(-1);
  struct Places {
    std::size_t at, length, deadline, amount, by;
    std::vector<std::size_t> when;
  };

  std::size_t place(const std::string& column) {
    if (column.empty()) return none;
    const auto found = std::find(columns_.begin(), columns_.end(), column);
    if (found != columns_.end()) return static_cast<std::size_t>(found - columns_.begin());
    columns_.push_back(column);
    return columns_.size() - 1;
  }
  std::string_view field(std::size_t column) const { return column == none ? std::string_view{} : rows_->field(column); }
  void tell(std::string what) {
    if (log_.problems.size() < EventLog::problems_max) log_.problems.push_back(std::move(what));
  }

  Instant instant(std::size_t column) const {
    const std::string_view text = field(column);
    if (mapping_.instants == LogInstants::rfc3339) return good(parse_instant(text, false), columns_[column]);
    static constexpr std::int64_t scales[] = {1, 1'000'000, 1'000, 1};
    static constexpr std::int64_t most = 7'258'118'400'000'000;  // the year 2200
    const std::int64_t scale = scales[static_cast<std::size_t>(mapping_.instants)];
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || number > most / scale || number < -most / scale)
      throw fmt::format("{}: \"{}\" is not a whole number of seconds, milliseconds or microseconds since 1970", columns_[column],
                        text);
    return instant_at(number * scale);
  }
  std::int64_t length(std::size_t column) const {
    const std::string_view text = field(column);
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error == std::errc{} && end == text.data() + text.size() && number >= 0 &&
        number <= us_of(duration_max) / us_of(mapping_.length_unit))
      return number * us_of(mapping_.length_unit);
    return us_of(good(parse_duration(text), columns_[column]));
  }
  UserId user(std::size_t column) {
    const std::string_view name = field(column);
    if (name.empty()) return UserId::nobody;
    const auto next = static_cast<std::uint32_t>(users_.size() + 1);
    return UserId{users_.emplace(name, next).first->second};
  }
  LoggedOrder& order_named(std::string_view name) {
    const auto [found, fresh] = orders_.emplace(name, log_.orders.size());
    if (fresh) log_.orders.emplace_back().name = name;
    return log_.orders[found->second];
  }

  bool applies(const LogRule& rule, const Places& places) const {
    if (field(places.at).empty()) return false;
    for (std::size_t i = 0; i < rule.when.size(); ++i) {
      const auto& words = rule.when[i].second;
      if (std::find(words.begin(), words.end(), field(places.when[i])) == words.end()) return false;
    }
    return true;
  }

  void take_row() {
    if (field(order_).empty()) throw std::string{"which order? "} + mapping_.order + " is empty";
    std::vector<LoggedEvent> found;
    for (std::size_t i = 0; i < rules_.size(); ++i)
      if (applies(mapping_.rules[i], rules_[i])) found.push_back(event_of(mapping_.rules[i], rules_[i]));
    const UserId buyer = user(buyer_), seller = user(seller_);
    const Instant due = field(due_).empty() ? never : instant(due_);
    std::int64_t price = 0;
    if (!field(price_).empty()) {
      price = good(parse_money(field(price_)), mapping_.price);
      if (price <= 0) throw fmt::format("{}: {} is not an amount above 0", mapping_.price, field(price_));
    }
    // The row can be used as a whole: now it counts.
    LoggedOrder& order = order_named(field(order_));
    if (buyer != UserId::nobody) order.buyer = buyer;
    if (seller != UserId::nobody) order.seller = seller;
    if (due != never) order.due = due;
    if (price != 0) order.price_cents = price;
    if (found.empty()) ++log_.rows_without_event;
    for (const LoggedEvent& event : found) {
      order.events.push_back(event);
      ++log_.events[static_cast<std::size_t>(event.event)];
      log_.first = std::min(log_.first, event.at);
      log_.last = std::max(log_.last, event.at);
    }
  }

  LoggedEvent event_of(const LogRule& rule, const Places& places) {
    LoggedEvent event;
    event.event = rule.event;
    event.line = rows_->line();
    event.at = instant(places.at);
    if (!field(places.deadline).empty()) event.deadline = instant(places.deadline);
    event.by = user(places.by);
    if (rule.event == LogEvent::extended) event.amount = length(places.length);
    if (!field(places.amount).empty()) {
      event.amount = good(parse_money(field(places.amount)), columns_[places.amount]);
      event.has_amount = true;
    }
    return event;
  }

  /// An order whose beginning the log does not have cannot be judged.
  void complete(LoggedOrder& order) {
    std::stable_sort(order.events.begin(), order.events.end(), [](const LoggedEvent& a, const LoggedEvent& b) {
      return std::tuple(a.at, rank_of(a.event)) < std::tuple(b.at, rank_of(b.event));
    });
    const auto is_placing = [](const LoggedEvent& event) { return event.event == LogEvent::placed; };
    const bool needs_due = mapping_.policy.review_anchor != ReviewAnchor::delivery;
    if (order.events.empty())
      order.problem = "nothing happened to it";
    else if (mapping_.tells(LogEvent::placed) && !is_placing(order.events.front()))
      order.problem = fmt::format("it begins with \"{}\" in line {}, not with its placing", name_of(order.events.front().event),
                                  order.events.front().line);
    else if (std::count_if(order.events.begin(), order.events.end(), is_placing) > 1)
      order.problem = "it was placed more than once";
    else if (needs_due && order.due == never)
      order.problem = "it has no due date, which its deadline is counted from";
    else if (order.due != never && order.due <= order.events.front().at && is_placing(order.events.front()))
      order.problem = fmt::format("its due date is not after its placing in line {}", order.events.front().line);
    else if (order.buyer != UserId::nobody && order.buyer == order.seller)
      order.problem = "its buyer is its seller";
    if (order.problem.empty()) return;
    ++log_.orders_left_out;
    tell(fmt::format("order {}: {}", order.name, order.problem));
  }

  const LogMapping& mapping_;
  std::vector<std::string> columns_;
  std::size_t order_ = none, buyer_ = none, seller_ = none, due_ = none, price_ = none;
  std::vector<Places> rules_;
  std::unique_ptr<LogRows> rows_;
  std::unordered_map<std::string, std::uint32_t> users_;
  std::unordered_map<std::string, std::size_t> orders_;
  EventLog log_;
};

}  // namespace

EventLog read_event_log(const LogMapping& mapping, LogFormat format, std::string_view text, std::string& wrong) {
  LogReader reader{mapping, format, text, wrong};
  return wrong.empty() ? reader.read() : EventLog{};
}

}  // namespace dueprocess
