#include "catch.hpp"
#include "harness/eventlog/event_log.hpp"

using namespace dueprocess;

namespace {

std::string mistakes_of(const std::string& text) {
  std::string all;
  for (const Mistake& mistake : read_log_mapping(text, "map.yaml", {}).mistakes) all += to_string(mistake) + "\n";
  return all;
}

LogMapping mapping_of(const std::string& text) {
  const ReadLogMapping read = read_log_mapping(text, "map.yaml", {});
  for (const Mistake& mistake : read.mistakes) UNSCOPED_INFO(to_string(mistake));
  REQUIRE(read.ok());
  return read.mapping;
}

const std::string events_of_rows = R"(
order: id
due: due
events:
  - {event: placed, at: at, when: {what: created}}
  - {event: delivered, at: at, when: {what: [delivered, redelivered]}, deadline: deadline}
  - {event: extended, at: at, when: {what: extended}, length: length}
  - {event: accepted, at: at, when: {what: closed, who: buyer}}
  - {event: auto_completed, at: at, when: {what: closed, who: [system, cron]}}
)";

}  // namespace

TEST_CASE("a mapping's mistakes are told all at once, with their places") {
  CHECK(mistakes_of("order: id\nevent: []\nevents:\n  - {event: deliverd, at: t}\n  - {event: extended, at: t}\n  - {at: t, "
                    "length: l}\n") ==
        "map.yaml:2:1: error: event: unknown key \"event\"; did you mean \"events\"?\n"
        "map.yaml:4:13: error: events.0.event: expected one of placed, delivered, modification_requested, extended, accepted, "
        "auto_completed, completed, paid, not \"deliverd\"; did you mean \"delivered\"?\n"
        "map.yaml:5:5: error: events.1: an extension needs its `length`: by how much the deadline moves\n"
        "map.yaml:6:5: error: events.2: \"event\" is missing: what happened\n"
        "map.yaml:6:5: error: events.2: only an extension has a `length`\n");
  CHECK(mistakes_of("events: []\n") ==
        "map.yaml:1:1: error: \"order\" is missing: column that says which order a row is about\n"
        "map.yaml:1:1: error: not one event: nothing can be judged\n");
  CHECK(mistakes_of(events_of_rows).empty());
}

TEST_CASE("rows of CSV tell the events that their columns say, gathered by order and put in order") {
  const LogMapping mapping = mapping_of(events_of_rows);
  std::string wrong;
  const EventLog log = read_event_log(mapping, LogFormat::csv,
                                      "id,at,what,who,due,deadline,length\n"
                                      "b,2026-03-01T10:00:00Z,created,u,2026-03-02T00:00:00Z,,\n"
                                      "a,2026-03-01T12:00:00Z,delivered,s,,2026-03-04T00:00:00Z,\n"
                                      "a,2026-03-01T11:00:00Z,created,u,2026-03-01T20:00:00Z,,\n"
                                      "b,2026-03-03T00:00:00Z,extended,u,,,3600\n"
                                      "b,2026-03-02T00:00:00Z,viewed,u,,,\n"
                                      "a,2026-03-04T00:00:00Z,closed,cron,,,\n",
                                      wrong);
  REQUIRE(wrong == "");
  CHECK(log.rows == 6);
  CHECK(log.rows_without_event == 1);
  CHECK(log.rows_broken == 0);
  REQUIRE(log.orders.size() == 2);
  const LoggedOrder& a = log.orders[1];
  CHECK(a.name == "a");
  REQUIRE(a.events.size() == 3);
  CHECK(a.events[0].event == LogEvent::placed);
  CHECK(a.events[1].event == LogEvent::delivered);
  CHECK(a.events[1].deadline == Instant{std::chrono::sys_days{std::chrono::year{2026} / 3 / 4}});
  CHECK(a.events[2].event == LogEvent::auto_completed);
  CHECK(log.orders[0].events[1].amount == 3'600'000'000);
}

TEST_CASE("rows of NDJSON are the same, their columns members of members") {
  const LogMapping mapping = mapping_of(
      "order: order.id\ndue: order.due\ninstants: unix_ms\nevents:\n  - {event: placed, at: t, when: {kind: new}}\n"
      "  - {event: paid, at: t, amount: sum, when: {kind: pay}}\n");
  std::string wrong;
  const EventLog log = read_event_log(mapping, LogFormat::ndjson,
                                      "{\"order\":{\"id\":7,\"due\":2000},\"t\":1000,\"kind\":\"new\"}\n"
                                      "\n"
                                      "{\"order\":{\"id\":7},\"t\":1500,\"kind\":\"pay\",\"sum\":12.5}\n"
                                      "{\"order\":{\"id\":\"8\"},\"t\":\"yesterday\",\"kind\":\"new\"}\n"
                                      "[1]\n",
                                      wrong);
  REQUIRE(log.orders.size() == 1);
  CHECK(log.orders[0].name == "7");
  CHECK(log.orders[0].due == instant_at(2'000'000));
  REQUIRE(log.orders[0].events.size() == 2);
  CHECK(log.orders[0].events[1].amount == 1'250);
  CHECK(log.rows_broken == 2);
  CHECK(log.problems == std::vector<std::string>{
                            "line 4: t: \"yesterday\" is not a whole number of seconds, milliseconds or microseconds since 1970",
                            "line 5: not a JSON object"});
}

TEST_CASE("a column that the log does not have is told with the nearest one") {
  std::string wrong;
  read_event_log(mapping_of("order: ordre\ndue: due\nevents: [{event: placed, at: at}]\n"), LogFormat::csv, "order,due,at\n",
                 wrong);
  CHECK(wrong == "there is no column \"ordre\"; did you mean \"order\"?");
  wrong.clear();
  read_event_log(mapping_of("order: id\nevents: [{event: placed, at: at}]\n"), LogFormat::csv, "", wrong);
  CHECK(wrong == "it is empty: not even a header");
}

TEST_CASE("rows and orders that cannot be used are told with their line, and counted") {
  std::string wrong;
  const EventLog log = read_event_log(
      mapping_of("order: id\ndue: due\nevents: [{event: placed, at: at}, {event: delivered, at: got}]\n"), LogFormat::csv,
      "id,at,due,got\n"
      "a,soon,2026-03-02,\n"
      ",2026-03-01,2026-03-02,\n"
      "b,2026-03-01\n"
      "c,,2026-03-02T00:00:00Z,2026-03-01T00:00:00Z\n"
      "d,2026-03-01T00:00:00Z,2026-03-01T00:00:00Z,\n"
      "e,2026-03-01T00:00:00Z,,\n",
      wrong);
  CHECK(log.rows_broken == 3);
  CHECK(log.orders_left_out == 3);
  REQUIRE(log.problems.size() == 6);
  CHECK(log.problems[0].starts_with("line 2: at: "));
  CHECK(log.problems[1] == "line 3: which order? id is empty");
  CHECK(log.problems[2] == "line 4: 2 columns, the header has 4");
  CHECK(log.problems[3] == "order c: it begins with \"delivered\" in line 5, not with its placing");
  CHECK(log.problems[4] == "order d: its due date is not after its placing in line 6");
  CHECK(log.problems[5] == "order e: it has no due date, which its deadline is counted from");
}
