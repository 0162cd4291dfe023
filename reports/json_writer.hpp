// JSON as text, member by member, in the order in which it is written: two spaces an indent, one member a line, so that
// equal values are equal bytes and two results can be compared line by line.
//
//   JsonWriter json;
//   json.open_object();
//   json.key("seed").number(7);
//   json.key("names").open_array();  json.text("a");  json.close();
//   json.close();
//   json.take();   // "{\n  \"seed\": 7,\n  \"names\": [\n    \"a\"\n  ]\n}\n"
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/kernel/int128.hpp"

namespace dueprocess {

class JsonWriter {
 public:
  JsonWriter& open_object();
  JsonWriter& open_array();
  JsonWriter& close();                // the innermost open one
  JsonWriter& key(std::string_view);  // REQUIRES: an object is open, the last key has its value

  JsonWriter& text(std::string_view);  // bytes that are not UTF-8 become U+FFFD
  JsonWriter& flag(bool);
  JsonWriter& null();
  JsonWriter& number(std::integral auto value) { return integer(static_cast<Int128>(value)); }
  JsonWriter& integer(Int128);
  JsonWriter& decimal(double, int decimals);  // not finite: null

  std::string take();  // REQUIRES: everything is closed. Ends with a newline.

 private:
  struct Level {
    char closing;
    bool empty = true;
  };
  JsonWriter& open(char opening, char closing);
  void before_value();
  void indent();

  std::string out_;
  std::vector<Level> levels_;
  bool after_key_ = false;
};

/// The text as a JSON string, quotes included.
std::string json_string(std::string_view);

}  // namespace dueprocess
