// The description of the language, written once: it reads, it knows every right name, and it is the JSON Schema.
//
// An Inlet is one place a value goes to: how to read it and what the schema says of it. A Mapping is a list of keys with their
// inlets. Both are made anew around the struct they fill, so the description of a struct reads like its documentation:
//
//   Mapping describe(Policy& policy) {
//     return Mapping{"the rules in force"}
//         .key("review_period", duration(policy.review_period, positive), "how long the buyer may review", "3d") ...
//
// Reading goes on after a mistake, so all mistakes are reported at once. Schemas are JSON text; a schema never reads.
#pragma once

#include "scenarios/language/node.hpp"
#include "scenarios/language/read.hpp"
#include "scenarios/language/values.hpp"
#include "sim/kernel/distribution.hpp"
#include "sim/kernel/random.hpp"

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace dueprocess {

/// What reading carries along.
class Reading {
 public:
  Reading(std::string file, const ReadOptions&);

  void error(const Node& at, std::string message);
  void error(const Place&, std::string message);
  void warning(const Node& at, std::string message);
  std::size_t errors() const { return errors_; }
  std::vector<Mistake> take_mistakes();  // in order of the file

  /// The scalar's text with ${VARIABLES} replaced; nothing when a mistake was reported (not a scalar, unknown variable).
  std::optional<std::string> scalar(const Node&, std::string_view expected);
  std::string resolve(const std::string& path) const;  // against the scenario's folder
  const ReadOptions& options() const { return *options_; }

  /// While it lives, `name` is a part of the path.
  class Within {
   public:
    Within(Reading&, std::string_view name);
    ~Within();
    Within(const Within&) = delete;
    Within& operator=(const Within&) = delete;

   private:
    Reading& reading_;
    std::size_t length_;
  };

 private:
  void report(Severity, const Place&, std::string);
  std::optional<std::string> expanded(const Node&);

  std::string file_;
  const ReadOptions* options_;
  std::string path_;
  std::vector<std::pair<Place, Mistake>> mistakes_;
  std::size_t errors_ = 0;
};

struct Inlet {
  std::function<void(Reading&, const Node&)> read;
  std::function<std::string()> schema;
};

class Mapping {
 public:
  explicit Mapping(std::string what) : what_(std::move(what)) {}
  Mapping& key(std::string name, Inlet, std::string what, std::string default_text = {}) &;
  Mapping& required(std::string name, Inlet, std::string what) &;
  /// What people write instead of a key, for the suggestion.
  Mapping& instead(std::string wrong, std::string right) &;
  /// Runs after all keys were read, if the value was a mapping.
  Mapping& check(std::function<void(Reading&, const Node&)>) &;
  // The same for a mapping that is only passed on.
  Mapping&& key(std::string name, Inlet, std::string what, std::string default_text = {}) &&;
  Mapping&& required(std::string name, Inlet, std::string what) &&;
  Mapping&& instead(std::string wrong, std::string right) &&;
  Mapping&& check(std::function<void(Reading&, const Node&)>) &&;

  void read(Reading&, const Node&) const;
  std::string schema() const;
  std::vector<std::string> names() const;

 private:
  struct Key {
    std::string name, what, default_text;
    Inlet inlet;
    bool required = false;
  };
  std::string what_;
  std::vector<Key> keys_;
  std::map<std::string, std::string> synonyms_;
  std::vector<std::function<void(Reading&, const Node&)>> checks_;
};

// ------------------------------------------------------------------------------------------- kinds of values

enum class Sign : std::uint8_t { any, not_negative, positive };

Inlet text(std::string&);
Inlet flag(bool&);
Inlet count(std::uint64_t&, std::uint64_t low, std::uint64_t high);
Inlet count(std::uint32_t&, std::uint32_t low, std::uint32_t high);
Inlet count_or_unlimited(std::uint32_t&, std::uint32_t word_value);
Inlet duration(Duration&, Sign);
Inlet size(std::int64_t&);
Inlet share(std::int64_t& parts_per_billion);
Inlet chance(Chance&);
Inlet rate(double& per_us);
Inlet money(std::int64_t& cents, Sign);
Inlet instant(Instant&);
Inlet number(double&, double low, double high);

/// One of some words; `chosen` gets the index.
Inlet one_of(std::vector<std::string> words, std::function<void(std::size_t)> chosen);
/// A mapping; its description is only made when it is needed.
Inlet mapping(std::function<Mapping()>);
/// A mapping whose keys the author names. `element` makes a description of the value under that name.
Inlet named(std::function<Inlet(const std::string& name, const Node& key)> element, std::string what);
/// A list; with `alone`, one element may stand without the list.
Inlet list(std::function<Inlet(std::size_t index)> element, bool alone = false, std::size_t at_most = 100'000);
/// A scalar goes to the first, anything else to the second.
Inlet scalar_or(Inlet scalar, Inlet other);
/// Remembers the node besides.
Inlet noting(const Node*& where, Inlet);

/// What the numbers of a distribution are.
enum class Quantity : std::uint8_t { duration, bytes, count, fraction, cents };
struct Bounds {
  std::int64_t low, high;  // every value must lie there
  std::string why;         // "a due date lies after the order is placed"
};
Inlet distribution(Distribution&, Quantity, Bounds);
/// Also reached from inside another inlet (a moment's distance).
void read_distribution(Reading&, const Node&, Distribution&, Quantity, const Bounds&);
Parsed<std::int64_t> parse_quantity(std::string_view, Quantity);

// ------------------------------------------------------------------------------------------- schema pieces

std::string json_quoted(std::string_view);
std::string schema_ref(std::string_view name);              // {"$ref":"#/$defs/name"}
std::string schema_any(std::vector<std::string> schemas);   // one alone stays alone
std::string schema_words(const std::vector<std::string>&);  // an enumeration; a ${variable} may stand for it

}  // namespace dueprocess
