// The nearest right name for a wrong one.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dueprocess {

/// Edits (insert, delete, replace, swap of neighbours) from one word to the other.
std::size_t edit_distance(std::string_view, std::string_view);
/// The candidate that is few edits away, or has the word as one of its parts; empty: none is near.
std::string nearest_name(std::string_view word, std::span<const std::string> candidates);
/// `; did you mean "late"?`, or what there is where nothing is near and the list is short, or nothing.
std::string suggestion(std::string_view word, std::span<const std::string> candidates);

}  // namespace dueprocess
