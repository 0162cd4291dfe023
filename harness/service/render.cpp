#include "harness/service/render.hpp"

#include "harness/service/json_text.hpp"
#include "harness/service/secrets.hpp"

namespace dueprocess::service {
namespace {

void append_order(std::string& to, const OrderView& order) {
  to += "{\"id\":\"o";
  append_number(to, static_cast<std::int64_t>(order.number));
  to += "\",\"state\":\"";
  to += name_of(order.state);
  to += "\",\"version\":";
  append_number(to, order.version);
  to += ",\"buyer\":";
  append_quoted(to, order.buyer);
  to += ",\"seller\":";
  append_quoted(to, order.seller);
  to += ",\"price_cents\":";
  append_number(to, order.price_cents);
  to += ",\"due_at\":";
  append_instant(to, order.due_at);
  to += ",\"deadline\":";
  append_instant(to, order.deadline);
  to += ",\"completed_at\":";
  append_instant(to, order.completed_at);
  to += ",\"completed_by\":";
  if (order.completed_by == CompletedBy::nobody)
    to += "null";
  else
    append_quoted(to, name_of(order.completed_by));
  to += order.late ? ",\"late\":true}" : ",\"late\":false}";
}

void append_now(std::string& to, Instant now) {
  to += "{\"now\":";
  append_instant(to, now);
}

Refused refusal_as(Refusal refusal) {
  switch (refusal) {
    case Refusal::none:
      break;
    case Refusal::unauthenticated:
      return {401, "unauthenticated", "log in first"};
    case Refusal::not_found:
      return {404, "not_found", "there is no such order, or it is not yours"};
    case Refusal::forbidden:
      return {403, "forbidden", "that is for the other party to do"};
    case Refusal::wrong_state:
      return {409, "wrong_state", "not in the state that the order is in"};
    case Refusal::invalid:
      return {422, "invalid", "malformed, or out of range"};
    case Refusal::file_too_large:
      return {413, "file_too_large", "the file is larger than the limit"};
    case Refusal::not_final_work:
      return {422, "not_final_work", "only final work is delivered"};
    case Refusal::description_required:
      return {422, "description_required", "a delivery needs a description"};
    case Refusal::confirmation_required:
      return {428, "confirmation_required", "confirm that no file is attached"};
    case Refusal::limit_reached:
      return {409, "limit_reached", "that was done as often as it may be"};
  }
  return {500, "internal", "an error of the service"};
}

}  // namespace

Refused refused_as(const Told& told) {
  switch (told.trouble) {
    case Trouble::none:
      break;
    case Trouble::no_route:
      return {404, "no_such_route", "there is nothing at this path"};
    case Trouble::method_not_allowed:
      return {405, "method_not_allowed", "this path does not have that method"};
    case Trouble::unsupported_media_type:
      return {415, "unsupported_media_type", "the body has to be application/json"};
    case Trouble::not_acceptable:
      return {406, "not_acceptable", "not in that form"};
    case Trouble::content_too_large:
      return {413, "content_too_large", "the body is over the limit"};
    case Trouble::header_too_large:
      return {431, "header_too_large", "the request's head is over the limit"};
    case Trouble::bad_request:
      return {400, "bad_request", "that is not HTTP/1.1 as it should be"};
    case Trouble::timed_out:
      return {408, "timed_out", "the request did not come whole in time"};
    case Trouble::too_many_requests:
      return {429, "too_many_requests", "slower, please"};
    case Trouble::unavailable:
      return {503, "unavailable", "not now"};
    case Trouble::not_operator:
      return {403, "operator_only", "that is the operator's to do"};
    case Trouble::wrong_clock:
      return {404, "no_test_clock", "this service has no test clock: it was not started with --clock virtual"};
    case Trouble::wrong_password:
      return {401, "unauthenticated", "user and password do not fit"};
    case Trouble::length_required:
      return {411, "length_required", "say how long the body is, or send it in chunks"};
    case Trouble::too_many_uploads:
      return {409, "too_many_uploads", "the order has too many files waiting for a delivery"};
  }
  return refusal_as(told.refusal);
}

std::string_view reason_of(unsigned status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 406:
      return "Not Acceptable";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 411:
      return "Length Required";
    case 413:
      return "Content Too Large";
    case 415:
      return "Unsupported Media Type";
    case 422:
      return "Unprocessable Content";
    case 428:
      return "Precondition Required";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 503:
      return "Service Unavailable";
    default:
      return "Internal Server Error";
  }
}

