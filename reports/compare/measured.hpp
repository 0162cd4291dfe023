// A result file as a comparison needs it: who was run under which rules, and every figure by its name.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dueprocess {

enum class FigureUnit : std::uint8_t { count, microseconds, nanoseconds, seconds, bytes, per_second };
enum class Wanted : std::uint8_t { lower, higher };

/// A figure that two results are compared by. Names are those of expectations, with their statistic.
struct Figure {
  std::string_view name;
  std::string_view member;  // of the result file: a JSON pointer
  FigureUnit unit = FigureUnit::count;
  Wanted wanted = Wanted::lower;
  bool chance = true;    // differs from run to run; without: any more of it than ever before is no noise (violations)
  bool usual = false;    // compared unless the tolerances say which figures are
  bool of_live = false;  // only runs against a live target have it
};
const std::vector<Figure>& all_figures();
const Figure* figure_named(std::string_view);

struct OrdersDigest {
  std::uint64_t first = 0, orders = 0;  // the orders first ... first + orders - 1
  std::string digest;
  friend bool operator==(const OrdersDigest&, const OrdersDigest&) = default;
};

/// One result file.
struct Measured {
  std::string file;
  // what was asked, to ask for it again and to tell whether two are comparable
  std::string scenario, asked_as, starts, ends;
  std::uint64_t seed = 0;
  std::vector<std::pair<std::string, std::string>> overrides;  // --set
  std::vector<std::string> environment, bugs;
  std::string verdict, digest, version, target, clock;  // clock "": in process
  bool interrupted = false;
  bool exact = true;  // in virtual time: same input, same result
  std::vector<OrdersDigest> cells;
  std::map<std::string, std::string, std::less<>> policy;   // knob to value
  std::map<std::string, std::string, std::less<>> members;  // everything of the file that must repeat, by JSON pointer
  std::map<std::string, double, std::less<>> figures;       // by name; those that it has
};

/// Reads the text of a result file. Nothing: it is none, and `problem` says why.
std::optional<Measured> read_measured(std::string_view text, const std::string& file, std::string& problem);

/// A result file, or a folder of repeats (DIR/1/result.json, DIR/2/...; also a folder with one result.json). Empty: `problem`.
std::vector<Measured> read_measured_set(const std::string& path, std::string& problem);

}  // namespace dueprocess
