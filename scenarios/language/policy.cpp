#include "scenarios/language/parts.hpp"

#include "scenarios/language/names.hpp"

#include <date/tz.h>
#include <fmt/format.h>

namespace dueprocess {
namespace {

const std::vector<std::string>& zone_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> result;
    try {
      const auto& database = date::get_tzdb();
      for (const auto& zone : database.zones) result.push_back(zone.name());
    } catch (const std::exception&) {
      // no zone database on this machine: no zone is known, and the mistake says so
    }
    return result;
  }();
  return names;
}

/// elapsed, or calendar(ZONE).
Inlet days(Policy& policy) {
  return {[&policy](Reading& reading, const Node& node) {
            const auto text = reading.scalar(node, "elapsed, or calendar(Europe/Berlin)");
            if (!text) return;
            if (*text == "elapsed") {
              policy.days = DayRule::elapsed;
              policy.zone.clear();
              return;
            }
            if (!text->starts_with("calendar(") || !text->ends_with(')'))
              return reading.error(node, fmt::format("expected elapsed, or calendar(Europe/Berlin), not \"{}\"", *text));
            const std::string zone{trimmed(std::string_view{*text}.substr(9, text->size() - 10))};
            const std::string problem = zone_problem(zone);
            if (!problem.empty()) return reading.error(node, problem);
            policy.days = DayRule::calendar;
            policy.zone = zone;
          },
          [] { return schema_ref("days"); }};
}

}  // namespace

std::string zone_problem(std::string_view zone) {
  if (zone_names().empty()) return "there is no zone database on this machine (the package tzdata)";
  for (const std::string& known : zone_names())
    if (known == zone) return {};
  std::string near = nearest_name(zone, zone_names());
  return fmt::format("unknown zone \"{}\"{}", zone,
                     near.empty() ? "; zones are named like Europe/Berlin" : fmt::format("; did you mean \"{}\"?", near));
}

Mapping describe(Policy& policy) {
  return Mapping{"the rules in force"}
      .key("review_period", duration(policy.review_period, Sign::not_negative),
           "how long a buyer may review before the order completes by itself", "3d")
      .key("review_anchor",
           one_of({"later", "due_date", "delivery"},
                  [&policy](std::size_t i) { policy.review_anchor = static_cast<ReviewAnchor>(i); }),
           "what the review period is counted from: the later of due date and delivery, or one of them", "later")
      .key("days", days(policy), "24-hour days, or calendar days in a zone", "elapsed")
      .key("max_file_size", size(policy.max_file_size), "the largest single file taken", "5GB")
      .key("extensions_carry_over", flag(policy.extensions_carry_over), "extensions granted lengthen the next review too",
           "false")
      .key("max_modifications", count_or_unlimited(policy.max_modifications, unlimited), "modification requests an order",
           "unlimited")
      .key("extension_min", duration(policy.extension_min, Sign::positive), "the shortest extension that may be asked for", "1us")
      .key("extension_max", duration(policy.extension_max, Sign::positive), "the longest", "10d")
      .key("max_extensions", count_or_unlimited(policy.max_extensions, unlimited), "extensions a review", "unlimited")
      .key("after_deadline",
           one_of({"strict", "until_fired"}, [&policy](std::size_t i) { policy.after_deadline = static_cast<AfterDeadline>(i); }),
           "whether a buyer may still act after the deadline until the timer has really fired", "strict")
      .check([&policy](Reading& reading, const Node& node) {
        if (policy.extension_min > policy.extension_max)
          reading.error(node, fmt::format("extension_min {} is more than extension_max {}", duration_text(policy.extension_min),
                                          duration_text(policy.extension_max)));
      });
}

}  // namespace dueprocess
