#include "harness/service/real_time.hpp"

#include <fmt/format.h>

namespace dueprocess::service {

Instant real_time() { return std::chrono::floor<Duration>(std::chrono::system_clock::now()); }

std::string http_date(Instant t) {
  constexpr std::string_view days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::string_view months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto date = std::chrono::floor<std::chrono::days>(t);
  const std::chrono::year_month_day day{date};
  const std::chrono::hh_mm_ss time{std::chrono::floor<std::chrono::seconds>(t - date)};
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", days[std::chrono::weekday{date}.c_encoding()],
                     static_cast<unsigned>(day.day()), months[static_cast<unsigned>(day.month()) - 1],
                     static_cast<int>(day.year()), time.hours().count(), time.minutes().count(), time.seconds().count());
}

}  // namespace dueprocess::service
