// Calls: from a slot to a request, from an answer to whoever waits for it; and HttpTarget's own methods.
#include "harness/target/binding/http_target.hpp"

#include "harness/target/binding/http_target_impl.hpp"
#include "harness/target/http/webhook.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <cassert>
#include <utility>

namespace dueprocess {

using binding::CompiledHeaders;
using binding::CompiledText;
using binding::Place;
using binding::Renderer;

namespace {

bool uses(const Template& text, Slot slot) {
  for (const Piece& piece : text)
    if (piece.slot == slot) return true;
  return false;
}
bool uses(const JsonTemplate& json, Slot slot) {
  if (uses(json.text, slot)) return true;
  for (const JsonTemplate& item : json.items)
    if (uses(item, slot)) return true;
  return false;
}
bool uses(const RequestTemplate& request, Slot slot) {
  bool found = uses(request.target, slot) || uses(request.json, slot) || uses(request.text, slot);
  for (const HeaderTemplate& header : request.headers) found = found || uses(header.value, slot);
  for (const HeaderTemplate& field : request.form) found = found || uses(field.value, slot);
  return found;
}

/// What a binding asks of all answers is not asked of the stream.
void drop_accept(std::string& fields) {
  constexpr std::string_view name = "accept:";
  for (std::size_t line = 0; line < fields.size();) {
    const std::size_t end = std::min(fields.find("\r\n", line), fields.size() - 2) + 2;
    const bool is_accept = fields.size() - line >= name.size() &&
                           std::equal(name.begin(), name.end(), fields.begin() + static_cast<std::ptrdiff_t>(line),
                                      [](char a, char b) { return a == (b >= 'A' && b <= 'Z' ? b + ('a' - 'A') : b); });
    if (is_accept)
      fields.erase(line, end - line);
    else
      line = end;
  }
}

}  // namespace

Abilities abilities_of(const Binding& binding) {
  Abilities able;
  for (unsigned i = 0; i < operation_kind_count; ++i)
    if (binding.operations[i].supported) able.operations |= 1u << i;
  able.barrier = binding.clock.barrier;
  able.stamped = binding.clock.barrier && !binding.clock.stamp.empty();
  able.keys = !binding.key.empty();
  able.events = binding.observe.events;
  able.notices = binding.observe.notices;
  able.payments = binding.observe.payments;
  able.pushes = binding.observe.by != Watching::polling;
  for (const OperationBinding& one : binding.operations)
    if (one.supported && !one.answers.refusals_tell) able.told_refusals = false;
  return able;
}

HttpTarget::Impl::Impl(boost::asio::io_context& io, const http::Endpoint& endpoint, const Binding& given,
                       HttpTargetOptions wanted, http::RunClock run_clock, LiveSink& to)
    : loop(io), rules(given), options(std::move(wanted)), clock{run_clock}, sink(to), able(abilities_of(given)), timer(io) {
  for (unsigned i = 0; i < operation_kind_count; ++i) {
    const OperationBinding& one = rules.operations[i];
    if (!one.supported) continue;
    renderers[i].emplace(one.request, rules.link, rules.headers);
    readers[i].emplace(one.answers, static_cast<OperationKind>(i));
  }
  const OperationBinding& upload = rules.of(OperationKind::upload);
  if (upload.has_declared) declared_upload.emplace(upload.declared, rules.link, rules.headers);
  if (rules.login.registers) registration.emplace(rules.login.registration, rules.link, rules.headers);
  if (rules.login.requests) login.emplace(rules.login.request, rules.link, rules.headers);
  if (rules.clock.reads) clock_read.emplace(rules.clock.read, rules.link, rules.headers);
  if (rules.clock.sets) clock_set.emplace(rules.clock.set, rules.link, rules.headers);
  if (rules.clock.barrier) clock_advance.emplace(rules.clock.advance, rules.link, rules.headers);
  if (rules.observe.by == Watching::feed || rules.observe.by == Watching::stream)
    page_request.emplace(rules.observe.request, rules.link, rules.headers);
  if (rules.observe.subscribes) subscription.emplace(rules.observe.subscription, rules.link, rules.headers);
  identity = CompiledHeaders{rules.login.send};
  key_header = CompiledHeaders{rules.key};
  stamp_header = CompiledHeaders{rules.clock.stamp};
  password = CompiledText{rules.users.password, Place::raw};
  seller_logs_in = uses(rules.of(OperationKind::place_order).request, Slot::seller_id);
  login_reader.emplace(std::vector<FieldSource>{rules.login.token, rules.login.id});
  clock_reader.emplace(std::vector<FieldSource>{rules.clock.now, rules.clock.next_deadline});
  read_reader.emplace(std::vector<FieldSource>{rules.clock.read_stamp});
  if (rules.observe.by != Watching::polling) evidence.emplace(rules.observe);
  cursor = rules.observe.cursor_start;
  facts.run = options.run;
  client = std::make_unique<http::Client>(loop, endpoint, options.client, clock, *this);
}

HttpTarget::Impl::~Impl() { *alive = false; }

// ---------------------------------------------------------------------------------------------- calls

std::uint32_t HttpTarget::Impl::take_slot(CallKind kind) {
  std::uint32_t slot = 0;
  if (free_calls.empty()) {
    slot = static_cast<std::uint32_t>(calls.size());
    calls.emplace_back();
  } else {
    slot = free_calls.back();
    free_calls.pop_back();
  }
  const std::uint32_t generation = calls[slot].generation + 1;
  calls[slot] = Call{};
  calls[slot].kind = kind;
  calls[slot].generation = generation;
  return slot;
}

void HttpTarget::Impl::free_slot(std::uint32_t slot) {
  calls[slot].kind = CallKind::idle;
  calls[slot].advanced = nullptr;
  free_calls.push_back(slot);
}

void HttpTarget::Impl::soon(std::function<void()> what) {
  boost::asio::post(loop, [still = alive, what = std::move(what)] {
    if (*still) what();
  });
}

void HttpTarget::Impl::dispatch(std::uint32_t slot) {
  Call& call = calls[slot];
  const Session* who = call.user == nobody ? nullptr : &session_of(call.user);
  facts.user = who ? std::string_view{who->name} : std::string_view{};
  facts.user_id = who ? std::string_view{who->id} : std::string_view{};
  facts.password = who ? std::string_view{who->password} : std::string_view{};
  facts.token = who ? std::string_view{who->token} : std::string_view{};
  facts.basic = who ? std::string_view{who->basic} : std::string_view{};
  http::Request request;
  request.id = id_of(slot, call.generation);
  request.replayable = true;
  const Renderer* renderer = nullptr;
  switch (call.kind) {
    case CallKind::operation:
      render_operation(call);
      renderer = call.asked.operation.kind == OperationKind::upload && options.declared_uploads && declared_upload
                     ? &*declared_upload
                     : &*renderers[static_cast<std::size_t>(call.asked.operation.kind)];
      break;
    case CallKind::registration:
      renderer = &*registration;
      break;
    case CallKind::login:
      renderer = &*login;
      break;
    case CallKind::clock_read:
      renderer = &*clock_read;
      break;
    case CallKind::clock_set:
    case CallKind::clock_advance:
      renderer = call.kind == CallKind::clock_set ? &*clock_set : &*clock_advance;
      facts.to = call.to;
      break;
    case CallKind::page:
    case CallKind::stream:
      renderer = &*page_request;
      facts.cursor = cursor;
      facts.limit = rules.observe.limit;
      facts.wait = call.holds_back ? rules.observe.wait : Duration{0};
      break;
    case CallKind::subscribe:
      renderer = &*subscription;
      facts.url = hook_url;
      break;
    case CallKind::idle:
      assert(false);
      return;
  }
  renderer->render(facts, rendered);
  if (who && call.kind != CallKind::registration && call.kind != CallKind::login) {
    identity.append(rendered.fields, facts);
    call.login_used = who->login;
  }
  if (call.kind == CallKind::operation) {
    if (!facts.key.empty()) key_header.append(rendered.fields, facts);
    if (options.clock == LiveClock::stamped) stamp_header.append(rendered.fields, facts);
    const Operation& operation = call.asked.operation;
    request.replayable = !facts.key.empty() || operation.kind == OperationKind::view_order ||
                         operation.kind == OperationKind::list_orders || operation.kind == OperationKind::open_draft;
    if (rendered.file) {
      request.body.generated = static_cast<std::uint64_t>(std::max<std::int64_t>(0, operation.bytes));
      request.body.seed = number(operation.order) * 31 + static_cast<std::uint64_t>(operation.bytes);
      request.body.ask_first = request.body.generated > 1'000'000;
    }
  }
  // The clock is set to an instant, which may be said twice.
  if (call.kind == CallKind::subscribe) request.replayable = false;
  if (call.kind == CallKind::stream) {
    request.streamed = true;
    drop_accept(rendered.fields);
    rendered.fields += "Accept: text/event-stream\r\n";
    if (!stream_reader.last_id().empty()) rendered.fields += "Last-Event-ID: " + stream_reader.last_id() + "\r\n";
    request.timeout_ns = 86'400'000'000'000;  // a stream may be silent for long
  }
  if (call.kind == CallKind::page && call.holds_back)
    request.timeout_ns = us_of(rules.observe.wait) * 1000 + options.client.answer_timeout_ns;
  request.method = renderer->method();
  request.target = rendered.target;
  request.fields = rendered.fields;
  request.body.bytes = rendered.body;
  request.body.tail = rendered.tail;
  if (options.trace)
    traced[request.id] = {
        renderer->method(),     rendered.target,
        rendered.fields,        rendered.body,
        request.body.generated, {std::string{facts.password}, std::string{facts.token}, std::string{facts.basic}}};
  call.sent = client->send(request);
  if (!call.sent) backlog.push_back(request.id);
}

void HttpTarget::Impl::send_backlog() {
  while (!backlog.empty() && !closed) {
    const std::uint64_t next = backlog.front();
    backlog.pop_front();
    const std::size_t left = backlog.size();
    go_on(next);
    if (backlog.size() == left) continue;
    backlog.pop_back();  // it takes no more: back to where it was
    backlog.push_front(next);
    return;
  }
}

void HttpTarget::Impl::go_on(std::uint64_t id) {
  const auto slot = static_cast<std::uint32_t>(id);
  const Call& call = calls[slot];
  if (closed || call.generation != id >> 32 || call.kind == CallKind::idle) return;
  if (call.kind == CallKind::operation)
    start(slot);
  else if (ready(call.user, slot))
    dispatch(slot);
}

void HttpTarget::Impl::trace(const http::Answer& answer, std::string_view what, std::string_view understood,
                             std::string_view lacks) {
  const auto found = traced.find(answer.id);
  if (!options.trace || found == traced.end()) return;
  const Asking& asking = found->second;
  CallTrace call;
  call.what = what;
  call.method = asking.method;
  call.target = asking.target;
  call.fields = asking.fields;
  call.body = asking.body;
  call.file_bytes = asking.file_bytes;
  call.answer = &answer;
  call.understood = understood;
  call.lacks = lacks;
  for (const std::string& secret : asking.secrets)
    if (!secret.empty()) call.secrets.push_back(secret);
  for (const auto& [user, session] : sessions)
    if (!session.token.empty()) call.secrets.push_back(session.token);
  options.trace(call);
  traced.erase(found);
}

void HttpTarget::Impl::look_whether_empty() {
  if (!when_empty || operations_on_their_way != 0) return;
  soon([done = std::exchange(when_empty, nullptr)] { done({}); });
}

void HttpTarget::Impl::answered(const http::Answer& answer) {
  const auto slot = static_cast<std::uint32_t>(answer.id);
  assert(slot < calls.size() && calls[slot].generation == answer.id >> 32);
  Call& call = calls[slot];
  switch (call.kind) {
    case CallKind::operation:
      take_operation(call, slot, answer);
      break;
    case CallKind::registration: {
      const Call done = call;
      free_slot(slot);
      take_registration(done, answer);
      break;
    }
    case CallKind::login: {
      const Call done = call;
      free_slot(slot);
      take_login(done, answer);
      break;
    }
    case CallKind::clock_read:
      free_slot(slot);
      take_clock_read(answer);
      break;
    case CallKind::clock_set:
      free_slot(slot);
      take_clock_set(answer);
      break;
    case CallKind::clock_advance: {
      const Call done = call;
      free_slot(slot);
      take_advance(done, answer);
      break;
    }
    case CallKind::page: {
      const Call done = call;
      free_slot(slot);
      take_page(done, answer);
      break;
    }
    case CallKind::stream:
      free_slot(slot);
      take_stream_end(answer);
      break;
    case CallKind::subscribe:
      free_slot(slot);
      take_subscription(answer);
      break;
    case CallKind::idle:
      assert(false);
  }
  send_backlog();
}

// ---------------------------------------------------------------------------------------------- the target

HttpTarget::HttpTarget(boost::asio::io_context& loop, const http::Endpoint& endpoint, const Binding& binding,
                       HttpTargetOptions options, http::RunClock clock, LiveSink& sink)
    : impl_(std::make_unique<Impl>(loop, endpoint, binding, std::move(options), clock, sink)) {}
HttpTarget::~HttpTarget() = default;

Abilities HttpTarget::abilities() const { return impl_->able; }
const HttpTargetCounts& HttpTarget::counts() const { return impl_->counts; }
ServiceTime HttpTarget::service_time() const { return impl_->service_time; }
std::size_t HttpTarget::in_flight() const { return impl_->operations_on_their_way; }

void HttpTarget::open(Done done) {
  impl_->on_open = std::move(done);
  if (const std::string& problem = impl_->client->problem(); !problem.empty())
    return impl_->soon([this, problem] { impl_->opened(problem); });
  const LiveClock clock = impl_->options.clock;
  if ((clock == LiveClock::barrier && !impl_->able.barrier) || (clock == LiveClock::stamped && !impl_->able.stamped))
    return impl_->soon([this, clock] {
      impl_->opened(std::string{"the binding has no way to "} +
                    (clock == LiveClock::barrier ? "advance the service's clock: clock.advance"
                                                 : "stamp requests and advance the service's clock: clock.stamp, clock.advance"));
    });
  impl_->soon([this] { impl_->open_clock(); });
}

void HttpTarget::perform(const Asked& asked) {
  const std::uint32_t slot = impl_->take_slot(Impl::CallKind::operation);
  Impl::Call& call = impl_->calls[slot];
  call.asked = asked;
  call.user = number(asked.operation.by);
  ++impl_->operations_on_their_way;
  impl_->start(slot);
}

void HttpTarget::advance(Instant to, Advanced done) {
  const std::uint32_t slot = impl_->take_slot(Impl::CallKind::clock_advance);
  Impl::Call& call = impl_->calls[slot];
  call.to = to;
  call.user = impl_->rules.observer.given ? Impl::observer : Impl::nobody;
  call.advanced = std::move(done);
  if (!impl_->clock_advance || impl_->closed) {
    impl_->soon([this, slot] {
      const Impl::Call done_call = impl_->calls[slot];
      impl_->free_slot(slot);
      done_call.advanced("the service's clock cannot be advanced", never);
    });
    return;
  }
  if (impl_->ready(call.user, slot)) impl_->dispatch(slot);
}

void HttpTarget::drain(Done done) {
  Impl& impl = *impl_;
  if (impl.closed || impl.rules.observe.by == Watching::polling)
    return impl.soon([this, done = std::move(done)] {
      impl_->age();
      done({});
    });
  if (impl.rules.observe.by != Watching::feed) {
    impl.draining.push_back(std::move(done));
    return impl.settle();
  }
  if (impl.page_call != 0 && !impl.page_holds_back) {  // a look that may have gone out before what is asked for now
    impl.draining_next.push_back(std::move(done));
    return;
  }
  impl.draining.push_back(std::move(done));
  if (impl.page_call != 0)
    impl.client->cancel(impl.page_call);  // it waits for something to happen; look at once instead
  else
    impl.read_page();
}

void HttpTarget::forget(OrderId order) {
  const auto found = impl_->orders.find(number(order));
  if (found == impl_->orders.end()) return;
  Impl::Order& entry = found->second;
  entry.forgotten = true;
  entry.attachments = {};
  entry.last_attachments = {};
  impl_->look_whether_done(number(order), entry);
}

void HttpTarget::close(Done done) {
  Impl& impl = *impl_;
  impl.soon([this, done = std::move(done)] {
    Impl& inner = *impl_;
    inner.closed = true;
    inner.hooks = nullptr;
    // What has not gone out yet goes nowhere; what has ends as `cut`.
    for (std::uint32_t slot = 0; slot < inner.calls.size(); ++slot) {
      Impl::Call& call = inner.calls[slot];
      if (call.kind == Impl::CallKind::operation && !call.sent) inner.reply_unsent(slot, Failure::cut);
    }
    inner.client->close();
    inner.when_empty = done;
    inner.look_whether_empty();
  });
}

LiveTally HttpTarget::take_transport_counts() {
  const http::Counts counts = impl_->client->take_counts();
  LiveTally tally;
  tally.attempts = counts.attempts;
  tally.retries = counts.retries;
  tally.requests = counts.requests;
  tally.bytes_sent = counts.bytes_sent;
  tally.bytes_received = counts.bytes_received;
  tally.connections = counts.connections;
  tally.statuses = counts.statuses;
  return tally;
}

}  // namespace dueprocess
