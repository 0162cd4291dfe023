#include "reading.hpp"
#include "scenarios/language/parts.hpp"

using namespace dueprocess;

namespace {
SellerPersona seller(const std::string& text) { return scenario_of(sellers("{a: " + text + "}")).market.seller_personas.at(0); }
BuyerPersona buyer(const std::string& text) { return scenario_of(buyers("{a: " + text + "}")).market.buyer_personas.at(0); }
}  // namespace

TEST_CASE("a seller without a word works as documented") {
  const SellerPersona persona = seller("{}");
  CHECK(persona.name == "a");
  CHECK(persona.share == 1);
  CHECK(persona.delivers.anchor == Anchor::placed);
  CHECK(persona.delivers.fraction_of_due);
  CHECK(persona.delivers.amount.min() >= 200'000'000);
  CHECK(persona.delivers.amount.max() <= 1'000'000'000);
  CHECK(persona.parallel == 0);
  CHECK(persona.files.min() == 1);
}

TEST_CASE("every key of a seller is read") {
  const SellerPersona p = seller(
      "{delivers_after: {fraction_of_due: {uniform: [1.0, 1.6]}}, revises_after: 4h, parallel: 3, abandons: 1%, drafts: 0..3, "
      "opens_draft: 25%, "
      "delivers_draft: 50%, files: {count: 1..4, size: 10MB..2GB}, links: 5%, forgets_file: 60%, confirms_no_file: 10%, "
      "oversize: 0.1, blank_description: 2%, "
      "work_sample: 3%, corrects_after: 1m, looks: 2, lists: 50%, double_clicks: 4%, retries_with_key: 20%, repeats_after: 1s, "
      "seeks_support: 7%, intrudes: 8%}");
  CHECK(p.delivers.amount.min() == 1'000'000'000);
  CHECK(p.delivers.amount.max() == 1'600'000'000);
  CHECK(p.revises_after.min() == us("4h"));
  CHECK(p.parallel == 3);
  CHECK(p.abandons == Chance::ratio(1, 100));
  CHECK(p.drafts.max() == 3);
  CHECK(p.opens_draft == Chance::ratio(1, 4));
  CHECK(p.delivers_draft == Chance::ratio(1, 2));
  CHECK(p.files.max() == 4);
  CHECK(p.file_size.max() == 2'000'000'000);
  CHECK(p.links == Chance::ratio(5, 100));
  CHECK(p.forgets_file == Chance::ratio(60, 100));
  CHECK(p.confirms_no_file == Chance::ratio(10, 100));
  CHECK(p.oversize == Chance::ratio(1, 10));
  CHECK(p.blank_description == Chance::ratio(2, 100));
  CHECK(p.work_sample == Chance::ratio(3, 100));
  CHECK(p.corrects_after.min() == us("1m"));
  CHECK(p.habits.looks.min() == 2);
  CHECK(p.habits.lists == Chance::ratio(1, 2));
  CHECK(p.habits.double_clicks == Chance::ratio(4, 100));
  CHECK(p.habits.retries_with_key == Chance::ratio(20, 100));
  CHECK(p.habits.repeats_after.min() == us("1s"));
  CHECK(p.habits.seeks_support == Chance::ratio(7, 100));
  CHECK(p.habits.intrudes == Chance::ratio(8, 100));
}

TEST_CASE("files may be a distribution of counts alone") {
  CHECK(seller("{files: 2..5}").files.max() == 5);
  CHECK(seller("{files: {choice: {0: 50%, 3: 50%}}}").files.max() == 3);
  CHECK(seller("{files: {size: 7MB}}").file_size.min() == 7'000'000);
}

TEST_CASE("a moment is an anchor and a distance") {
  const auto when = [](const std::string& text) { return *buyer("{decides_at: " + text + "}").decides; };
  CHECK(when("deadline - 1us").anchor == Anchor::deadline);
  CHECK(when("deadline - 1us").amount.min() == -1);
  CHECK(when("due + 3d - 1us").amount.max() == us("3d") - 1);
  CHECK(when("delivered").amount.min() == 0);
  for (const auto* text : {"deadline + {uniform: [-2ms, 2ms]}", "{deadline: {uniform: [-2ms, 2ms]}}", "{deadline: -2ms..2ms}"}) {
    INFO(text);
    CHECK(when(text).anchor == Anchor::deadline);
    CHECK(when(text).amount.min() == -2000);
    CHECK(when(text).amount.max() == 2000);
  }
  CHECK(seller("{delivers_at: due - 1us}").delivers.anchor == Anchor::due);
  CHECK(is_told(mistakes_of(buyers("{a: {decides_at: deadlien - 1us}}")),
                "unknown anchor \"deadlien\"; did you mean \"deadline\"?"));
  CHECK(is_told(mistakes_of(buyers("{a: {decides_at: 3d}}")),
                "before or after what? Begin with placed, due, delivered, deadline, start"));
  CHECK(is_told(mistakes_of(buyers("{a: {decides_at: deadline 3d}}")), "expected + or - before \"3d\""));
  CHECK(is_told(mistakes_of(sellers("{a: {delivers_at: deadline}}")), "\"deadline\" is not known to this actor"));
  CHECK(is_told(mistakes_of(buyers("{a: {decides_at: \"deadline - {uniform: [0s, 2ms]}\"}}")),
                "only `anchor + {distribution}` is understood"));
}

TEST_CASE("a buyer who decides nothing is silent") {
  CHECK_FALSE(buyer("{}").decides);
  const BuyerPersona p = buyer(
      "{decides_after: 6h, decides: {accept: 80%, modify: 13%, extend: 7%}, modification_rounds: 2, extend_by: 30d, extensions: "
      "1..4}");
  REQUIRE(p.decides);
  CHECK(p.decides->anchor == Anchor::delivered);
  CHECK(p.accepts == Chance::ratio(80, 100));
  CHECK(p.modifies == Chance::ratio(13, 100));
  CHECK(p.extends == Chance::ratio(7, 100));
  CHECK(p.modification_rounds.min() == 2);
  CHECK(p.extend_by.min() == us("30d"));
  CHECK(p.extensions.max() == 4);
  CHECK(buyer("{decides_after: 6h}").accepts == Chance::always());
  CHECK(is_told(mistakes_of(buyers("{a: {decides: {accept: 100%}}}")),
                "says what is decided, but not when: add decides_after or decides_at"));
  CHECK(is_told(mistakes_of(buyers("{a: {decides_after: 6h, decides: {accept: 80%, modify: 30%}}}")),
                "the shares add up to 110%: more than 100%"));
  CHECK(
      is_told(mistakes_of(buyers("{a: {decides_after: 6h, decides_at: due}}")), "either decides_after or decides_at, not both"));
  CHECK(is_told(mistakes_of(buyers("{a: {decides_after: -6h}}")), "is -6h: it comes after, not before"));
  CHECK(is_told(mistakes_of(buyers("{a: {decides_after: 6h, extend_by: 0s}}")), "an extension is more than 0"));
}

TEST_CASE("shares add up to 100%") {
  const auto personas = scenario_of(buyers("{a: {share: 33.3%}, b: {share: 33.3%}, c: {share: 0.334}}")).market.buyer_personas;
  REQUIRE(personas.size() == 3);
  CHECK(personas[2].share == Approx(0.334));
  CHECK(is_told(mistakes_of(buyers("{a: {share: 50%}, b: {share: 40%}}")), "the shares add up to 90%, not 100%"));
  CHECK(is_told(mistakes_of(buyers("{a: {share: 50%}}")), "the shares add up to 50%, not 100%"));
  CHECK(is_told(mistakes_of(buyers("{a: {share: 50%}, b: {}}")), "buyers.personas.b: \"share\" is missing"));
  CHECK(is_told(mistakes_of(buyers("{}")), "expected personas by name"));
}

TEST_CASE("a preset comes first, wherever it is written, and own keys change it") {
  CHECK(seller("{like: late}").delivers.amount.min() == 1'000'000'000);
  const SellerPersona p = seller("{drafts: 7, like: draft_saver}");
  CHECK(p.drafts.min() == 7);
  CHECK(p.delivers_draft == Chance::always());
  const BuyerPersona b = buyer("{like: last_minute, decides_after: 1h}");
  CHECK(b.decides->anchor == Anchor::delivered);
  CHECK(b.extends == Chance::ratio(25, 100));
  CHECK(is_told(mistakes_of(sellers("{a: {like: prompt}}")), "\"prompt\" is no preset for sellers"));
  CHECK(is_told(mistakes_of(buyers("{a: {like: prmpt}}")), "did you mean \"prompt\"?"));
}

TEST_CASE("every preset can be read, and sets only what its side has") {
  for (const Preset& preset : all_presets()) {
    INFO(preset.name);
    if (!preset.seller.empty()) {
      CHECK(mistakes_of(sellers("{a: {like: " + std::string{preset.name} + "}}")).empty());
      CHECK(mistakes_of(sellers("{a: {" + std::string{preset.seller} + "}}")).empty());
    }
    if (!preset.buyer.empty()) {
      CHECK(mistakes_of(buyers("{a: {like: " + std::string{preset.name} + "}}")).empty());
      CHECK(mistakes_of(buyers("{a: {" + std::string{preset.buyer} + "}}")).empty());
    }
  }
}

TEST_CASE("without personas sellers are punctual and buyers prompt or silent") {
  const MarketSetup setup = scenario_of(market("{arrive: 1/h}")).market;
  REQUIRE(setup.seller_personas.size() == 1);
  CHECK(setup.seller_personas[0].name == "punctual");
  REQUIRE(setup.buyer_personas.size() == 2);
  CHECK(setup.buyer_personas[0].decides);
  CHECK_FALSE(setup.buyer_personas[1].decides);
}
