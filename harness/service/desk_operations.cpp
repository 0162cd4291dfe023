// Operations: keys first, then instants, then the engine; what the engine only counts is looked up here.
#include <algorithm>

#include "harness/service/desk_impl.hpp"
#include "harness/service/json_text.hpp"

namespace dueprocess::service {
namespace {

constexpr std::uint16_t more_than_there_are = 0xFFFF;

bool is_blank_text(std::string_view text) { return text.find_first_not_of(" \t\r\n\v\f") == std::string_view::npos; }
bool is_read(OperationKind kind) { return kind == OperationKind::view_order || kind == OperationKind::open_draft; }

/// Attachments are told as "a7". 0: it is none.
std::uint64_t attachment_number(std::string_view text) {
  std::uint64_t number = 0;
  if (text.size() < 2 || text[0] != 'a' || text[1] == '0') return 0;
  const auto [end, error] = std::from_chars(text.data() + 1, text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size() ? number : 0;
}

/// How many different ones of the files the list names; more_than_there_are: one is not among them.
std::uint16_t count_of(const std::vector<std::string>& names, const std::vector<std::uint64_t>* files) {
  std::vector<std::uint64_t> named;
  for (const std::string& name : names) {
    const std::uint64_t file = attachment_number(name);
    if (file == 0 || !files || std::find(files->begin(), files->end(), file) == files->end()) return more_than_there_are;
    named.push_back(file);
  }
  std::sort(named.begin(), named.end());
  return static_cast<std::uint16_t>(std::unique(named.begin(), named.end()) - named.begin());
}

void write_draft(std::string& to, const Ask& ask) {
  to = "{\"description\":";
  append_quoted(to, ask.text);
  const auto list = [&to](std::string_view name, const std::vector<std::string>& items) {
    to += name;
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (i > 0) to += ',';
      append_quoted(to, items[i]);
    }
    to += ']';
  };
  list(",\"attachments\":[", ask.attachments);
  list(",\"links\":[", ask.links);
  to += '}';
}

void refuse(Told& told, Refusal refusal, std::string_view detail = {}) {
  told.refusal = refusal;
  told.detail = detail;
}

}  // namespace

void Desk::Impl::perform(const Ask& ask, Told& told) {
  Slot* const slot = slot_of(ask.order);
  if (ask.by == UserId::nobody && !(ask.kind == OperationKind::view_order && has(Bug::s04))) {
    told.now = now_for(nullptr);
    return refuse(told, Refusal::unauthenticated);
  }
  const bool keyed =
      !ask.key.empty() && !is_read(ask.kind) && !has(Bug::s05) && !(has(Bug::b08) && ask.kind == OperationKind::extend_review);
  std::string key, arguments;
  if (keyed) {
    EntryWriter{key}.number(number(ask.by));
    key += ask.key;
    append_arguments(arguments, ask);
    if (const auto found = keys.find(key); found != keys.end()) {
      const Remembered& first = remembered[found->second];
      if (first.arguments == arguments) {
        told = first.told;
        return;
      }
      told.now = now_for(slot);
      refuse(told, Refusal::invalid, "this idempotency key was used for another operation");
      if (slot && is_party(*slot, ask.by)) told.order = view_of(number(ask.order), look_at(number(ask.order), told.now));
      return;
    }
  }

  const Instant now = ask.at != never && options.virtual_clock ? ask.at : now_for(slot);
  told.now = now;
  if (ask.at != never && !options.virtual_clock)
    return refuse(told, Refusal::invalid, "Virtual-Time: this service's clock is not a virtual one");
  if (options.virtual_clock && now < clock)
    return refuse(told, Refusal::invalid, "Virtual-Time: the test clock was advanced beyond it");
  if (slot && is_party(*slot, ask.by) && now < slot->last)
    return refuse(told, Refusal::invalid, "Virtual-Time: the order was asked about at a later instant");
  if (!options.virtual_clock && !options.sweeps) fire_by(now);
  // A stranger's instant moves nothing.
  if (slot && (is_party(*slot, ask.by) || ask.by == the_operator)) fire_own(ask.order, now);

  const Cursor seen = feed.last();
  const std::size_t orders = slots.size();
  perform_at(ask, now, told);
  if (told.trouble != Trouble::none) return;
  if (keyed) {
    keys.emplace(std::move(key), static_cast<std::uint32_t>(remembered.size()));
    remembered.push_back({std::move(arguments), told});
  }
  if (is_read(ask.kind)) return;
  // A refusal without a key changes nothing and need not be kept; a seeded bug may make it change something.
  if (told.good() || keyed || feed.last() != seen || slots.size() != orders || options.bugs.any()) write_down_operation(ask, now);
}

void Desk::Impl::perform_at(const Ask& ask, Instant now, Told& told) {
  carry_out(ask, now, told);
  if (!options.sweeps && ask.kind != OperationKind::place_order && told.good()) {
    // A deadline not after the delivery completes the order at that very instant (R11).
    engine->fire_own(ask.order, now);
    drain();
  }
}

void Desk::Impl::carry_out(const Ask& ask, Instant now, Told& told) {
  const bool placing = ask.kind == OperationKind::place_order;
  Slot* const slot = placing ? nullptr : slot_of(ask.order);
  const std::uint64_t order = placing ? slots.size() + 1 : number(ask.order);
  bool malformed = !ask.problem.empty();

  Operation op;
  op.order = OrderId{order};
  op.by = ask.by;
  op.kind = ask.kind;
  op.text = is_blank_text(ask.text) ? TextId::blank : TextId::first_real;
  op.content = ask.content;
  op.confirm_no_file = ask.confirm_no_file;
  op.use_draft = ask.use_draft && !malformed;

  switch (ask.kind) {
    case OperationKind::place_order:
      if (slots.size() >= options.orders_max) {
        told.trouble = Trouble::unavailable;
        told.detail = "there is no room for another order";
        return;
      }
      op.due_at = ask.due_at;
      op.price_cents = malformed ? 0 : ask.amount;
      if (People::is_name(ask.seller) && !malformed) op.seller = people.find_or_make(ask.seller);
      if (op.seller == the_operator) op.seller = UserId::nobody;
      break;
    case OperationKind::save_draft:
    case OperationKind::deliver:
    case OperationKind::deliver_modified: {
      const Papers* const papers = slot ? slot->papers.get() : nullptr;
      op.attachments = malformed ? more_than_there_are : count_of(ask.attachments, papers ? &papers->files : nullptr);
      op.links = static_cast<std::uint16_t>(std::min<std::size_t>(ask.links.size(), 0xFFFF));
      if (ask.kind == OperationKind::deliver && slot) {
        const bool modified = ask.modified ? *ask.modified : look_at(order, now).state == OrderState::in_revision;
        if (modified) op.kind = OperationKind::deliver_modified;
      }
      break;
    }
    case OperationKind::upload:
      op.bytes = malformed ? -1 : ask.amount;
      if (slot && slot->papers && slot->papers->files.size() >= files_max) {
        told.trouble = Trouble::too_many_uploads;
        return;
      }
      break;
    case OperationKind::extend_review:
      op.extend_by_us = malformed ? -1 : ask.amount;
      break;
    case OperationKind::view_order:
      if (ask.by == the_operator && slot) op.by = slot->buyer;
      break;
    default:
      break;
  }

  Answer answer;
  // The engine has no malformed requests of these kinds, so what comes before `invalid` is asked by a look.
  const bool unjudged = malformed && (ask.kind == OperationKind::accept || ask.kind == OperationKind::request_modification ||
                                      ask.kind == OperationKind::contact_support);
  // A late sweep: the timer has not run, but the deadline holds.
  const bool overdue = options.sweeps && !has(Bug::b61) && slot && is_buyers_decision(ask.kind) && ask.by == slot->buyer &&
                       options.policy.after_deadline == AfterDeadline::strict && look_at(order, now).deadline <= now;
  if (unjudged || overdue) {
    op.kind = OperationKind::view_order;
    engine->perform(op, now, answer);
    if (answer.outcome == Outcome::ok) {
      answer.outcome = Outcome::refused;
      answer.refusal = Refusal::invalid;
      if (is_buyers_decision(ask.kind) && (overdue || answer.state != OrderState::delivered))
        answer.refusal = Refusal::wrong_state;
      if (is_buyers_decision(ask.kind) && ask.by != slot->buyer) answer.refusal = Refusal::forbidden;
    }
  } else {
    engine->perform(op, now, answer);
  }

  told.now = answer.stamp;
  if (answer.outcome == Outcome::refused) {
    const bool about_the_request = answer.refusal == Refusal::invalid && malformed;
    refuse(told, answer.refusal, about_the_request ? std::string_view{ask.problem} : std::string_view{});
  } else if (placing) {
    Slot& placed = slots.emplace_back();
    placed.due_at = ask.due_at;
    placed.placed_at = now;
    placed.price_cents = ask.amount;
    placed.buyer = ask.by;
    placed.seller = op.seller;
    people.of(placed.buyer).buys.push_back(static_cast<std::uint32_t>(order));
    people.of(placed.seller).sells.push_back(static_cast<std::uint32_t>(order));
  } else if (slot) {
    if (!slot->papers && (is_delivery(op.kind) || op.kind == OperationKind::save_draft || op.kind == OperationKind::upload ||
                          op.kind == OperationKind::open_draft))
      slot->papers = std::make_unique<Papers>();
    Papers* const papers = slot->papers.get();
    if (op.kind == OperationKind::save_draft) {
      papers->drafted = true;
      write_draft(papers->draft_json, ask);
    } else if (op.kind == OperationKind::upload) {
      attachments.push_back({ask.text, ask.amount, ask.digest});
      papers->files.push_back(attachments.size());
      told.attachment = {attachments.size(), attachments.back().name, ask.amount, ask.digest};
    } else if (is_delivery(op.kind)) {
      papers->drafted = false;
      papers->draft_json.clear();
      papers->files.clear();
    } else if (op.kind == OperationKind::open_draft) {
      told.drafted = papers->drafted;
      told.draft_json = papers->draft_json;
    }
  }
  drain();
  if (answer.state == OrderState::none) return;
  told.order = view_of(order, answer);
  if (Slot* const known = slot_of(OrderId{order}); known && is_party(*known, ask.by)) known->last = std::max(known->last, now);
}

void Desk::Impl::before_upload(const Ask& ask, Told& told) {
  Slot* const slot = slot_of(ask.order);
  told.now = ask.at != never && options.virtual_clock ? std::max(ask.at, now_for(slot)) : now_for(slot);
  if (ask.by == UserId::nobody) return refuse(told, Refusal::unauthenticated);
  if (!ask.key.empty()) {
    scratch.clear();
    EntryWriter{scratch}.number(number(ask.by));
    scratch += ask.key;
    if (const auto found = keys.find(scratch); found != keys.end()) {
      const Told& first = remembered[found->second].told;
      if (!first.good()) told = first;  // what was refused is refused again, bytes or not; else perform() gives the first answer
      return;
    }
  }
  if (!slot || !is_party(*slot, ask.by)) return refuse(told, Refusal::not_found);
  if (!options.virtual_clock && !options.sweeps) fire_by(told.now);
  fire_own(ask.order, told.now);
  const Answer answer = look_at(number(ask.order), told.now);
  told.order = view_of(number(ask.order), answer);
  if (ask.by != slot->seller) return refuse(told, Refusal::forbidden);
  if (answer.state != OrderState::in_progress && answer.state != OrderState::in_revision)
    return refuse(told, Refusal::wrong_state);
  if (!ask.problem.empty()) return refuse(told, Refusal::invalid, ask.problem);
  if (slot->papers && slot->papers->files.size() >= files_max) {
    told.trouble = Trouble::too_many_uploads;
    return;
  }
  Operation op;
  op.kind = OperationKind::upload;
  op.bytes = ask.amount;
  if (const Refusal refusal = engine->refusal_of_upload(op); refusal != Refusal::none) refuse(told, refusal);
}

void Desk::before_upload(const Ask& ask, Told& told) {
  told.clear();
  const std::lock_guard lock{impl_->mutex};
  impl_->before_upload(ask, told);
  // A refusal under a key is a first answer like any other (R16): carried out as an operation, it is remembered.
  if (told.refusal != Refusal::none && !ask.key.empty() && ask.by != UserId::nobody) {
    told.clear();
    impl_->perform(ask, told);
  }
  told.position = impl_->position;
}

}  // namespace dueprocess::service
