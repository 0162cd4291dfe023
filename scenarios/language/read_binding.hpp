// Reading a binding: text in, Binding or every mistake at once out. Nothing is printed here and nothing throws on bad input.
#pragma once

#include "scenarios/language/binding.hpp"
#include "scenarios/language/read.hpp"

#include <string>
#include <vector>

namespace dueprocess {

struct ReadBinding {
  Binding binding;  // meaningful only when ok()
  std::vector<Mistake> mistakes;
  bool ok() const;
};

/// `environment`: ${NAME} in values is replaced.
ReadBinding read_binding(const std::string& text, const std::string& file_name, bool environment = true);
/// An unreadable file is a mistake of line 0.
ReadBinding read_binding_file(const std::string& path, bool environment = true);
/// JSON Schema (2020-12), from the same description the reader uses.
std::string binding_schema();

}  // namespace dueprocess
