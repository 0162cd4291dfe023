#include "reading.hpp"

using namespace dueprocess;

namespace {
Policy policy(const std::string& text) { return scenario_of("policy: " + text + "\n" + market("{arrive: 1/h}")).policy; }
}  // namespace

TEST_CASE("without a word the policy is the rules' own") { CHECK(scenario_of(market("{arrive: 1/h}")).policy == Policy{}); }

TEST_CASE("every knob of the policy is read") {
  Policy expected;
  expected.review_period = std::chrono::hours{48};
  expected.review_anchor = ReviewAnchor::due_date;
  expected.days = DayRule::calendar;
  expected.zone = "Europe/Berlin";
  expected.max_file_size = 1 << 20;
  expected.extensions_carry_over = true;
  expected.max_modifications = 3;
  expected.extension_min = std::chrono::hours{1};
  expected.extension_max = std::chrono::hours{720};
  expected.max_extensions = 2;
  expected.after_deadline = AfterDeadline::until_fired;
  CHECK(policy("{review_period: 2d, review_anchor: due_date, days: calendar(Europe/Berlin), max_file_size: 1MiB, "
               "extensions_carry_over: true, "
               "max_modifications: 3, extension_min: 1h, extension_max: 30d, max_extensions: 2, after_deadline: until_fired}") ==
        expected);
  CHECK(policy("{max_modifications: unlimited, max_extensions: unlimited, days: elapsed}") == Policy{});
}

TEST_CASE("an unknown zone is told with the nearest") {
  CHECK(is_told(mistakes_of("policy: {days: calendar(Europe/Berlni)}\n"),
                "s.yaml:1:16: error: policy.days: unknown zone \"Europe/Berlni\"; did you mean \"Europe/Berlin\"?"));
}
