#include "tests/second-api/jobs_service.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "harness/target/binding/spell.hpp"

namespace dueprocess::testing {
namespace {

namespace json = boost::json;

constexpr std::uint32_t caretaker = 1'000'000;  // reads the journal, moves the clock
constexpr OrderRange all_jobs{OrderId{1}, 100'000};

std::string ms(Instant at) {
  if (at == never) return "null";
  std::string text;
  binding::append_instant(text, at, Spelling::epoch_ms);
  return text;
}
/// Numbers come as text: a double would not hold a microsecond of today.
Instant instant(const json::value& value) {
  Instant at = never;
  const std::string text = value.is_string() ? std::string{value.as_string()} : json::serialize(value);
  return binding::read_instant(text, Spelling::epoch_ms, at) ? at : never;
}

const char* phase(OrderState state) {
  static constexpr const char* words[] = {"null", R"("IN_WORK")", R"("TO_CHECK")", R"("REWORK")", R"("CLOSED")"};
  return words[static_cast<std::size_t>(state)];
}
const char* closed_by(CompletedBy by) {
  static constexpr const char* words[] = {"null", R"("CUSTOMER")", R"("ROBOT")"};
  return words[static_cast<std::size_t>(by)];
}
const char* reason(Refusal refusal) {
  static constexpr const char* words[] = {"",        "NO_SESSION", "NO_SUCH_JOB", "NOT_YOURS", "WRONG_PHASE", "BAD_INPUT",
                                          "TOO_BIG", "NOT_FINAL",  "NO_TEXT",     "NO_FILE",   "ENOUGH"};
  return words[static_cast<std::size_t>(refusal)];
}
int status(Refusal refusal) {
  switch (refusal) {
    case Refusal::unauthenticated:
      return 401;
    case Refusal::not_found:
      return 404;
    case Refusal::forbidden:
      return 403;
    case Refusal::file_too_large:
      return 413;
    default:
      return 400;
  }
}

std::vector<std::string> texts(const json::object& body, std::string_view name) {
  std::vector<std::string> all;
  if (const json::value* list = body.if_contains(name); list && list->is_array())
    for (const json::value& one : list->get_array())
      all.emplace_back(one.is_object() ? one.at("fileNo").as_string() : one.as_string());
  return all;
}
TextId text_id(const json::object& body, std::string_view name) {
  const json::value* value = body.if_contains(name);
  if (!value || !value->is_string()) return TextId::absent;
  const std::string_view text = value->get_string();
  return text.find_first_not_of(" \t\n") == text.npos ? TextId::blank : TextId::first_real;
}
bool flag(const json::object& body, std::string_view name) {
  const json::value* value = body.if_contains(name);
  return value && value->is_bool() && value->get_bool();
}

}  // namespace

JobsService::JobsService(const Policy& policy, BugSet bugs) : engine_(policy, all_jobs, bugs) {}

bool JobsService::move_to(Instant to) {
  if (to < now_) return false;
  while (engine_.next_timer() <= to) engine_.fire_next();
  keep_journal();
  now_ = to;
  return true;
}

void JobsService::keep_journal() {
  journal_.insert(journal_.end(), engine_.evidence().begin(), engine_.evidence().end());
  engine_.evidence().clear();
}

HttpResponse JobsService::answer(const HttpRequest& request) {
  if (request.target == "/api/session" && request.method == "POST") return sign_in(request);
  const auto session = sessions_.find(request.field("x-session"));
  const std::uint32_t person = session == sessions_.end() ? 0 : session->second;
  if (request.target.starts_with("/api/clock") || request.target.starts_with("/api/journal")) {
    if (person != caretaker) return {403, R"({"failure":{"reason":"NOT_YOURS"}})"};
    return request.target.starts_with("/api/clock") ? turn_clock(request) : journal(request);
  }
  if (request.target.starts_with("/api/jobs")) return job(request, person);
  return {404, "{}"};
}

HttpResponse JobsService::sign_in(const HttpRequest& request) {
  const json::object body = json::parse(request.body).as_object();
  const std::string name{body.at("login").as_string()};
  std::uint32_t person = caretaker;
  if (name != "caretaker") {
    if (names_.empty()) names_.emplace_back();
    const auto [found, made] = people_.try_emplace(name, static_cast<std::uint32_t>(names_.size()));
    if (made) names_.push_back(name);
    person = found->second;
  }
  const std::string session = fmt::format("s-{}-{}", person, sessions_.size());
  sessions_[session] = person;
  return {200, fmt::format(R"({{"sessionKey":"{}","person":{{"personId":"P{}"}}}})", session, person)};
}

HttpResponse JobsService::turn_clock(const HttpRequest& request) {
  if (request.method == "GET") return {200, fmt::format(R"({{"nowMs":{}}})", now_ == Instant::min() ? "0" : ms(now_))};
  const json::object body = json::parse(request.body).as_object();
  const Instant to = instant(body.at("untilMs"));
  if (to == never || !move_to(to)) return {400, R"({"failure":{"reason":"BAD_INPUT"}})"};
  return {200, fmt::format(R"({{"nowMs":{},"nextMs":{}}})", ms(now_), ms(engine_.next_timer()))};
}

HttpResponse JobsService::journal(const HttpRequest& request) {
  const std::size_t from = std::stoul("0" + request.target.substr(request.target.find("since=") + 6));
  std::string text = R"({"entries":[)";
  const std::size_t to = std::min(journal_.size(), from + 500);
  for (std::size_t i = from; i < to; ++i) {
    const Evidence& e = journal_[i];
    static constexpr const char* kinds[] = {"JOB", "MAIL", "PAYOUT"};
    static constexpr const char* mails[] = {"CHECK_IT", "DO_AGAIN", "MORE_TIME", "DONE", "MONEY"};
    text += fmt::format(R"({}{{"what":"{}","jobRef":"J{}","atMs":{},"rev":{},"was":{},"phase":{},"closesAtMs":{},"closedBy":{})",
                        i > from ? "," : "", kinds[static_cast<std::size_t>(e.kind)], number(e.order), ms(e.at), e.version,
                        phase(e.from), phase(e.state), ms(e.deadline), closed_by(e.completed_by));
    if (e.kind != EvidenceKind::event) text += fmt::format(R"(,"to":"P{}")", number(e.to));
    if (e.kind == EvidenceKind::notification) text += fmt::format(R"(,"mail":"{}")", mails[static_cast<std::size_t>(e.notice)]);
    if (e.kind == EvidenceKind::payment)
      text += fmt::format(R"(,"euros":"{}.{:02}")", e.amount_cents / 100, e.amount_cents % 100);
    text += '}';
  }
  return {200, text + fmt::format(R"(],"upTo":{}}})", to)};
}

void JobsService::name_files(Operation& operation, const std::vector<std::string>& names) const {
  const auto found = files_.find(number(operation.order));
  operation.attachments = static_cast<std::uint16_t>(names.size());
  for (const std::string& name : names)
    if (found == files_.end() || std::ranges::find(found->second.files, name) == found->second.files.end())
      operation.attachments = UINT16_MAX;  // more than there can be: refused as such
}

HttpResponse JobsService::carry_out(Operation& operation, const std::string& key) {
  const bool places = operation.kind == OperationKind::place_order;
  if (places) operation.order = OrderId{jobs_ + 1};
  if (!key.empty()) {
    const auto [found, made] =
        keys_.try_emplace(fmt::format("{}/{}", number(operation.by), key), KeyId{keys_.size() + 1}, operation.order);
    operation.key = found->second.first;
    if (places) operation.order = found->second.second;
  }
  Answer answer;
  engine_.perform(operation, now_, answer);
  keep_journal();
  const bool ok = answer.outcome == Outcome::ok;
  if (places && ok) jobs_ = std::max(jobs_, number(operation.order));
  std::string text = fmt::format(R"({{"nowMs":{})", ms(answer.stamp));
  if (!ok) text += fmt::format(R"(,"failure":{{"reason":"{}"}})", reason(answer.refusal));
  if (operation.kind == OperationKind::list_orders && ok) {
    text += R"(,"jobs":[)";
    for (std::uint32_t i = 0; i < answer.listed; ++i) text += i ? ",0" : "0";
    text += ']';
  }
  if (answer.state != OrderState::none)
    text +=
        fmt::format(R"(,"job":{{"ref":"J{}","phase":{},"rev":{},"closesAtMs":{},"closedAtMs":{},"closedBy":{},"overdue":{}}})",
                    number(operation.order), phase(answer.state), answer.version, ms(answer.deadline), ms(answer.completed_at),
                    closed_by(answer.completed_by), answer.late);
  if (ok && operation.kind == OperationKind::upload) {
    const std::string file = key.empty() ? fmt::format("F{}", ++file_numbers_) : "F" + key;
    std::vector<std::string>& files = files_[number(operation.order)].files;
    if (std::ranges::find(files, file) == files.end()) files.push_back(file);
    text += fmt::format(R"(,"fileNo":"{}")", file);
  }
  if (ok && is_delivery(operation.kind) && operation.key == KeyId::none) files_.erase(number(operation.order));
  return {ok ? 200 : status(answer.refusal), text + "}"};
}

HttpResponse JobsService::job(const HttpRequest& request, std::uint32_t person) {
  Operation operation;
  operation.by = UserId{person};
  const std::string key = request.field("x-request-key");
  std::string path = request.target.substr(std::string_view{"/api/jobs"}.size()), query;
  if (const std::size_t mark = path.find('?'); mark != std::string::npos) {
    query = path.substr(mark + 1);
    path.resize(mark);
  }
  json::object body;
  if (!request.body.empty()) {
    json::error_code error;
    json::value value = json::parse(request.body, error);
    if (error || !value.is_object()) return {400, R"({"failure":{"reason":"BAD_INPUT"}})"};
    body = std::move(value.get_object());
  }
  if (path.empty()) {
    if (request.method == "GET") {
      operation.kind = OperationKind::list_orders;
      return carry_out(operation, {});
    }
    operation.kind = OperationKind::place_order;
    const std::string seller{body.at("workerId").as_string()};
    operation.seller = UserId{seller.empty() ? 0u : static_cast<std::uint32_t>(std::stoul(seller.substr(1)))};
    operation.due_at = instant(body.at("dueMs"));
    const std::string euros{body.at("euros").as_string()};
    std::int64_t cents = 0;
    if (binding::read_money(euros, Spelling::decimal, cents)) operation.price_cents = cents;
    return carry_out(operation, key);
  }
  const std::size_t slash = path.find('/', 1);
  const std::string ref = path.substr(1, slash - 1), what = slash == std::string::npos ? "" : path.substr(slash + 1);
  const std::uint64_t known = ref.starts_with('J') ? std::stoull("0" + ref.substr(1)) : 0;
  operation.order = known != 0 && known <= jobs_ ? OrderId{known} : OrderId{all_jobs.count};
  operation.text = text_id(body, what == "handover" || what == "notes" ? "words" : "say");
  if (what.empty()) {
    operation.kind = OperationKind::view_order;
  } else if (what == "notes") {
    operation.kind = request.method == "GET" ? OperationKind::open_draft : OperationKind::save_draft;
    name_files(operation, texts(body, "files"));
    operation.links = static_cast<std::uint16_t>(texts(body, "links").size());
  } else if (what == "files") {
    operation.kind = OperationKind::upload;
    operation.text = TextId::first_real;
    operation.bytes = static_cast<std::int64_t>(std::stoll(query.substr(query.find("bytes=") + 6)));
  } else if (what == "handover") {
    operation.kind = flag(body, "again") ? OperationKind::deliver_modified : OperationKind::deliver;
    const std::string content{body.at("grade").as_string()};
    static const std::vector<std::string> grades{"FINAL", "SAMPLE", "SKETCH", "HALF"};
    operation.content = static_cast<Content>(std::ranges::find(grades, content) - grades.begin());
    operation.confirm_no_file = flag(body, "nothingAttached");
    operation.use_draft = flag(body, "fromNotes");
    name_files(operation, texts(body, "files"));
    operation.links = static_cast<std::uint16_t>(texts(body, "links").size());
  } else if (what == "thanks") {
    operation.kind = OperationKind::accept;
    operation.text = TextId::absent;
  } else if (what == "again") {
    operation.kind = OperationKind::request_modification;
  } else if (what == "patience") {
    operation.kind = OperationKind::extend_review;
    operation.text = TextId::absent;
    operation.extend_by_us = 0;
    Instant length = never;
    const std::string millis = json::serialize(body.at("millis"));
    if (binding::read_instant(body.at("millis").is_string() ? std::string{body.at("millis").as_string()} : millis,
                              Spelling::epoch_ms, length))
      operation.extend_by_us = us_of(length);
  } else if (what == "help") {
    operation.kind = OperationKind::contact_support;
  } else {
    return {404, "{}"};
  }
  const bool reads = operation.kind == OperationKind::view_order || operation.kind == OperationKind::open_draft;
  return carry_out(operation, reads ? std::string{} : key);
}

}  // namespace dueprocess::testing
