#include "scenarios/language/names.hpp"

#include "reading.hpp"

using namespace dueprocess;

TEST_CASE("edits count insertions, deletions, replacements and swaps") {
  CHECK(edit_distance("late", "late") == 0);
  CHECK(edit_distance("lte", "late") == 1);
  CHECK(edit_distance("laet", "late") == 1);
  CHECK(edit_distance("", "late") == 4);
  CHECK(edit_distance("kitten", "sitting") == 3);
}

TEST_CASE("the nearest name is suggested, and nothing far-fetched") {
  const std::vector<std::string> names = {"review_period", "review_anchor", "days", "max_file_size"};
  CHECK(nearest_name("review_peroid", names) == "review_period");
  CHECK(nearest_name("ReviewPeriod", names) == "review_period");
  CHECK(nearest_name("review-anchor", names) == "review_anchor");
  CHECK(nearest_name("file_size", names) == "max_file_size");
  const std::vector<std::string> metrics = {"violations", "violations.T1", "violations.T2"};
  CHECK(nearest_name("violation", metrics) == "violations");  // the nearest, not the last that holds the word
  CHECK(nearest_name("zebra", names).empty());
  CHECK(nearest_name("", names).empty());
  CHECK(nearest_name(std::string(1000, 'x'), names).empty());
  CHECK(suggestion("dyas", names) == "; did you mean \"days\"?");
  CHECK(suggestion("zebra", names) == "; there are review_period, review_anchor, days, max_file_size");
}
