#include "reading.hpp"

using namespace dueprocess;
using namespace std::chrono_literals;

namespace {
Case one_case(const std::string& lines) { return scenario_of(steps(lines)).market.cases.at(0); }
std::vector<std::string> case_problems(const std::string& lines) { return mistakes_of(steps(lines)); }
}  // namespace

TEST_CASE("a delivery with files uploads them first, at the same instant") {
  const Scenario scenario =
      scenario_of(steps("      - {at: 1d, seller: deliver, files: [{name: logo.zip, size: 20MB}, b.pdf], says: final logo}\n"));
  const auto& played = scenario.market.cases[0].steps;
  REQUIRE(played.size() == 3);
  for (const Step& step : played) {
    CHECK(step.at.anchor == Anchor::placed);
    CHECK(step.at.amount.min() == us("1d"));
    CHECK(step.line == 5);
    CHECK(step.taken == true);
    CHECK(step.by == Party::seller);
  }
  CHECK(played[0].operation->kind == OperationKind::upload);
  CHECK(played[0].operation->bytes == 20'000'000);
  CHECK(scenario.texts[static_cast<std::size_t>(played[0].operation->text)] == "logo.zip");
  CHECK(scenario.texts[static_cast<std::size_t>(played[1].operation->text)] == "b.pdf");
  CHECK(played[2].operation->kind == OperationKind::deliver);
  CHECK(played[2].operation->attachments == 2);
  CHECK(scenario.texts[static_cast<std::size_t>(played[2].operation->text)] == "final logo");
}

TEST_CASE("a step may only look") {
  const Case played =
      one_case("      - {at: due + 3d - 1us, expect: delivered}\n      - {at: due + 3d, expect: completed, by: auto}\n");
  CHECK(played.due_in == 48h);
  REQUIRE(played.steps.size() == 2);
  CHECK_FALSE(played.steps[0].operation);
  CHECK(played.steps[0].at.anchor == Anchor::due);
  CHECK(played.steps[0].at.amount.min() == us("3d") - 1);
  CHECK(played.steps[0].state == OrderState::delivered);
  CHECK_FALSE(played.steps[0].taken);
  CHECK(played.steps[1].completed_by == CompletedBy::automatic);
}

TEST_CASE("every argument and everything seen is read") {
  const Case played = one_case(
      "      - {at: 1h, seller: save_draft, says: a draft, links: 2}\n"
      "      - {at: 2h, seller: deliver, use_draft: true, content: work_sample, confirm_no_file: true, attachments: 1, links: "
      "[https://example.com/x], refused: not_final_work}\n"
      "      - {at: 3h, buyer: extend_review, extend_by: 1d, key: same, taken: either, deadline: due + 4d, late: false}\n"
      "      - {at: start + 4h, stranger: view_order, refused: not_found}\n"
      "      - {at: 2026-03-02T05:00:00Z, anyone: list_orders, taken: false}\n"
      "      - {at: 6h, buyer: request_modification, says: bigger, payments: 1, paid: 50.00, notices: {buyer: 2, seller: 3}, "
      "completed_at: delivered + 1us}\n");
  REQUIRE(played.steps.size() == 6);
  CHECK(played.steps[0].operation->links == 2);
  const Operation& deliver = *played.steps[1].operation;
  CHECK(deliver.use_draft);
  CHECK(deliver.confirm_no_file);
  CHECK(deliver.content == Content::work_sample);
  CHECK(deliver.attachments == 1);
  CHECK(deliver.links == 1);
  CHECK(played.steps[1].refused == Refusal::not_final_work);
  CHECK_FALSE(played.steps[1].taken);
  CHECK(played.steps[2].operation->extend_by_us == us("1d"));
  CHECK(played.steps[2].use_last_key);
  CHECK_FALSE(played.steps[2].taken);
  CHECK(played.steps[2].deadline->amount.min() == us("4d"));
  CHECK(played.steps[2].late == false);
  CHECK(played.steps[3].by == Party::stranger);
  CHECK(played.steps[3].at.anchor == Anchor::start);
  CHECK(played.steps[4].at.anchor == Anchor::start);
  CHECK(played.steps[4].at.amount.min() == us("5h"));
  CHECK(played.steps[4].taken == false);
  CHECK(played.steps[4].by == Party::anyone);
  CHECK(played.steps[5].payments == 1u);
  CHECK(played.steps[5].paid_cents == 5000);
  CHECK(played.steps[5].notices_to_buyer == 2u);
  CHECK(played.steps[5].notices_to_seller == 3u);
  CHECK(played.steps[5].completed_at->anchor == Anchor::delivered);
}

TEST_CASE("blank, absent and usual words are three things") {
  const Case played = one_case(
      "      - {at: 1h, seller: deliver, links: 1}\n"
      "      - {at: 1h, seller: deliver, links: 1, says: \"\", refused: wrong_state}\n"
      "      - {at: 1h, seller: deliver, links: 1, says: \"  \", refused: wrong_state}\n"
      "      - {at: 1h, seller: deliver, links: 1, says: null, refused: wrong_state}\n");
  CHECK(played.steps[0].operation->text == TextId::first_real);
  CHECK(played.steps[1].operation->text == TextId::blank);
  CHECK(played.steps[2].operation->text == TextId::blank);
  CHECK(played.steps[3].operation->text == TextId::absent);
}

