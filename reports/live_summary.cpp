#include "reports/live_summary.hpp"

#include <fmt/format.h>

#include "reports/format.hpp"

namespace dueprocess {
namespace {

std::string microseconds(std::int64_t ns) { return human_duration(Duration{ns / 1000}); }

std::string times(const Histogram& ns) {
  return fmt::format("p50={}  p90={}  p99={}  p99.9={}  max={}", microseconds(ns.quantile(500'000)),
                     microseconds(ns.quantile(900'000)), microseconds(ns.quantile(990'000)), microseconds(ns.quantile(999'000)),
                     microseconds(ns.max()));
}

std::string spread(const Histogram& us) {
  return fmt::format("p50={}  p99={}  max={}", human_duration(Duration{us.quantile(500'000)}),
                     human_duration(Duration{us.quantile(990'000)}), human_duration(Duration{us.max()}));
}

std::string failures_in_words(const LiveTally& tally) {
  std::string words;
  for (unsigned i = 1; i < failure_count; ++i)
    if (tally.failures[i] > 0)
      words += fmt::format("{}{} {}", words.empty() ? "" : ", ", thousands(tally.failures[i]), name_of(static_cast<Failure>(i)));
  return words.empty() ? "none" : words;
}

std::string reasons_in_words(const LiveTally& tally) {
  std::string words;
  for (unsigned i = 0; i < tally.unknown_because.size(); ++i)
    if (tally.unknown_because[i] > 0)
      words += fmt::format("{}{} {}", words.empty() ? "" : ", ", thousands(tally.unknown_because[i]),
                           name_of(static_cast<UnknownReason>(i)));
  return words;
}

/// REQUIRES: the offset is known.
std::string clock_in_words(const LiveTally& tally) {
  const std::int64_t low = tally.offset_low_us, high = tally.offset_high_us, mid = low + (high - low) / 2;
  const std::string where =
      low <= 0 && high >= 0
          ? "as this machine's"
          : fmt::format("{} {} this machine's", human_duration(Duration{mid < 0 ? -mid : mid}), mid < 0 ? "behind" : "ahead of");
  return fmt::format("{}, known to {}{}", where, human_duration(Duration{high - low}),
                     tally.clock_steps > 0 ? fmt::format(", set {} times", tally.clock_steps) : "");
}

}  // namespace

std::vector<std::pair<std::string, std::string>> live_lines(const Result& result) {
  const LiveRecord& live = *result.run.live;
  const LiveTally& tally = result.tally.live;
  std::vector<std::pair<std::string, std::string>> lines;
  const auto add = [&](std::string name, std::string value) { lines.emplace_back(std::move(name), std::move(value)); };
  const bool wall = live.clock == "wall";
  add("target", live.target);
  add("clock", wall ? fmt::format("wall, {} times real time", thousands(static_cast<std::uint64_t>(live.speed))) : live.clock);
  if (!live.problem.empty()) add("it ended early", live.problem);
  const double seconds = live.load_s;
  add("requests", fmt::format("{}  {}, {}, {} sent again", thousands(tally.requests),
                              human_rate(seconds > 0 ? static_cast<double>(tally.requests) / seconds : 0),
                              counted(tally.connections, "connection"), thousands(tally.retries)));
  add("failures", failures_in_words(tally));
  add("service time", times(tally.service_ns));
  if (wall) {
    add("response time", times(tally.response_ns));
    add("sent late by", times(tally.send_error_ns));
    add("generator",
        fmt::format("{:.0f}% of its threads' time{}", live.cpu_ppm / 1e4,
                    live.saturated ? ": AT ITS LIMIT, so these figures are the generator's, not the service's" : ""));
    if (tally.offset_low_us > INT64_MIN / 4 && tally.offset_high_us < INT64_MAX / 4)
      add("service's clock", clock_in_words(tally));
    if (tally.resolution_us.count() > 0) {
      add("auto-complete late by at most", spread(tally.lateness_high_us));
      add("earliness or lateness seen from", spread(tally.resolution_us));
    }
    add("reads at deadlines",
        fmt::format("{}{}", thousands(tally.reads_at_deadlines),
                    live.reviews_unread > 0 ? fmt::format("; {} reviews went without", thousands(live.reviews_unread)) : ""));
    if (live.cases_not_played > 0)
      add("cases not played", fmt::format("{}: they need a virtual clock", thousands(live.cases_not_played)));
    if (const std::string reasons = reasons_in_words(tally); !reasons.empty()) add("unknown because", reasons);
  }
  for (const FaultRecord& fault : live.faults)
    add("fault", fmt::format("{}{}", fault.what,
                             fault.command_failed ? ": failed"
                             : fault.is_command   ? ""
                                                  : fmt::format(": struck {}", thousands(fault.struck))));
  return lines;
}

}  // namespace dueprocess
