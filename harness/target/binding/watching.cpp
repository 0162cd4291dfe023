// Evidence: pages of a feed, a stream of events, webhooks; from the service's names to the harness's.
//
// What is shown of an order whose placing is still on its way is held until that is answered, since only the answer tells
// whether the order is ours. What is of no order of ours then is counted and left out.
#include "harness/target/binding/http_target_impl.hpp"

#include <chrono>
#include <utility>

#include "harness/target/http/signature.hpp"
#include "harness/target/http/webhook.hpp"

namespace dueprocess {

namespace {

constexpr std::size_t held_max = 100'000;
constexpr std::size_t aging_max = 4096;
constexpr std::chrono::milliseconds pause_after_failure{200};

}  // namespace

// ---------------------------------------------------------------------------------------------- items

binding::Page HttpTarget::Impl::take_items(std::string_view body, const http::Answer* answer, HarnessTime seen_ns) {
  binding::Page page = evidence->read(body, answer, [&](const binding::Item& item) {
    LiveEvidence seen{item.evidence, seen_ns, looked_ns};
    const auto found = by_id.find(item.order);
    if (found != by_id.end()) return give(orders[found->second], found->second, seen, item.to);
    if (placings.empty() || held.size() >= held_max) {
      ++counts.evidence_foreign;
      return;
    }
    held.push_back({seen, std::string{item.order}, std::string{item.to}, placings_made});
  });
  ++counts.pages;
  counts.evidence_unreadable += page.unreadable + (page.is_json ? 0 : 1);
  if (!page.is_json) page.lacks = "JSON";
  if (!page.lacks.empty()) counts.evidence_lacks = page.lacks;
  return page;
}

void HttpTarget::Impl::give(Order& order, std::uint64_t number, LiveEvidence& seen, std::string_view to) {
  Evidence& e = seen.evidence;
  e.order = OrderId{number};
  if (!to.empty()) e.to = user_named(to);
  const bool last =
      able.payments ? e.kind == EvidenceKind::payment : e.state == OrderState::completed || e.notice == Notice::completed;
  if (last && !order.finished) {
    order.finished = true;
    look_whether_done(number, order);
  }
  sink.witnessed(seen);
}

void HttpTarget::Impl::give_held(std::string_view id) {
  if (held.empty()) return;
  const std::uint64_t number = by_id.at(id);
  std::deque<Held> left;
  for (Held& one : std::exchange(held, {})) {
    if (one.order == id)
      give(orders[number], number, one.seen, one.to);
    else
      left.push_back(std::move(one));
  }
  held = std::move(left);
}

/// What no placing on its way can claim any more belongs to others.
void HttpTarget::Impl::drop_held() {
  const std::uint64_t oldest = placings.empty() ? UINT64_MAX : *placings.begin();
  while (!held.empty() && held.front().placings < oldest) {
    ++counts.evidence_foreign;
    held.pop_front();
  }
}

// ---------------------------------------------------------------------------------------------- the feed

void HttpTarget::Impl::read_page() {
  if (closed || page_call != 0) return;
  const std::uint32_t slot = take_slot(CallKind::page);
  Call& call = calls[slot];
  call.user = rules.observer.given ? observer : nobody;
  call.holds_back = options.clock == LiveClock::wall && draining.empty();
  page_call = id_of(slot, call.generation);
  page_holds_back = call.holds_back;
  if (ready(call.user, slot)) dispatch(slot);
}

void HttpTarget::Impl::take_page(const Call& call, const http::Answer& answer) {
  page_call = 0;
  if (closed) return drained("closed");
  if (!is_ok(answer)) {
    trace(answer, "feed", "not read", {});
    if (call.holds_back && answer.failure == Failure::cut && !draining.empty()) return read_page();  // called back by drain()
    if (!draining.empty()) return drained(problem_of(answer, "reading the feed (observe.from)"));
    timer.expires_after(pause_after_failure);
    timer.async_wait([this, still = alive](const boost::system::error_code& error) {
      if (!error && *still) read_page();
    });
    return;
  }
  const std::string before = cursor;
  const binding::Page page = take_items(answer.body, &answer, answer.answered_ns);
  if (!page.next.empty()) cursor = page.next;
  trace(answer, "feed", std::to_string(page.items) + " items, next " + (page.next.empty() ? "not told" : page.next), page.lacks);
  const bool at_end = page.items == 0 || cursor == before;
  // What this look did not show was not to be seen when it was sent.
  if (at_end || page.items < rules.observe.limit / 2) looked_ns = answer.sent_ns;
  if (aging.size() > aging_max) age();
  if (!draining.empty()) {
    if (!page.is_json) return drained("the feed's answer is not JSON (observe.from)");
    if (at_end && !call.holds_back) return drained({});
    return read_page();
  }
  if (options.clock == LiveClock::wall) read_page();
}

void HttpTarget::Impl::drained(const std::string& problem) {
  if (problem.empty()) age();
  for (const Done& done : std::exchange(draining, std::exchange(draining_next, {}))) done(problem);
  if (draining.empty()) {
    if (options.clock == LiveClock::wall && rules.observe.by == Watching::feed) read_page();
  } else if (rules.observe.by == Watching::feed) {
    read_page();
  } else {
    settle();
  }
}

// ---------------------------------------------------------------------------------------------- streams and webhooks

/// Nothing says that everything was shown; so long without anything new is taken for it.
void HttpTarget::Impl::settle() {
  if (draining.empty()) return;
  timer.expires_after(rules.observe.settle);
  timer.async_wait([this, still = alive](const boost::system::error_code& error) {
    if (!error && *still) drained({});
  });
}

void HttpTarget::Impl::open_stream() {
  if (closed) return;
  const std::uint32_t slot = take_slot(CallKind::stream);
  calls[slot].user = rules.observer.given ? observer : nobody;
  stream_reader.restart();
  if (ready(calls[slot].user, slot)) dispatch(slot);
}

bool HttpTarget::Impl::arrived(std::uint64_t, unsigned status, std::string_view bytes) {
  if (closed || status < 200 || status >= 300) return false;
  const HarnessTime seen_ns = clock.now();
  const bool whole = stream_reader.take(bytes, [&](const http::StreamEvent& event) {
    if (!event.data.empty()) take_items(event.data, nullptr, seen_ns);
  });
  settle();
  return whole;
}

void HttpTarget::Impl::take_stream_end(const http::Answer& answer) {
  trace(answer, "stream", "ended", {});
  if (closed) return drained("closed");
  const auto pause = stream_reader.retry_ms() > 0 ? std::chrono::milliseconds{stream_reader.retry_ms()} : pause_after_failure;
  auto later = std::make_shared<boost::asio::steady_timer>(loop, pause);
  later->async_wait([this, later, still = alive](const boost::system::error_code& error) {
    if (!error && *still) open_stream();
  });
}

/// The harness's own ear for webhooks.
struct HttpTarget::Impl::Hooks final : http::WebhookSink {
  Hooks(Impl& owner, const http::WebhookOptions& options) : impl(owner), receiver(owner.loop, options, owner.clock, *this) {}

