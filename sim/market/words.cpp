#include "sim/market/words.hpp"

#include <array>
#include <cstdio>

namespace dueprocess {

std::string in_words(Instant at) {
  if (at == never) return "none";
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{at - day};
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), static_cast<int>(time.hours().count()),
                static_cast<int>(time.minutes().count()), static_cast<int>(time.seconds().count()));
  std::string words = text.data();
  if (const auto fraction = time.subseconds().count(); fraction != 0) {
    std::snprintf(text.data(), text.size(), ".%06d", static_cast<int>(fraction));
    words += text.data();
  }
  return words + "Z";
}

std::string money_in_words(std::int64_t cents) {
  std::array<char, 32> text{};
  const unsigned long long size =
      cents < 0 ? 0ull - static_cast<unsigned long long>(cents) : static_cast<unsigned long long>(cents);
  std::snprintf(text.data(), text.size(), "%s%llu.%02llu", cents < 0 ? "-" : "", size / 100, size % 100);
  return text.data();
}

}  // namespace dueprocess
