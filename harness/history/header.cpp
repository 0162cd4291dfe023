#include "harness/history/header.hpp"
#include "harness/history/json_view.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

#include <array>
#include <limits>
#include <span>

namespace dueprocess {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 3> anchors{"later", "due_date", "delivery"};
constexpr std::array<std::string_view, 2> day_rules{"elapsed", "calendar"};
constexpr std::array<std::string_view, 2> after_deadlines{"strict", "until_fired"};
constexpr std::array<std::string_view, 2> clocks{"virtual", "wall"};

// ------------------------------------------------------------------------------------------ out

template <std::size_t N, class Enum>
json::string_view word(const std::array<std::string_view, N>& words, Enum value) {
  return view(words[static_cast<std::size_t>(value)]);
}
json::value limit(std::uint32_t value) { return value == unlimited ? json::value{} : json::value(value); }
json::value instant(Instant at) { return at == never ? json::value{} : json::value(us_of(at)); }

json::array texts(const std::vector<std::string>& from) {
  json::array list;
  for (const std::string& text : from) list.emplace_back(view(text));
  return list;
}
json::array assignments(const std::vector<std::pair<std::string, std::string>>& from) {
  json::array list;
  for (const auto& [name, value] : from) list.push_back(json::array{view(name), view(value)});
  return list;
}

json::object policy_object(const Policy& policy) {
  return {{"review_period_us", us_of(policy.review_period)},
          {"review_anchor", word(anchors, policy.review_anchor)},
          {"days", word(day_rules, policy.days)},
          {"zone", view(policy.zone)},
          {"max_file_size", policy.max_file_size},
          {"extensions_carry_over", policy.extensions_carry_over},
          {"max_modifications", limit(policy.max_modifications)},
          {"extension_min_us", us_of(policy.extension_min)},
          {"extension_max_us", us_of(policy.extension_max)},
          {"max_extensions", limit(policy.max_extensions)},
          {"after_deadline", word(after_deadlines, policy.after_deadline)}};
}

json::object tolerances_object(const OracleOptions& options) {
  json::array downtimes;
  for (const Downtime& down : options.downtimes)
    downtimes.push_back(json::object{{"from", us_of(down.from)}, {"to", us_of(down.to)}});
  json::object object{{"lateness_max_us", us_of(options.lateness_max)},
                      {"recovery_bound_us", us_of(options.recovery_bound)},
                      {"payment_bound_us", us_of(options.payment_bound)},
                      {"notice_bound_us", us_of(options.notice_bound)},
                      {"downtimes", std::move(downtimes)}};
  const auto missing = [&](const char* name, bool given) {
    if (!given) object[name] = false;
  };
  missing("events", options.events);
  missing("notices", options.notices);
  missing("payments", options.payments);
  return object;
}

json::object wall_object(const WallOptions& wall) {
  return {{"lateness_max_us", us_of(wall.lateness_max)},
          {"recovery_bound_us", us_of(wall.recovery_bound)},
          {"payment_bound_us", us_of(wall.payment_bound)},
          {"notice_bound_us", us_of(wall.notice_bound)},
          {"read_staleness_us", us_of(wall.read_staleness)},
          {"granularity_us", us_of(wall.granularity)},
          {"resolution_max_us", us_of(wall.resolution_max)},
          {"drift_ppm", wall.drift_ppm},
          {"tells_refusals", wall.tells.refusals},
          {"tells_versions", wall.tells.versions},
          {"tells_deadlines", wall.tells.deadlines},
          {"tells_completed_by", wall.tells.completed_by},
          {"tells_completed_at", wall.tells.completed_at},
          {"tells_lateness", wall.tells.lateness},
          {"events", wall.events},
          {"notices", wall.notices},
          {"payments", wall.payments},
          {"nodes_max", wall.nodes_max},
          {"history_max", wall.history_max}};
}

// ------------------------------------------------------------------------------------------ in

/// Reads members by name and keeps the first thing that is wrong. What is absent is left as it is.
class Members {
 public:
  Members(const json::object& object, std::string path, std::string& problem)
      : object_(object), path_(std::move(path)), problem_(problem) {}

