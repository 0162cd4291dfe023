// What the desk writes down so that nothing answered is lost. The desk writes entries in order; an answer is given once its
// entry is kept.
#pragma once

#include <cstdint>
#include <string_view>

namespace dueprocess::service {

class Journal {
 public:
  virtual ~Journal() = default;
  /// Called under the desk's lock. Gives the entry's position: 1, 2, ... `seen`: the feed's length after it.
  virtual std::uint64_t write(std::string_view entry, std::uint32_t seen) = 0;
  /// Everything up to this position is kept. Any thread.
  virtual std::uint64_t kept() const = 0;
  /// The feed's length that is kept: what may be shown. Any thread.
  virtual std::uint32_t kept_seen() const = 0;
};

}  // namespace dueprocess::service
