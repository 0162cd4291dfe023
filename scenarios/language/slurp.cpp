#include "scenarios/language/slurp.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace dueprocess {

std::string slurp(const std::string& path, std::size_t bytes_max, std::string& out) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) return fmt::format("\"{}\" is a directory", path);
  errno = 0;
  std::ifstream file{path, std::ios::binary};
  const auto why = [] { return errno ? std::strerror(errno) : "it cannot be opened"; };
  if (!file) return fmt::format("cannot read \"{}\": {}", path, why());
  out.clear();
  std::array<char, 1 << 16> buffer;
  while (file.read(buffer.data(), buffer.size()) || file.gcount() > 0) {
    const auto got = static_cast<std::size_t>(file.gcount());
    if (out.size() + got > bytes_max) return fmt::format("\"{}\" is too large: at most {} bytes", path, bytes_max);
    out.append(buffer.data(), got);
  }
  if (file.bad()) return fmt::format("cannot read \"{}\": {}", path, why());
  return {};
}

}  // namespace dueprocess
