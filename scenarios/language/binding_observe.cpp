// How evidence is come by: what the service shows of its own accord, by which way, and how its items are understood.
#include "scenarios/language/binding_parts.hpp"

#include <fmt/format.h>

namespace dueprocess {
namespace {

Mapping describe_items(ItemRules& items) {
  FieldKind kinds, notices, money;
  for (const char* word : {"event", "notification", "payment"}) kinds.ours.emplace_back(word);
  for (unsigned i = 0; i < notice_count; ++i) notices.ours.emplace_back(name_of(static_cast<Notice>(i)));
  money.is_money = true;
  for (FieldKind* kind : {&kinds, &notices, &money}) kind->in_body_only = true;
  const auto in_body = [](FieldKind kind) {
    kind.in_body_only = true;
    return kind;
  };
  return Mapping{"how one thing that the service shows is understood; pointers begin at the item"}
      .key("list",
           {[&items](Reading& reading, const Node& node) {
              const auto text = reading.scalar(node, "a JSON pointer such as /events");
              if (!text) return;
              if (const std::string problem = pointer_problem(*text); !problem.empty()) return reading.error(node, problem);
              items.list = *text;
            },
            [] { return schema_ref("pointer"); }},
           "where the list of items is", "the whole body")
      .required("kind", field(items.kind, kinds), "what the item is")
      .key("ignored", texts(items.ignored), "kinds of the service's that are no evidence")
      .required("order", field(items.order, in_body(text_field())), "the service's id of the order")
      .key("at", field(items.at, in_body(instant_field())), "when it happened")
      .key("from", field(items.from, in_body(state_field())), "event: the state before")
      .key("state", field(items.state, in_body(state_field())), "event: the state after")
      .key("version", field(items.version, in_body(text_field())), "the order's version after it")
      .key("deadline", field(items.deadline, in_body(instant_field())), "the deadline in force after it")
      .key("to", field(items.to, in_body(text_field())), "notification, payment: the user it went to")
      .key("amount", field(items.amount, money), "payment: how much")
      .key("notice", field(items.notice, notices), "notification: of what")
      .key("completed_by", field(items.completed_by, in_body(completed_by_field())), "who completed the order")
      .key("cursor", field(items.cursor, in_body(text_field())), "the item's own place in the feed");
}

Mapping describe_signature(ObserveBinding& observe) {
  return Mapping{"how webhooks are signed: the hexadecimal HMAC-SHA256 of the body"}
      .required("header", text(observe.signature_header), "the header that has it")
      .key("prefix", text(observe.signature_prefix), "what stands before it, such as sha256=")
      .required("secret", text(observe.secret), "the shared secret; take it from the environment");
}

}  // namespace

Mapping describe_observe(ObserveBinding& observe, SlotUses& uses) {
  const Slots pages = slots(Slot::cursor, Slot::wait, Slot::limit, Slot::run);
  const auto shows = list(
      [&observe](std::size_t) {
        return one_of({"events", "notices", "payments"}, [&observe](std::size_t i) {
          (i == 0 ? observe.events : i == 1 ? observe.notices : observe.payments) = true;
        });
      },
      true, 3);
  return Mapping{"how evidence is come by"}
      .required(
          "by",
          one_of({"polling", "feed", "stream", "webhooks"}, [&observe](std::size_t i) { observe.by = static_cast<Watching>(i); }),
          "polling: the harness reads orders; feed: pages with a cursor; stream: server-sent events; webhooks: the "
          "service calls")
      .key("shows", shows, "which kinds of evidence the service shows")
      .key("from", request(observe.request, pages, uses, "feed, stream: what is asked for"), "feed, stream: what is asked for")
      .key("next", field(observe.next, text_field()), "feed: the cursor after the page", "the last item's cursor")
      .key("start", text(observe.cursor_start), "feed: the cursor before anything happened")
      .key("limit", count(observe.limit, 1, 100'000), "feed: items a page at most", "1000")
      .key("wait", duration(observe.wait, Sign::not_negative), "feed: how long the service may hold an empty page back", "20s")
      .key("settle", duration(observe.settle, Sign::positive),
           "stream, webhooks: when nothing new came for so long, everything was shown", "500ms")
      .key("listen", text(observe.webhook_listen), "webhooks: where the harness listens, HOST:PORT", "127.0.0.1:0")
      .key("path", text(observe.webhook_path), "webhooks: the path that is called", "/")
      .key("subscribe",
           marking(observe.subscribes, request(observe.subscription, slots(Slot::url, Slot::run), uses,
                                               "webhooks: how the service is told the {url}")),
           "webhooks: how the service is told where to call")
      .key("signature", mapping([&observe] { return describe_signature(observe); }), "webhooks: how they are signed")
      .key("items", mapping([&observe] { return describe_items(observe.items); }), "how what is shown is understood")
      .check([&observe](Reading& reading, const Node& node) {
        const bool asks = observe.by == Watching::feed || observe.by == Watching::stream;
        const bool shows_any = observe.events || observe.notices || observe.payments;
        if (observe.by == Watching::polling) {
          for (const char* key : {"from", "items", "shows", "next", "subscribe", "signature"})
            if (const Node* value = node.find(key)) reading.error(*value, fmt::format("polling has no `{}`", key));
          return;
        }
        if (!shows_any) reading.error(node, "what is shown? Give `shows`: events, notices, payments");
        if (asks && !node.find("from")) reading.error(node, "what is asked for? Give `from`, such as GET /events?after={cursor}");
        if (!node.find("items")) reading.error(node, "how is what is shown understood? Give `items`");
        if (observe.by == Watching::feed && !observe.next.given && !observe.items.cursor.given)
          reading.error(node, "how does the feed go on? Give `next`, or `items.cursor`");
        if (node.find("items") && observe.events && !observe.items.state.given)
          reading.error(node, "events are shown, but `items.state` is not given");
        if (node.find("items") && observe.notices && (!observe.items.notice.given || !observe.items.to.given))
          reading.error(node, "notices are shown, but `items.notice` or `items.to` is not given");
        if (node.find("items") && observe.payments && (!observe.items.amount.given || !observe.items.to.given))
          reading.error(node, "payments are shown, but `items.amount` or `items.to` is not given");
      });
}

}  // namespace dueprocess
