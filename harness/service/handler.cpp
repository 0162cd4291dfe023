#include "harness/service/handler.hpp"

#include <algorithm>
#include <charconv>

#include "harness/service/body.hpp"
#include "harness/service/json_text.hpp"
#include "harness/service/openapi.hpp"
#include "harness/service/query.hpp"
#include "harness/service/render.hpp"
#include "harness/service/upload.hpp"

namespace dueprocess::service {
namespace {

constexpr std::string_view problem_type = "application/problem+json";
constexpr std::size_t key_length_max = 255, name_length_max = 255;
constexpr double wait_max = 60;
constexpr std::uint32_t page_max = 1000, orders_page_max = 100;

bool is_json_type(std::string_view type) {
  constexpr std::string_view json = "application/json";
  if (type.size() < json.size()) return false;
  for (std::size_t i = 0; i < json.size(); ++i)
    if ((type[i] | 0x20) != json[i] && type[i] != json[i]) return false;
  return type.size() == json.size() || type[json.size()] == ';' || type[json.size()] == ' ';
}

OperationKind kind_of(Action action) {
  switch (action) {
    case Action::place_order:
      return OperationKind::place_order;
    case Action::save_draft:
      return OperationKind::save_draft;
    case Action::open_draft:
      return OperationKind::open_draft;
    case Action::upload:
      return OperationKind::upload;
    case Action::deliver:
      return OperationKind::deliver;
    case Action::accept:
      return OperationKind::accept;
    case Action::request_modification:
      return OperationKind::request_modification;
    case Action::extend_review:
      return OperationKind::extend_review;
    case Action::contact_support:
      return OperationKind::contact_support;
    default:
      return OperationKind::view_order;
  }
}

template <class Number>
bool read_number(std::string_view text, Number low, Number high, Number& number) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !(value >= low) || !(value <= high)) return false;
  number = value;
  return true;
}

std::optional<OrderState> state_named(std::string_view word) {
  for (const OrderState state : {OrderState::in_progress, OrderState::delivered, OrderState::in_revision, OrderState::completed})
    if (name_of(state) == word) return state;
  return std::nullopt;
}

}  // namespace

void Reply::clear() {
  status = 200;
  content_type = "application/json";
  fields = allow = {};
  body.clear();
  route = nullptr;
  close = false;
  position = 0;
  waiting = {};
}

struct Handler::Impl {
  Impl(Desk& d, const HandlerOptions& o, ThreadMetrics& m, ServerFacts& f) : desk(d), options(o), metrics(m), facts(f) {}

  // --- answers ----------------------------------------------------------------------------------------------------------

  void refuse(const Told& why, Reply& reply) {
    const Refused refused = refused_as(why);
    reply.status = refused.status;
    reply.content_type = problem_type;
    if (refused.status == 401) reply.fields = "WWW-Authenticate: Bearer\r\n";
    if (refused.status == 503 || refused.status == 429) reply.fields = "Retry-After: 1\r\n";
    append_problem(reply.body, why);
    reply.position = why.position;
  }

  void trouble(Trouble what, Reply& reply, std::string_view detail = {}) {
    told.clear();
    told.trouble = what;
    told.detail = detail;
    refuse(told, reply);
  }

  void invalid(Reply& reply, std::string_view detail) {
    told.clear();
    told.refusal = Refusal::invalid;
    told.detail = detail;
    refuse(told, reply);
  }

  bool good(const Told& t, Reply& reply) {
    if (!t.good()) {
      refuse(t, reply);
      return false;
    }
    reply.position = t.position;
    return true;
  }

  // --- requests ---------------------------------------------------------------------------------------------------------

  UserId user_of(const RequestHead& head) {
    constexpr std::string_view bearer = "Bearer ";
    if (head.authorization.size() <= bearer.size() || !head.authorization.starts_with(bearer)) return UserId::nobody;
    return desk.user_of(head.authorization.substr(bearer.size()));
  }

  /// Who asks, when, and under which key. What is wrong goes into ask.problem.
  void begin(const RequestHead& head, const Match& found) {
    ask.clear();
    ask.kind = kind_of(found.route->action);
    ask.order = found.order;
    ask.by = user_of(head);
    if (!head.virtual_time.empty() && !read_instant(head.virtual_time, ask.at))
      ask.problem = "Virtual-Time: expected an instant as RFC 3339 has it";
    if (!found.route->changes || head.key.empty()) return;
    if (head.key.size() > key_length_max || !is_plain_text(head.key))
      ask.problem = "Idempotency-Key: expected a text of at most 255 bytes";
    else
      ask.key = head.key;
  }

