// docs/scenario-language.md is held to the reader.
#include "scenarios/language/document.hpp"
#include "reading.hpp"
#include "scenarios/language/slurp.hpp"

#include <fmt/format.h>

using namespace dueprocess;

namespace {

std::string document() {
  std::string text;
  const std::string problem = slurp(DUEPROCESS_DOCUMENT, 1u << 20, text);
  INFO(problem);
  REQUIRE(problem.empty());
  return text;
}

std::vector<std::string> examples() {
  std::vector<std::string> found;
  const std::string text = document(), opening = "```yaml\n";
  for (std::size_t at = 0; (at = text.find(opening, at)) != text.npos;) {
    at += opening.size();
    const std::size_t end = text.find("\n```", at);
    found.push_back(text.substr(at, end - at + 1));
  }
  return found;
}

bool documented(const std::string& text, const std::string& line) {
  INFO("docs/scenario-language.md lacks: " << line);
  CHECK(text.find(line) != text.npos);
  return true;
}

}  // namespace

TEST_CASE("the examples of the document are scenarios") {
  const auto all = examples();
  CHECK(all.size() >= 2);
  for (const std::string& text : all) scenario_of(text);
}

TEST_CASE("the first example means what it says") {
  const Scenario s = scenario_of(examples()[0]);
  CHECK(s.name == "marketplace week");
  CHECK(s.seed == 7);
  CHECK(s.market.orders.count == 28'000);
  CHECK(s.market.sellers == 5000);
  CHECK(s.market.buyers == 20'000);
  CHECK(s.market.seller_personas.size() == 3);
  CHECK(s.market.buyer_personas.size() == 3);
  CHECK(s.market.buyer_personas[2].decides->amount.min() == -2000);
  CHECK(s.market.cases[0].steps.size() == 4);
  CHECK(s.expectations.size() == 2);
}

TEST_CASE("every metric and every preset stands in the document") {
  const std::string text = document();
  for (const Metric& metric : all_metrics()) {
    const std::string unit = fmt::format("{}{}{}{}", metric.distribution ? "distribution of " : "", name_of(metric.unit),
                                         metric.distribution ? "s" : "", metric.live ? ", live" : "");
    documented(text, fmt::format("| `{}` | {} | {} |", metric.name, unit, metric.what));
  }
  for (const Preset& preset : all_presets()) {
    if (!preset.seller.empty()) documented(text, fmt::format("| `{}` | sellers | `{}` |", preset.name, preset.seller));
    if (!preset.buyer.empty()) documented(text, fmt::format("| `{}` | buyers | `{}` |", preset.name, preset.buyer));
  }
}

TEST_CASE("every key stands in the document") {
  const std::string text = document();
  Document d;
  for (const std::string& name : describe(d).names()) documented(text, fmt::format("`{}`", name));
  for (const std::string& name : describe(d.policy).names()) documented(text, fmt::format("`{}`", name));
  for (const std::string& name : describe(d.orders).names()) documented(text, fmt::format("`{}`", name));
  for (const std::string& name : describe(d.orders.replay).names()) documented(text, fmt::format("`{}`", name));
}
