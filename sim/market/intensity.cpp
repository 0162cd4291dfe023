#include "sim/market/intensity.hpp"

#include <algorithm>

namespace dueprocess {

Intensity::Intensity(const std::vector<IntensitySegment>& segments, Instant starts) {
  for (const IntensitySegment& segment : segments) {
    const std::int64_t length = us_of(segment.to) - us_of(segment.from);
    const double mass = length > 0 ? segment.weight * static_cast<double>(length) : segment.weight;
    if (!(mass > 0)) continue;
    pieces_.push_back({total_, static_cast<double>(length) / mass, us_of(segment.from), us_of(segment.to)});
    total_ += mass;
  }
  if (pieces_.empty()) {
    const std::int64_t at = us_of(segments.empty() ? starts : segments.front().from);
    pieces_.push_back({0, 0, at, at});
    total_ = 1;
  }
  guide_.resize(pieces_.size());
  std::uint32_t piece = 0;
  for (std::size_t i = 0; i < guide_.size(); ++i) {
    const double mass = static_cast<double>(i) / static_cast<double>(guide_.size()) * total_;
    while (piece + 1 < pieces_.size() && pieces_[piece + 1].mass_before <= mass) ++piece;
    guide_[i] = piece > 0 ? piece - 1 : 0;  // one back: rounding must not begin too far on
  }
}

Instant Intensity::quantile(double share) const {
  const double mass = share * total_;
  const double cell = share * static_cast<double>(guide_.size());
  std::size_t piece = guide_[std::min(static_cast<std::size_t>(cell), guide_.size() - 1)];
  while (piece + 1 < pieces_.size() && pieces_[piece + 1].mass_before <= mass) ++piece;
  const Piece& at = pieces_[piece];
  if (at.to <= at.from) return instant_at(at.from);
  const auto offset = static_cast<std::int64_t>((mass - at.mass_before) * at.length_per_mass + 0.5);
  return instant_at(std::clamp(at.from + offset, at.from, at.to - 1));  // segments are half-open
}

}  // namespace dueprocess