TEST_CASE("equal words are one text") {
  const Scenario scenario = scenario_of(
      steps("      - {at: 1h, buyer: contact_support, says: help}\n      - {at: 2h, buyer: contact_support, says: help}\n"));
  CHECK(scenario.texts == std::vector<std::string>{"", " ", "Here is the finished work.", "help"});
}

TEST_CASE("a repeated delivery does not upload again") {
  const Case played =
      one_case("      - {at: 1h, seller: deliver, files: [a, b]}\n      - {at: 1h, seller: deliver, files: [a, b], key: same}\n");
  REQUIRE(played.steps.size() == 4);
  CHECK(played.steps[3].use_last_key);
  CHECK(played.steps[3].operation->attachments == 2);
}

TEST_CASE("placing can be a step of its own, to see it refused") {
  const Scenario scenario =
      scenario_of(market("{arrive: 1/h}") +
                  "cases:\n  - {name: zero, steps: [{at: 1d, expect: in_progress}]}\n"
                  "  - name: one\n    placed: 1h\n    steps:\n"
                  "      - {at: 0s, buyer: place_order, due: 0s, price: 0, to: buyer, refused: invalid, expect: none}\n"
                  "      - {at: 1s, buyer: place_order}\n");
  const Case& played = scenario.market.cases[1];
  CHECK(played.placed == scenario.starts + 1h);
  const Operation& first = *played.steps[0].operation;
  CHECK(first.due_at == played.placed);
  CHECK(first.price_cents == 0);
  CHECK(number(first.seller) == 10 + 20 + 3 + 2);  // itself: the buyer of case 1
  CHECK(played.steps[0].state == OrderState::none);
  const Operation& second = *played.steps[1].operation;
  CHECK(second.due_at == played.placed + 72h);
  CHECK(second.price_cents == 5000);
  CHECK(number(second.seller) == 10 + 20 + 2 + 2);
}

TEST_CASE("wrong cases are told at their lines") {
  CHECK(is_told(case_problems("      - {at: 1h, seler: deliver}\n"),
                "s.yaml:5:18: error: cases.0.steps.0.seler: unknown key \"seler\"; did you mean \"seller\"?"));
  CHECK(is_told(case_problems("      - {at: 1h, seller: delivr}\n"), "did you mean \"deliver\"?"));
  CHECK(is_told(case_problems("      - {seller: deliver}\n"), "\"at\" is missing"));
  CHECK(is_told(case_problems("      - {at: 1h, seller: deliver, buyer: accept}\n"), "one step is one operation of one actor"));
  CHECK(is_told(case_problems("      - {at: 1h, buyer: accept, files: [a]}\n"), "accept has no \"files\""));
  CHECK(is_told(case_problems("      - {at: 1h, files: [a]}\n"), "\"files\" belongs to an operation: this step only looks"));
  CHECK(is_told(case_problems("      - {at: 1h, refused: forbidden}\n"), "\"refused\" belongs to an operation"));
  CHECK(is_told(case_problems("      - {at: 1h, buyer: extend_review}\n"), "extend_review needs extend_by"));
  CHECK(is_told(case_problems("      - {at: 1h, seller: upload}\n"), "upload needs files"));
  CHECK(is_told(case_problems("      - {at: 1h, seller: deliver, refused: file_too_large}\n"),
                "not the delivery but the upload is refused for its size"));
  CHECK(is_told(case_problems("      - {at: 1h, buyer: accept, refused: wrong_stat}\n"), "did you mean \"wrong_state\"?"));
  CHECK(is_told(case_problems("      - {at: 1h, buyer: accept, refused: wrong_state, taken: true}\n"),
                "refused and taken at once"));
  CHECK(is_told(case_problems("      - {at: 1h, seller: deliver, links: [ftp://x]}\n"), "\"ftp://x\" is not an http(s) address"));
  CHECK(is_told(case_problems("      - {at: 1h, seller: deliver, message: x}\n"), "did you mean \"says\"?"));
  CHECK(is_told(case_problems("      - {at: deadline + {uniform: [0s, 1s]}, buyer: accept}\n"),
                "expected a moment such as due + 3d - 1us"));
  CHECK(is_told(case_problems("      - {at: 1h, expect: done}\n"),
                "expected one of none, in_progress, delivered, in_revision, completed"));
  CHECK(is_told(mistakes_of("cases: [{name: a, steps: []}]\n"), "a case without steps shows nothing"));
  CHECK(is_told(mistakes_of("cases: [{name: a, due: 0s, steps: [{at: 1h, expect: none}]}]\n"),
                "to see it refused, write a step `buyer: place_order`"));
  CHECK(is_told(mistakes_of("cases: [{name: a, steps: [{at: 1h, expect: none}]}, {name: a, steps: [{at: 1h, expect: none}]}]\n"),
                "another case has the name \"a\" too"));
  CHECK(is_told(mistakes_of("cases: [{name: a, placed: 2026-03-01, steps: [{at: 1h, expect: none}]}]\n"),
                "is before the scenario starts"));
}
