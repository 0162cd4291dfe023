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

struct Loop::Alarm::Impl {
  Loop& loop;
  std::function<void()> rings;
  asio::steady_timer timer{loop.context()};
};

Loop::Alarm::Alarm(Loop& loop, std::function<void()> rings) : impl_(new Impl{loop, std::move(rings)}) {}
Loop::Alarm::~Alarm() = default;

void Loop::Alarm::set(HarnessTime at) {
  if (at == never_ns) {
    impl_->timer.cancel();
    return;
  }
  impl_->timer.expires_after(std::chrono::nanoseconds{at - impl_->loop.now()});
  impl_->timer.async_wait([impl = impl_.get()](boost::system::error_code error) {
    if (!error) impl->rings();
  });
}

}  // namespace dueprocess
