// Each fault, seen from both ends.
#include <vector>

#include "catch.hpp"
#include "harness/proxy/proxy.hpp"
#include "harness/proxy/switchboard.hpp"
#include "wires.hpp"

using namespace dueprocess;
using test::Listener;
using test::Wire;

namespace {

const std::string request = "POST /v1/orders HTTP/1.1\r\nHost: shop\r\nContent-Length: 12\r\n\r\n{\"seller\":1}";
const std::string answer = "HTTP/1.1 201 Created\r\nContent-Length: 10\r\n\r\n0123456789";

FaultPlan fault(FaultKind kind, FaultOf of) {
  FaultPlan plan;
  plan.kind = kind;
  plan.of = of;
  return plan;
}

/// A proxy before a service that is the test itself.
struct Stage {
  explicit Stage(std::vector<FaultPlan> plans, std::uint64_t seed = 1, std::size_t connections_max = 100) {
    ProxyOptions options;
    options.host = "127.0.0.1";
    options.port = listener.port();
    options.seed = seed;
    options.connections_max = connections_max;
    options.doubled_bytes_max = 1000;
    proxy = std::make_unique<FaultProxy>(std::move(plans), options);
    const std::string problem = proxy->start();
    INFO(problem);
    REQUIRE(problem.empty());
  }
  Wire client() const { return Wire::to(proxy->port()); }

  Listener listener;
  std::unique_ptr<FaultProxy> proxy;
};

void exchange(Wire& client, Wire& service) {
  REQUIRE(client.send(request));
  REQUIRE(service.receive(request.size()) == request);
  REQUIRE(service.send(answer));
  REQUIRE(client.receive(answer.size()) == answer);
}

}  // namespace

