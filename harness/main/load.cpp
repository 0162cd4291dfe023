#include "harness/main/load.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <system_error>

#include "harness/main/output.hpp"
#include "scenarios/language/names.hpp"
#include "scenarios/language/read.hpp"

namespace dueprocess {
namespace {

namespace fs = std::filesystem;

std::string added_folder;

bool is_there(const fs::path& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  return fs::exists(status) && !fs::is_directory(status);
}

std::vector<std::string> names_in(const std::vector<std::string>& folders) {
  std::vector<std::string> names;
  for (const std::string& folder : folders) {
    std::error_code error;
    for (fs::directory_iterator entry{folder, error}, end; !error && entry != end; entry.increment(error))
      if (entry->path().extension() == ".yaml") names.push_back(entry->path().stem().string());
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

/// DUEPROCESS_SET_...: read by the language; kept here so that a replay can be asked for with the same.
std::vector<std::pair<std::string, std::string>> environment_overrides() {
  constexpr std::string_view prefix = "DUEPROCESS_SET_";
  std::vector<std::pair<std::string, std::string>> found;
  for (char** each = environ; *each; ++each) {
    const std::string_view variable{*each};
    const std::size_t sign = variable.find('=');
    if (sign == std::string_view::npos || !variable.starts_with(prefix)) continue;
    found.emplace_back(variable.substr(0, sign), variable.substr(sign + 1));
  }
  std::sort(found.begin(), found.end());
  return found;
}

/// The bug, or nothing and a message.
std::optional<Bug> known_bug(const std::string& id) {
  const std::optional<Bug> bug = bug_named(id);
  if (bug) return bug;
  std::vector<std::string> known;
  for (const BugInfo& info : all_bugs()) known.emplace_back(info.id);
  print_error(fmt::format("dueprocess: there is no bug \"{}\"{} (dueprocess bugs lists them)\n", id, suggestion(id, known)));
  return std::nullopt;
}

/// The reader knows the form of a bug's id; which bugs there are, only the engine does.
bool scenario_bugs_exist(const Scenario& scenario) {
  bool good = true;
  for (const std::string& id : scenario.bugs) good = known_bug(id).has_value() && good;
  return good;
}

/// A path given from outside is one as the shell sees it; inside the scenario it would be one beside the scenario file.
std::vector<std::pair<std::string, std::string>> seen_from_here(std::vector<std::pair<std::string, std::string>> overrides) {
  for (auto& [path, value] : overrides)
    if (path.ends_with(".file") && !value.empty()) value = fs::absolute(value).lexically_normal().string();
  return overrides;
}

bool add_bugs(const std::vector<std::string>& ids, Loaded& loaded) {
  bool good = true;
  for (const std::string& id : ids) {
    const std::optional<Bug> bug = known_bug(id);
    if (!bug) {
      good = false;
      continue;
    }
    if (!loaded.bugs.test(static_cast<std::size_t>(*bug))) loaded.settings.bugs.push_back(id);
    loaded.bugs.set(static_cast<std::size_t>(*bug));
  }
  return good;
}

void tell_not_found(const std::string& scenario, const ScenarioPlace& place) {
  const std::string near = nearest_name(scenario, place.names);
  std::string text = fmt::format("dueprocess: there is no scenario \"{}\"{}\n", scenario,
                                 near.empty() ? "" : fmt::format("; did you mean \"{}\"?", near));
  for (const std::string& tried : place.tried) text += fmt::format("  tried {}\n", tried);
  if (!place.names.empty()) text += fmt::format("  shipped: {}\n", fmt::join(place.names, ", "));
  print_error(text);
}

}  // namespace

ScenarioPlace find_scenario(const std::string& scenario, const std::vector<std::string>& folders) {
  ScenarioPlace place;
  const auto try_path = [&](const std::string& path) {
    place.tried.push_back(path);
    if (is_there(path)) place.path = path;
    return !place.path.empty();
  };
  if (try_path(scenario)) return place;
  place.names = names_in(folders);
  if (scenario.empty() || scenario.find('/') != std::string::npos) return place;  // a path, not a name
  const std::string file = scenario.ends_with(".yaml") ? scenario : scenario + ".yaml";
  for (const std::string& folder : folders)
    if (try_path(folder + "/" + file)) return place;
  return place;
}

std::vector<std::string> scenario_folders() {
  std::vector<std::string> folders{"scenarios/library"};
  // An installation may have been moved as a whole, so it is looked for beside the binary first.
  std::error_code error;
  const fs::path self = fs::read_symlink("/proc/self/exe", error);
  if (!error)
    folders.push_back((self.parent_path().parent_path() / DUEPROCESS_DATA_FOLDER / "scenarios").lexically_normal().string());
  folders.emplace_back(DUEPROCESS_INSTALLED_DATA_FOLDER "/scenarios");
  if (folders.size() == 3 && folders[1] == folders[2]) folders.pop_back();
  // A binary still in its build folder is used from anywhere with the scenarios of its own tree.
  for (fs::path folder = self.parent_path(); !folder.empty() && folder != folder.root_path(); folder = folder.parent_path())
    if (const fs::path library = folder / "scenarios/library"; fs::is_directory(library, error)) {
      folders.push_back(library.string());
      break;
    }
  if (!added_folder.empty()) folders.push_back(added_folder);
  return folders;
}

void add_scenario_folder(std::string folder) { added_folder = std::move(folder); }

std::optional<Loaded> load(const ScenarioRequest& request) {
  Loaded loaded;
  loaded.settings.scenario = request.scenario;
  loaded.settings.overrides = request.overrides;
  loaded.settings.environment = environment_overrides();
  const bool bugs_known = add_bugs(request.bugs, loaded);

  const ScenarioPlace place = find_scenario(request.scenario, scenario_folders());
  if (place.path.empty()) {
    tell_not_found(request.scenario, place);
    return std::nullopt;
  }
  ReadOptions options;
  options.overrides = seen_from_here(request.overrides);
  options.strict = request.strict;
  ReadResult read = read_scenario_file(place.path, options);
  std::string mistakes;
  for (const Mistake& mistake : read.mistakes) mistakes += to_string(mistake) + "\n";
  print_error(mistakes);
  const bool good = read.ok() && scenario_bugs_exist(read.scenario);
  if (!good || !bugs_known) return std::nullopt;

  loaded.scenario = std::move(read.scenario);
  if (request.seed) loaded.scenario.seed = *request.seed;
  return loaded;
}

}  // namespace dueprocess
