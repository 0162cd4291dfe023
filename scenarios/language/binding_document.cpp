// A binding's whole file as it is described: who asks, what for, and how it is understood.
#include "scenarios/language/binding_parts.hpp"

#include <fmt/format.h>

namespace dueprocess {
namespace {

constexpr Slots everywhere = slots(Slot::user, Slot::user_id, Slot::run);

/// A password may come from the environment; then it is taken as it is, and never shown in a mistake.
Inlet password(Template& out, Slots known, SlotUses& uses) {
  const Inlet plain = template_text(out, known, uses, "a password");
  return {[&out, plain](Reading& reading, const Node& node) {
            if (!node.is_scalar() || node.text.find("${") == std::string::npos) return plain.read(reading, node);
            auto text = reading.scalar(node, "a password");
            if (!text) return;
            Piece piece;
            piece.literal = std::move(*text);
            out.assign(1, piece);
          },
          plain.schema};
}

Mapping describe_users(UserNames& users, SlotUses& uses) {
  return Mapping{"the users of a run"}
      .key("name",
           {[&users](Reading& reading, const Node& node) {
              const auto text = reading.scalar(node, "a name with {number}");
              if (!text) return;
              ParsedTemplate parsed = parse_template(*text, slots(Slot::number));
              if (!parsed.problem.empty()) return reading.error(node, parsed.problem);
              int numbers = 0;
              users.before.clear();
              users.after.clear();
              for (const Piece& piece : parsed.pieces) {
                if (piece.slot == Slot::number) ++numbers;
                (numbers ? users.after : users.before) += piece.literal;
              }
              if (numbers != 1) reading.error(node, "a user's name has {number} once, as in u{number}");
            },
            [] { return schema_ref("text"); }},
           "how they are called", "u{number}")
      .key("password", password(users.password, slots(Slot::number, Slot::user, Slot::run), uses), "the password of each");
}

Mapping describe_observer(ObserverAccount& account) {
  return Mapping{"the account that reads the feed and moves the clock"}
      .required("user", text(account.user), "its name")
      .key("password", text(account.password), "its password; take it from the environment");
}

Mapping describe_login(LoginBinding& login, SlotUses& uses) {
  const Slots who = slots(Slot::user, Slot::password, Slot::run);
  const auto register_more = [&login](Mapping& mapping) {
    mapping.key("already", statuses(login.registered_already), "statuses that say the user is there already");
  };
  return Mapping{"how a user proves who he is"}
      .key("register",
           marking(login.registers,
                   request(login.registration, who, uses, "how a user is made known before his first login", register_more)),
           "how a user is made known before his first login")
      .key("by", request(login.request, who, uses, "the login itself"), "the login itself")
      .key("token", field(login.token, text_field()), "where its answer tells the token")
      .key("cookie", text(login.token_cookie), "or the name of the cookie that is the token")
      .key("id", field(login.id, text_field()), "where its answer tells the user's id, if that is not his name")
      .key("send", headers(login.send, slots(Slot::user, Slot::user_id, Slot::password, Slot::token, Slot::basic), uses),
           "the headers that say who asks; {basic} is user and password as HTTP's Basic has them")
      .check([&login](Reading& reading, const Node& node) {
        login.given = true;
        login.requests = node.find("by") != nullptr;
        bool needs_token = false, needs_id = false;
        for (const HeaderTemplate& header : login.send)
          for (const Piece& piece : header.value) {
            needs_token = needs_token || piece.slot == Slot::token;
            needs_id = needs_id || piece.slot == Slot::user_id;
          }
        const bool tells_token = login.token.given || !login.token_cookie.empty();
        if (login.send.empty())
          reading.error(node, "how does a request say who asks? Give `send`, such as Authorization: Bearer {token}");
        if (needs_token && !login.requests) reading.error(node, "{token} is sent, but there is no login to get one: give `by`");
        if (needs_token && login.requests && !tells_token)
          reading.error(node, "{token} is sent, but where is it told? Give `token` or `cookie`");
        if (needs_id && !login.id.given) reading.error(node, "{user_id} is sent, but where is it told? Give `id`");
      });
}

Mapping describe_clock(ClockBinding& clock, SlotUses& uses) {
  const Slots to = slots(Slot::to, Slot::run);
  return Mapping{"the service's clock"}
      .key("read",
           marking(clock.reads, request(clock.read, slots(Slot::run), uses, "what tells the service's time",
                                        [&clock](Mapping& mapping) {
                                          mapping.required("stamp", field(clock.read_stamp, instant_field()),
                                                           "where its answer tells the time");
                                        })),
           "a request whose answer tells the time, real or virtual")
      .key("set", marking(clock.sets, request(clock.set, to, uses, "how a virtual clock is set before anything happens")),
           "how a virtual clock is set, before anything happens, to {to}")
      .key("advance", marking(clock.barrier, request(clock.advance, to, uses, "how a virtual clock goes on")),
           "how a virtual clock goes on to {to}; answered when everything due by then has happened and can be seen")
      .key("now", field(clock.now, instant_field()), "where these answers tell the virtual time")
      .key("next_deadline", field(clock.next_deadline, instant_field()), "where they tell the next timer that is pending")
      .key("stamp", headers(clock.stamp, slots(Slot::at), uses), "the header that carries a request's own instant {at}")
      .check([&clock](Reading& reading, const Node& node) {
        if (const Node* read = node.find("read"); read && read->is_scalar())
          reading.error(*read, "where does its answer tell the time? Write {request: ..., stamp: /now}");
        if (!clock.stamp.empty() && !clock.barrier)
          reading.error(node, "with `stamp` the clock needs `advance` as well: silent orders come to their ends by it");
      });
}

Mapping describe_tolerances(Tolerances& t) {
  return Mapping{"what the service is known to do less strictly than the rules"}
      .key("after_deadline",
           one_of({"strict", "until_fired"}, [&t](std::size_t i) { t.after_deadline = static_cast<AfterDeadline>(i); }),
           "until_fired: a buyer may still act after the deadline until the timer has really fired", "strict")
      .key("granularity", duration(t.granularity, Sign::positive),
           "what is sent and told is cut to multiples of it; more than 1us rules out virtual clocks", "1us")
      .key("lateness", duration(t.lateness, Sign::not_negative), "how late a timer may complete an order", "0s")
      .key("staleness", duration(t.staleness, Sign::not_negative), "how old what a read tells may be", "0s")
      .key("payment_within", duration(t.payment_within, Sign::not_negative), "how long after completion the payment may come",
           "0s")
      .key("notice_within", duration(t.notice_within, Sign::not_negative), "how long after its cause a notice may come", "0s");
}

Inlet operation(BindingText& d, OperationKind kind) {
  const auto index = static_cast<std::size_t>(kind);
  OperationBinding& out = d.binding.operations[index];
  OperationText& own = d.operations[index];
  const auto more = [&d, &out, &own, kind](Mapping& mapping) {
    mapping.key("answers", dueprocess::mapping([&own] { return describe(own.answers); }),
                "where this operation's answers differ");
    if (kind == OperationKind::upload)
      mapping.key("declared",
                  marking(out.has_declared, request(out.declared, slots_of(kind), d.uses, "tells the size and sends no bytes")),
                  "a request that tells {bytes} and sends none of them, for runs with --uploads declared");
  };
  const Inlet asked = request(out.request, slots_of(kind), d.uses, "how it is asked for", more);
  return {[&out, &own, asked](Reading& reading, const Node& node) {
            own.node = &node;
            if (node.is_scalar() && node.text == "unsupported") return;
            out.supported = true;
            asked.read(reading, node);
          },
          [asked] {
            return schema_any({schema_words({"unsupported"}), asked.schema()});
          }};
}

Mapping describe_operations(BindingText& d) {
  Mapping mapping{"each operation: a request, or `unsupported`"};
  static constexpr const char* what[] = {"a buyer orders",
                                         "his orders, as a list",
                                         "one order",
                                         "a delivery kept for later",
                                         "what was kept",
                                         "a file for the draft or the next delivery",
                                         "the work is delivered",
                                         "the modified work is delivered",
                                         "the buyer is satisfied",
                                         "the buyer wants a modification",
                                         "the buyer wants more time",
                                         "a message to customer support"};
  for (unsigned i = 0; i < operation_kind_count; ++i) {
    const auto kind = static_cast<OperationKind>(i);
    mapping.required(std::string{name_of(kind)}, operation(d, kind), what[i]);
  }
  return mapping;
}

Mapping describe_contents(std::array<std::string, 4>& contents) {
  Mapping mapping{"what the service calls the kinds of content"};
  for (unsigned i = 0; i < contents.size(); ++i)
    mapping.key(std::string{name_of(static_cast<Content>(i))}, text(contents[i]), "its word for it");
  return mapping;
}

}  // namespace

Slots slots_of(OperationKind kind) {
  const Slots delivery = slots(Slot::description, Slot::attachments, Slot::links);
  switch (kind) {
    case OperationKind::place_order:
      return everywhere | slots(Slot::seller, Slot::seller_id, Slot::due_at, Slot::price);
    case OperationKind::list_orders:
      return everywhere;
    case OperationKind::save_draft:
      return everywhere | delivery | slots(Slot::order);
    case OperationKind::upload:
      return everywhere | slots(Slot::order, Slot::file_name, Slot::bytes);
    case OperationKind::deliver:
    case OperationKind::deliver_modified:
      return everywhere | delivery | slots(Slot::order, Slot::confirm_no_file, Slot::content, Slot::use_draft, Slot::modified);
    case OperationKind::request_modification:
    case OperationKind::contact_support:
      return everywhere | slots(Slot::order, Slot::message);
    case OperationKind::extend_review:
      return everywhere | slots(Slot::order, Slot::extend_by);
    case OperationKind::view_order:
    case OperationKind::open_draft:
    case OperationKind::accept:
      break;
  }
  return everywhere | slots(Slot::order);
}

Mapping describe(BindingText& d) {
  Binding& b = d.binding;
  return Mapping{"a binding: how a live service is asked, and how its answers are understood"}
      .key("name", text(b.name), "what it is called", "the file's name")
      .key("description", text(b.description), "which service it is for")
      .key("headers", headers(b.headers, slots(Slot::run), d.uses), "headers of every request")
      .key("users", mapping([&d] { return describe_users(d.binding.users, d.uses); }), "the users of a run")
      .key("observer", marking(b.observer.given, mapping([&d] { return describe_observer(d.binding.observer); })),
           "the account that reads the feed and moves the clock")
      .key("login", noting(d.login, mapping([&d] { return describe_login(d.binding.login, d.uses); })),
           "how a user proves who he is", "he need not")
      .key("key", headers(b.key, slots(Slot::run, Slot::key), d.uses),
           "the header that carries an idempotency key; with it, operations may be tried again", "there are none")
      .required("operations", mapping([&d] { return describe_operations(d); }), "each operation")
      .key("contents", mapping([&d] { return describe_contents(d.binding.contents); }), "kinds of content", "our own words")
      .key("link", template_text(b.link, slots(Slot::number, Slot::run), d.uses, "an address with {number}"),
           "the address that a link in a delivery has", "https://files.example.org/{run}/{number}")
      .key("unknown_order", text(b.unknown_order), "an id that no order has", "0")
      .key("unknown_attachment", text(b.unknown_attachment), "an id that no file has", "0")
      .required("answers", mapping([&d] { return describe(d.answers); }), "what answers mean")
      .key("clock", noting(d.clock, mapping([&d] { return describe_clock(d.binding.clock, d.uses); })), "the service's clock")
      .key("observe", noting(d.observe, mapping([&d] { return describe_observe(d.binding.observe, d.uses); })),
           "how evidence is come by", "polling")
      .key("tolerances", noting(d.tolerances, mapping([&d] { return describe_tolerances(d.binding.tolerances); })),
           "what the service is known to do less strictly than the rules")
      .instead("auth", "login")
      .instead("requests", "operations")
      .instead("responses", "answers")
      .instead("idempotency", "key");
}

}  // namespace dueprocess