  void handle(const RequestHead& head, std::string_view body, Reply& reply) {
    const std::string_view target = origin_form(head.target);
    const Match found = match(head.method, path_of(target));
    reply.route = found.route;
    if (!found.route) {
      trouble(found.allow.empty() ? Trouble::no_route : Trouble::method_not_allowed, reply);
      reply.allow = found.allow;
      return;
    }
    const std::string_view query = query_of(target);
    begin(head, found);
    if (head.method != "GET" && head.method != "HEAD") {
      words.user.clear();
      words.password.clear();
      words.instant = never;
      if (!head.content_type.empty() && !body.empty() && !is_json_type(head.content_type))
        return trouble(Trouble::unsupported_media_type, reply);
      if (ask.problem.empty()) bodies.read(*found.route, body, ask, words);
    }
    switch (found.route->action) {
      case Action::login:
        return login(reply);
      case Action::list_orders:
        return list(query, reply);
      case Action::history:
        return pieces(PiecesOf::history, found.order, query, head, reply);
      case Action::payments:
        return pieces(PiecesOf::payments, OrderId::none, query, head, reply);
      case Action::events:
        return pieces(PiecesOf::feed, OrderId::none, query, head, reply);
      case Action::read_clock:
      case Action::set_clock:
      case Action::advance_clock:
        return turn_clock(found.route->action, reply);
      case Action::health:
        reply.body = "{\"status\":\"ok\"}";
        return;
      case Action::metrics:
        reply.content_type = "application/openmetrics-text; version=1.0.0; charset=utf-8";
        reply.body = facts.metrics();
        return;
      case Action::openapi:
        reply.body = openapi_json();
        return;
      default:
        return perform(*found.route, reply);
    }
  }

  void perform(const Route& route, Reply& reply) {
    desk.perform(ask, told);
    if (!good(told, reply)) return;
    reply.status = route.status;
    append_operation(reply.body, told, ask.kind == OperationKind::open_draft);
  }

  void login(Reply& reply) {
    if (!ask.problem.empty()) return invalid(reply, ask.problem);
    LoginTold login_told;
    desk.login(words.user, words.password, login_told);
    if (!good(login_told.told, reply)) return;
    reply.fields = "Cache-Control: no-store\r\n";
    reply.body = "{\"token\":\"";
    reply.body += login_told.token;
    reply.body += "\",\"user\":";
    append_quoted(reply.body, words.user);
    reply.body += '}';
  }

  void list(std::string_view query, Reply& reply) {
    ListAsk wanted;
    wanted.by = ask.by;
    wanted.at = ask.at;
    std::string_view wrong = ask.problem;
    while (next_parameter(query, name, value)) {
      if (name == "role") {
        wanted.buys = value == "buyer", wanted.sells = value == "seller";
        if (!wanted.buys && !wanted.sells) wrong = "role: expected buyer or seller";
      } else if (name == "status") {
        const auto state = state_named(value);
        if (!state && !value.empty()) wrong = "status: expected in_progress, delivered, in_revision or completed";
        wanted.status = state.value_or(OrderState::none);
      } else if (name == "limit") {
        if (!read_number<std::uint32_t>(value, 1, orders_page_max, wanted.limit)) wrong = "limit: expected 1 to 100";
      } else if (name == "cursor") {
        if (!value.empty() && !read_number<std::uint32_t>(value, 0, UINT32_MAX, wanted.after))
          wrong = "cursor: expected next_cursor of the page before";
      } else {
        wrong = "unknown query parameter; there are role, status, limit and cursor";
      }
    }
    if (!wrong.empty() && ask.by != UserId::nobody) return invalid(reply, wrong);
    desk.list(wanted, list_told);
    if (good(list_told.told, reply)) append_list(reply.body, list_told);
  }

