#include "harness/main/machine.hpp"

#include <fmt/format.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <string>
#include <thread>

#include "harness/main/version.hpp"
#include "reports/format.hpp"

namespace dueprocess {
namespace {

std::string processor_model() {
  std::ifstream file{"/proc/cpuinfo"};
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with("model name")) continue;
    const std::size_t colon = line.find(": ");
    if (colon != std::string::npos) return line.substr(colon + 2);
  }
  return "unknown";
}

std::string system_text() {
  utsname names{};
  if (uname(&names) != 0) return "unknown";
  return fmt::format("{} {} {}", names.sysname, names.release, names.machine);
}

std::uint64_t memory_bytes() {
  const long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
  return pages > 0 && size > 0 ? static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(size) : 0;
}

}  // namespace

RunRecord record_of_now() {
  RunRecord record;
  record.version = version_number();
  record.compiler = compiler_text();
  record.build_type = build_type_text();
  record.started_at = rfc3339(std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()));
  record.system = system_text();
  record.processor = processor_model();
  record.processors = processors();
  record.memory_bytes = memory_bytes();
  return record;
}

Instant calendar_now() { return std::chrono::floor<Duration>(std::chrono::system_clock::now()); }

Duration Stopwatch::elapsed() const { return std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - started_); }

unsigned processors() { return std::max(1u, std::thread::hardware_concurrency()); }

}  // namespace dueprocess