void append_problem(std::string& to, const Told& told) {
  const Refused refused = refused_as(told);
  to += "{\"type\":\"about:blank\",\"title\":";
  append_quoted(to, reason_of(refused.status));
  to += ",\"status\":";
  append_number(to, refused.status);
  to += ",\"code\":";
  append_quoted(to, refused.code);
  to += ",\"detail\":";
  append_quoted(to, told.detail.empty() ? refused.title : std::string_view{told.detail});
  if (told.now != never) {
    to += ",\"now\":";
    append_instant(to, told.now);
  }
  if (told.order.number != 0) {
    to += ",\"order\":";
    append_order(to, told.order);
  }
  to += '}';
}

void append_operation(std::string& to, const Told& told, bool with_draft) {
  append_now(to, told.now);
  to += ",\"order\":";
  append_order(to, told.order);
  if (told.attachment.number != 0) {
    to += ",\"attachment\":{\"id\":\"a";
    append_number(to, static_cast<std::int64_t>(told.attachment.number));
    to += "\",\"name\":";
    append_quoted(to, told.attachment.name);
    to += ",\"bytes\":";
    append_number(to, told.attachment.bytes);
    to += ",\"sha256\":\"";
    append_hex(to, told.attachment.digest.data(), told.attachment.digest.size());
    to += "\"}";
  }
  if (with_draft) {
    to += ",\"draft\":";
    to += told.drafted ? std::string_view{told.draft_json} : "null";
  }
  to += '}';
}

void append_list(std::string& to, const ListTold& told) {
  append_now(to, told.told.now);
  to += ",\"orders\":[";
  for (std::size_t i = 0; i < told.orders.size(); ++i) {
    if (i > 0) to += ',';
    append_order(to, told.orders[i]);
  }
  to += "],\"total\":";
  append_number(to, static_cast<std::int64_t>(told.total));
  to += ",\"next_cursor\":";
  if (told.next == 0) {
    to += "null}";
    return;
  }
  to += '"';
  append_number(to, told.next);
  to += "\"}";
}

void append_piece(std::string& to, const PieceView& piece) {
  const Evidence& what = piece.what;
  constexpr std::string_view kinds[] = {"event", "notification", "payment"};
  to += "{\"cursor\":\"";
  append_number(to, piece.cursor);
  to += "\",\"kind\":\"";
  to += kinds[static_cast<std::size_t>(what.kind)];
  to += "\",\"order\":\"o";
  append_number(to, static_cast<std::int64_t>(number(what.order)));
  to += "\",\"at\":";
  append_instant(to, what.at);
  to += ",\"version\":";
  append_number(to, what.version);
  if (what.kind == EvidenceKind::event) {
    to += ",\"from\":";
    if (what.from == OrderState::none)
      to += "null";
    else
      append_quoted(to, name_of(what.from));
    to += ",\"state\":";
    append_quoted(to, name_of(what.state));
  }
  if (what.kind == EvidenceKind::notification) {
    to += ",\"notice\":";
    append_quoted(to, name_of(what.notice));
  }
  if (what.kind != EvidenceKind::payment) {
    to += ",\"deadline\":";
    append_instant(to, what.deadline);
    to += ",\"completed_by\":";
    if (what.completed_by == CompletedBy::nobody)
      to += "null";
    else
      append_quoted(to, name_of(what.completed_by));
  }
  if (what.kind != EvidenceKind::event) {
    to += ",\"to\":";
    append_quoted(to, piece.to);
  }
  if (what.kind == EvidenceKind::payment) {
    to += ",\"amount_cents\":";
    append_number(to, what.amount_cents);
  }
  to += '}';
}

void append_pieces(std::string& to, const PiecesTold& told, std::string_view name) {
  append_now(to, told.told.now);
  to += ',';
  append_quoted(to, name);
  to += ":[";
  for (std::size_t i = 0; i < told.pieces.size(); ++i) {
    if (i > 0) to += ',';
    append_piece(to, told.pieces[i]);
  }
  to += "],\"next\":\"";
  append_number(to, told.next);
  to += told.more ? "\",\"more\":true}" : "\",\"more\":false}";
}

void append_clock(std::string& to, const ClockTold& told, bool advanced) {
  append_now(to, told.told.now);
  if (advanced) {
    to += ",\"fired\":";
    append_number(to, static_cast<std::int64_t>(told.fired));
  }
  to += ",\"next_deadline\":";
  append_instant(to, told.next_deadline);
  to += '}';
}

}  // namespace dueprocess::service
