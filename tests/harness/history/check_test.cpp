#include "harness/history/check.hpp"
#include "catch.hpp"
#include "scratch.hpp"

using namespace dueprocess;

namespace {

const std::string header = R"({"type":"header","format":"dueprocess/history/1","finishes":true,"orders":9})"
                           "\n";
// Placed at 0, due at 100, delivered at 50: with a review of 72 h the deadline is 100 + 259,200,000,000.
const std::string placed =
    R"({"type":"operation","order":1,"at":0,"op":"place_order","by":7,"seller":3,"due_at":100,"price_cents":500,"outcome":"ok","state":"in_progress","version":1})"
    "\n"
    R"({"type":"event","order":1,"at":0,"state":"in_progress","version":1})"
    "\n";
const std::string delivered =
    R"({"type":"operation","order":1,"at":50,"op":"deliver","by":3,"links":1,"text":2,"outcome":"ok","state":"delivered","version":2,"deadline":259200000100})"
    "\n"
    R"({"type":"event","order":1,"at":50,"from":"in_progress","state":"delivered","version":2,"deadline":259200000100})"
    "\n"
    R"({"type":"notice","order":1,"at":50,"notice":"delivered","to":7,"version":2,"deadline":259200000100})"
    "\n";

std::string completed(const std::string& at) {
  const std::string head = R"(,"order":1,"at":)" + at;
  return R"({"type":"event")" + head +
         R"(,"from":"delivered","state":"completed","version":3,"completed_by":"auto"})"
         "\n"
         R"({"type":"notice")" +
         head +
         R"(,"notice":"completed","to":7,"version":3,"completed_by":"auto"})"
         "\n"
         R"({"type":"notice")" +
         head +
         R"(,"notice":"completed","to":3,"version":3,"completed_by":"auto"})"
         "\n"
         R"({"type":"payment")" +
         head +
         R"(,"to":3,"amount_cents":500,"version":3})"
         "\n"
         R"({"type":"notice")" +
         head +
         R"(,"notice":"payment_processed","to":3,"version":3})"
         "\n";
}
const std::string on_time = completed("259200000100");
const std::string cell = R"({"type":"cell","first":1,"orders":9})"
                         "\n",
                  cell_end = R"({"type":"cell_end","at":null})"
                             "\n";
const std::string end = R"({"type":"end","operations":2,"evidence":8,"digest":"0000000000000000"})"
                        "\n";

struct Checked {
  CheckOutcome outcome;
  bool has_header = false;
  const Tally& tally() const { return outcome.tally; }
  const HistoryFacts& facts() const { return outcome.facts; }
};

Checked check(const std::string& text, Duration lateness_max = Duration{0}) {
  const Scratch scratch;
  HistoryReader reader{scratch.write("h.ndjson", text)};
  INFO(reader.problem());
  REQUIRE(reader.problem() == "");
  CheckOptions options;
  options.policy = reader.header().policy;
  options.tolerances = reader.header().tolerances;
  options.tolerances.lateness_max = lateness_max;
  return {check_history(reader, options), reader.has_header()};
}

std::uint64_t found(const Checked& checked, Invariant invariant) {
  return checked.tally().violations_by[static_cast<unsigned>(invariant)];
}

}  // namespace

TEST_CASE("a whole history of a lawful life is ok") {
  const Checked whole = check(header + cell + placed + delivered + on_time + cell_end + end);
  CHECK(whole.facts().cut_off == "");
  CHECK_FALSE(whole.facts().altered);
  CHECK(whole.tally().orders_ok == 1);
  CHECK(whole.tally().completed_by_auto == 1);
  CHECK(whole.tally().violations_total() == 0);
  CHECK(whole.facts().operations == 2);
  CHECK(whole.facts().evidence == 8);
}

TEST_CASE("completed a microsecond early is T1, late is T2, and within a tolerance it is neither") {
  CHECK(found(check(header + cell + placed + delivered + completed("259200000099") + cell_end + end), Invariant::T1) == 1);
  const std::string late = header + cell + placed + delivered + completed("259200000101") + cell_end + end;
  CHECK(found(check(late), Invariant::T2) == 1);
  CHECK(check(late, Duration{1}).tally().violations_total() == 0);
  CHECK(check(late, Duration{1}).tally().orders_ok == 1);
}

