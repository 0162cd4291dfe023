#include "harness/history/records.hpp"
#include "harness/history/json_view.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

#include <charconv>
#include <cstring>

namespace dueprocess {
namespace {

/// Where the next byte goes. A member begins with its comma: every record begins with its type.
struct Pen {
  char* at;

  template <std::size_t N>
  void raw(const char (&text)[N]) {
    std::memcpy(at, text, N - 1);
    at += N - 1;
  }
  void raw(std::string_view text) {
    std::memcpy(at, text.data(), text.size());
    at += text.size();
  }
  template <class Number>
  void number(Number value) {
    at = std::to_chars(at, at + 24, value).ptr;
  }
  void instant(Instant value) {
    if (value == never)
      raw("null");
    else
      number(us_of(value));
  }
  template <std::size_t N>
  void member(const char (&name)[N], Instant value) {
    raw(name);
    instant(value);
  }
  template <std::size_t N, class Number>
  void member(const char (&name)[N], Number value) {
    raw(name);
    number(value);
  }
  template <std::size_t N>
  void word(const char (&name)[N], std::string_view value) {
    raw(name);
    raw(value);
    *at++ = '"';
  }
  char* end() {
    raw("}\n");
    return at;
  }
};

void write_arguments(Pen& pen, const Operation& op) {
  switch (op.kind) {
    case OperationKind::place_order:
      pen.member(R"(,"seller":)", number(op.seller));
      pen.member(R"(,"due_at":)", op.due_at);
      pen.member(R"(,"price_cents":)", op.price_cents);
      break;
    case OperationKind::upload:
      pen.member(R"(,"bytes":)", op.bytes);
      if (op.text != TextId::absent) pen.member(R"(,"text":)", static_cast<std::uint32_t>(op.text));
      break;
    case OperationKind::extend_review:
      pen.member(R"(,"extend_by_us":)", op.extend_by_us);
      break;
    case OperationKind::deliver:
    case OperationKind::deliver_modified:
      if (op.content != Content::final_work) pen.word(R"(,"content":")", name_of(op.content));
      if (op.confirm_no_file) pen.raw(R"(,"confirm_no_file":true)");
      if (op.use_draft) pen.raw(R"(,"use_draft":true)");
      [[fallthrough]];
    case OperationKind::save_draft:
      if (op.attachments != 0) pen.member(R"(,"attachments":)", op.attachments);
      if (op.links != 0) pen.member(R"(,"links":)", op.links);
      [[fallthrough]];
    case OperationKind::request_modification:
    case OperationKind::contact_support:
      if (op.text != TextId::absent) pen.member(R"(,"text":)", static_cast<std::uint32_t>(op.text));
      break;
    case OperationKind::list_orders:
    case OperationKind::view_order:
    case OperationKind::open_draft:
    case OperationKind::accept:
      break;
  }
}

void write_answer(Pen& pen, const Answer& answer, Instant answered) {
  pen.word(R"(,"outcome":")", name_of(answer.outcome));
  if (answer.refusal != Refusal::none) pen.word(R"(,"refusal":")", name_of(answer.refusal));
  if (answer.state != OrderState::none) pen.word(R"(,"state":")", name_of(answer.state));
  if (answer.version != 0) pen.member(R"(,"version":)", answer.version);
  if (answer.deadline != never) pen.member(R"(,"deadline":)", answer.deadline);
  if (answer.completed_at != never) pen.member(R"(,"completed_at":)", answer.completed_at);
  if (answer.completed_by != CompletedBy::nobody) pen.word(R"(,"completed_by":")", name_of(answer.completed_by));
  if (answer.late) pen.raw(R"(,"late":true)");
  if (answer.listed != 0) pen.member(R"(,"listed":)", answer.listed);
  if (answer.stamp != answered) pen.member(R"(,"stamp":)", answer.stamp);
}

void write_operation(Pen& pen, const Observation& seen) {
  const Operation& op = seen.operation;
  pen.raw(R"({"type":"operation")");
  if (op.order != OrderId::none || op.kind != OperationKind::list_orders) pen.member(R"(,"order":)", number(op.order));
  pen.member(R"(,"at":)", seen.answered);
  if (seen.sent != seen.answered) pen.member(R"(,"sent":)", seen.sent);
  if (seen.intended != seen.sent) pen.member(R"(,"intended":)", seen.intended);
  pen.word(R"(,"op":")", name_of(op.kind));
  pen.member(R"(,"by":)", number(op.by));
  if (op.key != KeyId::none) pen.member(R"(,"key":)", number(op.key));
  write_arguments(pen, op);
  write_answer(pen, seen.answer, seen.answered);
}

void write_evidence(Pen& pen, const Evidence& e, Instant seen) {
  switch (e.kind) {
    case EvidenceKind::event:
      pen.raw(R"({"type":"event","order":)");
      break;
    case EvidenceKind::notification:
      pen.raw(R"({"type":"notice","order":)");
      break;
    case EvidenceKind::payment:
      pen.raw(R"({"type":"payment","order":)");
      break;
  }
  pen.number(number(e.order));
  pen.member(R"(,"at":)", e.at);
  if (seen != e.at) pen.member(R"(,"seen":)", seen);
  if (e.kind == EvidenceKind::notification || e.notice != Notice::delivered) pen.word(R"(,"notice":")", name_of(e.notice));
  if (e.from != OrderState::none) pen.word(R"(,"from":")", name_of(e.from));
  if (e.state != OrderState::none) pen.word(R"(,"state":")", name_of(e.state));
  if (e.to != UserId::nobody) pen.member(R"(,"to":)", number(e.to));
  if (e.amount_cents != 0) pen.member(R"(,"amount_cents":)", e.amount_cents);
  if (e.version != 0) pen.member(R"(,"version":)", e.version);
  if (e.deadline != never) pen.member(R"(,"deadline":)", e.deadline);
  if (e.completed_by != CompletedBy::nobody) pen.word(R"(,"completed_by":")", name_of(e.completed_by));
}

void write_span(Pen& pen, HarnessTime sent, HarnessTime answered) {
  pen.member(R"(,"sent_ns":)", sent);
  pen.member(R"(,"answered_ns":)", answered);
}

boost::json::value instant_value(Instant at) { return at == never ? boost::json::value{} : boost::json::value(us_of(at)); }

}  // namespace

char* write_record(char* at, const Observation& seen) {
  Pen pen{at};
  write_operation(pen, seen);
  return pen.end();
}

char* write_record(char* at, const LiveObservation& live) {
  Pen pen{at};
  write_operation(pen, live.observation);
  pen.member(R"(,"intended_ns":)", live.intended_ns);
  write_span(pen, live.sent_ns, live.answered_ns);
  if (live.attempts != 1) pen.member(R"(,"attempts":)", live.attempts);
  if (live.status != 0) pen.member(R"(,"status":)", live.status);
  if (live.failure != Failure::none) pen.word(R"(,"failure":")", name_of(live.failure));
  return pen.end();
}

char* write_record(char* at, const Evidence& evidence, Instant seen) {
  Pen pen{at};
  write_evidence(pen, evidence, seen);
  return pen.end();
}

char* write_record(char* at, const LiveEvidence& live, Instant seen) {
  Pen pen{at};
  write_evidence(pen, live.evidence, seen);
  pen.member(R"(,"seen_ns":)", live.seen_ns);
  if (live.not_seen_ns != 0) pen.member(R"(,"not_seen_ns":)", live.not_seen_ns);
  return pen.end();
}

char* write_record(char* at, const ClockSample& sample) {
  Pen pen{at};
  pen.raw(R"({"type":"clock")");
  pen.member(R"(,"stamp":)", sample.stamp);
  write_span(pen, sample.sent_ns, sample.answered_ns);
  return pen.end();
}

char* write_record(char* at, const ClockAdvance& advance) {
  Pen pen{at};
  pen.raw(R"({"type":"advance")");
  pen.member(R"(,"at":)", advance.to);
  write_span(pen, advance.sent_ns, advance.answered_ns);
  return pen.end();
}

char* write_record(char* at, const HistoryEnd& end) {
  Pen pen{at};
  pen.raw(R"({"type":"end")");
  pen.member(R"(,"operations":)", end.operations);
  pen.member(R"(,"evidence":)", end.evidence);
  pen.raw(R"(,"digest":")");
  pen.at = fmt::format_to(pen.at, "{:016x}\"", end.digest);
  pen.member(R"(,"timers_fired":)", end.timers_fired);
  pen.member(R"(,"actions_dropped":)", end.actions_dropped);
  pen.member(R"(,"cases_run":)", end.cases_run);
  if (end.interrupted) pen.raw(R"(,"interrupted":true)");
  return pen.end();
}

char* write_cell_begin(char* at, OrderRange orders) {
  Pen pen{at};
  pen.member(R"({"type":"cell","first":)", number(orders.first));
  pen.member(R"(,"orders":)", orders.count);
  return pen.end();
}

char* write_cell_end(char* at, Instant horizon) {
  Pen pen{at};
  pen.member(R"({"type":"cell_end","at":)", horizon);
  return pen.end();
}

char* write_finish(char* at, OrderId order, Instant horizon) {
  Pen pen{at};
  pen.member(R"({"type":"finish","order":)", number(order));
  pen.member(R"(,"at":)", horizon);
  return pen.end();
}

char* write_cell_end_at_look(char* at, HarnessTime look_ns) {
  Pen pen{at};
  pen.member(R"({"type":"cell_end","at":null,"look_ns":)", look_ns);
  return pen.end();
}

char* write_finish_at_look(char* at, OrderId order, HarnessTime look_ns) {
  Pen pen{at};
  pen.member(R"({"type":"finish","order":)", number(order));
  pen.member(R"(,"at":null,"look_ns":)", look_ns);
  return pen.end();
}

char* write_down(char* at, HarnessTime begin_ns, HarnessTime end_ns) {
  Pen pen{at};
  pen.member(R"({"type":"down","begin_ns":)", begin_ns);
  pen.member(R"(,"end_ns":)", end_ns);
  return pen.end();
}

std::string record_text(const FaultSpan& fault) {
  const boost::json::object object{{"type", "fault"},
                                   {"what", view(fault.what)},
                                   {"from", instant_value(fault.from)},
                                   {"until", instant_value(fault.to)},
                                   {"begin_ns", fault.begin_ns},
                                   {"end_ns", fault.end_ns}};
  return boost::json::serialize(object) + "\n";
}

std::string record_text(const CaseFailureRecord& failed) {
  const boost::json::object object{{"type", "case_failure"},
                                   {"case", failed.failure.case_index},
                                   {"step", failed.failure.step_index},
                                   {"name", view(failed.name)},
                                   {"line", failed.line},
                                   {"order", failed.order},
                                   {"expected", view(failed.failure.expected)},
                                   {"seen", view(failed.failure.seen)}};
  return boost::json::serialize(object) + "\n";
}

}  // namespace dueprocess
