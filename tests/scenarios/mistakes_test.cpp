// Every mistake with its place, what was expected and the nearest right name; all of them at once.
#include "reading.hpp"

using namespace dueprocess;

TEST_CASE("all mistakes are told at once, in order of the file") {
  const auto told = mistakes_of(
      "nmae: x\n"
      "starts: 2026-02-30\n"
      "ends: 14 days\n"
      "policy: {review_perod: 3d, days: calender(Europe/Berlin)}\n"
      "orders:\n"
      "  arrive: {rate: 2000, shape: wekday}\n"
      "sellers:\n"
      "  count: 0\n"
      "  personas:\n"
      "    late: {share: 80%, delivers_afer: 3d}\n"
      "    other: {share: 30%}\n"
      "expect:\n"
      "  - violatoins == 0\n");
  const std::vector<std::string> expected = {
      "s.yaml:1:1: error: nmae: unknown key \"nmae\"; did you mean \"name\"?",
      "s.yaml:2:9: error: starts: \"2026-02-30\": February 2026 has 28 days",
      "s.yaml:3:7: error: ends: \"14 days\" is not how durations are written: write 14d, or an instant such as "
      "2026-03-02T14:30:00Z",
      "s.yaml:4:10: error: policy.review_perod: unknown key \"review_perod\"; did you mean \"review_period\"?",
      "s.yaml:4:34: error: policy.days: expected elapsed, or calendar(Europe/Berlin), not \"calender(Europe/Berlin)\"",
      "s.yaml:6:18: error: orders.arrive.rate: \"2000\" is not a rate: expected one such as 2000/day, 100/h or 3/s",
      "s.yaml:6:31: error: orders.arrive.shape: expected one of flat, weekday, daytime, marketplace, not \"wekday\"; did you "
      "mean \"weekday\"?",
      "s.yaml:8:10: error: sellers.count: must be at least 1",
      "s.yaml:10:5: error: sellers.personas: the shares add up to 110%, not 100%",
      "s.yaml:10:24: error: sellers.personas.late.delivers_afer: unknown key \"delivers_afer\"; did you mean \"delivers_after\"?",
      "s.yaml:13:5: error: expect.0: unknown metric \"violatoins\"; did you mean \"violations\"?"};
  // What is missing as a whole (buyers) is told too, at the place it would belong to.
  for (const std::string& one : expected) CHECK(is_told(told, one));
  CHECK(is_told(told, "how many buyers? Give buyers.count"));
  CHECK(told.size() == expected.size() + 1);
}

TEST_CASE("a key given twice is told with its first line") {
  CHECK(mistakes_of("seed: 1\nname: x\nseed: 2\n" + market("{arrive: 1/h}"))[0] ==
        "s.yaml:3:1: error: \"seed\" is given twice; first in line 1");
}

TEST_CASE("columns count characters, not bytes") {
  const auto told = mistakes_of("name: größe\npolicy: {review_period: 3d, größe: 1}\n");
  CHECK(is_told(told, "s.yaml:2:29: error: policy.größe: unknown key"));
  CHECK(is_told(mistakes_of("{name: größe, seed: x}"), "s.yaml:1:21: error: seed: "));
}

TEST_CASE("places are right behind an anchor with a distribution") {
  const auto told = mistakes_of(buyers("{a: {share: 100%, decides_at: deadline + {uniform: [-2ms, 2ms]}, lookz: 1}}"));
  CHECK(is_told(told, "s.yaml:4:96: error: buyers.personas.a.lookz: unknown key \"lookz\"; did you mean \"looks\"?"));
}

TEST_CASE("wrong shapes are told: a list for a mapping, nothing for a value") {
  CHECK(is_told(mistakes_of("policy: [1, 2]\n"),
                "s.yaml:1:9: error: policy: expected a mapping (review_period, review_anchor, days, max_file_size, "));
  CHECK(is_told(mistakes_of("seed:\n"), "error: seed: expected a whole number, not nothing"));
  CHECK(is_told(mistakes_of("seed: {a: 1}\n"), "error: seed: expected a whole number, not a mapping"));
  CHECK(is_told(mistakes_of("[a, b]\n"), "s.yaml:1:1: error: expected a mapping (name, description, seed"));
  CHECK(is_told(mistakes_of("just words\n"), "not \"just words\""));
  CHECK(is_told(mistakes_of("cases: {name: x}\n"), "error: cases: expected a list, not a mapping"));
  CHECK(is_told(mistakes_of("? {a: b}\n: 1\n"), "a key must be a word, not a mapping"));
}

TEST_CASE("times that cannot be are told") {
  CHECK(is_told(mistakes_of("starts: 2026-03-02\nends: 2026-03-01\norders: {arrive: 1/h}\n"),
                "s.yaml:2:7: error: ends 2026-03-01T00:00:00Z is not after starts 2026-03-02T00:00:00Z"));
  CHECK(is_told(mistakes_of("ends: 0s\norders: {arrive: 1/h}\n"), "is not after starts"));
  CHECK(is_told(mistakes_of("ends: -1d\norders: {arrive: 1/h}\n"), "is before the scenario starts"));
  CHECK(is_told(mistakes_of("orders: {arrive: 1/h}\n"), "until when do orders arrive?"));
  CHECK(is_told(mistakes_of("policy: {review_period: -3d}\n"), "error: policy.review_period: must not be negative"));
  CHECK(
      is_told(mistakes_of("policy: {extension_min: 2d, extension_max: 1d}\n"), "extension_min 2d is more than extension_max 1d"));
}

TEST_CASE("restarts must be in order and apart") {
  const std::string base = market("{arrive: 1/h}");
  const auto restarts = scenario_of(base + "restarts: [{down: 2d, for: 1h}, {down: 1d, back: 1d2h}]\n").restarts;
  REQUIRE(restarts.size() == 2);
  CHECK(restarts[0].back - restarts[0].down == std::chrono::hours{2});
  CHECK(restarts[1].back - restarts[1].down == std::chrono::hours{1});
  CHECK(is_told(mistakes_of(base + "restarts: [{down: 2d, for: 1h}, {down: 2d30m, for: 1h}]\n"), "overlaps"));
  CHECK(is_told(mistakes_of(base + "restarts: [{down: 2d, back: 1d}]\n"), "is not after down"));
  CHECK(is_told(mistakes_of(base + "restarts: [{down: 2d}]\n"), "either `back` or `for`"));
  CHECK(is_told(mistakes_of(base + "restarts: [{down: 2d, back: 3d, for: 1h}]\n"), "either `back` or `for`"));
}

TEST_CASE("a scenario in which nothing happens is a mistake") {
  CHECK(is_told(mistakes_of("name: x\n"), "nothing happens here: give orders, or cases"));
}

TEST_CASE("no more mistakes are listed than a person reads") {
  std::string text;
  for (int i = 0; i < 3000; ++i) text += "k" + std::to_string(i) + ": 1\n";
  CHECK(mistakes_of(text).size() == 1001);
}

TEST_CASE("bugs are named by their ids") {
  CHECK(scenario_of(market("{arrive: 1/h}") + "bugs: [B05, B22]\n").bugs == std::vector<std::string>{"B05", "B22"});
  CHECK(is_told(mistakes_of(market("{arrive: 1/h}") + "bugs: [B5, five, B05, B05]\n"), "B05 is listed twice"));
  CHECK(is_told(mistakes_of(market("{arrive: 1/h}") + "bugs: [five]\n"), "\"five\" is not the id of a seeded bug"));
}
