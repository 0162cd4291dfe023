// The JSON Schemas (2020-12) of scenarios and bindings: the description's own, and what its words look like.
//
// A YAML value reaches a schema as text, number, flag or nothing, so each word has its forms: `3d` is a text, 0.45 a number.
// The patterns here say what the parsers of values.hpp take; tests hold the two together.
#include "scenarios/language/binding_parts.hpp"
#include "scenarios/language/document.hpp"
#include "scenarios/language/read_binding.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <boost/json.hpp>
#include <map>

namespace dueprocess {
namespace {

namespace json = boost::json;

constexpr const char* number_pattern = R"([0-9]([0-9_]*[0-9])?(\.[0-9]+)?)";

std::string matching(std::string_view pattern) {
  return fmt::format(R"({{"type":"string","pattern":{}}})", json_quoted(fmt::format("^(?:{})$", pattern)));
}
const std::string any_number = R"({"type":"number"})";
const std::string any_from_0 = R"({"type":"number","minimum":0})";
const std::string whole_from_0 = R"({"type":"integer","minimum":0})";
const std::string zero = R"({"const":0})";

/// A distribution's families with the words of one quantity. `word` is the name of the quantity's own definition.
std::string distribution_schema(std::string_view word) {
  const std::string value = schema_ref(word), weight = schema_any({schema_ref("share"), schema_ref("number")});
  const auto list = [&](int length) {
    return fmt::format(R"({{"type":"array","items":{},"minItems":{},"maxItems":{}}})", value, length, length);
  };
  const auto named = [&](std::string_view properties, std::string_view required) {
    return fmt::format(R"({{"type":"object","properties":{{{}}},"required":[{}],"additionalProperties":false}})", properties,
                       required);
  };
  const std::string shape_and_scale =
      named(fmt::format(R"("shape":{},"scale":{})", schema_ref("number"), value), R"("shape","scale")");
  const std::pair<std::string_view, std::string> families[] = {
      {"constant", value},
      {"uniform", list(2)},
      {"triangular", list(3)},
      {"exponential", named(fmt::format(R"("mean":{})", value), R"("mean")")},
      {"normal", named(fmt::format(R"("mean":{0},"sd":{0})", value), R"("mean","sd")")},
      {"lognormal", named(fmt::format(R"("median":{0},"p95":{0},"sigma":{1})", value, schema_ref("number")), R"("median")")},
      {"gamma", shape_and_scale},
      {"weibull", shape_and_scale},
      {"pareto", shape_and_scale},
      {"choice", fmt::format(R"({{"type":"object","minProperties":1,"additionalProperties":{}}})", weight)},
      {"file", R"({"type":"string"})"}};
  std::string properties;
  for (const auto& [name, schema] : families) properties += fmt::format("{}:{},", json_quoted(name), schema);
  properties += fmt::format(R"("min":{0},"max":{0})", value);
  std::string one_family;
  for (const auto& [name, schema] : families)
    one_family += fmt::format(R"({}{{"required":[{}]}})", one_family.empty() ? "" : ",", json_quoted(name));
  const std::string mapping =
      fmt::format(R"({{"type":"object","properties":{{{}}},"additionalProperties":false,"oneOf":[{}]}})", properties, one_family);
  return schema_any({value, matching(R"([^.]\S*\s*\.\.\s*\S+)"), mapping});
}

/// Definitions by name, in an order that reads well.
std::vector<std::pair<std::string, std::string>> definitions() {
  const std::string unsigned_duration = fmt::format(R"((?:{}(?:us|ms|s|m|h|d|w))+|0)", number_pattern);
  const auto word = [](std::initializer_list<std::string> forms) {
    std::vector<std::string> all{forms};
    all.push_back(schema_ref("variable"));
    return schema_any(all);
  };
  const std::string date = R"([0-9]{4}-[0-9]{2}-[0-9]{2})";
  const std::string time = R"([Tt][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:[Zz]|[+-][0-9]{2}:?[0-9]{2}))";
  const std::string anchor = "(?:placed|due|delivered|deadline|start)";
  std::vector<std::pair<std::string, std::string>> all = {
      {"variable",
       R"({"type":"string","pattern":"\\$\\{[^}]*\\}","description":"an environment variable, ${NAME} or ${NAME:-fallback}"})"},
      {"text", R"({"type":["string","number","boolean"]})"},
      {"flag", word({R"({"type":"boolean"})", R"({"enum":["true","false","yes","no"]})"})},
      {"count", word({whole_from_0, matching("[0-9]([0-9_]*[0-9])?")})},
      {"number", word({any_number, matching(R"([+-]?[0-9]+(\.[0-9]+)?%?)")})},
      {"duration", word({zero, matching(R"(\+?(?:)" + unsigned_duration + ")")})},
      {"signed_duration", word({zero, matching(R"([+-]?(?:)" + unsigned_duration + ")")})},
      {"size", word({whole_from_0, matching(fmt::format("{}(?:B|kB|MB|GB|TB|KiB|MiB|GiB|TiB)?", number_pattern))})},
      {"share", word({R"({"type":"number","minimum":0,"maximum":1})", matching(fmt::format(R"({}\s*%?)", number_pattern))})},
      {"rate", word({matching(fmt::format(R"({}\s*/\s*(?:s|sec|second|m|min|minute|h|hour|d|day|w|week))", number_pattern))})},
      {"money", word({any_number, matching(fmt::format("[+-]?{}", number_pattern))})},
      {"instant", word({matching(fmt::format("{}(?:{})?", date, time))})},
      {"moment", word({matching(fmt::format(R"({}(?:\s*[+-]\s*(?:{}))*)", anchor, unsigned_duration)),
                       matching(fmt::format(R"([+-]?\s*(?:{0})(?:\s*[+-]\s*(?:{0}))+)", unsigned_duration))})},
      {"days", word({matching(R"(elapsed|calendar\([A-Za-z0-9_+/-]+\))")})},
      {"bug", word({matching("[BS][0-9]{2}[a-z]?")})},
      // of bindings
      {"pointer", word({matching(R"((?:/(?:[^~]|~[01])*)?)")})},
      {"request", word({matching(R"(\s*(?:GET|POST|PUT|PATCH|DELETE) /[^\s#]*\s*)")})}};
  std::string metrics;
  for (const Metric& metric : all_metrics()) metrics += fmt::format("{}{}", metrics.empty() ? "" : "|", metric.name);
  for (std::size_t at = 0; (at = metrics.find('.', at)) != metrics.npos; at += 2) metrics.insert(at, "\\");
  all.emplace_back(
      "expectation",
      word({matching(fmt::format(R"(\s*(?:{})(?:\s+(?:p[0-9]+(?:\.[0-9]+)?|min|max|mean|count))?\s*(?:==|!=|<=|>=|<|>|=)\s*\S.*)",
                                 metrics))}));
  for (const auto& [name, of] : {std::pair{"durations", "signed_duration"},
                                 {"sizes", "size"},
                                 {"counts", "count"},
                                 {"numbers", "number"},
                                 {"amounts", "money"}})
    all.emplace_back(fmt::format("distribution_of_{}", name), distribution_schema(of));
  return all;
}

/// JSON over lines, two spaces a level, so that a person can read it and a diff shows what changed.
void write_pretty(const json::value& value, std::string& out, std::size_t depth) {
  const std::string inside(2 * depth + 2, ' '), outside(2 * depth, ' ');
  const auto is_flat = [](const json::value& v) { return json::serialize(v).size() <= 100; };
  if (is_flat(value) || (!value.is_object() && !value.is_array())) {
    out += json::serialize(value);
  } else if (value.is_object()) {
    out += "{\n";
    bool first = true;
    for (const auto& [key, item] : value.get_object()) {
      out += (first ? "" : ",\n") + inside + json::serialize(json::string(key)) + ": ";
      first = false;
      write_pretty(item, out, depth + 1);
    }
    out += "\n" + outside + "}";
  } else {
    out += "[\n";
    bool first = true;
    for (const auto& item : value.get_array()) {
      out += (first ? "" : ",\n") + inside;
      first = false;
      write_pretty(item, out, depth + 1);
    }
    out += "\n" + outside + "]";
  }
}

}  // namespace

