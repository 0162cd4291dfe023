// dueprocess run --repeat: the same run several times, each with a folder of its own, and what they have in common.

#include <fmt/format.h>

#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include "harness/main/commands.hpp"
#include "harness/main/load.hpp"
#include "harness/main/output.hpp"
#include "reports/json_writer.hpp"

namespace dueprocess {
namespace {

namespace fs = std::filesystem;

/// Which of two ends is told (docs/exit-codes.md): 74, then 3, then what interrupted, then 1, then 2.
int weight_of(ExitCode code) {
  switch (code) {
    case ExitCode::ok:
      return 0;
    case ExitCode::unknown:
      return 1;
    case ExitCode::violated:
      return 2;
    case ExitCode::interrupted:
    case ExitCode::terminated:
      return 3;
    case ExitCode::target_unusable:
      return 4;
    case ExitCode::usage:
    case ExitCode::internal:
    case ExitCode::output:
      return 5;
  }
  return 5;
}

std::string repeats_json(const std::string& scenario, unsigned asked, const std::vector<std::uint64_t>& seeds,
                         const std::vector<ExitCode>& codes) {
  JsonWriter json;
  json.open_object();
  json.key("schema").text("dueprocess/repeats/1");
  json.key("scenario").text(scenario);
  json.key("repeats").number(asked);
  json.key("seeds").open_array();
  for (const std::uint64_t seed : seeds) json.number(seed);
  json.close();
  json.key("exit_codes").open_array();
  for (const ExitCode code : codes) json.number(static_cast<int>(code));
  json.close();
  json.close();
  return json.take();
}

}  // namespace

ExitCode repeat_command(const RunRequest& request, const Composition& composition) {
  const fs::path folder{request.out};
  std::error_code untold;
  if (const fs::path next = folder / std::to_string(request.repeat + 1); fs::exists(next, untold)) {
    print_error(fmt::format("dueprocess: {} is there, of a set with more repeats: give another folder\n", next.string()));
    return ExitCode::usage;
  }
  const std::optional<Loaded> loaded = load(request.scenario);
  if (!loaded) return ExitCode::usage;
  ExitCode worst = ExitCode::ok;
  std::vector<std::uint64_t> seeds;
  std::vector<ExitCode> codes;
  for (unsigned i = 1; i <= request.repeat; ++i) {
    RunRequest one = request;
    one.repeat = 1;
    one.out = (folder / std::to_string(i)).string();
    const std::uint64_t seed = loaded->scenario.seed + (request.next_seeds ? i - 1 : 0);
    if (request.next_seeds) one.scenario.seed = seed;
    const ExitCode code = run_command(one, composition);
    seeds.push_back(seed);
    codes.push_back(code);
    if (weight_of(code) > weight_of(worst)) worst = code;
    if (!write_asked((folder / "repeats.json").string(), repeats_json(loaded->scenario.name, request.repeat, seeds, codes)))
      worst = ExitCode::output;
    if (weight_of(worst) >= weight_of(ExitCode::interrupted)) break;  // the next would fare no better
  }
  return worst;
}

}  // namespace dueprocess
