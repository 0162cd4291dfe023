// Calendar days in a zone: the same local wall-clock time so many days on.
//
//   spring   02:30 does not exist         read with the offset before the gap: 03:30 summer time
//   autumn   02:30 happens twice          the first
//
// Those are RFC 5545's readings; both come to "local time minus the offset before the change".
//
// Zones are the machine's own; where its database is compiled (as Debian's is) the library reads its listed changes only,
// and these end with the year 2037: after it a zone keeps its winter time.
#pragma once

#include "sim/kernel/time.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace dueprocess {

class CalendarDays {
 public:
  enum class Local : std::uint8_t { unique, nonexistent, ambiguous };
  struct Landing {
    Instant at;
    Local local;     // what the local time reached was
    Instant second;  // ambiguous: its second occurrence; else as `at`
  };

  /// REQUIRES: the zone is in the machine's time zone database.
  explicit CalendarDays(const std::string& zone);
  ~CalendarDays();
  CalendarDays(CalendarDays&&) noexcept;

  /// REQUIRES: days >= 0. No days: the instant itself, whatever its local time.
  Landing add(Instant from, std::int64_t days);
  /// Local time minus UTC at that instant.
  Duration offset_at(Instant);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace dueprocess
