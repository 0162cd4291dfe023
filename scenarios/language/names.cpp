#include "scenarios/language/names.hpp"

#include <algorithm>

namespace dueprocess {
namespace {

constexpr std::size_t word_max = 64;    // longer ones are nobody's typing error
constexpr std::size_t listed_max = 16;  // so many names are still read by a person

std::string lower(std::string_view text) {
  std::string result{text};
  for (char& c : result)
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c - 'A' + 'a');
    else if (c == '-' || c == ' ')
      c = '_';
  return result;
}

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] != b[j - 1])});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before.swap(last);
    last.swap(row);
  }
  return last[b.size()];
}

std::string nearest_name(std::string_view word, std::span<const std::string> candidates) {
  if (word.empty() || word.size() > word_max) return {};
  const std::string wanted = lower(word);
  const std::string* best = nullptr;
  const std::string* part = nullptr;  // a name that the word is a part of, or the other way round: only where nothing is near
  std::size_t best_distance = std::max<std::size_t>(1, wanted.size() / 3) + 1;
  for (const std::string& candidate : candidates) {
    const std::string name = lower(candidate);
    const std::size_t distance = edit_distance(wanted, name);
    if (distance < best_distance) {
      best_distance = distance;
      best = &candidate;
    }
    const bool within = name.find(wanted) != std::string::npos || (name.size() >= 3 && wanted.find(name) != std::string::npos);
    if (within && wanted.size() >= 3 && part == nullptr) part = &candidate;
  }
  if (best == nullptr) best = part;
  return best ? *best : std::string{};
}

std::string suggestion(std::string_view word, std::span<const std::string> candidates) {
  if (const std::string near = nearest_name(word, candidates); !near.empty()) return "; did you mean \"" + near + "\"?";
  if (candidates.empty() || candidates.size() > listed_max) return {};
  std::string text = candidates.size() == 1 ? "; there is only " : "; there are ";
  for (std::size_t i = 0; i < candidates.size(); ++i) text += (i ? ", " : "") + candidates[i];
  return text;
}

}  // namespace dueprocess
