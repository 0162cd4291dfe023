#include "harness/history/reading.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

#include <charconv>
#include <limits>

namespace dueprocess {
namespace {

constexpr std::int64_t instant_max = std::int64_t{1} << 62;

/// Fetches members as what they are to be and remembers the first that is not.
class Fetch {
 public:
  explicit Fetch(const LineScan& scan) : scan_(scan) {}

  bool ok() const { return wrong_ == nullptr; }
  std::string problem() const { return fmt::format("{}: expected {}", name_of(member_), wrong_); }
  bool has(Member member) const { return scan_.has(member); }

  /// Absent or null: left as it is.
  template <class Number>
  void whole(Member member, Number& out) {
    if (!given(member)) return;
    const Value& value = scan_[member];
    if (value.kind != ValueKind::whole || !fits<Number>(value.number)) return wrong(member, expected<Number>());
    out = static_cast<Number>(value.number);
  }
  void flag(Member member, bool& out) {
    if (!given(member)) return;
    if (scan_[member].kind != ValueKind::flag) return wrong(member, "true or false");
    out = scan_[member].number != 0;
  }
  void instant(Member member, Instant& out) {
    if (!scan_.has(member)) return;
    const Value& value = scan_[member];
    if (value.kind == ValueKind::null) {
      out = never;
      return;
    }
    const bool good = value.kind == ValueKind::whole && value.number <= instant_max && value.number >= -instant_max;
    if (!good) return wrong(member, "microseconds since 1970, or null");
    out = instant_at(value.number);
  }
  /// A word by its name among `count` enumerators.
  template <class Enum>
  void word(Member member, Enum& out, unsigned count, const char* expected) {
    if (!given(member)) return;
    const Value& value = scan_[member];
    if (value.kind == ValueKind::word)
      for (unsigned i = 0; i < count; ++i)
        if (const auto each = static_cast<Enum>(i); name_of(each) == value.text) {
          out = each;
          return;
        }
    wrong(member, expected);
  }
  void required(Member member) {
    if (!given(member)) wrong(member, "it to be there");
  }
  void wrong(Member member, const char* expected) {
    if (wrong_ != nullptr) return;
    member_ = member;
    wrong_ = expected;
  }

 private:
  bool given(Member member) const { return scan_.has(member) && scan_[member].kind != ValueKind::null; }
  template <class Number>
  static bool fits(std::int64_t value) {
    if constexpr (std::is_signed_v<Number>)
      return true;
    else
      return value >= 0 && static_cast<std::uint64_t>(value) <= std::numeric_limits<Number>::max();
  }
  template <class Number>
  static const char* expected() {
    if constexpr (std::is_signed_v<Number>)
      return "a whole number";
    else if constexpr (sizeof(Number) == 2)
      return "a whole number from 0 to 65535";
    else if constexpr (sizeof(Number) == 4)
      return "a whole number from 0 to 4294967295";
    else
      return "a whole number, not negative";
  }

