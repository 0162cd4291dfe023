#include "harness/target/http/webhook.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include "catch.hpp"
#include "harness/target/http/signature.hpp"
#include "tests/harness/target/http/asking.hpp"

namespace dueprocess::http {
namespace {

using namespace testing;
using boost::asio::ip::tcp;

class Hooks : public WebhookSink {
 public:
  unsigned called(const WebhookCall& call) override {
    bodies.emplace_back(call.body);
    targets.emplace_back(call.target);
    return signature_matches("secret", call.body, call.field("X-Signature")) ? 200 : 401;
  }
  std::vector<std::string> bodies, targets;
};

/// Sends bytes as they are, and reads what comes until the other side closes or so many have come.
std::string raw(boost::asio::io_context& loop, std::uint16_t port, const std::string& text, std::size_t enough = SIZE_MAX) {
  tcp::socket socket{loop};
  socket.connect({boost::asio::ip::address_v4::loopback(), port});
  std::string heard;
  char piece[1000];
  bool over = false;
  std::function<void()> read = [&] {
    socket.async_read_some(boost::asio::buffer(piece), [&](boost::system::error_code error, std::size_t size) {
      heard.append(piece, size);
      over = error || heard.size() >= enough;
      if (!over) read();
    });
  };
  boost::asio::async_write(socket, boost::asio::buffer(text), [&](boost::system::error_code, std::size_t) {});
  read();
  RunClock clock;
  while (!over && clock.now() < 5'000'000'000) loop.run_one_for(std::chrono::milliseconds{20});
  CHECK(over);
  return heard;
}

struct Fixture {
  explicit Fixture(const WebhookOptions& options = {}) : receiver{loop, options, RunClock{}, hooks} {
    REQUIRE(receiver.problem().empty());
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(receiver.port()); }
  boost::asio::io_context loop;
  Hooks hooks;
  WebhookReceiver receiver;
};

TEST_CASE("A call's body goes to the sink, and the sink's status back, over a kept connection") {
  Fixture fixture;
  Asking asking{&fixture.loop, fixture.url()};
  const std::string body = R"({"kind":"completed"})";
  const std::string signed_field = "X-Signature: sha256=" + hmac_sha256_hex("secret", body) + "\r\n";
  CHECK(asking.ask({.method = "POST", .target = "/hooks", .fields = signed_field, .body = {.bytes = body}}).status == 200);
  CHECK(asking.ask({.method = "POST", .target = "/hooks", .fields = signed_field, .body = {.bytes = "{}"}}).status == 401);
  CHECK(asking.ask({.method = "POST", .target = "/hooks"}).status == 401);
  CHECK(fixture.hooks.bodies == std::vector<std::string>{body, "{}", ""});
  CHECK(fixture.hooks.targets[0] == "/hooks");
  CHECK(fixture.receiver.counts().calls == 3);
  CHECK(fixture.receiver.counts().connections == 1);
}

TEST_CASE("What is no call is refused") {
  WebhookOptions options;
  options.body_bytes = 100;
  options.head_bytes = 1000;
  Fixture fixture{options};
  Asking asking{&fixture.loop, fixture.url()};
  CHECK(asking.ask().status == 405);
  CHECK(asking.ask({.method = "POST", .target = "/", .body = {.generated = 101}}).status == 413);
  const std::uint16_t port = fixture.receiver.port();
  CHECK(raw(fixture.loop, port, "POST / HTTP/1.1\r\nX: " + std::string(2000, 'x') + "\r\n\r\n").starts_with("HTTP/1.1 431"));
  CHECK(raw(fixture.loop, port, "nonsense\r\n\r\n").starts_with("HTTP/1.1 400"));
  CHECK(raw(fixture.loop, port, "POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n").starts_with("HTTP/1.1 400"));
  CHECK(fixture.hooks.bodies.empty());
  CHECK(fixture.receiver.counts().refused == 1);
  CHECK(fixture.receiver.counts().broken == 4);
}

TEST_CASE("Calls one behind the other are all heard, in order") {
  Fixture fixture;
  std::string text;
  for (char c : {'a', 'b', 'c'}) text += std::string("POST /") + c + " HTTP/1.1\r\nContent-Length: 1\r\n\r\n" + c;
  text += "POST /d HTTP/1.1\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nd\r\n0\r\n\r\n";
  raw(fixture.loop, fixture.receiver.port(), text);
  CHECK(fixture.hooks.bodies == std::vector<std::string>{"a", "b", "c", "d"});
}

TEST_CASE("A call may come byte by byte") {
  Fixture fixture;
  tcp::socket socket{fixture.loop};
  socket.connect({boost::asio::ip::address_v4::loopback(), fixture.receiver.port()});
  std::string heard(12, ' ');
  bool over = false;
  boost::asio::async_read(socket, boost::asio::buffer(heard), [&](boost::system::error_code, std::size_t) { over = true; });
  for (const std::string body : {"0\r\n\r\n", "4\r\nslow\r\n0\r\n\r\n"}) {
    for (const char c : "POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + body) {
      boost::asio::write(socket, boost::asio::buffer(&c, 1));
      fixture.loop.poll();
    }
  }
  while (!over || fixture.hooks.bodies.size() < 2) REQUIRE(fixture.loop.run_one_for(std::chrono::seconds{5}) == 1);
  CHECK(heard == "HTTP/1.1 401");
  CHECK(fixture.hooks.bodies == std::vector<std::string>{"", "slow"});
}

TEST_CASE("Who is slow is cut off, who is one too many waits for him to leave") {
  WebhookOptions options;
  options.request_timeout_ns = 50'000'000;
  options.connections = 1;
  Fixture fixture{options};
  tcp::socket slow{fixture.loop};
  slow.connect({boost::asio::ip::address_v4::loopback(), fixture.receiver.port()});
  boost::asio::write(slow, boost::asio::buffer(std::string{"POST / HT"}));
  CHECK(raw(fixture.loop, fixture.receiver.port(), "POST / HTTP/1.1\r\nConnection: close\r\n\r\n").starts_with("HTTP/1.1 401"));
  CHECK(fixture.receiver.counts().broken == 1);
  CHECK(fixture.receiver.counts().calls == 1);
}

TEST_CASE("An address that is taken is a problem, said at once") {
  Fixture fixture;
  WebhookOptions options;
  options.port = fixture.receiver.port();
  Hooks hooks;
  const WebhookReceiver second{fixture.loop, options, RunClock{}, hooks};
  CHECK(second.problem().find("webhooks cannot be received at 127.0.0.1:") == 0);
}

TEST_CASE("A receiver may go while calls are on their way") {
  boost::asio::io_context loop;
  Hooks hooks;
  tcp::socket caller{loop};
  {
    WebhookReceiver receiver{loop, {}, RunClock{}, hooks};
    caller.connect({boost::asio::ip::address_v4::loopback(), receiver.port()});
    boost::asio::write(caller, boost::asio::buffer(std::string{"POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nab"}));
    loop.run_for(std::chrono::milliseconds{20});
  }
  loop.run_for(std::chrono::milliseconds{20});
  CHECK(hooks.bodies.empty());
}

}  // namespace
}  // namespace dueprocess::http