  void pieces(PiecesOf what, OrderId order, std::string_view query, const RequestHead& head, Reply& reply) {
    PiecesAsk wanted;
    wanted.by = ask.by;
    wanted.at = ask.at;
    wanted.what = what;
    wanted.order = order;
    std::string_view wrong = ask.problem;
    double wait = 0;
    bool unknown_order = false;
    while (next_parameter(query, name, value)) {
      if (name == "after") {
        if (!value.empty() && !read_number<Cursor>(value, 0, UINT32_MAX, wanted.after)) wrong = "after: expected a cursor";
      } else if (name == "limit") {
        if (!read_number<std::uint32_t>(value, 1, page_max, wanted.limit)) wrong = "limit: expected 1 to 1000";
      } else if (name == "wait" && what == PiecesOf::feed) {
        if (!read_number<double>(value, 0, wait_max, wait)) wrong = "wait: expected seconds from 0 to 60";
      } else if (name == "order" && what == PiecesOf::payments) {
        wanted.order = order_named(value);
        unknown_order = wanted.order == OrderId::none;
      } else {
        wrong = "unknown query parameter";
      }
    }
    const bool stream = what == PiecesOf::feed && head.accept.find("text/event-stream") != std::string_view::npos;
    if (stream && !head.last_event_id.empty() && !read_number<Cursor>(head.last_event_id, 0, UINT32_MAX, wanted.after))
      wrong = "Last-Event-ID: expected a cursor";
    if (!wrong.empty() && ask.by != UserId::nobody) return invalid(reply, wrong);
    if (unknown_order && ask.by != UserId::nobody) {
      told.clear();
      told.refusal = Refusal::not_found;
      return refuse(told, reply);
    }
    if (stream && ask.by != UserId::nobody) {
      reply.content_type = "text/event-stream";
      reply.fields = "Cache-Control: no-store\r\n";
      reply.waiting = {ask.by, wanted.after, page_max, 0, true};
      return;
    }
    desk.pieces(wanted, pieces_told);
    if (!good(pieces_told.told, reply)) return;
    if (what == PiecesOf::feed && pieces_told.pieces.empty() && !pieces_told.more && wait > 0) {
      reply.waiting = {ask.by, wanted.after, wanted.limit, wait, false};
      return;
    }
    append_pieces(reply.body, pieces_told, what == PiecesOf::payments ? "payments" : "events");
  }

  void turn_clock(Action action, Reply& reply) {
    ClockTold clock;
    if (action == Action::read_clock) {
      desk.read_clock(ask.by, clock);
    } else if (!ask.problem.empty() && desk.is_operator(ask.by)) {
      return invalid(reply, ask.problem);
    } else if (action == Action::set_clock) {
      desk.set_clock(ask.by, words.instant, clock);
    } else {
      desk.advance(ask.by, words.instant, clock);
    }
    if (good(clock.told, reply)) append_clock(reply.body, clock, action == Action::advance_clock);
  }

  // --- uploads ----------------------------------------------------------------------------------------------------------

  std::unique_ptr<Upload> open_upload(const RequestHead& head, Reply& reply) {
    const std::string_view target = origin_form(head.target);
    const Match found = match(head.method, path_of(target));
    reply.route = found.route;
    begin(head, found);
    std::string_view query = query_of(target);
    std::int64_t declared = -1;
    while (next_parameter(query, name, value)) {
      if (name == "name" && !value.empty() && value.size() <= name_length_max && is_plain_text(value))
        ask.text = value;
      else if (name == "declared_size" && options.declared_uploads && read_number<std::int64_t>(value, 0, INT64_MAX, declared))
        continue;
      else if (ask.problem.empty())
        ask.problem = name == "name" ? "name: expected a text of 1 to 255 bytes" : "unknown query parameter; there is name";
    }
    if (ask.text.empty() && ask.problem.empty()) ask.problem = "name: expected the file's name, as a query parameter";
    ask.amount =
        declared >= 0 ? declared : static_cast<std::int64_t>(std::min<std::uint64_t>(head.length.value_or(0), INT64_MAX));
    desk.before_upload(ask, told);
    if (!good(told, reply)) return nullptr;
    auto upload = std::make_unique<Upload>(options.keep_files);
    upload->ask = ask;
    upload->declared = declared;
    return upload;
  }

