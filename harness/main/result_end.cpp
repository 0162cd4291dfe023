#include "harness/main/result_end.hpp"

#include <signal.h>
#include <unistd.h>

#include <filesystem>

#include "harness/main/interrupt.hpp"
#include "harness/main/output.hpp"
#include "reports/atomic_file.hpp"

namespace dueprocess {
namespace {

ExitCode code_of(const Result& result) {
  if (result.run.live && !result.run.live->problem.empty()) return ExitCode::target_unusable;
  if (result.run.interrupted) return InterruptWatch::signal() == SIGTERM ? ExitCode::terminated : ExitCode::interrupted;
  switch (result.verdict) {
    case RunVerdict::ok:
      return ExitCode::ok;
    case RunVerdict::violated:
      return ExitCode::violated;
    case RunVerdict::unknown:
      return ExitCode::unknown;
  }
  return ExitCode::internal;
}

}  // namespace

bool prepare(const ResultPlace& place) {
  if (place.out.empty()) return true;
  const auto problem = prepare_folder(place.out);
  if (problem) print_error("dueprocess: " + *problem + "\n");
  return !problem;
}

ExitCode end_with(const Result& result, const ResultPlace& place, bool all_written) {
  std::string written;
  if (!place.out.empty()) {
    written = (std::filesystem::path{place.out} / "result.json").string();
    if (!write_asked(written, result_json(result))) {
      all_written = false;
      written.clear();
    }
  }
  // Shown even when the file could not be written: the run may have taken long.
  all_written = print_out(summary_text(result, place.summary, written, style_of(STDOUT_FILENO, place.colour))) && all_written;
  return all_written ? code_of(result) : ExitCode::output;
}

}  // namespace dueprocess
