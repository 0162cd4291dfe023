#include "harness/live/loop.hpp"

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <utility>
#include <vector>

#include "harness/target/http/run_clock.hpp"

namespace dueprocess {

namespace asio = boost::asio;

namespace {

constexpr unsigned gathers_looked_at = 8;  // how dense it is, is looked at over so many

}  // namespace

/// Alarms are the loop's own: those of a loop are few and set anew with every answer, where a timer of Asio's costs a system
/// call and an allocation each time. Asio has one, for the nearest, and only where the loop is about to wait.
struct Loop::Impl {
  explicit Impl(HarnessTime began_ns) : time(began_ns) {}

  void ring_due(HarnessTime now);
  void wait_for_nearest();
  void look_how_dense(HarnessTime now);

  http::RunClock time;
  asio::io_context context{1};
  asio::executor_work_guard<asio::io_context::executor_type> work{context.get_executor()};
  std::vector<Alarm::Impl*> alarms;
  asio::steady_timer nearest{context};
  HarnessTime nearest_at = never_ns;  // when it fires
  HarnessTime gather_ns = 0, looked_ns = 0;
  std::uint64_t done = 0;  // since looked_ns
  bool dense = false;
};

struct Loop::Alarm::Impl {
  Loop::Impl& loop;
  std::function<void()> rings;
  HarnessTime wanted = never_ns;
};

void Loop::Impl::ring_due(HarnessTime now) {
  // By number: what rings may set any, but makes and destroys none.
  for (std::size_t i = 0; i < alarms.size(); ++i)
    if (alarms[i]->wanted <= now) {
      alarms[i]->wanted = never_ns;
      alarms[i]->rings();
    }
}

/// A timer that fires too early does no harm: left as it is, it costs a wake-up, and setting it anew a system call.
void Loop::Impl::wait_for_nearest() {
  HarnessTime wanted = never_ns;
  for (const Alarm::Impl* alarm : alarms) wanted = std::min(wanted, alarm->wanted);
  if (wanted >= nearest_at) return;
  nearest_at = wanted;
  nearest.expires_after(std::chrono::nanoseconds{wanted - time.now()});
  nearest.async_wait([this](boost::system::error_code error) {
    if (!error) nearest_at = never_ns;
  });
}

void Loop::Impl::look_how_dense(HarnessTime now) {
  if (now - looked_ns < gathers_looked_at * gather_ns) return;
  const auto gathers = static_cast<std::uint64_t>((now - looked_ns) / gather_ns);
  dense = done >= dense_per_gather * gathers;
  done = 0;
  looked_ns = now;
}

Loop::Loop(HarnessTime began_ns) : impl_(std::make_unique<Impl>(began_ns)) {}
Loop::~Loop() = default;

HarnessTime Loop::now() const { return impl_->time.now(); }
HarnessTime Loop::began_ns() const { return impl_->time.began_ns(); }
void Loop::post(std::function<void()> call) { asio::post(impl_->context, std::move(call)); }

void Loop::call_at(HarnessTime at, std::function<void()> call) {
  auto timer = std::make_unique<asio::steady_timer>(impl_->context, std::chrono::nanoseconds{at - now()});
  asio::steady_timer& waiting = *timer;
  waiting.async_wait([timer = std::move(timer), call = std::move(call)](boost::system::error_code error) {
    if (!error) call();
  });
}

void Loop::run() {
  http::sharpen_timers();
  Impl& impl = *impl_;
  while (!impl.context.stopped()) {
    const HarnessTime now = impl.time.now();
    impl.ring_due(now);
    if (impl.gather_ns > 0) impl.look_how_dense(now);
    if (impl.dense) {
      impl.context.poll();
      if (!impl.context.stopped()) impl.time.wait_until(now + impl.gather_ns);
    } else {
      impl.wait_for_nearest();
      impl.context.run_one();
    }
  }
}
void Loop::stop() { impl_->context.stop(); }
void Loop::restart() { impl_->context.restart(); }

void Loop::gather(HarnessTime gather_ns) {
  impl_->gather_ns = gather_ns;
  impl_->looked_ns = now();
  impl_->done = 0;
  impl_->dense = false;
}
void Loop::did_one() { ++impl_->done; }

asio::io_context& Loop::context() { return impl_->context; }

LoopCalls Loop::calls() {
  return {[this](std::function<void()> call) { post(std::move(call)); },
          [this](HarnessTime at, std::function<void()> call) { call_at(at, std::move(call)); }, [this] { return now(); }};
}

Loop::Alarm::Alarm(Loop& loop, std::function<void()> rings) : impl_(new Impl{*loop.impl_, std::move(rings)}) {
  impl_->loop.alarms.push_back(impl_.get());
}
Loop::Alarm::~Alarm() { std::erase(impl_->loop.alarms, impl_.get()); }

void Loop::Alarm::set(HarnessTime at) { impl_->wanted = at; }

}  // namespace dueprocess