  const LineScan& scan_;
  Member member_ = Member::type;
  const char* wrong_ = nullptr;
};

template <class Id, class Number>
void id(Fetch& fetch, Member member, Id& out) {
  Number number{};
  fetch.whole(member, number);
  out = Id{number};
}

void read_live_times(Fetch& fetch, LiveObservation& live) {
  fetch.whole(Member::intended_ns, live.intended_ns);
  fetch.whole(Member::sent_ns, live.sent_ns);
  fetch.whole(Member::answered_ns, live.answered_ns);
  fetch.whole(Member::attempts, live.attempts);
  fetch.whole(Member::status, live.status);
  fetch.word(Member::failure, live.failure, failure_count, "a kind of failure");
}

void read_answer(Fetch& fetch, Answer& answer, Instant answered) {
  fetch.required(Member::outcome);
  fetch.word(Member::outcome, answer.outcome, 3, "ok, refused or info");
  fetch.word(Member::refusal, answer.refusal, refusal_count, "a code of R17");
  fetch.word(Member::state, answer.state, order_state_count, "an order's state");
  fetch.whole(Member::version, answer.version);
  fetch.instant(Member::deadline, answer.deadline);
  fetch.instant(Member::completed_at, answer.completed_at);
  fetch.word(Member::completed_by, answer.completed_by, 3, "nobody, buyer or auto");
  fetch.flag(Member::late, answer.late);
  fetch.whole(Member::listed, answer.listed);
  answer.stamp = answered;
  fetch.instant(Member::stamp, answer.stamp);
}

void read_arguments(Fetch& fetch, Operation& op) {
  id<UserId, std::uint32_t>(fetch, Member::by, op.by);
  id<KeyId, std::uint64_t>(fetch, Member::key, op.key);
  id<UserId, std::uint32_t>(fetch, Member::seller, op.seller);
  id<TextId, std::uint32_t>(fetch, Member::text, op.text);
  fetch.instant(Member::due_at, op.due_at);
  fetch.whole(Member::attachments, op.attachments);
  fetch.whole(Member::links, op.links);
  fetch.word(Member::content, op.content, 4, "final, work_sample, draft or incomplete");
  fetch.flag(Member::confirm_no_file, op.confirm_no_file);
  fetch.flag(Member::use_draft, op.use_draft);
  switch (op.kind) {
    case OperationKind::place_order:
      fetch.whole(Member::price_cents, op.price_cents);
      break;
    case OperationKind::upload:
      fetch.whole(Member::bytes, op.bytes);
      break;
    case OperationKind::extend_review:
      fetch.whole(Member::extend_by_us, op.extend_by_us);
      break;
    default:
      break;
  }
}

void read_operation(Fetch& fetch, Record& record) {
  record.kind = RecordKind::operation;
  record.operation = {};
  Observation& seen = record.operation.observation;
  id<OrderId, std::uint64_t>(fetch, Member::order, seen.operation.order);
  fetch.required(Member::op);
  fetch.word(Member::op, seen.operation.kind, operation_kind_count, "an operation's name");
  if (seen.operation.kind != OperationKind::list_orders) fetch.required(Member::order);
  read_arguments(fetch, seen.operation);
  fetch.instant(Member::at, seen.answered);
  seen.sent = seen.answered;
  fetch.instant(Member::sent, seen.sent);
  seen.intended = seen.sent;
  fetch.instant(Member::intended, seen.intended);
  read_answer(fetch, seen.answer, seen.answered);
  record.live = fetch.has(Member::answered_ns);
  if (record.live) read_live_times(fetch, record.operation);
}

void read_evidence(Fetch& fetch, EvidenceKind kind, Record& record) {
  record.kind = RecordKind::evidence;
  record.evidence = {};
  Evidence& e = record.evidence.evidence;
  e.kind = kind;
  fetch.required(Member::order);
  id<OrderId, std::uint64_t>(fetch, Member::order, e.order);
  fetch.instant(Member::at, e.at);
  record.at = e.at;
  fetch.instant(Member::seen, record.at);
  if (kind == EvidenceKind::notification) fetch.required(Member::notice);
  fetch.word(Member::notice, e.notice, notice_count, "a notice's name");
  fetch.word(Member::from, e.from, order_state_count, "an order's state");
  fetch.word(Member::state, e.state, order_state_count, "an order's state");
  id<UserId, std::uint32_t>(fetch, Member::to, e.to);
  fetch.whole(Member::amount_cents, e.amount_cents);
  fetch.whole(Member::version, e.version);
  fetch.instant(Member::deadline, e.deadline);
  fetch.word(Member::completed_by, e.completed_by, 3, "nobody, buyer or auto");
  record.live = fetch.has(Member::seen_ns);
  if (!record.live) return;
  fetch.whole(Member::seen_ns, record.evidence.seen_ns);
  fetch.whole(Member::not_seen_ns, record.evidence.not_seen_ns);
}

void read_cell(Fetch& fetch, Record& record) {
  record.kind = RecordKind::cell;
  record.orders = {};
  fetch.required(Member::first);
  fetch.required(Member::orders);
  id<OrderId, std::uint64_t>(fetch, Member::first, record.orders.first);
  fetch.whole(Member::orders, record.orders.count);
}

void read_end(Fetch& fetch, const LineScan& scan, Record& record) {
  record.kind = RecordKind::end;
  record.end = {};
  fetch.whole(Member::operations, record.end.operations);
  fetch.whole(Member::evidence, record.end.evidence);
  fetch.whole(Member::timers_fired, record.end.timers_fired);
  fetch.whole(Member::actions_dropped, record.end.actions_dropped);
  fetch.whole(Member::cases_run, record.end.cases_run);
  fetch.flag(Member::interrupted, record.end.interrupted);
  fetch.required(Member::digest);
  if (!fetch.ok()) return;
  const std::string_view digits = scan[Member::digest].text;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), record.end.digest, 16);
  if (scan[Member::digest].kind != ValueKind::word || digits.size() != 16 || error != std::errc{} ||
      end != digits.data() + digits.size())
    fetch.wrong(Member::digest, "16 hexadecimal digits");
}