  bool add_upload(Upload& upload, std::string_view bytes, Reply& reply) {
    if (bytes.empty()) return true;
    metrics.upload_bytes.add(bytes.size());
    if (!upload.add(bytes)) {
      trouble(Trouble::unavailable, reply, "the file could not be written");
      return false;
    }
    // What grew beyond the limit while it came (in chunks, without a length) is refused as soon as that is known.
    if (upload.declared < 0 && upload.bytes <= upload.ask.amount) return true;
    if (upload.declared >= 0) {
      invalid(reply, "declared_size: the body has to be empty");
      return false;
    }
    upload.ask.amount = upload.bytes;
    desk.before_upload(upload.ask, told);
    return good(told, reply);
  }

  void close_upload(Upload& upload, Reply& reply) {
    upload.ask.amount = upload.declared >= 0 ? upload.declared : upload.bytes;
    upload.ask.digest = upload.end();
    ask = upload.ask;
    desk.perform(ask, told);
    if (!good(told, reply)) return;
    std::string kept = "a";
    append_number(kept, static_cast<std::int64_t>(told.attachment.number));
    if (!upload.keep(kept)) return trouble(Trouble::unavailable, reply, "the file could not be written");
    reply.status = 201;
    append_operation(reply.body, told, false);
  }

  Desk& desk;
  const HandlerOptions& options;
  ThreadMetrics& metrics;
  ServerFacts& facts;
  BodyReader bodies;
  // Used again and again, so that nothing is allocated once they have grown.
  Ask ask;
  BodyWords words;
  Told told;
  ListTold list_told;
  PiecesTold pieces_told;
  std::string name, value;
};

Handler::Handler(Desk& desk, const HandlerOptions& options, ThreadMetrics& metrics, ServerFacts& facts)
    : impl_(std::make_unique<Impl>(desk, options, metrics, facts)) {}
Handler::~Handler() = default;

void Handler::handle(const RequestHead& head, std::string_view body, Reply& reply) {
  reply.clear();
  impl_->handle(head, body, reply);
}

bool Handler::refuse_early(const RequestHead& head, Reply& reply) {
  reply.clear();
  if (head.http11 && !head.has_host) {
    impl_->trouble(Trouble::bad_request, reply, "HTTP/1.1 needs a Host");
  } else if (!is_upload(head) && head.length.value_or(0) > impl_->options.json_bytes) {
    impl_->trouble(Trouble::content_too_large, reply);
  } else {
    return false;
  }
  reply.close = true;
  return true;
}

bool Handler::is_upload(const RequestHead& head) const {
  if (head.method != "POST" || head.target.find("/attachments") == std::string_view::npos) return false;
  const Match found = match(head.method, path_of(origin_form(head.target)));
  return found.route && found.route->action == Action::upload;
}

std::unique_ptr<Upload> Handler::open_upload(const RequestHead& head, Reply& reply) {
  reply.clear();
  return impl_->open_upload(head, reply);
}
bool Handler::add_upload(Upload& upload, std::string_view bytes, Reply& reply) { return impl_->add_upload(upload, bytes, reply); }
void Handler::close_upload(Upload& upload, Reply& reply) { impl_->close_upload(upload, reply); }

bool Handler::events_again(const Waiting& waiting, bool at_once, Reply& reply) {
  if (!at_once && !impl_->desk.is_news(waiting.user, waiting.after)) return false;
  reply.clear();
  reply.route = &all_routes()[static_cast<std::size_t>(Action::events)];
  PiecesAsk wanted;
  wanted.by = waiting.user;
  wanted.after = waiting.after;
  wanted.limit = waiting.limit;
  impl_->desk.pieces(wanted, impl_->pieces_told);
  append_pieces(reply.body, impl_->pieces_told, "events");
  return true;
}

void Handler::append_stream(Waiting& waiting, std::string& to) {
  if (!impl_->desk.is_news(waiting.user, waiting.after)) return;
  PiecesAsk wanted;
  wanted.by = waiting.user;
  wanted.after = waiting.after;
  wanted.limit = waiting.limit;
  impl_->desk.pieces(wanted, impl_->pieces_told);
  for (const PieceView& piece : impl_->pieces_told.pieces) {
    to += "id: ";
    append_number(to, piece.cursor);
    to += "\ndata: ";
    append_piece(to, piece);
    to += "\n\n";
  }
  waiting.after = impl_->pieces_told.next;
}

void Handler::trouble(Trouble what, Reply& reply, std::string_view detail) {
  reply.clear();
  impl_->trouble(what, reply, detail);
}

}  // namespace dueprocess::service
