// What is written down gives the same service again.
#include "catch.hpp"
#include "tests/harness/service/desk_and_handler.hpp"

using namespace dueprocess;
using namespace dueprocess::service;
using namespace dueprocess::service::test;

namespace {

struct Memory final : Journal {
  std::uint64_t write(std::string_view entry, std::uint32_t now_seen) override {
    entries.emplace_back(entry);
    seen = now_seen;
    return entries.size();
  }
  std::uint64_t kept() const override { return entries.size(); }
  std::uint32_t kept_seen() const override { return seen; }
  std::vector<std::string> entries;
  std::uint32_t seen = 0;
};

std::string everything(Service& s) {
  s.as("operator").get("/v1/events?limit=1000");
  return s.body;
}

}  // namespace

TEST_CASE("a service carried out again from its journal tells the same, keys and tokens included") {
  Memory memory;
  Service s;
  s.desk.attach(memory);
  s.place();
  const std::string delivery = R"({"description":"done","confirm_no_file":true})";
  s.as("u2").with_key("d").post("/v1/orders/o1/deliveries", delivery);
  const std::string first = s.body;
  s.as("u1").with_key("x").post("/v1/orders/o1/extensions", R"({"seconds":0})");
  const std::string refused = s.body;
  s.as("u2").upload("/v1/orders/o1/attachments?name=x", "abc");  // refused, without a key: leaves no trace
  s.place();
  s.as("u2").upload("/v1/orders/o2/attachments?name=x", "abc");
  s.put("/v1/orders/o2/draft", R"({"description":"d","attachments":["a1"]})");
  s.as("u1").at("2026-03-30T00:00:00Z").get("/v1/orders/o1");  // fires by a look
  s.advance("2026-04-01T00:00:00Z");
  const std::string before = everything(s);
  LoginTold login;
  s.desk.login("u1", "secret", login);

  Service again;
  for (const std::string& entry : memory.entries) REQUIRE(again.desk.replay(entry));
  Memory further;
  again.desk.attach(further);
  further.seen = static_cast<std::uint32_t>(again.desk.counts().seen);
  CHECK(again.desk.user_of(login.token) != UserId::nobody);
  CHECK(everything(again) == before);
  CHECK(again.as("u2").with_key("d").post("/v1/orders/o1/deliveries", delivery) == 200);
  CHECK(again.body == first);
  CHECK(again.as("u1").with_key("x").post("/v1/orders/o1/extensions", R"({"seconds":0})") == 422);
  CHECK(again.body == refused);
  CHECK(again.as("u2").get("/v1/orders/o2/draft") == 200);
  CHECK(again.text("/draft/attachments/0") == "a1");
}

TEST_CASE("real time: what fell due while nobody was there fires at the start, late, and says when") {
  Instant now = instant_at(1'772'409'600'000'000);  // 2026-03-02
  DeskOptions options = Service::virtual_options();
  options.virtual_clock = false;
  options.real_time = [&now] { return now; };
  Memory memory;
  Service s{options};
  s.desk.attach(memory);
  s.place();
  s.deliver();
  now += std::chrono::hours{24 * 6};

  const auto start_again = [&](BugSet bugs) {
    DeskOptions with = options;
    with.bugs = bugs;
    auto made = std::make_unique<Service>(with);
    for (const std::string& entry : memory.entries) REQUIRE(made->desk.replay(entry));
    static Memory further;
    further = {};
    made->desk.attach(further);
    made->as("u1").get("/v1/orders/o1");
    return made;
  };
  const auto whole = start_again({});
  CHECK(whole->text("/order/state") == "completed");
  CHECK(whole->text("/order/completed_at") == "2026-03-07T00:00:00.000000Z");
  whole->get("/v1/orders/o1/history");
  CHECK(whole->text("/events/2/at") == "2026-03-08T00:00:00.000000Z");

  const auto lost = start_again(only(Bug::b30));
  CHECK(lost->text("/order/state") == "delivered");
}

TEST_CASE("real time: a sweep is late, and what the deadline forbids is refused all the same") {
  Instant now = instant_at(1'772'409'600'000'000);
  DeskOptions options = Service::virtual_options();
  options.virtual_clock = false;
  options.sweeps = true;
  options.real_time = [&now] { return now; };
  Service s{options};
  s.place();
  s.deliver();
  now += std::chrono::hours{24 * 5};
  CHECK(s.as("u1").get("/v1/orders/o1") == 200);
  CHECK(s.text("/order/state") == "delivered");
  CHECK(s.post("/v1/orders/o1/acceptance") == 409);
  now += std::chrono::seconds{3};
  s.desk.fire_due();
  CHECK(s.get("/v1/orders/o1") == 200);
  CHECK(s.text("/order/completed_by") == "auto");
  CHECK(s.text("/order/completed_at") == "2026-03-07T00:00:00.000000Z");
  CHECK(s.desk.counts().late_us_max == 3'000'000);
}

TEST_CASE("an entry that is none is not carried out") {
  Desk desk{Service::virtual_options()};
  CHECK_FALSE(desk.replay(""));
  CHECK_FALSE(desk.replay("?"));
  CHECK_FALSE(desk.replay("O1234"));
  CHECK_FALSE(desk.replay(std::string{"L"} + std::string(7, '\xFF')));
}
