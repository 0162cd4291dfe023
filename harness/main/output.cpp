#include "harness/main/output.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "reports/atomic_file.hpp"

namespace dueprocess {
namespace {

/// 0, or errno. Not through stdio: what it buffers fails later, when nobody looks.
int write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

}  // namespace

bool print_out(std::string_view text) {
  const int error = write_all(STDOUT_FILENO, text);
  if (error == 0 || error == EPIPE) return true;
  print_error(fmt::format("dueprocess: cannot write to standard output: {}\n", std::generic_category().message(error)));
  return false;
}

void print_error(std::string_view text) { write_all(STDERR_FILENO, text); }

bool write_asked(const std::string& path, std::string_view text) {
  if (path.empty()) return true;
  const auto problem = write_whole_file(path, text);
  if (problem) print_error("dueprocess: " + *problem + "\n");
  return !problem;
}

bool write_or_print(const std::string& path, std::string_view text) {
  return path == "-" ? print_out(text) : write_asked(path, text);
}

}  // namespace dueprocess
