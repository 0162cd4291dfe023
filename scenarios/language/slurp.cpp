#include "scenarios/language/slurp.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>

namespace dueprocess {

std::string slurp(const std::string& path, std::size_t bytes_max, std::string& out) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) return fmt::format("\"{}\" is a directory", path);
  errno = 0;
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file{std::fopen(path.c_str(), "rb"),
                                                             [](std::FILE* open) { return std::fclose(open); }};
  if (!file) return fmt::format("cannot read \"{}\": {}", path, std::strerror(errno));
  out.clear();
  char buffer[1 << 16];
  while (const std::size_t got = std::fread(buffer, 1, sizeof buffer, file.get())) {
    if (out.size() + got > bytes_max) return fmt::format("\"{}\" is too large: at most {} bytes", path, bytes_max);
    out.append(buffer, got);
  }
  if (std::ferror(file.get())) return fmt::format("cannot read \"{}\": {}", path, std::strerror(errno));
  return {};
}

}  // namespace dueprocess