namespace {

/// What a description says in many places (an answer's fields in each operation) is said once, among the definitions.
class Sharing {
 public:
  explicit Sharing(json::object& defs) : defs_(defs) {}

  void share(json::value& value) {
    count(value, true);
    replace_inside(value, "part");
  }

 private:
  static constexpr std::size_t worth_sharing = 400;  // characters

  /// `names`: an object that is no schema, but has one under each name.
  void count(const json::value& value, bool names = false) {
    if (value.is_object()) {
      std::string text = json::serialize(value);
      if (!names && text.size() >= worth_sharing && ++seen_[std::move(text)] > 1)
        return;  // its parts were counted with the first
      for (const auto& [key, item] : value.get_object()) count(item, !names && key == "properties");
    } else if (value.is_array()) {
      for (const json::value& item : value.get_array()) count(item);
    }
  }

  void replace(json::value& value, const std::string& name) {
    if (value.is_array()) {
      for (json::value& item : value.get_array()) replace(item, name);
      return;
    }
    if (!value.is_object()) return;
    const std::string text = json::serialize(value);
    const auto found = seen_.find(text);
    const bool shared = found != seen_.end() && found->second > 1;
    if (shared && !names_.contains(text)) {
      std::string own = name;
      for (int i = 2; defs_.contains(own); ++i) own = fmt::format("{}_{}", name, i);
      names_[text] = own;
      defs_[own] = nullptr;  // the name is taken while its parts look for theirs
      json::value whole = value;
      replace_inside(whole, name);
      defs_[own] = std::move(whole);
    }
    if (shared)
      value = json::object{{"$ref", "#/$defs/" + names_[text]}};
    else
      replace_inside(value, name);
  }

