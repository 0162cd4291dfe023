#include "reports/compare/measured.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <filesystem>

#include "reports/compare/statistics.hpp"
#include "scenarios/language/slurp.hpp"

namespace dueprocess {
namespace {

namespace json = boost::json;
namespace fs = std::filesystem;

constexpr std::size_t result_file_max = 256u << 20;

/// Every value that holds no other, by its pointer.
void flatten(const json::value& value, const std::string& at, std::map<std::string, std::string, std::less<>>& to) {
  if (const auto* object = value.if_object(); object && !object->empty()) {
    for (const auto& [key, member] : *object) flatten(member, at + "/" + std::string{key}, to);
  } else if (const auto* array = value.if_array(); array && !array->empty()) {
    for (std::size_t i = 0; i < array->size(); ++i) flatten((*array)[i], at + "/" + std::to_string(i), to);
  } else {
    to[at] = value.is_string() ? std::string{value.as_string()} : json::serialize(value);
  }
}

std::string text_at(const json::value& root, std::string_view pointer) {
  json::error_code error;
  const json::value* found = root.find_pointer(pointer, error);
  return found && found->is_string() ? std::string{found->as_string()} : std::string{};
}

std::optional<double> number_at(const json::value& root, std::string_view pointer) {
  json::error_code error;
  const json::value* found = root.find_pointer(pointer, error);
  if (!found || !found->is_number()) return std::nullopt;
  return found->to_number<double>(error);
}

std::vector<std::string> texts_at(const json::value& root, std::string_view pointer) {
  std::vector<std::string> texts;
  json::error_code error;
  const json::value* found = root.find_pointer(pointer, error);
  if (found && found->is_array())
    for (const json::value& each : found->get_array())
      if (each.is_string()) texts.emplace_back(each.get_string());
  return texts;
}

/// "1+1203 0123456789abcdef"
std::optional<OrdersDigest> cell_of(const std::string& text) {
  OrdersDigest cell;
  const std::size_t plus = text.find('+'), space = text.find(' ');
  if (plus == std::string::npos || space == std::string::npos || plus > space) return std::nullopt;
  const auto number = [&](std::size_t from, std::size_t to, std::uint64_t& into) {
    for (std::size_t i = from; i < to; ++i) {
      if (text[i] < '0' || text[i] > '9') return false;
      into = into * 10 + static_cast<std::uint64_t>(text[i] - '0');
    }
    return to > from && to - from < 19;
  };
  if (!number(0, plus, cell.first) || !number(plus + 1, space, cell.orders)) return std::nullopt;
  cell.digest = text.substr(space + 1);
  return cell;
}

void take_figures(const json::value& root, Measured& measured) {
  const auto nothing_counted = [&](std::string_view member) {  // a quantile of nothing is no figure
    const std::size_t slash = member.rfind('/');
    const auto count = number_at(root, std::string{member.substr(0, slash)} + "/count");
    return count && *count == 0;
  };
  for (const Figure& figure : all_figures())
    if (const auto value = number_at(root, figure.member); value && (!figure.chance || !nothing_counted(figure.member)))
      measured.figures[std::string{figure.name}] = *value;
  const auto requests = number_at(root, "/run/live/requests"), load_s = number_at(root, "/run/live/load_s");
  if (requests && load_s && *load_s > 0) measured.figures["http.requests_per_second"] = *requests / *load_s;
  const auto user = number_at(root, "/run/cpu_user_s"), system = number_at(root, "/run/cpu_system_s");
  if (user && system) measured.figures["run.cpu"] = *user + *system;
}

}  // namespace

const std::vector<Figure>& all_figures() {
  using enum FigureUnit;
  constexpr auto lower = Wanted::lower, higher = Wanted::higher;
  // Those without chance first: what they say weighs more. `usual` are few, as every one more asks for more repeats.
  static const std::vector<Figure> figures{
      {"violations", "/violations/total", count, lower, false, true, false},
      {"orders.violated", "/orders/judged_violated", count, lower, false, true, false},
      {"cases.failed", "/cases/failed", count, lower, false, true, false},
      {"auto_complete.early", "/auto_complete/early", count, lower, false, true, false},
      {"orders.unknown", "/orders/judged_unknown", count, lower, true, true, false},
      {"auto_complete.lateness p50", "/auto_complete/lateness_us/p50", microseconds, lower, true, false, false},
      {"auto_complete.lateness p99", "/auto_complete/lateness_us/p99", microseconds, lower, true, true, false},
      {"auto_complete.lateness p99.9", "/auto_complete/lateness_us/p999", microseconds, lower, true, false, false},
      {"auto_complete.lateness max", "/auto_complete/lateness_us/max", microseconds, lower, true, false, false},
      {"http.response_time p50", "/run/live/response_ns/p50", nanoseconds, lower, true, true, true},
      {"http.response_time p90", "/run/live/response_ns/p90", nanoseconds, lower, true, false, true},
      {"http.response_time p99", "/run/live/response_ns/p99", nanoseconds, lower, true, true, true},
      {"http.response_time p99.9", "/run/live/response_ns/p999", nanoseconds, lower, true, false, true},
      {"http.response_time max", "/run/live/response_ns/max", nanoseconds, lower, true, false, true},
      {"http.service_time p50", "/run/live/service_ns/p50", nanoseconds, lower, true, false, true},
      {"http.service_time p90", "/run/live/service_ns/p90", nanoseconds, lower, true, false, true},
      {"http.service_time p99", "/run/live/service_ns/p99", nanoseconds, lower, true, false, true},
      {"http.service_time p99.9", "/run/live/service_ns/p999", nanoseconds, lower, true, false, true},
      {"http.requests_per_second", "", per_second, higher, true, false, true},
      {"run.wall", "/run/wall_s", seconds, lower, true, false, false},
      {"run.cpu", "", seconds, lower, true, false, false},
      {"run.memory_peak", "/run/memory_peak_bytes", bytes, lower, true, false, false},
      {"run.orders_per_second", "/run/orders_per_s", per_second, higher, true, false, false},
  };
  return figures;
}

const Figure* figure_named(std::string_view name) {
  const auto& all = all_figures();
  const auto found = std::find_if(all.begin(), all.end(), [&](const Figure& figure) { return figure.name == name; });
  return found == all.end() ? nullptr : &*found;
}

std::optional<Measured> read_measured(std::string_view text, const std::string& file, std::string& problem) {
  json::error_code error;
  const json::value root = json::parse({text.data(), text.size()}, error);
  if (error || !root.is_object() || text_at(root, "/schema") != "dueprocess/result/1") {
    problem = error ? fmt::format("{} is not JSON: {}", file, error.message())
                    : fmt::format("{} is no result of dueprocess run (schema dueprocess/result/1)", file);
    return std::nullopt;
  }
  Measured measured;
  measured.file = file;
  measured.scenario = text_at(root, "/scenario");
  measured.asked_as = text_at(root, "/settings/scenario");
  measured.starts = text_at(root, "/settings/starts");
  measured.ends = text_at(root, "/settings/ends");
  json::error_code none;
  if (const json::value* seed = root.find_pointer("/seed", none); seed && seed->is_number())
    measured.seed = seed->to_number<std::uint64_t>(none);
  for (const std::string& set : texts_at(root, "/settings/overrides"))
    measured.overrides.emplace_back(set.substr(0, set.find('=')), set.substr(std::min(set.find('=') + 1, set.size())));
  measured.environment = texts_at(root, "/settings/environment");
  measured.bugs = texts_at(root, "/settings/bugs");
  measured.verdict = text_at(root, "/verdict");
  measured.digest = text_at(root, "/digest");
  measured.version = text_at(root, "/run/version");
  measured.target = text_at(root, "/run/live/target");
  measured.clock = text_at(root, "/run/live/clock");
  measured.exact = measured.clock != "wall";
  const json::value* interrupted = root.find_pointer("/run/interrupted", none);
  measured.interrupted = interrupted && interrupted->is_bool() && interrupted->get_bool();
  for (const std::string& each : texts_at(root, "/run/cell_digests"))
    if (auto cell = cell_of(each)) measured.cells.push_back(std::move(*cell));
  for (const auto& [key, member] : root.get_object()) {
    if (key == "policy") flatten(member, {}, measured.policy);
    // How it was asked for, and the machine and the moment, may differ; the commands in it say how it was asked for.
    if (key != "run" && key != "settings" && key != "policy" && key != "history")
      flatten(member, "/" + std::string{key}, measured.members);
  }
  std::erase_if(measured.members, [](const auto& member) { return member.first.ends_with("/replay"); });
  take_figures(root, measured);
  return measured;
}

std::vector<Measured> read_measured_set(const std::string& path, std::string& problem) {
  std::vector<std::string> files;
  std::error_code untold;
  if (!fs::is_directory(path, untold)) {
    files.push_back(path);
  } else {
    for (std::size_t i = 1; i <= repeats_max + 1; ++i) {
      const fs::path file = fs::path{path} / std::to_string(i) / "result.json";
      if (!fs::exists(file, untold)) break;
      files.push_back(file.string());
    }
    if (files.empty() && fs::exists(fs::path{path} / "result.json", untold))
      files.push_back((fs::path{path} / "result.json").string());
    if (files.empty()) problem = fmt::format("{}: neither 1/result.json (run --repeat) nor result.json is in it", path);
    if (files.size() > repeats_max) problem = fmt::format("{}: more than {} repeats", path, repeats_max);
  }
  std::vector<Measured> set;
  for (const std::string& file : files) {
    std::string text;
    if (problem.empty()) problem = slurp(file, result_file_max, text);
    if (!problem.empty()) return {};
    auto measured = read_measured(text, file, problem);
    if (!measured) return {};
    set.push_back(std::move(*measured));
  }
  return set;
}

}  // namespace dueprocess
