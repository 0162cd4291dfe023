#include "reports/proof.hpp"
#include "catch.hpp"

using namespace dueprocess;

namespace {

Proof small_proof() {
  Proof proof;
  proof.profiles = {{"smoke", 202, {}}, {"mine", 10, {}}};
  proof.bugs = {
      {"B05", "extension counted from now, not from the deadline", "extension early in the review", {{"mine", "T3", 7}}},
      {"B44", "the oldest <starve> & wait", "sweeps with a batch", {{"mine", "", 0}}},
      {"B36", "one timer in ten thousand", "volume", {{"smoke", "expectation", 0}}}};
  return proof;
}
bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a proof as text has what found each bug, the score, and what survivors need") {
  const std::string text = proof_text(small_proof(), {});
  CHECK(has(text, "B05   T3"));
  CHECK(has(text, "after 7 orders"));
  CHECK(has(text, "after the whole run"));
  CHECK(has(text, "NOT FOUND"));
  CHECK(has(text, "needs sweeps with a batch"));
  CHECK(has(text, "SCORE: 2 of 3 bugs found"));
}

TEST_CASE("a proof as JSON has exactly the fields promised, null where nothing was found") {
  CHECK(proof_json(small_proof()) == R"({
  "seeded": 3,
  "found": 2,
  "matrix": [
    {
      "bug": "B05",
      "found": true,
      "invariant": "T3",
      "orders_until_found": 7,
      "profile": "mine"
    },
    {
      "bug": "B44",
      "found": false,
      "invariant": null,
      "orders_until_found": null,
      "profile": "mine"
    },
    {
      "bug": "B36",
      "found": true,
      "invariant": "expectation",
      "orders_until_found": null,
      "profile": "smoke"
    }
  ]
}
)");
}

TEST_CASE("a proof as JUnit has a test for each profile and each bug, and survivors fail") {
  const std::string xml = proof_junit(small_proof());
  CHECK(has(xml, R"(tests="5" failures="1")"));
  CHECK(has(
      xml,
      R"(name="B44: the oldest &lt;starve&gt; &amp; wait"><failure message="not found">needs sweeps with a batch</failure>)"));
  CHECK(has(xml, R"(<testcase classname="dueprocess.prove.clean" name="smoke"/>)"));
  Proof blamed = small_proof();
  blamed.profiles[0].reasons = {"1 violation of the rules"};
  CHECK(has(proof_junit(blamed), R"(failures="2")"));
  CHECK(has(proof_text(blamed, {}), "something where there is no bug"));
}
