#include "scenarios/language/faults.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

namespace dueprocess {
namespace {

constexpr std::size_t faults_max = 1000;
constexpr std::int64_t delay_max_us = 3'600'000'000;           // an hour of real time
constexpr std::int64_t after_max = 1'000'000'000;              // bytes
constexpr Duration time_limit_max = std::chrono::minutes{10};  // real time

/// "64kB/s".
Inlet bytes_per_second(std::int64_t& out) {
  return {
      [&out](Reading& reading, const Node& node) {
        const auto text = reading.scalar(node, "a rate such as 64kB/s");
        if (!text) return;
        const std::string_view whole = trimmed(*text);
        if (!whole.ends_with("/s"))
          return reading.error(node, fmt::format("\"{}\" is not a rate of bytes: expected one such as 64kB/s", *text));
        const auto size = parse_size(whole.substr(0, whole.size() - 2));
        if (!size.ok()) return reading.error(node, size.problem);
        if (size.value == 0) return reading.error(node, "at 0 bytes a second nothing ever comes: that is a black_hole");
        out = size.value;
      },
      [] {
        return schema_any({R"({"type":"string","pattern":"^[0-9][0-9_]*(\\.[0-9]+)?(B|kB|MB|GB|TB|KiB|MiB|GiB|TiB)?\\s*/s$"})",
                           schema_ref("variable")});
      }};
}

Inlet kind_of(FaultText& fault) {
  std::vector<std::string> words;
  for (unsigned kind = 0; kind < static_cast<unsigned>(FaultKind::command); ++kind)
    words.emplace_back(name_of(static_cast<FaultKind>(kind)));
  return one_of(std::move(words), [&fault](std::size_t i) { fault.kind = static_cast<FaultKind>(i); });
}

/// Who has a key, by the kinds that do.
struct KeyOf {
  const char* key;
  std::vector<FaultKind> kinds;
  bool needed = false;
};
const std::vector<KeyOf>& keys_of_kinds() {
  using enum FaultKind;
  static const std::vector<KeyOf> keys{
      {"of", {delay, throttle, cut, reset, truncate, black_hole}},
      {"share", {delay, throttle, cut, reset, truncate, black_hole, duplicate}},
      {"for", {delay, throttle, cut, reset, truncate, black_hole, duplicate}},
      {"by", {delay}, true},
      {"rate", {throttle}, true},
      {"after", {cut, reset, truncate}},
      {"at", {delay, throttle, cut, reset, truncate, black_hole, duplicate, command}},
      {"down_for", {command}},
      {"recovers_within", {command}},
      {"time_limit", {command}},
  };
  return keys;
}

std::string list_of(const std::vector<FaultKind>& kinds) {
  std::string text;
  for (std::size_t i = 0; i < kinds.size(); ++i)
    text += fmt::format("{}{}", i == 0 ? "" : i + 1 == kinds.size() ? " and " : ", ", name_of(kinds[i]));
  return text;
}

void check_keys(Reading& reading, const FaultText& fault, const Node& node, FaultKind kind) {
  for (const KeyOf& key : keys_of_kinds()) {
    const Node* const given = node.find(key.key);
    const bool has = std::ranges::find(key.kinds, kind) != key.kinds.end();
    if (given && !has)
      reading.error(*given, fmt::format("a {} has no `{}`; {} {}", name_of(kind), key.key, list_of(key.kinds),
                                        key.kinds.size() == 1 ? "has" : "have"));
    if (!given && has && key.needed) reading.error(node, fmt::format("a {} needs `{}`", name_of(kind), key.key));
  }
  if (kind == FaultKind::command) {
    if (!node.find("at")) reading.error(node, "when? A command needs `at`");
    if (node.find("command")->is_scalar() && trimmed(fault.plan.command).empty())
      reading.error(*node.find("command"), "an empty command");
    return;
  }
  if (node.find("for") && !node.find("at"))
    reading.error(*node.find("for"), "from when on? Give `at`; without both, it is the whole run");
  const bool may_be_momentary = kind == FaultKind::cut || kind == FaultKind::reset || kind == FaultKind::truncate;
  if (node.find("at") && !node.find("for") && !may_be_momentary)
    reading.error(node, fmt::format("how long? A {} at an instant needs `for`", name_of(kind)));
  if (node.find("at") && !node.find("for") && node.find("share"))
    reading.error(*node.find("share"), "without `for` it strikes every connection that is open at that instant: no share");
}

Mapping describe_fault(FaultText& fault) {
  FaultPlan& plan = fault.plan;
  return Mapping{"something that goes wrong between the harness and a live target, or a command that is run"}
      .key("kind", kind_of(fault), "what happens to what is sent")
      .key("command", text(plan.command),
           "instead of a kind: run this by /bin/sh; only where the run is started with --allow-commands")
      .key("at", time_point(fault.at), "when it begins", "the whole run")
      .key("for", duration(fault.length, Sign::positive),
           "how long; cut, reset and truncate without it strike what is open at that instant")
      .key("share", chance(plan.share), "of the requests that begin in that time: struck", "100%")
      .key("of", one_of({"requests", "answers", "both"}, [&plan](std::size_t i) { plan.of = static_cast<FaultOf>(i); }),
           "which way", "both; truncate: answers")
      .key("by", distribution(plan.by, Quantity::duration, {0, delay_max_us, "a delay is 0s to 1h, in real time"}),
           "delay: how much later, in real time")
      .key("rate", bytes_per_second(plan.bytes_per_second), "throttle: bytes a second of each connection and way")
      .key("after", distribution(plan.after, Quantity::bytes, {0, after_max, "0 to 1GB of a message can get through"}),
           "cut, reset, truncate: so many bytes of the message still get through", "0")
      .key("down_for", duration(plan.down_for, Sign::positive), "command: so long the target is declared to be down")
      .key("recovers_within", duration(plan.recovers_within, Sign::not_negative),
           "command: how much later what fell due meanwhile may come, in real time", "0s")
      .key("time_limit", duration(plan.time_limit, Sign::positive), "command: it is killed after this, in real time", "10s")
      .instead("type", "kind")
      .instead("fault", "kind")
      .instead("duration", "for")
      .instead("rate_limit", "rate")
      .instead("probability", "share")
      .instead("run", "command")
      .check([&fault](Reading& reading, const Node& node) {
        const bool command = node.find("command") != nullptr;
        if (command && node.find("kind")) return reading.error(node, "a fault has either `kind` or `command`");
        if (!command && !node.find("kind")) return reading.error(node, "\"kind\" is missing: what goes wrong, or a `command`");
        if (command) fault.kind = FaultKind::command;
        if (!fault.kind) return;  // misspelt, and told
        if (*fault.kind == FaultKind::truncate && !node.find("of")) fault.plan.of = FaultOf::answers;
        if (fault.plan.time_limit > time_limit_max)
          reading.error(*node.find("time_limit"), fmt::format("at most {}", duration_text(time_limit_max)));
        check_keys(reading, fault, node, *fault.kind);
      });
}

}  // namespace

Inlet faults(std::vector<FaultText>& out) {
  return list(
      [&out](std::size_t) {
        return Inlet{[&out](Reading& reading, const Node& node) {
                       FaultText one;
                       one.node = &node;
                       one.plan.line = node.place.line;
                       describe_fault(one).read(reading, node);
                       out.push_back(std::move(one));
                     },
                     [] {
                       FaultText one;
                       return describe_fault(one).schema();
                     }};
      },
      true, faults_max);
}

std::vector<FaultPlan> compile_faults(Reading& reading, const std::vector<FaultText>& texts, Instant starts) {
  const Reading::Within within{reading, "faults"};
  std::vector<FaultPlan> plans;
  for (const FaultText& text : texts) {
    if (!text.kind) continue;
    FaultPlan plan = text.plan;
    plan.kind = *text.kind;
    if (text.at.given) {
      plan.from = text.at.from(starts);
      plan.to = plan.from + text.length;
      if (plan.from < starts) reading.error(*text.node, "begins before the scenario starts");
    }
    plans.push_back(std::move(plan));
  }
  return plans;
}

}  // namespace dueprocess
