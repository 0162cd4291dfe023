// One order's timeline as a picture: a self-contained SVG, readable on light and on dark, time going down.
//
//     instant      axis  review   seller buyer   what
//     10:00:00.0     |             [             place_order  ok  in_progress
//        +1d         :                           (a gap is as long as its duration has digits)
//     10:00:00.0     |    +---+    [             deliver      ok  delivered   D = ...
//                    :    |   |
//     ...            |    | <> |        [        extend_review: D moves from here ...
//                    :    |   |
//     D              |    +-<>+                  ... to here
//
// Not drawn to scale: an order lives for days, and what is interesting happens within a microsecond.
#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "harness/record/timeline.hpp"

namespace dueprocess {

struct TimelinePicture {
  std::string title;
  std::vector<std::pair<Instant, Instant>> downtimes;  // faults: the target was down
  /// The band of uncertainty after a deadline: how late its timer may fire (L). 0: exact.
  Duration lateness_max{0};
};

/// `texts`: the scenario's text table. Whatever the texts hold stays text: they are escaped, and what XML cannot hold is
/// replaced.
std::string timeline_svg(std::span<const TimelineEntry>, const std::vector<std::string>& texts, const TimelinePicture&);

/// Fit for the content and the attributes of XML.
std::string xml_escaped(std::string_view);

}  // namespace dueprocess
