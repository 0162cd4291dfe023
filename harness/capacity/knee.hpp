// The knee of a curve of rate against response time: where the power, rate / response time, is greatest (Kleinrock, "Power and
// deterministic rules of thumb for probabilistic problems in computer communications", ICC 1979). It is where a line from the
// origin touches the curve: below it more load costs less than its share, above it more. Unlike the rules that look for the
// sharpest bend it does not depend on how far the curve was measured. For M/M/1 it is half of the service rate.
#pragma once

#include <optional>
#include <span>

namespace dueprocess::capacity {

struct CurvePoint {
  double rate = 0;      // a second
  double response = 0;  // seconds, or anything else that grows with the load
};

struct Knee {
  double rate = 0, response = 0;
  bool inside = false;  // points on both sides of it: else it lies beyond what was measured
};
/// Of several points at one rate their mean counts. Between three points round the greatest the power is taken to be a parabola
/// of the rate. Nothing: fewer than three rates, or a response time that is not positive.
std::optional<Knee> knee_of(std::span<const CurvePoint>);

}  // namespace dueprocess::capacity
