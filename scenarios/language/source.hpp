// A scenario's text before YAML: is it text at all, and the one form that plain YAML cannot say.
//
//   decides_at: deadline + {uniform: [-2ms, 2ms]}     as people write it
//   decides_at: {deadline: {uniform: [-2ms, 2ms]}}    as YAML needs it: equally long but for the last brace
#pragma once

#include "scenarios/language/node.hpp"

namespace dueprocess {

class Source {
 public:
  explicit Source(std::string_view text);
  /// For YAML to read.
  const std::string& text() const { return rewritten_; }
  /// Where an offset of text() lies in the text as given; columns count characters.
  Place place(std::size_t offset) const;
  /// Bytes and characters that no scenario may have: NUL and other control characters, bytes that are not UTF-8, tabs as
  /// indentation.
  std::vector<TreeProblem> problems(std::size_t at_most) const;

 private:
  void rewrite_moments();
  Place original_place(std::size_t offset) const;

  std::string_view given_;
  std::string rewritten_;
  std::vector<std::size_t> inserted_;  // offsets in rewritten_ of braces that are not in given_
  std::vector<std::size_t> lines_;     // where each line of given_ begins
};

/// How many bytes of `text` at `at` are one character of UTF-8; 0: they are none.
std::size_t character_size(std::string_view text, std::size_t at);

}  // namespace dueprocess
