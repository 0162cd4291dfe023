// Bindings for tests, as text.
#pragma once

#include "catch.hpp"
#include "scenarios/language/read_binding.hpp"

#include <string>

namespace dueprocess {

inline Binding binding_of(const std::string& text) {
  ReadBinding read = read_binding(text, "test.yaml", false);
  for (const Mistake& mistake : read.mistakes) UNSCOPED_INFO(to_string(mistake));
  REQUIRE(read.ok());
  return std::move(read.binding);
}

/// A binding with one operation written out; the others that are not needed are unsupported.
inline std::string with_operation(const std::string& kind, const std::string& written, const std::string& rest = "") {
  std::string text = "operations:\n";
  for (unsigned i = 0; i < operation_kind_count; ++i) {
    const std::string name{name_of(static_cast<OperationKind>(i))};
    text += "  " + name + ": " +
            (name == kind       ? written
             : i == 0           ? "POST /orders"
             : name == "upload" ? "POST /files"
                                : "unsupported") +
            "\n";
  }
  return text + (rest.find("answers:") == std::string::npos ? "answers: {id: /id, state: /state, attachment: /file}\n" : "") +
         rest;
}

}  // namespace dueprocess
