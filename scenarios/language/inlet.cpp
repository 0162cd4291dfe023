#include "scenarios/language/inlet.hpp"

#include "scenarios/language/names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <tuple>

namespace dueprocess {
namespace {

constexpr std::size_t mistakes_max = 1000;  // a file with more is not read by anyone

bool is_name(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; }

}  // namespace

// ---------------------------------------------------------------------------------------------- reading

Reading::Reading(std::string file, const ReadOptions& options) : file_(std::move(file)), options_(&options) {}

void Reading::report(Severity severity, const Place& place, std::string message) {
  if (severity == Severity::error) ++errors_;
  if (mistakes_.size() > mistakes_max) return;
  if (mistakes_.size() == mistakes_max) message = "and more mistakes than are worth listing";
  Mistake mistake;
  mistake.severity = severity;
  mistake.path = path_;
  mistake.message = std::move(message);
  if (place.origin == 0) {
    mistake.file = file_;
    mistake.line = place.line;
    mistake.column = place.column;
  } else {
    const auto& [path, value] = options_->overrides[place.origin - 1];
    mistake.file = fmt::format("--set {}={}", path, value);
  }
  mistakes_.emplace_back(place, std::move(mistake));
}

void Reading::error(const Node& at, std::string message) { report(Severity::error, at.place, std::move(message)); }
void Reading::error(const Place& at, std::string message) { report(Severity::error, at, std::move(message)); }
void Reading::warning(const Node& at, std::string message) { report(Severity::warning, at.place, std::move(message)); }

std::vector<Mistake> Reading::take_mistakes() {
  std::ranges::stable_sort(mistakes_, {}, [](const auto& m) { return std::tuple(m.first.origin, m.first.line, m.first.column); });
  std::vector<Mistake> result;
  for (auto& [place, mistake] : mistakes_) result.push_back(std::move(mistake));
  mistakes_.clear();
  return result;
}

std::optional<std::string> Reading::scalar(const Node& node, std::string_view expected) {
  if (!node.is_scalar()) {
    error(node, fmt::format("expected {}, not {}", expected, what_is(node)));
    return {};
  }
  return expanded(node);
}

std::optional<std::string> Reading::expanded(const Node& node) {
  const std::string& text = node.text;
  if (text.find("${") == text.npos) return text;
  std::string result;
  bool whole = true;
  for (std::size_t at = 0; at < text.size();) {
    if (text.compare(at, 3, "$${") == 0) {
      result += "${";
      at += 3;
      continue;
    }
    if (text.compare(at, 2, "${") != 0) {
      result += text[at++];
      continue;
    }
    const std::size_t end = text.find('}', at);
    if (end == text.npos) {
      error(node, "${ without its }; write $${ for a plain ${");
      return {};
    }
    const std::string inside = text.substr(at + 2, end - at - 2);
    const std::size_t dash = inside.find(":-");
    const std::string name = inside.substr(0, dash);
    const char* value = options_->environment && !name.empty() ? std::getenv(name.c_str()) : nullptr;
    if (name.empty() || !std::ranges::all_of(name, is_name)) {
      error(node, fmt::format("${{{}}} does not name an environment variable", inside));
      whole = false;
    } else if (value && *value) {
      result += value;
    } else if (dash != inside.npos) {
      result += inside.substr(dash + 2);
    } else if (value) {
      // set and empty, without a fallback: empty is what was said
    } else {
      error(node, fmt::format("the environment variable {} is not set; ${{{}:-value}} would give it a fallback", name, name));
      whole = false;
    }
    at = end + 1;
  }
  if (!whole) return {};
  return result;
}

std::string Reading::resolve(const std::string& path) const {
  if (path.starts_with('/') || options_->directory.empty()) return path;
  return options_->directory + (options_->directory.ends_with('/') ? "" : "/") + path;
}

Reading::Within::Within(Reading& reading, std::string_view name) : reading_(reading), length_(reading.path_.size()) {
  if (!reading.path_.empty()) reading.path_ += '.';
  reading.path_ += name;
}
Reading::Within::~Within() { reading_.path_.resize(length_); }

// ---------------------------------------------------------------------------------------------- mappings

Mapping& Mapping::key(std::string name, Inlet inlet, std::string what, std::string default_text) & {
  keys_.push_back({std::move(name), std::move(what), std::move(default_text), std::move(inlet), false});
  return *this;
}

Mapping& Mapping::required(std::string name, Inlet inlet, std::string what) & {
  keys_.push_back({std::move(name), std::move(what), {}, std::move(inlet), true});
  return *this;
}

Mapping& Mapping::instead(std::string wrong, std::string right) & {
  synonyms_.emplace(std::move(wrong), std::move(right));
  return *this;
}

Mapping& Mapping::check(std::function<void(Reading&, const Node&)> check) & {
  checks_.push_back(std::move(check));
  return *this;
}

Mapping&& Mapping::key(std::string name, Inlet inlet, std::string what, std::string default_text) && {
  return std::move(key(std::move(name), std::move(inlet), std::move(what), std::move(default_text)));
}

Mapping&& Mapping::required(std::string name, Inlet inlet, std::string what) && {
  return std::move(required(std::move(name), std::move(inlet), std::move(what)));
}

Mapping&& Mapping::instead(std::string wrong, std::string right) && {
  return std::move(instead(std::move(wrong), std::move(right)));
}

Mapping&& Mapping::check(std::function<void(Reading&, const Node&)> checks) && { return std::move(check(std::move(checks))); }

std::vector<std::string> Mapping::names() const {
  std::vector<std::string> result;
  for (const Key& key : keys_) result.push_back(key.name);
  return result;
}

void Mapping::read(Reading& reading, const Node& node) const {
  if (!node.is_map()) {
    const auto all = names();
    std::string keys;
    for (std::size_t i = 0; i < all.size() && i < 6; ++i) keys += (i ? ", " : "") + all[i];
    reading.error(node, fmt::format("expected a mapping ({}{}), not {}", keys, all.size() > 6 ? ", ..." : "", what_is(node)));
    return;
  }
  for (std::size_t i = 0; i < node.keys.size(); ++i) {
    const std::string& name = node.keys[i].text;
    const Reading::Within within{reading, name};
    const auto found = std::ranges::find(keys_, name, &Key::name);
    if (found != keys_.end()) {
      found->inlet.read(reading, node.items[i]);
    } else if (const auto synonym = synonyms_.find(name); synonym != synonyms_.end()) {
      reading.error(node.keys[i], fmt::format("unknown key \"{}\"; did you mean \"{}\"?", name, synonym->second));
    } else {
      reading.error(node.keys[i], fmt::format("unknown key \"{}\"{}", name, suggestion(name, names())));
    }
  }
  for (const Key& key : keys_)
    if (key.required && !node.find(key.name)) reading.error(node, fmt::format("\"{}\" is missing: {}", key.name, key.what));
  for (const auto& check : checks_) check(reading, node);
}

std::string Mapping::schema() const {
  std::string properties, required;
  for (const Key& key : keys_) {
    std::string what = key.what;
    if (!key.default_text.empty()) what += fmt::format(" (default: {})", key.default_text);
    properties += fmt::format("{}{}:{{\"description\":{},\"allOf\":[{}]}}", properties.empty() ? "" : ",", json_quoted(key.name),
                              json_quoted(what), key.inlet.schema());
    if (key.required) required += (required.empty() ? "" : ",") + json_quoted(key.name);
  }
  return fmt::format(R"({{"type":"object","description":{},"properties":{{{}}},"required":[{}],"additionalProperties":false}})",
                     json_quoted(what_), properties, required);
}

// ---------------------------------------------------------------------------------------------- schema pieces

std::string json_quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    if (c == '\n')
      result += "\\n";
    else
      result += c;
  }
  return result + '"';
}

std::string schema_ref(std::string_view name) { return fmt::format(R"({{"$ref":"#/$defs/{}"}})", name); }

std::string schema_any(std::vector<std::string> schemas) {
  if (schemas.size() == 1) return schemas[0];
  std::string all;
  for (const std::string& schema : schemas) all += (all.empty() ? "" : ",") + schema;
  return fmt::format(R"({{"anyOf":[{}]}})", all);
}

std::string schema_words(const std::vector<std::string>& words) {
  std::string all;
  for (const std::string& word : words) all += (all.empty() ? "" : ",") + json_quoted(word);
  return schema_any({fmt::format(R"({{"enum":[{}]}})", all), schema_ref("variable")});
}

}  // namespace dueprocess
