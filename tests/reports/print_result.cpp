// Prints a result and its schema for the test that has them compared by an independent validator.

#include <cstdio>
#include <string_view>

#include "made_up.hpp"

int main(int argc, char** argv) {
  using namespace dueprocess;
  const std::string_view what = argc > 1 ? argv[1] : "";
  if (what == "schema")
    std::fputs(result_schema().c_str(), stdout);
  else if (what == "bad")
    std::fputs(result_json(made_up::result(made_up::bad_tally())).c_str(), stdout);
  else if (what == "good")
    std::fputs(result_json(made_up::result(made_up::good_tally())).c_str(), stdout);
  else if (what == "empty")
    std::fputs(result_json(make_result(Scenario{}, {}, Tally{}, {})).c_str(), stdout);
  else
    return 64;
}
