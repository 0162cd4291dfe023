// From a name to a binding: found, read. Problems are told on standard error.
#pragma once

#include <optional>
#include <string>

#include "scenarios/language/binding.hpp"

namespace dueprocess {

/// A path, or the name of a shipped binding; empty: the reference service's. Nothing: what was wrong has been told; the caller
/// ends with ExitCode::usage.
std::optional<Binding> load_binding(const std::string& name);

/// A text that no other run has ({run} of a binding): from the machine's clock and the process.
std::string text_of_this_run();

}  // namespace dueprocess