void read_clock(Fetch& fetch, bool advance, Record& record) {
  record.kind = advance ? RecordKind::advance : RecordKind::clock;
  Instant instant = never;
  HarnessTime sent = 0, answered = 0;
  fetch.instant(advance ? Member::at : Member::stamp, instant);
  fetch.whole(Member::sent_ns, sent);
  fetch.whole(Member::answered_ns, answered);
  if (advance)
    record.advance = {instant, sent, answered};
  else
    record.clock = {instant, sent, answered};
}

// ------------------------------------------------------------------------------------------ records with texts: rare

std::string text_of(const boost::json::object& object, const char* name) {
  const boost::json::value* value = object.if_contains(name);
  return value && value->is_string() ? std::string{value->get_string().data(), value->get_string().size()} : std::string{};
}
template <class Number>
Number number_of(const boost::json::object& object, const char* name) {
  const boost::json::value* value = object.if_contains(name);
  boost::system::error_code error;
  const Number number = value && value->is_number() ? value->to_number<Number>(error) : Number{};
  return error ? Number{} : number;
}

std::string read_with_texts(std::string_view line, RecordKind kind, Record& record) {
  boost::system::error_code error;
  const boost::json::value value = boost::json::parse(boost::json::string_view{line.data(), line.size()}, error);
  if (error || !value.is_object()) return "not JSON: " + error.message();
  const boost::json::object& object = value.get_object();
  record.kind = kind;
  if (kind == RecordKind::fault) {
    record.fault.what = text_of(object, "what");
    record.fault.begin_ns = number_of<std::int64_t>(object, "begin_ns");
    record.fault.end_ns = number_of<std::int64_t>(object, "end_ns");
    return {};
  }
  CaseFailureRecord& failed = record.case_failure;
  failed.failure.case_index = number_of<std::uint32_t>(object, "case");
  failed.failure.step_index = number_of<std::uint32_t>(object, "step");
  failed.failure.expected = text_of(object, "expected");
  failed.failure.seen = text_of(object, "seen");
  failed.name = text_of(object, "name");
  failed.line = number_of<std::uint32_t>(object, "line");
  failed.order = number_of<std::uint64_t>(object, "order");
  return {};
}

std::string read_by_type(const LineScan& scan, std::string_view type, Record& record) {
  Fetch fetch{scan};
  if (type == "operation") {
    read_operation(fetch, record);
  } else if (type == "event") {
    read_evidence(fetch, EvidenceKind::event, record);
  } else if (type == "notice") {
    read_evidence(fetch, EvidenceKind::notification, record);
  } else if (type == "payment") {
    read_evidence(fetch, EvidenceKind::payment, record);
  } else if (type == "cell") {
    read_cell(fetch, record);
  } else if (type == "cell_end" || type == "finish") {
    record.kind = type == "finish" ? RecordKind::finish : RecordKind::cell_end;
    if (record.kind == RecordKind::finish) {
      fetch.required(Member::order);
      id<OrderId, std::uint64_t>(fetch, Member::order, record.order);
    }
    record.at = never;
    record.look_ns = never_ns;
    fetch.instant(Member::at, record.at);
    fetch.whole(Member::look_ns, record.look_ns);
  } else if (type == "down") {
    record.kind = RecordKind::down;
    record.fault = {};
    fetch.required(Member::begin_ns);
    fetch.required(Member::end_ns);
    fetch.whole(Member::begin_ns, record.fault.begin_ns);
    fetch.whole(Member::end_ns, record.fault.end_ns);
  } else if (type == "clock" || type == "advance") {
    read_clock(fetch, type == "advance", record);
  } else if (type == "fault" || type == "case_failure") {
    if (type == "fault") {
      record.fault = {};
      fetch.instant(Member::from, record.fault.from);
      fetch.instant(Member::until, record.fault.to);
    }
    if (fetch.ok()) return read_with_texts(scan.line(), type == "fault" ? RecordKind::fault : RecordKind::case_failure, record);
  } else if (type == "end") {
    read_end(fetch, scan, record);
  } else {
    record.kind = type == "header" ? RecordKind::header : RecordKind::other;
  }
  return fetch.ok() ? std::string{} : fetch.problem();
}

}  // namespace

std::string read_record(LineScan& scan, std::string_view line, Record& record) {
  if (const char* wrong = scan.read(line)) return fmt::format("column {}: {}", scan.column(), wrong);
  if (!scan.has(Member::type) || scan[Member::type].kind != ValueKind::word) return "no record: it has no type";
  return read_by_type(scan, scan[Member::type].text, record);
}

}  // namespace dueprocess
