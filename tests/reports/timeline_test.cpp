#include "reports/timeline.hpp"

#include "catch.hpp"
#include "golden.hpp"
#include "made_up.hpp"
#include "reports/timeline_svg.hpp"

using namespace dueprocess;
using namespace std::chrono_literals;

namespace {

constexpr Instant start = made_up::monday;

/// The language of these tests: one order's history, told step by step.
struct History {
  std::vector<TimelineEntry> entries;

  History& asked(Instant at, UserId by, OperationKind kind, OrderState state, Instant deadline, Operation operation = {}) {
    Observation seen;
    seen.operation = operation;
    seen.operation.order = OrderId{7};
    seen.operation.by = by;
    seen.operation.kind = kind;
    seen.answer.state = state;
    seen.answer.deadline = deadline;
    seen.answer.version = static_cast<std::uint32_t>(entries.size() + 1);
    seen.sent = seen.answered = at;
    entries.push_back({at, seen});
    return *this;
  }
  History& refused(Instant at, UserId by, OperationKind kind, Refusal refusal) {
    Observation seen;
    seen.operation.by = by;
    seen.operation.kind = kind;
    seen.answer.outcome = Outcome::refused;
    seen.answer.refusal = refusal;
    entries.push_back({at, seen});
    return *this;
  }
  History& evidence(Instant at, Evidence what) {
    what.order = OrderId{7};
    what.at = at;
    entries.push_back({at, what});
    return *this;
  }
};

constexpr UserId seller{3}, buyer{9};

}  // namespace

TEST_CASE("one order's timeline is as approved") {
  const std::vector<std::string> texts{"", " ", "final logo", "please, rounder"};
  const Instant due = start + 48h, deadline = due + 72h;
  Operation place;
  place.seller = seller;
  place.due_at = due;
  place.price_cents = 5'000;
  Operation upload;
  upload.bytes = 20'000'000;
  Operation deliver;
  deliver.text = TextId{2};
  deliver.attachments = 1;
  Operation again;
  again.use_draft = true;
  again.content = Content::work_sample;
  Operation extend;
  extend.key = KeyId{12};
  extend.extend_by_us = 86'400'000'000;
  Operation modify;
  modify.text = TextId{3};

  History h;
  h.asked(start, buyer, OperationKind::place_order, OrderState::in_progress, never, place);
  h.evidence(start, {.from = OrderState::none, .state = OrderState::in_progress});
  h.asked(start + 24h, seller, OperationKind::upload, OrderState::in_progress, never, upload);
  h.refused(start + 25h, UserId::nobody, OperationKind::view_order, Refusal::unauthenticated);
  h.refused(start + 25h, UserId{77}, OperationKind::view_order, Refusal::not_found);
  h.asked(start + 26h, seller, OperationKind::deliver, OrderState::delivered, deadline, deliver);
  h.evidence(start + 26h, {.deadline = deadline, .to = buyer, .kind = EvidenceKind::notification, .notice = Notice::delivered});
  h.asked(deadline - 1us, buyer, OperationKind::extend_review, OrderState::delivered, deadline + 24h, extend);
  h.asked(deadline, buyer, OperationKind::request_modification, OrderState::in_revision, never, modify);
  h.asked(deadline + 30h, seller, OperationKind::deliver_modified, OrderState::delivered, deadline + 102h, again);
  h.evidence(deadline + 102h,
             {.from = OrderState::delivered, .state = OrderState::completed, .completed_by = CompletedBy::automatic});
  h.evidence(deadline + 102h, {.amount_cents = 5'000, .to = seller, .kind = EvidenceKind::payment});
  h.entries.push_back({deadline + 102h, Violation{OrderId{7}, deadline + 102h, Invariant::M3, "50.01 to seller 3", "50.00"}});

  check_golden("timeline.txt", timeline_text(h.entries, texts, {.width = 120}));
}

TEST_CASE("near its deadline an order is told by it, to the microsecond") {
  const std::vector<std::string> texts;
  const Instant deadline = start + 72h;
  History h;
  h.asked(start, seller, OperationKind::deliver, OrderState::delivered, deadline);
  h.asked(deadline - 1us, buyer, OperationKind::view_order, OrderState::delivered, deadline);
  h.asked(deadline, buyer, OperationKind::view_order, OrderState::delivered, deadline);
  h.asked(deadline + 1us, buyer, OperationKind::view_order, OrderState::delivered, deadline);
  const std::string text = timeline_text(h.entries, texts, {});
  CHECK(text.find("2026-03-04T23:59:59.999999Z  D - 1us ") != std::string::npos);
  CHECK(text.find("2026-03-05T00:00:00.000000Z  D  ") != std::string::npos);
  CHECK(text.find("2026-03-05T00:00:00.000001Z  D + 1us ") != std::string::npos);
}

TEST_CASE("an answer that tells nothing of the order does not move its deadline") {
  const std::vector<std::string> texts;
  History h;
  h.asked(start, seller, OperationKind::deliver, OrderState::delivered, start + 72h);
  h.refused(start + 1h, UserId{77}, OperationKind::accept, Refusal::not_found);
  CHECK(timeline_text(h.entries, texts, {}).find("deadline gone") == std::string::npos);
}

TEST_CASE("no entries are no text") { CHECK(timeline_text({}, {}, {}).empty()); }

TEST_CASE("a picture is well-formed and self-contained, whatever the texts of a scenario hold") {
  Operation hostile;
  hostile.text = TextId::first_real;
  History history;
  history.asked(start, UserId{2}, OperationKind::place_order, OrderState::in_progress, never)
      .asked(start + 24h, UserId{1}, OperationKind::deliver, OrderState::delivered, start + 120h, hostile)
      .asked(start + 48h, UserId{2}, OperationKind::extend_review, OrderState::delivered, start + 144h)
      .refused(start + 50h, UserId{1}, OperationKind::upload, Refusal::wrong_state);
  TimelinePicture picture;
  picture.title = "</title><script>alert('1')</script>";
  picture.downtimes = {{start + 30h, start + 31h}};
  picture.lateness_max = 1min;
  const std::string svg =
      timeline_svg(history.entries, {"", " ", "]]></style><script src=\"http://x\">& \x01 \xff \xed\xa0\x80"}, picture);
  CHECK(svg.find("<script") == std::string::npos);
  CHECK(svg.find("&lt;script src=&quot;http://x&quot;&gt;&amp; \xEF\xBF\xBD \xEF\xBF\xBD") != std::string::npos);
  CHECK(svg.find('\x01') == std::string::npos);
  CHECK(svg.find("http://www.w3.org/2000/svg") == svg.find("http://"));  // and no other address outside of a text
  for (const char* part :
       {"class=\"review\"", "class=\"move\"", "class=\"down\"", "class=\"band\"", "class=\"refused\"", "class=\"ok\""}) {
    CAPTURE(part);
    CHECK(svg.find(part) != std::string::npos);
  }
}

TEST_CASE("text in a picture is escaped, and what XML cannot hold is replaced") {
  CHECK(xml_escaped("a<b>&\"c\"'") == "a&lt;b&gt;&amp;&quot;c&quot;&#39;");
  CHECK(xml_escaped("ü → 🎉") == "ü → 🎉");
  CHECK(xml_escaped("\xC0\xAF") == "\xEF\xBF\xBD\xEF\xBF\xBD");
  CHECK(xml_escaped("\xEF\xBF\xBE") == "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
  CHECK(xml_escaped(std::string_view{"\0", 1}) == "\xEF\xBF\xBD");
}
