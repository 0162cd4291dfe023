#include "harness/live/loop.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <utility>

#include "harness/target/http/run_clock.hpp"

namespace dueprocess {

namespace asio = boost::asio;

struct Loop::Impl {
  explicit Impl(HarnessTime began_ns) : time(began_ns) {}
  http::RunClock time;
  asio::io_context context{1};
  asio::executor_work_guard<asio::io_context::executor_type> work{context.get_executor()};
};

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
  impl_->context.run();
}
void Loop::stop() { impl_->context.stop(); }
void Loop::restart() { impl_->context.restart(); }
asio::io_context& Loop::context() { return impl_->context; }

LoopCalls Loop::calls() {
  return {[this](std::function<void()> call) { post(std::move(call)); },
          [this](HarnessTime at, std::function<void()> call) { call_at(at, std::move(call)); }, [this] { return now(); }};
}

/// Set anew with every answer, mostly for later: then the timer is left as it is and set again when it fires, as each setting is
/// a system call and an allocation.
struct Loop::Alarm::Impl {
  Loop& loop;
  std::function<void()> rings;
  asio::steady_timer timer{loop.context()};
  HarnessTime wanted = never_ns;
  HarnessTime pending = never_ns;  // when the timer fires

  void arm() {
    pending = wanted;
    timer.expires_after(std::chrono::nanoseconds{wanted - loop.now()});
    timer.async_wait([this](boost::system::error_code error) {
      if (!error) fire();
    });
  }
  void fire() {
    pending = never_ns;
    if (wanted == never_ns) return;
    if (loop.now() < wanted) return arm();
    wanted = never_ns;
    rings();
  }
};

Loop::Alarm::Alarm(Loop& loop, std::function<void()> rings) : impl_(new Impl{loop, std::move(rings)}) {}
Loop::Alarm::~Alarm() = default;

void Loop::Alarm::set(HarnessTime at) {
  impl_->wanted = at;
  if (at < impl_->pending) impl_->arm();
}

}  // namespace dueprocess