TEST_CASE("without faults bytes pass as they are, both ways, and are counted") {
  Stage stage{{}};
  Wire client = stage.client(), service = stage.listener.accept();
  for (int i = 0; i < 3; ++i) exchange(client, service);
  const std::string long_body(3'000'000, 'x');
  const std::string upload = "PUT /f HTTP/1.1\r\nContent-Length: 3000000\r\n\r\n" + long_body;
  std::string arrived;
  for (std::size_t at = 0; at < upload.size(); at += 100'000) {
    REQUIRE(client.send(std::string_view{upload}.substr(at, 100'000)));
    arrived += service.receive(std::min<std::size_t>(100'000, upload.size() - at));
  }
  CHECK(arrived == upload);
  const ProxyCounts counts = stage.proxy->counts();
  CHECK(counts.connections == 1);
  CHECK(counts.connections_open == 1);
  CHECK(counts.requests == 4);
  CHECK(counts.answers == 3);
  CHECK(counts.bytes_to_service == 3 * request.size() + upload.size());
  CHECK(counts.bytes_to_client == 3 * answer.size());
  CHECK(counts.bytes_lost == 0);
}

TEST_CASE("a peer that takes nothing for a while loses nothing, and holds no memory beyond a bound") {
  Stage stage{{}};
  Wire client = stage.client(), service = stage.listener.accept();
  const std::string stream = "PUT /f HTTP/1.1\r\nContent-Length: 30000000\r\n\r\n";
  REQUIRE(client.send(stream));
  std::size_t sent = 0;
  const std::string piece(50'000, 'y');
  // As much as the sockets' own buffers and the proxy's piece take; then the client would have to wait, which is the point.
  while (sent < 30'000'000 && client.is_writable(100)) sent += client.send_some(piece);
  CHECK(sent < 20'000'000);
  CHECK(service.receive(stream.size()) == stream);
  CHECK(service.receive(sent) == std::string(sent, 'y'));
}

TEST_CASE("how one side ends the other sees") {
  Stage stage{{}};
  {
    Wire client = stage.client(), service = stage.listener.accept();
    client.end_sending();
    CHECK(service.ending() == "end");
    REQUIRE(service.send(answer));  // half of it still stands
    CHECK(client.receive(answer.size()) == answer);
    service.close();
    CHECK(client.ending() == "end");
  }
  {
    Wire client = stage.client(), service = stage.listener.accept();
    service.reset();
    CHECK(client.ending() == "reset");
  }
  {
    Wire client = stage.client(), service = stage.listener.accept();
    client.reset();
    CHECK(service.ending() == "reset");
  }
}

TEST_CASE("a service that is not there resets the client, and is counted") {
  std::uint16_t port = 0;
  { port = Listener{}.port(); }
  ProxyOptions options;
  options.host = "127.0.0.1";
  options.port = port;
  FaultProxy proxy{{}, options};
  REQUIRE(proxy.start().empty());
  CHECK(Wire::to(proxy.port()).ending() == "reset");
  CHECK(proxy.counts().unreachable == 1);
}

TEST_CASE("a host that does not exist is told at the start") {
  ProxyOptions options;
  options.host = "no-such-host.invalid";
  options.port = 80;
  FaultProxy proxy{{}, options};
  CHECK(proxy.start().find("no-such-host.invalid") != std::string::npos);
}

TEST_CASE("more connections than the bound are closed at once, and counted") {
  Stage stage{{}, 1, 2};
  Wire first = stage.client(), first_service = stage.listener.accept();
  Wire second = stage.client(), second_service = stage.listener.accept();
  CHECK(stage.client().ending() != "nothing");
  CHECK(stage.proxy->counts().turned_away == 1);
  exchange(first, first_service);
}

TEST_CASE("delayed requests come later, and answers at once") {
  FaultPlan delay = fault(FaultKind::delay, FaultOf::requests);
  delay.by = Distribution::constant(150'000);
  Stage stage{{delay}};
  Wire client = stage.client(), service = stage.listener.accept();
  REQUIRE(client.send(request));
  CHECK(service.is_silent_for(60));
  CHECK(service.receive(request.size()) == request);
  REQUIRE(service.send(answer));
  CHECK(client.receive(answer.size()) == answer);
  CHECK(stage.proxy->counts().struck == std::vector<std::uint64_t>{1});
}

TEST_CASE("throttled bytes come slowly, and all of them") {
  FaultPlan slow = fault(FaultKind::throttle, FaultOf::answers);
  slow.bytes_per_second = 100;  // the answer takes about half a second
  Stage stage{{slow}};
  Wire client = stage.client(), service = stage.listener.accept();
  REQUIRE(client.send(request));
  REQUIRE(service.receive(request.size()) == request);
  REQUIRE(service.send(answer));
  CHECK(client.receive(5) == answer.substr(0, 5));
  CHECK(client.is_silent_for(10));
  CHECK(client.receive(answer.size() - 5) == answer.substr(5));
}

TEST_CASE("an answer that is cut or reset after some bytes ends so for both") {
  for (const FaultKind kind : {FaultKind::cut, FaultKind::reset}) {
    for (const std::int64_t after : {0, 7}) {
      FaultPlan plan = fault(kind, FaultOf::answers);
      plan.after = Distribution::constant(after);
      Stage stage{{plan}};
      Wire client = stage.client(), service = stage.listener.accept();
      INFO(name_of(kind) << " after " << after);
      REQUIRE(client.send(request));
      REQUIRE(service.receive(request.size()) == request);  // the work is done; its answer is lost
      REQUIRE(service.send(answer));
      const std::string got = client.receive(answer.size());
      if (kind == FaultKind::cut || after == 0)
        CHECK(got == answer.substr(0, static_cast<std::size_t>(after)));  // a reset may take bytes with it
      CHECK(client.ending() == (kind == FaultKind::cut ? "end" : "reset"));
      CHECK(service.ending() == (kind == FaultKind::cut ? "end" : "reset"));
    }
  }
}

TEST_CASE("a request that is cut never arrives whole") {
  FaultPlan plan = fault(FaultKind::cut, FaultOf::requests);
  plan.after = Distribution::constant(20);
  Stage stage{{plan}};
  Wire client = stage.client(), service = stage.listener.accept();
  REQUIRE(client.send(request));
  CHECK(service.receive(request.size()) == request.substr(0, 20));
  CHECK(service.ending() == "end");
  CHECK(client.ending() == "end");
}

TEST_CASE("a message shorter than what would get through gets through, and then comes the end") {
  FaultPlan plan = fault(FaultKind::cut, FaultOf::answers);
  plan.after = Distribution::constant(5000);
  Stage stage{{plan}};
  Wire client = stage.client(), service = stage.listener.accept();
  exchange(client, service);
  CHECK(client.ending() == "end");
}

TEST_CASE("of a truncated answer the service learns nothing") {
  FaultPlan plan = fault(FaultKind::truncate, FaultOf::answers);
  plan.after = Distribution::constant(30);
  Stage stage{{plan}};
  Wire client = stage.client(), service = stage.listener.accept();
  REQUIRE(client.send(request));
  REQUIRE(service.receive(request.size()) == request);
  REQUIRE(service.send(answer));
  CHECK(client.receive(answer.size()) == answer.substr(0, 30));
  CHECK(client.ending() == "end");
  CHECK(service.is_silent_for(50));
  CHECK(service.send(answer));
  client.close();
  CHECK(service.ending() == "end");
}

TEST_CASE("in a black hole requests vanish, the connection stays, and is reset at what follows") {
  Stage stage{{fault(FaultKind::black_hole, FaultOf::requests)}};
  Wire client = stage.client(), service = stage.listener.accept();
  REQUIRE(client.send(request));
  CHECK(service.is_silent_for(50));
  CHECK(client.is_silent_for(10));
  CHECK(stage.proxy->counts().bytes_lost == request.size());
  stage.proxy->set(0, false);
  REQUIRE(client.send(request));
  CHECK(client.ending() == "reset");
  CHECK(service.ending() == "reset");
  Wire again = stage.client(), service_again = stage.listener.accept();
  exchange(again, service_again);
}

TEST_CASE("a hole for answers lets the work be done") {
  Stage stage{{fault(FaultKind::black_hole, FaultOf::answers)}};
  Wire client = stage.client(), service = stage.listener.accept();
  REQUIRE(client.send(request));
  CHECK(service.receive(request.size()) == request);
  REQUIRE(service.send(answer));
  CHECK(client.is_silent_for(50));
}

TEST_CASE("a doubled request arrives twice, and is answered once") {
  Stage stage{{fault(FaultKind::duplicate, FaultOf::requests)}};
  Wire client = stage.client(), service = stage.listener.accept();
  exchange(client, service);
  Wire second = stage.listener.accept();
  CHECK(second.receive(request.size()) == request);
  REQUIRE(second.send(answer));
  CHECK(second.ending() == "end");
  CHECK(client.is_silent_for(30));
  CHECK(stage.proxy->counts().doubled == 1);
  const std::string too_long = "PUT /f HTTP/1.1\r\nContent-Length: 2000\r\n\r\n" + std::string(2000, 'x');
  REQUIRE(client.send(too_long));
  CHECK(service.receive(too_long.size()) == too_long);
  CHECK_FALSE(stage.listener.is_called_within(50));
  CHECK(stage.proxy->counts().not_doubled == 1);
}

TEST_CASE("a fault at an instant strikes every connection that is open, and none that comes after") {
  std::vector<FaultPlan> plans{fault(FaultKind::reset, FaultOf::both), fault(FaultKind::cut, FaultOf::both)};
  for (FaultPlan& plan : plans) plan.from = plan.to = instant_at(5);
  for (std::size_t which = 0; which < plans.size(); ++which) {
    Stage stage{plans};
    Wire first = stage.client(), first_service = stage.listener.accept();
    Wire second = stage.client(), second_service = stage.listener.accept();
    exchange(first, first_service);
    stage.proxy->strike(which);
    for (Wire* wire : {&first, &first_service, &second, &second_service}) CHECK(wire->ending() == (which == 0 ? "reset" : "end"));
    CHECK(stage.proxy->counts().struck[which] == 2);
    Wire third = stage.client(), third_service = stage.listener.accept();
    exchange(third, third_service);
  }
}

TEST_CASE("what is not HTTP passes too, and can be delayed and cut") {
  FaultPlan plan = fault(FaultKind::cut, FaultOf::requests);
  plan.after = Distribution::constant(8);
  plan.from = instant_at(0);
  plan.to = instant_at(1);
  Stage stage{{plan}};
  Wire client = stage.client(), service = stage.listener.accept();
  const std::string hello("\x16\x03\x01\x00\x05hello", 10);
  REQUIRE(client.send(hello));
  CHECK(service.receive(10) == hello);
  stage.proxy->set(0, true);
  Wire other = stage.client(), other_service = stage.listener.accept();
  REQUIRE(other.send(hello));
  CHECK(other_service.receive(10) == hello.substr(0, 8));
  CHECK(other.ending() == "end");
}

TEST_CASE("the same seed strikes the same requests, another one others") {
  FaultPlan plan = fault(FaultKind::reset, FaultOf::both);
  plan.share = Chance::ratio(30, 100);
  const auto fates = [&](std::uint64_t seed) {
    Stage stage{{plan}, seed};
    std::string seen;
    for (int i = 0; i < 40; ++i) {
      Wire client = stage.client(), service = stage.listener.accept();
      REQUIRE(client.send(request));
      if (service.receive(request.size()) != request) {
        seen += 'q';
        continue;
      }
      service.send(answer);
      seen += client.receive(answer.size()) == answer ? '.' : 'a';
    }
    return seen;
  };
  const std::string one = fates(1);
  CHECK(one.find('.') != one.npos);
  CHECK(one.find('q') != one.npos);
  CHECK(one.find('a') != one.npos);
  CHECK(fates(1) == one);
  CHECK(fates(2) != one);
}

TEST_CASE("shares come out as they were asked for, and windows that are off strike nothing") {
  FaultPlan delay = fault(FaultKind::delay, FaultOf::both);
  delay.share = Chance::ratio(10, 100);
  delay.by = Distribution::uniform(1, 1000);
  FaultPlan hole = fault(FaultKind::black_hole, FaultOf::both);
  hole.from = instant_at(0);
  hole.to = instant_at(9);
  Switchboard board{{delay, hole}, 7};
  std::uint64_t struck = 0;
  for (std::uint64_t connection = 0; connection < 100; ++connection)
    for (std::uint32_t number = 0; number < 100; ++number) {
      const Treatment there = board.of_message(FaultOf::requests, connection, number);
      const Treatment back = board.of_message(FaultOf::answers, connection, number);
      CHECK(there.delay_us == back.delay_us);  // an exchange's request and answer fare alike
      CHECK_FALSE(there.vanishes);
      struck += there.delay_us > 0 ? 1 : 0;
    }
  CHECK(struck > 850);
  CHECK(struck < 1150);
  CHECK(board.struck()[0] == 2 * struck);
  CHECK_FALSE(board.all_vanish(FaultOf::requests));
  board.set(1, true);
  CHECK(board.all_vanish(FaultOf::requests));
  CHECK(board.of_message(FaultOf::answers, 1, 1).vanishes);
}
