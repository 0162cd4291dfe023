// A file that is there whole or not at all: written beside its place under another name, forced to the disk, renamed.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace dueprocess {

/// Nothing: written. Else what went wrong, in words ("cannot write out/result.json: No space left on device"); then the
/// place is as it was before and no other file is left behind.
std::optional<std::string> write_whole_file(const std::string& path, std::string_view contents);

/// Makes the folder (and those above it) and tries that a file can be made in it, so that a long run does not find out at
/// its end. Nothing: it can.
std::optional<std::string> prepare_folder(const std::string& path);

}  // namespace dueprocess
