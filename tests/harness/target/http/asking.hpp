// The client's tests as a small language: ask, wait, look.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "harness/target/http/client.hpp"
#include "tests/harness/target/http/scripted_server.hpp"

namespace dueprocess::http::testing {

/// An answer that outlives its sink's call.
struct Heard {
  unsigned status = 0;
  std::string body{}, head{}, why{};
  Failure failure = Failure::none;
  unsigned attempts = 0;
  bool unsent = false;
  HarnessTime sent_ns = 0, answered_ns = 0;
};

class Listener : public Sink {
 public:
  void answered(const Answer& answer) override {
    answers[answer.id] = {answer.status,           std::string{answer.body}, std::string{answer.head},
                          std::string{answer.why}, answer.failure,           answer.attempts,
                          answer.unsent,           answer.sent_ns,           answer.answered_ns};
    ++count;
    if (then) then(answer);
  }
  bool arrived(std::uint64_t id, unsigned, std::string_view bytes) override {
    pieces[id] += bytes;
    return pieces[id].size() < enough;
  }
  std::map<std::uint64_t, Heard> answers;
  std::map<std::uint64_t, std::string> pieces;
  std::size_t count = 0, enough = SIZE_MAX;
  std::function<void(const Answer&)> then;
};

/// A client on a short leash: few connections, one attempt unless more are asked for.
class Asking {
 public:
  explicit Asking(const std::string& url, ClientOptions with = quick()) : Asking{nullptr, url, std::move(with)} {}
  Asking(boost::asio::io_context* on, const std::string& url, ClientOptions with = quick())
      : own_{on == nullptr ? std::make_unique<boost::asio::io_context>() : nullptr},
        loop{on == nullptr ? *own_ : *on},
        client{loop, endpoint_of(url), with, RunClock{}, listener} {}

  static ClientOptions quick() { return quick(10'000'000'000); }  // however busy the machine is
  static ClientOptions quick(HarnessTime answer_timeout_ns) {
    ClientOptions options;
    options.connections = 4;
    options.connect_timeout_ns = 500'000'000;
    options.answer_timeout_ns = answer_timeout_ns;
    options.retry = {.attempts = 1, .first_ns = 1'000'000, .most_ns = 10'000'000};
    return options;
  }
  static Endpoint endpoint_of(const std::string& url) {
    std::string problem;
    return read_endpoint(url, problem).value();
  }

  /// Sends and waits for the answer.
  Heard ask(Request request = {.target = "/"}) {
    request.id = ++last_id;
    if (!client.send(request)) return {.why = "not taken"};
    wait_for(listener.count + client.in_flight());
    return listener.answers[request.id];
  }
  /// Until so many answers in all are there; false when ten seconds went by.
  bool wait_for(std::size_t count) {
    RunClock clock;
    while (listener.count < count && clock.now() < 10'000'000'000) loop.run_one_for(std::chrono::milliseconds{20});
    return listener.count >= count;
  }
  void settle() { loop.poll(); }

 private:
  std::unique_ptr<boost::asio::io_context> own_;

 public:
  boost::asio::io_context& loop;
  Listener listener;
  Client client;
  std::uint64_t last_id = 0;
};

}  // namespace dueprocess::http::testing