TEST_CASE("never completed is found where the cell was played to its end") {
  CHECK(found(check(header + cell + placed + delivered + cell_end + end), Invariant::T2) == 1);
  const std::string stopped = R"({"type":"cell_end","at":60})"
                              "\n";
  CHECK(check(header + cell + placed + delivered + stopped + end).tally().violations_total() == 0);
}

TEST_CASE("cut off after any of its bytes, a lawful history breaks no rule") {
  const std::string whole = header + cell + placed + delivered + on_time + cell_end + end;
  const Scratch scratch;
  for (std::size_t size = 1; size < whole.size(); ++size) {
    HistoryReader reader{scratch.write("cut.ndjson", whole.substr(0, size))};
    REQUIRE(reader.problem() == "");
    CheckOptions options;
    const CheckOutcome outcome = check_history(reader, options);
    INFO(size);
    REQUIRE(outcome.tally.violations_total() == 0);
    REQUIRE(outcome.facts.broken == 0);
    if (size < whole.size() - 1) REQUIRE_FALSE(outcome.facts.cut_off.empty());
  }
}

TEST_CASE("a history that is cut off says how far it goes") {
  CHECK(check(header + cell + placed).facts().cut_off == "it ends without its last record");
  CHECK(check(header + cell + placed + delivered.substr(0, 40)).facts().cut_off == "cut off in the middle of line 5");
  const std::string late = header + cell + placed + delivered + completed("259200000101");
  CHECK(found(check(late), Invariant::T2) == 1);  // what it shows is broken all the same
}

TEST_CASE("a line that cannot be read is told, and nothing is blamed that it may explain") {
  const std::string hole = "{\"type\":\"opera\n";
  const Checked torn = check(header + cell + placed + hole + on_time + cell_end + end);
  CHECK(torn.facts().broken == 1);
  CHECK(torn.facts().problems == std::vector<std::string>{"line 5: column 15: a text without its closing quote"});
  CHECK(torn.tally().violations_total() == 0);
  CHECK(torn.tally().orders_unknown == 1);
  CHECK(torn.facts().doubtful > 0);
  CHECK(torn.facts().doubtful_samples.size() > 0);
}

TEST_CASE("a hole in one cell leaves what is found in another") {
  std::string second = cell + placed + delivered + completed("259200000099") + cell_end;
  for (std::size_t at = second.find("\"order\":1,"); at != std::string::npos; at = second.find("\"order\":1,", at + 1))
    second.replace(at, 10, "\"order\":10,");
  second.replace(second.find("\"first\":1"), 9, "\"first\":10");
  const Checked both = check(header + cell + placed + "nonsense\n" + on_time + cell_end + second + end);
  CHECK(both.tally().violations_total() == 1);
  CHECK(found(both, Invariant::T1) == 1);
  REQUIRE(both.tally().violation_samples.size() == 1);
  CHECK(both.tally().violation_samples[0].order == OrderId{10});
  CHECK(both.tally().orders_violated == 1);
  CHECK(both.tally().orders_unknown == 1);
}

TEST_CASE("without a header, and without cells, what can be judged is judged") {
  const Checked bare = check(placed + delivered + on_time);
  CHECK_FALSE(bare.has_header);
  CHECK(bare.facts().broken == 0);
  CHECK(bare.tally().orders_ok == 1);
  CHECK(bare.tally().violations_total() == 0);
}

TEST_CASE("something else altogether is not a history: every line is told, twenty are kept") {
  std::string text;
  for (int i = 0; i < 50; ++i) text += "order-1,buyer-1,seller-1\n";
  const Checked csv = check(text);
  CHECK_FALSE(csv.has_header);
  CHECK(csv.facts().broken == 50);
  CHECK(csv.facts().problems.size() == 20);
  CHECK(csv.facts().operations + csv.facts().evidence == 0);
}

TEST_CASE("records that were taken out, put in or changed are noticed by the last one") {
  const std::string whole = header + cell + placed + delivered + on_time + cell_end;
  const std::string right = R"({"type":"end","operations":2,"evidence":8,"digest":"0000000000000001"})"
                            "\n";
  CHECK(check(whole + right).facts().altered);
  CHECK(check(header + cell + placed + delivered + cell_end + end).facts().altered);
  CHECK_FALSE(check(whole + end).facts().altered);
}