  void replace_inside(json::value& value, const std::string& name) {
    for (auto& [key, item] : value.get_object()) {
      const bool is_word =
          key == "allOf" || key == "anyOf" || key == "items" || key == "properties" || key == "additionalProperties";
      if (key == "properties" && item.is_object())
        replace_inside(item, name);
      else
        replace(item, is_word ? name : std::string{key});
    }
  }

  json::object& defs_;
  std::map<std::string, int> seen_;
  std::map<std::string, std::string> names_;
};

std::string whole_schema(std::string_view title, const std::string& description, bool shares) {
  json::object schema;
  schema["$schema"] = "https://json-schema.org/draft/2020-12/schema";
  schema["title"] = title;
  json::parse_options deep;
  deep.max_depth = 200;
  const json::value described = json::parse(description, {}, deep);
  for (const auto& [key, value] : described.get_object()) schema[key] = value;
  json::object defs;
  for (const auto& [name, text] : definitions()) defs[name] = json::parse(text);
  if (shares) Sharing{defs}.share(schema["properties"]);
  // Only what is used: the words of scenarios are not those of bindings.
  const auto is_used = [&](const std::string& name) {
    const std::string reference = fmt::format("\"#/$defs/{}\"", name);
    const auto mentions = [&](const json::value& value) { return json::serialize(value).find(reference) != std::string::npos; };
    return mentions(schema["properties"]) ||
           std::ranges::any_of(defs, [&](const auto& def) { return def.key() != name && mentions(def.value()); });
  };
  for (bool pruned = true; pruned;) {
    pruned = false;
    std::vector<std::string> idle;
    for (const auto& def : defs)
      if (!is_used(std::string{def.key()})) idle.emplace_back(def.key());
    for (const std::string& name : idle) pruned = defs.erase(name) > 0;
  }
  schema["$defs"] = std::move(defs);
  std::string out;
  write_pretty(schema, out, 0);
  return out + "\n";
}

}  // namespace

std::string scenario_schema() {
  Document document;
  return whole_schema("dueprocess scenario", describe(document).schema(), false);
}

std::string binding_schema() {
  BindingText document;
  return whole_schema("dueprocess binding", describe(document).schema(), true);
}

}  // namespace dueprocess
