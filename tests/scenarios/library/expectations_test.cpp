#include "library.hpp"

using namespace dueprocess;

namespace {

struct Copy {
  std::string text;
  std::uint32_t line = 0;  // of what was changed
};

/// The scenario with the first `what` after `after` made into something else.
Copy changed(const std::string& name, const std::string& after, const std::string& what, const std::string& into) {
  Copy copy{library::text_of(name), 0};
  const auto at = copy.text.find(what, copy.text.find(after));
  REQUIRE(at != std::string::npos);
  copy.text.replace(at, what.size(), into);
  copy.line =
      1 + static_cast<std::uint32_t>(std::count(copy.text.begin(), copy.text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
  return copy;
}

Result played(const Copy& copy, const std::string& name) {
  const ReadResult read = library::read(copy.text, name, library::needs(name));
  REQUIRE(read.ok());
  return library::play(read.scenario);
}

/// Exactly one step fails, in the changed line.
void check_one_step(const Copy& copy, const Result& result) {
  INFO(library::findings(result));
  CHECK(result.verdict == RunVerdict::violated);
  CHECK(result.tally.violations_total() == 0);
  REQUIRE(result.failed_steps.size() == 1);
  CHECK(result.failed_steps[0].line == copy.line);
}

}  // namespace

TEST_CASE("a wrong expectation of a step is reported at its line") {
  struct Wrong {
    const char *name, *after, *what, *into;
  };
  const Wrong all[] = {
      {"rules", "R11: acceptance at the deadline", "by: auto", "by: buyer"},
      {"rules", "R11: acceptance at the deadline", "refused: wrong_state", "refused: forbidden"},
      {"rules", "R10: delivered early", "late: false", "late: true"},
      {"rules", "R13: extensions add up", "deadline: due + 4d + 12h + 1us", "deadline: due + 4d + 12h"},
      {"rules", "R9: acceptance completes at once", "expect: completed", "expect: delivered"},
      {"rules", "R9: acceptance completes at once", "completed_at: placed + 36h, payments: 1}\n      - {at: due + 3d",
       "completed_at: placed + 35h, payments: 1}\n      - {at: due + 3d"},
      {"rules", "R14: paid once at auto", "payments: 1, paid: 1234.56", "payments: 2, paid: 1234.56"},
      {"rules", "R14: paid once at auto", "paid: 1234.56}\n      - {at: due + 30d", "paid: 1234.57}\n      - {at: due + 30d"},
      {"rules", "R15: each event told once", "notices: {buyer: 3, seller: 4}", "notices: {buyer: 3, seller: 3}"},
      {"rules-calendar", "shorter", "deadline: 2026-03-30T11:00:00Z", "deadline: 2026-03-30T12:00:00Z"},
      {"rules-limits", "third is refused and", "refused: limit_reached", "refused: wrong_state"},
      {"smoke", "delivered early", "deadline: due + 3d", "deadline: due + 2d"},
  };
  for (const Wrong& wrong : all) {
    DYNAMIC_SECTION(wrong.name << ": " << wrong.into) {
      const Copy copy = changed(wrong.name, wrong.after, wrong.what, wrong.into);
      check_one_step(copy, played(copy, wrong.name));
    }
  }
}

TEST_CASE("a wrong expectation of the whole is reported at its line") {
  const Copy copy = changed("smoke", "expect:\n", "orders.placed == 202", "orders.placed == 203");
  const Result result = played(copy, "smoke");
  CHECK(result.verdict == RunVerdict::violated);
  std::size_t missed = 0;
  for (const JudgedExpectation& expectation : result.expectations) {
    if (expectation.held != false) continue;
    ++missed;
    CHECK(expectation.line == copy.line);
    CHECK(expectation.actual == "202");
  }
  CHECK(missed == 1);
}