  unsigned called(const http::WebhookCall& call) override {
    const ObserveBinding& observe = impl.rules.observe;
    const std::string_view path = call.target.substr(0, call.target.find('?'));
    if (path != observe.webhook_path) return 404;
    if (!observe.signature_header.empty()) {
      std::string_view signature = call.field(observe.signature_header);
      if (signature.starts_with(observe.signature_prefix)) signature.remove_prefix(observe.signature_prefix.size());
      if (!http::signature_matches(observe.secret, call.body, signature)) {
        ++impl.counts.evidence_unsigned;
        return 401;
      }
    }
    const binding::Page page = impl.take_items(call.body, nullptr, call.seen_ns);
    impl.settle();
    return page.is_json ? 200 : 400;
  }

  Impl& impl;
  http::WebhookReceiver receiver;
};

void HttpTarget::Impl::open_watching() {
  switch (rules.observe.by) {
    case Watching::polling:
      return opened({});
    case Watching::feed:
      if (options.clock == LiveClock::wall) read_page();
      return opened({});
    case Watching::stream:
      open_stream();
      return opened({});
    case Watching::webhooks:
      break;
  }
  const std::string& listen = rules.observe.webhook_listen;
  const std::size_t colon = listen.rfind(':');
  http::WebhookOptions hook;
  hook.address = listen.substr(0, colon);
  hook.port = colon == std::string::npos ? std::uint16_t{0}
                                         : static_cast<std::uint16_t>(std::strtoul(listen.c_str() + colon + 1, nullptr, 10));
  hooks = std::make_shared<Hooks>(*this, hook);
  if (const std::string& problem = hooks->receiver.problem(); !problem.empty())
    return opened("cannot listen for webhooks at " + listen + ": " + problem);
  hook_url = "http://" + hook.address + ":" + std::to_string(hooks->receiver.port()) + rules.observe.webhook_path;
  if (!subscription) return opened({});
  const std::uint32_t slot = take_slot(CallKind::subscribe);
  calls[slot].user = rules.observer.given ? observer : nobody;
  if (ready(calls[slot].user, slot)) dispatch(slot);
}

void HttpTarget::Impl::take_subscription(const http::Answer& answer) {
  trace(answer, "subscribe", is_ok(answer) ? "ok" : "not subscribed", {});
  opened(is_ok(answer) ? std::string{} : problem_of(answer, "subscribing to webhooks (observe.subscribe)"));
}

}  // namespace dueprocess
