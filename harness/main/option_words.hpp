// Options that several commands share, as they stand on the command line, and what is made of their words. For the files that
// take words from CLI11: each of them compiles it.
#pragma once

#include <fmt/format.h>

#include <CLI/App.hpp>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/main/command_line.hpp"
#include "scenarios/language/values.hpp"

namespace dueprocess {

inline constexpr unsigned threads_max = 1024;

/// Decimal digits and nothing else: no sign, no octal, no surprise.
template <class Number>
Number whole_number(const std::string& option, const std::string& text, std::uint64_t low, std::uint64_t high) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < low || value > high)
    throw CLI::ValidationError(option, fmt::format("expected a whole number from {} to {}, not \"{}\"", low, high, text));
  return static_cast<Number>(value);
}

inline std::pair<std::string, std::string> assignment(const std::string& text) {
  const std::size_t sign = text.find('=');
  if (sign == std::string::npos || sign == 0)
    throw CLI::ValidationError("--set", fmt::format("expected path=value, such as orders.arrive.rate=50/s, not \"{}\"", text));
  return {text.substr(0, sign), text.substr(sign + 1)};
}

/// Nothing when it was not given.
inline std::optional<Duration> tolerance(const std::string& option, const std::string& text) {
  if (text.empty()) return std::nullopt;
  const Parsed<Duration> parsed = parse_duration(text);
  if (!parsed.ok()) throw CLI::ValidationError(option, parsed.problem);
  if (parsed.value < Duration{0}) throw CLI::ValidationError(option, "must not be negative");
  return parsed.value;
}

/// The words of a scenario as they stand on the command line.
struct ScenarioWords {
  std::string scenario, seed;
  std::vector<std::string> sets, bugs;
  bool strict = false;

  CLI::Option* add_to(CLI::App& command) {
    command.add_option("--set", sets, "change one value of the scenario: path=value; may be given again")
        ->type_name("PATH=VALUE")
        ->allow_extra_args(false);
    command.add_flag("--strict", strict, "broken rows of a replayed file are mistakes, not left out");
    return command.add_option("SCENARIO", scenario, "a scenario file, or the name of a shipped scenario")->type_name("");
  }
  void add_seed_and_bugs(CLI::App& command) {
    command.add_option("--seed", seed, "instead of the scenario's seed")->type_name("N");
    command.add_option("--bug", bugs, "seed this bug in the engine (dueprocess bugs lists them); may be given again")
        ->type_name("ID")
        ->allow_extra_args(false);
  }
  ScenarioRequest request() const {
    ScenarioRequest request;
    request.scenario = scenario;
    for (const std::string& set : sets) request.overrides.push_back(assignment(set));
    if (!seed.empty()) request.seed = whole_number<std::uint64_t>("--seed", seed, 0, UINT64_MAX);
    request.bugs = bugs;
    request.strict = strict;
    return request;
  }
};

/// The options of a live run.
struct LiveWords {
  std::string target, binding, clock, speed, connections, in_flight, ca_file, timeout, lateness_max, password_file;
  bool insecure = false, declared_uploads = false, allow_commands = false;
  std::vector<CLI::Option*> need_target;

  void add_to(CLI::App& command) {
    const auto option = [&](const char* name, std::string& word, const char* what, const char* type) {
      CLI::Option* added = command.add_option(name, word, what)->type_name(type)->group("Live target");
      need_target.push_back(added);
    };
    const auto flag = [&](const char* name, bool& set, const char* what) {
      need_target.push_back(command.add_flag(name, set, what)->group("Live target"));
    };
    option("--target", target, "drive this service instead of the engine in process: http://host[:port][/path] or https://",
           "URL");
    option("--binding", binding, "how it is spoken to: a file, or the name of a shipped one; default: dueprocess", "NAME|FILE");
    option("--clock", clock, "barrier, stamped (both need a test clock) or wall; default: barrier, with --speed wall", "CLOCK");
    option("--speed", speed, "wall: so many times real time; the service's periods are divided likewise", "N");
    option("--connections", connections, "most connections of a thread at a time; default: 64, with wall 256", "N");
    option("--in-flight", in_flight, "wall: most operations of a thread on their way; default: 10000", "N");
    option("--timeout", timeout, "for an answer; default: 30s", "DURATION");
    option("--lateness-max", lateness_max,
           "wall: how late a timer may fire, in real time, unless the binding allows more; default: 500ms", "DURATION");
    option("--ca", ca_file, "certificates to trust instead of the system's (PEM)", "FILE");
    flag("--insecure", insecure, "take any certificate");
    option("--password-file", password_file, "the password of the binding's observer, instead of what the binding says", "FILE");
    flag("--declared-uploads", declared_uploads, "tell the sizes of files and send no bytes, if the binding knows how");
    flag("--allow-commands", allow_commands, "the scenario's faults may run commands on this machine");
  }

  std::optional<LiveRequest> request() const {
    if (target.empty()) {
      for (const CLI::Option* option : need_target)
        if (option->count() > 0) throw CLI::ValidationError(option->get_name(), "only with --target URL");
      return std::nullopt;
    }
    LiveRequest request;
    request.target = target;
    if (!binding.empty()) request.binding = binding;
    if (!speed.empty()) request.speed = whole_number<std::int64_t>("--speed", speed, 1, 1'000'000'000);
    request.clock = !clock.empty() ? clock : speed.empty() ? "barrier" : "wall";
    if (request.clock != "barrier" && request.clock != "stamped" && request.clock != "wall")
      throw CLI::ValidationError("--clock", fmt::format("expected barrier, stamped or wall, not \"{}\"", clock));
    if (!speed.empty() && request.clock != "wall") throw CLI::ValidationError("--speed", "only with --clock wall");
    if (!connections.empty()) request.connections = whole_number<unsigned>("--connections", connections, 1, 100'000);
    if (!in_flight.empty()) request.in_flight = whole_number<unsigned>("--in-flight", in_flight, 1, 1'000'000);
    request.timeout = tolerance("--timeout", timeout).value_or(request.timeout);
    if (request.timeout == Duration{0}) throw CLI::ValidationError("--timeout", "must be longer than nothing");
    if (!lateness_max.empty()) {
      if (request.clock != "wall") throw CLI::ValidationError("--lateness-max", "only with --clock wall");
      request.lateness_max = *tolerance("--lateness-max", lateness_max);
    }
    request.ca_file = ca_file;
    request.insecure = insecure;
    request.password_file = password_file;
    request.declared_uploads = declared_uploads;
    request.allow_commands = allow_commands;
    return request;
  }
};

}  // namespace dueprocess