  void text(std::string_view name, std::string& out) {
    if (const json::value* value = find(name)) value->is_string() ? take(value->get_string(), out) : wrong(name, "a text");
  }
  void flag(std::string_view name, bool& out) {
    if (const json::value* value = find(name)) value->is_bool() ? void(out = value->get_bool()) : wrong(name, "true or false");
  }
  template <class Number>
  void whole(std::string_view name, Number& out, Number low = std::numeric_limits<Number>::min(),
             Number high = std::numeric_limits<Number>::max()) {
    const json::value* value = find(name);
    if (!value) return;
    boost::system::error_code error;
    const auto number = value->to_number<Number>(error);
    if (!value->is_number() || value->is_double() || error || number < low || number > high)
      return wrong(name, fmt::format("a whole number from {} to {}", low, high));
    out = number;
  }
  void duration(std::string_view name, Duration& out, std::int64_t low = 0) {
    std::int64_t us = us_of(out);
    whole(name, us, low, us_of(longest));
    out = Duration{us};
  }
  void instant(std::string_view name, Instant& out) {
    std::int64_t us = us_of(out);
    whole(name, us, -us_of(longest), us == INT64_MAX ? us : us_of(longest));
    out = instant_at(us);
  }
  /// null: unlimited.
  void limit(std::string_view name, std::uint32_t& out) {
    if (const json::value* value = find_any(name); value && value->is_null())
      out = unlimited;
    else
      whole(name, out);
  }
  template <class Enum, std::size_t N>
  void choice(std::string_view name, const std::array<std::string_view, N>& words, Enum& out) {
    const json::value* value = find(name);
    if (!value) return;
    for (std::size_t i = 0; i < N; ++i)
      if (value->is_string() && view(words[i]) == value->get_string()) {
        out = static_cast<Enum>(i);
        return;
      }
    wrong(name, fmt::format("one of {}", fmt::join(words, ", ")));
  }
  template <class Each>
  void list(std::string_view name, Each each) {
    const json::value* value = find(name);
    if (!value) return;
    if (!value->is_array()) return wrong(name, "a list");
    for (const json::value& item : value->get_array()) each(item);
  }
  void texts(std::string_view name, std::vector<std::string>& out) {
    list(name, [&](const json::value& item) {
      if (!item.is_string()) return wrong(name, "a list of texts");
      take(item.get_string(), out.emplace_back());
    });
  }
  void assignments(std::string_view name, std::vector<std::pair<std::string, std::string>>& out) {
    list(name, [&](const json::value& item) {
      const bool pair =
          item.is_array() && item.get_array().size() == 2 && item.get_array()[0].is_string() && item.get_array()[1].is_string();
      if (!pair) return wrong(name, "a list of [name, value]");
      auto& [key, value] = out.emplace_back();
      take(item.get_array()[0].get_string(), key);
      take(item.get_array()[1].get_string(), value);
    });
  }
  /// The members of an object below; none when it is absent or something else.
  template <class Read>
  void object(std::string_view name, Read read) {
    const json::value* value = find(name);
    if (!value) return;
    if (!value->is_object()) return wrong(name, "an object");
    read(Members{value->get_object(), path_ + std::string{name} + ".", problem_});
  }
  void wrong(std::string_view name, const std::string& expected) {
    if (problem_.empty()) problem_ = fmt::format("header: {}{}: expected {}", path_, name, expected);
  }
  std::string& problem() { return problem_; }

 private:
  static constexpr Duration longest = std::chrono::hours{24 * 36525LL * 20};  // two thousand years
  static void take(const json::string& from, std::string& out) { out.assign(from.data(), from.size()); }
  const json::value* find_any(std::string_view name) const { return object_.if_contains(view(name)); }
  const json::value* find(std::string_view name) const {
    const json::value* value = find_any(name);
    return value && !value->is_null() ? value : nullptr;
  }

