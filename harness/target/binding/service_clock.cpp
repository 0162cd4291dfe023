// The service's clock: read and set on opening, advanced when the drive says so.
#include "harness/target/binding/http_target_impl.hpp"

#include <algorithm>

#include "harness/target/binding/spell.hpp"

namespace dueprocess {

namespace {

std::string text_of(Instant at) {
  std::string text;
  binding::append_instant(text, at, Spelling::rfc3339);
  return text;
}

}  // namespace

std::string HttpTarget::Impl::problem_of(const http::Answer& answer, std::string_view what) const {
  std::string text{what};
  if (answer.failure != Failure::none) {
    text += ": ";
    text += answer.why.empty() ? name_of(answer.failure) : answer.why;
    return text;
  }
  text += " was answered " + std::to_string(answer.status);
  std::string shown{answer.body.substr(0, 160)};
  for (char& c : shown)
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  if (!shown.empty()) text += ": " + shown + (answer.body.size() > 160 ? "..." : "");
  return text;
}

void HttpTarget::Impl::open_clock() {
  const std::uint32_t who = rules.observer.given ? observer : nobody;
  const bool sets = options.clock != LiveClock::wall && options.starts != never && clock_set;
  if (!clock_read && !sets) return open_watching();
  const std::uint32_t slot = take_slot(clock_read ? CallKind::clock_read : CallKind::clock_set);
  calls[slot].user = who;
  calls[slot].to = options.starts;
  if (ready(who, slot)) dispatch(slot);
}

void HttpTarget::Impl::take_clock_read(const http::Answer& answer) {
  if (!is_ok(answer)) {
    trace(answer, "clock: read", "no time told", {});
    return opened(problem_of(answer, "reading the service's clock [clock.read]"));
  }
  read_reader->read(answer);
  service_time = {read_reader->instant(0, answer), answer.sent_ns, answer.answered_ns};
  trace(answer, "clock: read", service_time.stamp == never ? "no time told" : text_of(service_time.stamp),
        service_time.stamp == never ? "clock.read.stamp" : "");
  if (service_time.stamp == never) return opened("clock.read was answered, but its `stamp` tells no instant");
  if (options.clock == LiveClock::wall || options.starts == never) return open_watching();
  if (service_time.stamp > options.starts)
    return opened("the service's clock is at " + text_of(service_time.stamp) + " already, after the scenario's start " +
                  text_of(options.starts) + ": a virtual clock never goes back, so start the service anew");
  if (!clock_set) return open_watching();
  const std::uint32_t slot = take_slot(CallKind::clock_set);
  calls[slot].user = rules.observer.given ? observer : nobody;
  calls[slot].to = options.starts;
  if (ready(calls[slot].user, slot)) dispatch(slot);
}

void HttpTarget::Impl::take_clock_set(const http::Answer& answer) {
  trace(answer, "clock: set", is_ok(answer) ? "ok" : "not set", {});
  if (!is_ok(answer)) return opened(problem_of(answer, "setting the service's clock [clock.set]"));
  clock_reader->read(answer);
  if (const Instant now = clock_reader->instant(0, answer); rules.clock.now.given && now != options.starts)
    return opened("the service's clock was set to " + text_of(options.starts) + ", but tells " +
                  (now == never ? std::string{"no instant"} : text_of(now)) + " (clock.now)");
  open_watching();
}

void HttpTarget::Impl::take_advance(const Call& call, const http::Answer& answer) {
  if (!is_ok(answer)) {
    trace(answer, "clock: advance", "not advanced", {});
    return call.advanced(problem_of(answer, "advancing the service's clock: clock.advance"), never);
  }
  clock_reader->read(answer);
  const Instant now = clock_reader->instant(0, answer), next = clock_reader->instant(1, answer);
  trace(answer, "clock: advance", now == never ? "ok" : text_of(now), {});
  if (rules.clock.now.given && now < call.to)
    return call.advanced("the service's clock was advanced to " + text_of(call.to) + ", but tells " + text_of(now), never);
  call.advanced({}, next);
}

void HttpTarget::Impl::opened(const std::string& problem) {
  if (const Done done = std::exchange(on_open, nullptr)) done(problem);
}

}  // namespace dueprocess
