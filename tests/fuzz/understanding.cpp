// Any bytes as a service's answer and as a page of its feed: they are understood or they are not; nothing is believed of what is
// understood in part, and what is kept lies within the body.
#include <cstdlib>

#include "harness/target/binding/answer_reader.hpp"
#include "harness/target/binding/evidence_reader.hpp"

namespace {

using namespace dueprocess;

FieldSource at(const char* pointer, Spelling as = Spelling::plain) {
  FieldSource source;
  source.given = true;
  source.pointer = pointer;
  source.as = as;
  return source;
}
FieldSource word(const char* pointer, std::vector<std::pair<std::string, std::uint8_t>> words) {
  FieldSource source = at(pointer);
  source.naming.words = std::move(words);
  return source;
}

AnswerRules rules() {
  AnswerRules all;
  all.code = at("/code");
  all.codes = {{"wrong_state", {Outcome::refused, Refusal::wrong_state}}};
  all.id = at("/order/id");
  all.state = word("/order/state", {{"in_progress", 1}, {"delivered", 2}, {"completed", 4}});
  all.version = at("/order/version");
  all.deadline = at("/order/deadline", Spelling::rfc3339);
  all.completed_at = at("/order/completed_at", Spelling::epoch_ms);
  all.late = at("/order/late");
  return all;
}

ObserveBinding feed() {
  ObserveBinding all;
  all.by = Watching::feed;
  all.events = all.notices = all.payments = true;
  all.next = at("/next");
  all.items.list = "/events";
  all.items.kind = word("/kind", {{"event", 0}, {"notification", 1}, {"payment", 2}});
  all.items.order = at("/order");
  all.items.at = at("/at", Spelling::rfc3339);
  all.items.state = word("/state", {{"in_progress", 1}, {"delivered", 2}});
  all.items.to = at("/to");
  all.items.amount = at("/amount_cents", Spelling::decimal);
  all.items.notice = word("/notice", {{"delivered", 0}});
  return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  static binding::AnswerReader place{rules(), OperationKind::place_order}, view{rules(), OperationKind::view_order};
  static binding::EvidenceReader pages{feed()};
  http::Answer answer;
  answer.status = data[0] % 2 == 0 ? 200 : 409;
  answer.body = {reinterpret_cast<const char*>(data) + 1, size - 1};
  for (binding::AnswerReader* reader : {&place, &view}) {
    const binding::ReadAnswer read = reader->read(answer);
    if (!read.understood && read.answer.outcome != Outcome::info) std::abort();
    if (read.answer.outcome == Outcome::info && read.answer.state != OrderState::none && !read.lacks.empty()) std::abort();
    if (reader == &place && read.answer.outcome == Outcome::ok && read.id.empty()) std::abort();
  }
  std::uint32_t told = 0;
  const binding::Page page = pages.read(answer.body, &answer, [&](const binding::Item& item) {
    ++told;
    if (item.order.size() > size) std::abort();
  });
  if (told + page.unreadable > page.items && page.is_json) std::abort();
  return 0;
}
