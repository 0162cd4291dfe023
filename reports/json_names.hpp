// Names that the result file and its schema share and nothing else has. Append only: they are a contract.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "harness/record/tally.hpp"

namespace dueprocess {

inline constexpr std::string_view result_schema_id = "dueprocess/result/1";

// In the order of the enumerators.
inline constexpr std::array<std::string_view, lateness_bucket_count> json_lateness_buckets{
    "on_time", "under_1s", "under_10s", "under_1min", "under_10min", "over_10min"};
inline constexpr std::array<std::string_view, boundary_count> json_boundaries{
    "at_deadline",      "within_1us_before", "within_1us_after", "within_1ms_before",
    "within_1ms_after", "within_1s_before",  "within_1s_after"};
inline constexpr std::array<std::string_view, 3> json_review_anchors{"later", "due_date", "delivery"};
inline constexpr std::array<std::string_view, 2> json_day_rules{"elapsed", "calendar"};
inline constexpr std::array<std::string_view, 2> json_after_deadlines{"strict", "until_fired"};

/// A plain number of the coverage: its name in the file, its words in the summary.
struct CoverageCount {
  std::string_view name;
  std::uint64_t Coverage::*field;
  std::string_view words;
};
inline constexpr std::array<CoverageCount, 12> json_coverage_counts{{
    {"late_deliveries", &Coverage::late_deliveries, "late deliveries"},
    {"redeliveries", &Coverage::redeliveries, "deliveries of modified work"},
    {"extensions", &Coverage::extensions, "extensions"},
    {"long_extensions", &Coverage::long_extensions, "reviews longer than 2^31 ms"},
    {"key_replays", &Coverage::key_replays, "retries with their key"},
    {"repeats_without_key", &Coverage::repeats_without_key, "repeats without a key"},
    {"dst_reviews", &Coverage::dst_reviews, "reviews over a clock change"},
    {"leap_day_reviews", &Coverage::leap_day_reviews, "reviews over 29 February"},
    {"herd_completions", &Coverage::herd_completions, "auto-completions sharing an instant"},
    {"herd_largest", &Coverage::herd_largest, "most of them at one instant"},
    {"reviews_over_restart", &Coverage::reviews_over_restart, "reviews over a restart"},
    {"deadlines_in_downtime", &Coverage::deadlines_in_downtime, "deadlines in a downtime"},
}};

/// 16 hexadecimal digits: JSON readers that keep numbers as doubles would lose the last bits.
std::string digest_text(std::uint64_t);

}  // namespace dueprocess
