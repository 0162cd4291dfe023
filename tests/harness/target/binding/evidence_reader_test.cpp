// A feed's items as evidence, the shipped binding's and another's.
#include "harness/target/binding/evidence_reader.hpp"
#include "bindings.hpp"

using namespace dueprocess;
using namespace dueprocess::binding;

namespace {

std::string told(EvidenceReader& reader, std::string_view body, Page& page) {
  std::string text;
  page = reader.read(body, nullptr, [&](const Item& item) {
    const Evidence& e = item.evidence;
    text += std::to_string(static_cast<int>(e.kind)) + " " + std::string{item.order} + " v" + std::to_string(e.version) + " " +
            std::string{name_of(e.from)} + ">" + std::string{name_of(e.state)} + " " + std::string{name_of(e.completed_by)};
    if (e.kind == EvidenceKind::notification) text += " " + std::string{name_of(e.notice)};
    if (e.kind == EvidenceKind::payment) text += " " + std::to_string(e.amount_cents);
    if (!item.to.empty()) text += " to " + std::string{item.to};
    text += ";";
  });
  return text;
}

}  // namespace

TEST_CASE("the reference service's feed") {
  EvidenceReader reader{read_binding_file(DUEPROCESS_BINDINGS "/dueprocess.yaml", false).binding.observe};
  Page page;
  CHECK(told(reader,
             R"({"now":"2026-03-02T00:00:00.000000Z","events":[
      {"cursor":"1","kind":"event","order":"o1","at":"2026-03-02T00:00:00.000001Z","version":1,"from":null,"state":"in_progress","deadline":null},
      {"cursor":"2","kind":"notification","order":"o1","at":"2026-03-02T00:00:00Z","version":3,"notice":"completed","to":"u7","completed_by":"auto"},
      {"cursor":"3","kind":"payment","order":"o1","at":"2026-03-02T00:00:00Z","to":"u3","amount_cents":5000},
      {"cursor":"4","kind":"payment","order":"o1","at":"2026-03-02T00:00:00Z","to":"u3"},
      {"cursor":"5","kind":"surprise","order":"o1"}],"next":"5"})",
             page) ==
        "0 o1 v1 none>in_progress nobody;1 o1 v3 none>none auto completed to u7;2 o1 v0 none>none nobody 5000 to u3;");
  CHECK(page.items == 5);
  CHECK(page.unreadable == 2);
  CHECK(page.lacks == "kind");
  CHECK(page.next == "5");
  CHECK_FALSE(reader.read("<html>", nullptr, [](const Item&) {}).is_json);
}

TEST_CASE("one word of the service's may tell both what an item is and the state") {
  EvidenceReader reader{binding_of(with_operation("view_order", "\"GET /o/{order}\"",
                                                  "observe:\n"
                                                  "  by: feed\n"
                                                  "  shows: events\n"
                                                  "  from: GET /log?since={cursor}\n"
                                                  "  items:\n"
                                                  "    kind: {at: /type, names: {event: [TaskDone, TaskClosed]}}\n"
                                                  "    ignored: Ping\n"
                                                  "    order: {at: /self, after: /tasks/}\n"
                                                  "    state: {at: /type, names: {delivered: TaskDone, completed: TaskClosed}}\n"
                                                  "    cursor: /seq\n"))
                            .observe};
  Page page;
  CHECK(
      told(
          reader,
          R"([{"type":"TaskDone","self":"/api/tasks/17","seq":8},{"type":"Ping","seq":9},{"type":"TaskClosed","self":"/api/tasks/17","seq":10}])",
          page) == "0 17 v0 none>delivered nobody;0 17 v0 none>completed nobody;");
  CHECK(page.next == "10");
  CHECK(page.unreadable == 0);
}
