// Orders and what is asked of them: the service's ids for the harness's, uploads for deliveries, keys, and what an answer does
// to all that.
#include "harness/target/binding/http_target_impl.hpp"

#include <algorithm>
#include <cassert>

#include "harness/target/binding/spell.hpp"

namespace dueprocess {

namespace {

using binding::ReadAnswer;

constexpr std::string_view blank = " ";

/// What is not told in whole microseconds is not sent so either.
std::int64_t cut(std::int64_t us, Duration granularity) {
  const std::int64_t unit = us_of(granularity);
  std::int64_t rest = us % unit;
  if (rest < 0) rest += unit;
  return us - rest;
}

std::string words_of(const Answer& a, std::string_view id) {
  std::string text{name_of(a.outcome)};
  if (a.refusal != Refusal::none) (text += ' ') += name_of(a.refusal);
  const auto say = [&text](std::string_view name, std::string_view value) {
    text += ", ";
    text += name;
    text += ' ';
    text += value;
  };
  const auto say_instant = [&](std::string_view name, Instant at) {
    if (at == never) return;
    std::string value;
    binding::append_instant(value, at, Spelling::rfc3339);
    say(name, value);
  };
  if (!id.empty()) say("id", id);
  if (a.state != OrderState::none) say("state", name_of(a.state));
  if (a.version != 0) say("version", std::to_string(a.version));
  say_instant("deadline", a.deadline);
  say_instant("completed_at", a.completed_at);
  if (a.completed_by != CompletedBy::nobody) say("completed_by", name_of(a.completed_by));
  if (a.late) say("late", "true");
  if (a.listed != 0) say("listed", std::to_string(a.listed));
  say_instant("stamp", a.stamp);
  return text;
}

}  // namespace

/// From whatever a call waited for on to its request.
void HttpTarget::Impl::start(std::uint32_t slot) {
  Call& call = calls[slot];
  const Operation& operation = call.asked.operation;
  if (closed) return soon([this, slot] { reply_unsent(slot, Failure::cut); });
  if (!able.can(operation.kind)) return soon([this, slot] { reply_unsent(slot, Failure::unsupported); });
  if (operation.order != OrderId::none && operation.kind != OperationKind::list_orders) {
    Order& order = orders[number(operation.order)];
    const bool places = operation.kind == OperationKind::place_order;
    // Placing twice would be two orders, but under the same key.
    const bool same_key = able.keys && operation.key != KeyId::none && number(operation.key) == order.placing_key;
    const bool places_again =
        places && call.placing == 0 && order.placing != Placing::none && order.placing != Placing::refused && !same_key;
    if (places_again || (!places && order.placing == Placing::unanswered)) {
      ++counts.orphaned;
      return soon([this, slot] { reply_unsent(slot, Failure::unsupported); });
    }
    if (!places && order.placing == Placing::on_its_way) {
      order.waiting.push_back(id_of(slot, call.generation));
      return;
    }
    if (places && call.placing == 0) {
      call.placing = ++placings_made;
      order.placing_key = number(operation.key);
      placings.insert(call.placing);
      if (order.placing != Placing::placed) order.placing = Placing::on_its_way;
    }
  }
  if (!ready(call.user, slot)) return;
  if (operation.kind == OperationKind::place_order && seller_logs_in && operation.seller != UserId::nobody &&
      !ready(number(operation.seller), slot))
    return;
  dispatch(slot);
}

void HttpTarget::Impl::render_operation(Call& call) {
  Operation& operation = call.asked.operation;
  const auto text = [this](TextId id) -> std::string_view {
    if (id == TextId::absent) return {};
    if (id == TextId::blank) return blank;
    const auto index = static_cast<std::size_t>(id);
    return index < options.texts.size() ? std::string_view{options.texts[index]} : std::string_view{"text"};
  };
  Order* order = operation.order == OrderId::none ? nullptr : &orders[number(operation.order)];
  facts.order = order && !order->id.empty() ? std::string_view{order->id} : std::string_view{rules.unknown_order};
  facts.at = call.asked.at;
  facts.description = facts.message = facts.file_name = text(operation.text);
  facts.content = rules.contents[static_cast<std::size_t>(operation.content)];
  facts.confirm_no_file = operation.confirm_no_file;
  facts.use_draft = operation.use_draft;
  facts.modified = operation.kind == OperationKind::deliver_modified;
  facts.links = operation.links;
  facts.first_link = number(operation.order) * 100 + 1;
  facts.unknown_attachment = rules.unknown_attachment;
  facts.named_attachments = operation.attachments;
  facts.attachments = {};
  facts.key = {};
  if (operation.kind == OperationKind::place_order) {
    if (rules.tolerances.granularity > Duration{1} && operation.due_at != never)
      operation.due_at = instant_at(cut(us_of(operation.due_at), rules.tolerances.granularity));
    facts.due_at = operation.due_at;
    facts.price_cents = operation.price_cents;
    seller_name = operation.seller == UserId::nobody ? std::string{} : user_name(number(operation.seller));
    facts.seller = seller_name;
    facts.seller_id =
        operation.seller == UserId::nobody || !seller_logs_in ? std::string_view{} : session_of(number(operation.seller)).id;
  } else if (operation.kind == OperationKind::upload) {
    facts.bytes = operation.bytes;
    if (facts.file_name.empty()) facts.file_name = "file";
  } else if (operation.kind == OperationKind::extend_review) {
    if (rules.tolerances.granularity > Duration{1})
      operation.extend_by_us = cut(operation.extend_by_us, rules.tolerances.granularity);
    facts.extend_by = Duration{operation.extend_by_us};
  }
  const bool changes = operation.kind != OperationKind::view_order && operation.kind != OperationKind::list_orders &&
                       operation.kind != OperationKind::open_draft;
  if (able.keys && changes) {
    key_buffer.clear();
    if (operation.key != KeyId::none) {
      key_buffer += 'k';
      binding::append_number(key_buffer, static_cast<std::int64_t>(number(operation.key)));
    } else {
      if (call.own_key == 0) call.own_key = ++keys_made;
      key_buffer += 'o';
      binding::append_number(key_buffer, static_cast<std::int64_t>(number(operation.order)));
      key_buffer += '.';
      binding::append_number(key_buffer, static_cast<std::int64_t>(call.own_key));
    }
    facts.key = key_buffer;
  }
  if (order && operation.attachments != 0) {
    const bool repeats = operation.key != KeyId::none && order->last_key == number(operation.key);
    const std::vector<std::string>& files = repeats ? order->last_attachments : order->attachments;
    facts.attachments = files;
    if (operation.key != KeyId::none && !repeats) {
      order->last_key = number(operation.key);
      order->last_attachments = files;
      facts.attachments = order->last_attachments;
    }
  }
}

void HttpTarget::Impl::take_operation(Call& call, std::uint32_t slot, const http::Answer& given) {
  LiveObservation reply;
  Observation& seen = reply.observation;
  seen.operation = call.asked.operation;
  seen.intended = seen.sent = seen.answered = options.clock == LiveClock::wall ? never : call.asked.at;
  reply.intended_ns = call.asked.intended_ns;
  reply.sent_ns = call.first_sent_ns >= 0 ? call.first_sent_ns : given.sent_ns;
  reply.answered_ns = given.answered_ns;
  reply.attempts = static_cast<std::uint16_t>(call.attempts + std::max<std::uint16_t>(given.attempts, 1));
  reply.status = static_cast<std::uint16_t>(given.status);
  reply.failure = given.failure;
  const std::string_view what = name_of(seen.operation.kind);
  if (given.failure != Failure::none) {
    seen.answer.outcome = given.unsent && call.first_sent_ns < 0 ? Outcome::refused : Outcome::info;
    reply.status = 0;
    if (seen.operation.kind == OperationKind::place_order) {
      Order& order = orders[number(seen.operation.order)];
      placings.erase(call.placing);
      if (order.placing != Placing::placed)
        placed(number(seen.operation.order), order, given.unsent ? Placing::refused : Placing::unanswered, {});
    }
    trace(given, what, name_of(seen.answer.outcome), {});
    return this->reply(slot, reply);
  }
  const ReadAnswer read = readers[static_cast<std::size_t>(seen.operation.kind)]->read(given);
  if (read.logged_out && call.user != nobody && rules.login.requests && !call.logged_in_again && !closed) {
    trace(given, what, "logged out: logs in again", {});
    call.logged_in_again = true;
    call.attempts = reply.attempts;
    call.first_sent_ns = reply.sent_ns;
    ++counts.logins_again;
    Session& session = session_of(call.user);
    if (session.login == call.login_used && session.state == SessionState::ready) session.state = SessionState::none;
    return start(slot);
  }
  seen.answer = read.answer;
  if (!read.understood) reply.failure = Failure::unreadable;
  if (options.trace) trace(given, what, words_of(read.answer, read.id.empty() ? read.attachment : read.id), read.lacks);
  take_effects(call, read);
  this->reply(slot, reply);
}

/// What the target itself must remember of an answer.
void HttpTarget::Impl::take_effects(const Call& call, const ReadAnswer& read) {
  const Operation& operation = call.asked.operation;
  if (operation.order == OrderId::none || operation.kind == OperationKind::list_orders) return;
  Order& order = orders[number(operation.order)];
  const bool ok = read.answer.outcome == Outcome::ok;
  switch (operation.kind) {
    case OperationKind::place_order:
      placings.erase(call.placing);
      if (ok)
        placed(number(operation.order), order, Placing::placed, read.id);
      else if (order.placing != Placing::placed)
        placed(number(operation.order), order, read.answer.outcome == Outcome::refused ? Placing::refused : Placing::unanswered,
               {});
      break;
    case OperationKind::upload:
      // Under a repeated key it is the first upload's answer again.
      if (ok && std::ranges::find(order.attachments, read.attachment) == order.attachments.end())
        order.attachments.emplace_back(read.attachment);
      break;
    case OperationKind::deliver:
    case OperationKind::deliver_modified:
      if (ok) order.attachments.clear();
      break;
    default:
      break;
  }
}

void HttpTarget::Impl::placed(std::uint64_t number, Order& order, Placing how, std::string_view id) {
  order.placing = how;
  if (how == Placing::placed && order.id.empty()) {
    order.id = id;
    by_id.emplace(order.id, number);
    give_held(order.id);  // the sink may forget the order, which frees nothing yet
  }
  for (const std::uint64_t waiting : std::exchange(order.waiting, {})) go_on(waiting);
  drop_held();
}

void HttpTarget::Impl::reply_unsent(std::uint32_t slot, Failure failure) {
  Call& call = calls[slot];
  if (call.kind != CallKind::operation) return;
  LiveObservation seen;
  seen.observation.operation = call.asked.operation;
  seen.observation.answer.outcome = call.first_sent_ns >= 0 ? Outcome::info : Outcome::refused;
  if (options.clock != LiveClock::wall)
    seen.observation.intended = seen.observation.sent = seen.observation.answered = call.asked.at;
  seen.intended_ns = call.asked.intended_ns;
  seen.sent_ns = call.first_sent_ns >= 0 ? call.first_sent_ns : clock.now();
  seen.answered_ns = clock.now();
  seen.attempts = call.attempts;
  seen.failure = failure;
  if (call.placing != 0) {
    placings.erase(call.placing);
    const std::uint64_t id = number(call.asked.operation.order);
    if (Order& order = orders[id]; order.placing == Placing::on_its_way)
      placed(id, order, call.first_sent_ns >= 0 ? Placing::unanswered : Placing::refused, {});
  }
  reply(slot, seen);
}

void HttpTarget::Impl::reply(std::uint32_t slot, LiveObservation& seen) {
  const std::uint64_t ticket = calls[slot].asked.ticket;
  free_slot(slot);
  --operations_on_their_way;
  sink.replied(ticket, seen);
  look_whether_empty();
}

void HttpTarget::Impl::look_whether_done(std::uint64_t number, Order& order) {
  const bool waits_for_evidence = order.placing == Placing::placed && !order.finished && rules.observe.by != Watching::polling;
  if (!order.forgotten || order.aging || waits_for_evidence) return;
  order.aging = true;
  aging.push_back(number);
}

void HttpTarget::Impl::age() {
  for (const std::uint64_t number : aged) {
    const auto found = orders.find(number);
    if (found == orders.end() || !found->second.waiting.empty() || found->second.placing == Placing::on_its_way) continue;
    if (!found->second.id.empty()) by_id.erase(found->second.id);
    orders.erase(found);
  }
  aged = std::exchange(aging, {});
}

}  // namespace dueprocess