  const json::object& object_;
  std::string path_;
  std::string& problem_;
};

void read_policy(Members members, Policy& policy) {
  members.duration("review_period_us", policy.review_period);
  members.choice("review_anchor", anchors, policy.review_anchor);
  members.choice("days", day_rules, policy.days);
  members.text("zone", policy.zone);
  members.whole("max_file_size", policy.max_file_size, std::int64_t{0});
  members.flag("extensions_carry_over", policy.extensions_carry_over);
  members.limit("max_modifications", policy.max_modifications);
  members.duration("extension_min_us", policy.extension_min, 1);
  members.duration("extension_max_us", policy.extension_max, 1);
  members.limit("max_extensions", policy.max_extensions);
  members.choice("after_deadline", after_deadlines, policy.after_deadline);
}

void read_tolerances(Members members, OracleOptions& options) {
  members.duration("lateness_max_us", options.lateness_max);
  members.duration("recovery_bound_us", options.recovery_bound);
  members.duration("payment_bound_us", options.payment_bound);
  members.duration("notice_bound_us", options.notice_bound);
  members.flag("events", options.events);
  members.flag("notices", options.notices);
  members.flag("payments", options.payments);
  members.list("downtimes", [&](const json::value& item) {
    if (!item.is_object()) return members.wrong("downtimes", "a list of {from, to}");
    Downtime down{never, never};
    Members within{item.get_object(), "tolerances.downtimes.", members.problem()};
    within.instant("from", down.from);
    within.instant("to", down.to);
    const bool in_order = options.downtimes.empty() || options.downtimes.back().to < down.from;
    if (down.to == never || down.from >= down.to || !in_order)
      return members.wrong("downtimes", "spans {from, to}, one after the other");
    options.downtimes.push_back(down);
  });
}

void read_wall(Members members, WallOptions& wall) {
  members.duration("lateness_max_us", wall.lateness_max);
  members.duration("recovery_bound_us", wall.recovery_bound);
  members.duration("payment_bound_us", wall.payment_bound);
  members.duration("notice_bound_us", wall.notice_bound);
  members.duration("read_staleness_us", wall.read_staleness);
  members.duration("granularity_us", wall.granularity, 1);
  members.duration("resolution_max_us", wall.resolution_max);
  members.whole("drift_ppm", wall.drift_ppm, 0u, 1'000'000u);
  members.flag("tells_refusals", wall.tells.refusals);
  members.flag("tells_versions", wall.tells.versions);
  members.flag("tells_deadlines", wall.tells.deadlines);
  members.flag("tells_completed_by", wall.tells.completed_by);
  members.flag("tells_completed_at", wall.tells.completed_at);
  members.flag("tells_lateness", wall.tells.lateness);
  members.flag("events", wall.events);
  members.flag("notices", wall.notices);
  members.flag("payments", wall.payments);
  // A file of others must not ask for a search without end, or for memory without bound.
  members.whole("nodes_max", wall.nodes_max, 1u, 10'000'000u);
  members.whole("history_max", wall.history_max, 1u, 1u << 20);
}

void read_members(Members members, HistoryHeader& header) {
  members.text("dueprocess", header.version);
  members.text("scenario", header.scenario);
  members.text("description", header.description);
  members.text("file", header.file);
  members.text("asked_as", header.asked_as);
  members.whole("seed", header.seed);
  members.instant("starts", header.starts);
  members.instant("ends", header.ends);
  members.assignments("overrides", header.overrides);
  members.assignments("environment", header.environment);
  members.texts("bugs", header.bugs);
  members.list("expectations", [&](const json::value& item) {
    if (!item.is_object()) return members.wrong("expectations", "a list of {text, line}");
    Members within{item.get_object(), "expectations.", members.problem()};
    HistoryExpectation& expectation = header.expectations.emplace_back();
    within.text("text", expectation.text);
    within.whole("line", expectation.line);
  });
  members.texts("texts", header.texts);
  members.text("target", header.target);
  members.text("binding", header.binding);
  members.choice("clock", clocks, header.clock);
  members.whole("speed", header.speed, std::int64_t{1});
  members.duration("sweep_period_us", header.sweep_period);
  members.whole("client_timeout_ns", header.client_timeout_ns, std::int64_t{0});
  members.texts("faults", header.faults);
  members.whole("orders", header.orders);
  members.flag("finishes", header.finishes);
  members.flag("interleaved", header.interleaved);
  members.object("policy", [&](const Members& policy) { read_policy(policy, header.policy); });
  members.object("tolerances", [&](const Members& tolerances) { read_tolerances(tolerances, header.tolerances); });
  members.object("wall", [&](const Members& wall) { read_wall(wall, header.wall); });
}

}  // namespace

std::string header_line(const HistoryHeader& header) {
  json::array expectations;
  for (const HistoryExpectation& expectation : header.expectations)
    expectations.push_back(json::object{{"text", view(expectation.text)}, {"line", expectation.line}});
  json::object object{{"type", "header"},
                      {"format", view(history_format)},
                      {"dueprocess", view(header.version)},
                      {"scenario", view(header.scenario)},
                      {"description", view(header.description)},
                      {"file", view(header.file)},
                      {"asked_as", view(header.asked_as)},
                      {"seed", header.seed},
                      {"starts", instant(header.starts)},
                      {"ends", instant(header.ends)},
                      {"overrides", assignments(header.overrides)},
                      {"environment", assignments(header.environment)},
                      {"bugs", texts(header.bugs)},
                      {"expectations", std::move(expectations)},
                      {"texts", texts(header.texts)},
                      {"target", view(header.target)},
                      {"binding", view(header.binding)},
                      {"clock", word(clocks, header.clock)},
                      {"speed", header.speed},
                      {"sweep_period_us", us_of(header.sweep_period)},
                      {"client_timeout_ns", header.client_timeout_ns},
                      {"faults", texts(header.faults)},
                      {"orders", header.orders},
                      {"finishes", header.finishes},
                      {"policy", policy_object(header.policy)},
                      {"tolerances", tolerances_object(header.tolerances)}};
  if (header.interleaved) object["interleaved"] = true;
  if (header.clock == HistoryClock::wall) object["wall"] = wall_object(header.wall);
  return json::serialize(object) + "\n";
}

ReadHeader read_header(std::string_view line) {
  ReadHeader read;
  boost::system::error_code error;
  const json::value value = json::parse(view(line), error);
  if (error || !value.is_object()) return read;
  const json::object& object = value.get_object();
  const json::value* type = object.if_contains("type");
  if (!type || !type->is_string() || type->get_string() != "header") return read;
  read.is_header = true;
  std::string format;
  Members members{object, "", read.problem};
  members.text("format", format);
  if (format != history_format)
    read.problem = fmt::format("header: format \"{}\"; this version reads \"{}\"", format, history_format);
  if (read.problem.empty()) read_members(members, read.header);
  return read;
}

}  // namespace dueprocess
