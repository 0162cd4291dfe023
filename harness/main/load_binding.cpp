#include "harness/main/load_binding.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>

#include "harness/main/load.hpp"
#include "harness/main/output.hpp"
#include "scenarios/language/names.hpp"
#include "scenarios/language/read_binding.hpp"

namespace dueprocess {

std::optional<Binding> load_binding(const std::string& given) {
  const std::string name = given.empty() ? "dueprocess" : given;
  std::vector<std::string> folders = scenario_folders();
  for (std::string& folder : folders) folder += "/bindings";
  const ScenarioPlace place = find_scenario(name, folders);
  if (place.path.empty()) {
    std::string text = fmt::format("dueprocess: there is no binding \"{}\"{}\n", name, suggestion(name, place.names));
    for (const std::string& tried : place.tried) text += fmt::format("  tried {}\n", tried);
    print_error(text);
    return std::nullopt;
  }
  ReadBinding read = read_binding_file(place.path);
  std::string mistakes;
  for (const Mistake& mistake : read.mistakes) mistakes += to_string(mistake) + "\n";
  print_error(mistakes);
  if (!read.ok()) return std::nullopt;
  return std::move(read.binding);
}

std::string text_of_this_run() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return fmt::format("{:x}-{:x}", std::chrono::duration_cast<std::chrono::microseconds>(now).count(), getpid());
}

}  // namespace dueprocess