TEST_CASE("what stands behind the last record is left alone, a second history is not taken for the first") {
  const std::string whole = header + cell + placed + delivered + on_time + cell_end + end;
  CHECK(check(whole + whole).facts().followed);
  CHECK(check(whole + whole).tally().placed == 1);
  CHECK_FALSE(check(whole + "\n").facts().followed);
  CHECK(check(header + cell + placed + whole).facts().cut_off == "another history begins in line 5");
}

TEST_CASE("an order that the cell does not have, and a cell too large to be judged, are told") {
  const std::string stranger = R"({"type":"event","order":10,"at":0,"state":"in_progress","version":1})"
                               "\n";
  CHECK(check(header + cell + stranger + cell_end + end).facts().problems ==
        std::vector<std::string>{"line 3: order 10 is none of the cell's, which has 1 to 9"});
  const std::string huge = R"({"type":"cell","first":1,"orders":9223372036854775807})"
                           "\n";
  CHECK(check(header + huge + placed + cell_end + end).facts().broken == 3);
  CHECK(check(header + cell_end + end).facts().problems == std::vector<std::string>{"line 2: a cell ends that did not begin"});
}

TEST_CASE("an order that was let go is judged up to there, and a completion after that is a second one") {
  const std::string finish = R"({"type":"finish","order":1,"at":300000000000})"
                             "\n";
  const std::string whole = header + cell + placed + delivered + on_time + finish;
  CHECK(check(whole + cell_end + end).tally().orders_ok == 1);
  const Checked twice = check(whole + completed("300000000001") + cell_end + end);
  CHECK(found(twice, Invariant::A1) == 1);
  CHECK(twice.tally().orders_violated == 1);
  CHECK(found(check(header + cell + placed + delivered + finish + cell_end + end), Invariant::T2) == 1);
}

TEST_CASE("what the harness noted beside it is counted and not judged") {
  const std::string notes = R"({"type":"clock","stamp":5,"sent_ns":1,"answered_ns":2})"
                            "\n"
                            R"({"type":"advance","at":50})"
                            "\n"
                            R"({"type":"fault","what":"resets","begin_ns":1,"end_ns":2})"
                            "\n"
                            R"({"type":"weather"})"
                            "\n";
  const Checked noted = check(header + cell + placed + notes + delivered + on_time + cell_end + end);
  CHECK(noted.facts().others == 4);
  CHECK(noted.tally().orders_ok == 1);
  CHECK(noted.facts().broken == 0);
}

TEST_CASE("one order's timeline has its records and what is found about it") {
  const Scratch scratch;
  const std::string path = scratch.write("h", header + cell + placed + delivered + completed("259200000099") + cell_end + end);
  HistoryReader reader{path};
  const std::vector<TimelineEntry> timeline = trace_history(reader, {}, OrderId{1});
  CHECK(timeline.size() == 11);
  CHECK(std::holds_alternative<Violation>(timeline.back().what));
  HistoryReader again{path};
  CHECK(trace_history(again, {}, OrderId{2}).empty());
}

TEST_CASE("of a history of another origin, orders that ended long ago are let go, and judged the same") {
  // One cell of very many orders, each with a short life; an instant of its own a day apart.
  std::string text = R"({"type":"cell","first":1,"orders":200000})"
                     "\n";
  constexpr int lives = 60;
  for (int i = 1; i <= lives; ++i) {
    const std::string order = std::to_string(i), at = std::to_string(std::int64_t{86'400'000'000} * i);
    text +=
        R"({"type":"operation","order":)" + order + R"(,"at":)" + at +
        R"(,"op":"place_order","by":7,"seller":3,"due_at":9000000000000000,"price_cents":500,"outcome":"ok","state":"in_progress","version":1})"
        "\n"
        R"({"type":"event","order":)" +
        order + R"(,"at":)" + at +
        R"(,"state":"in_progress","version":1})"
        "\n";
  }
  const Checked many = check(text + R"({"type":"cell_end","at":null})"
                                    "\n");
  CHECK(many.tally().placed == lives);
  CHECK(many.tally().orders_ok == lives);
  CHECK(many.tally().open_in_progress == lives);
}
