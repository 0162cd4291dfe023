#include "harness/service/routes.hpp"

#include <set>

#include "catch.hpp"
#include "harness/service/openapi.hpp"
#include "tests/harness/service/desk_and_handler.hpp"

using namespace dueprocess;
using namespace dueprocess::service;
using namespace dueprocess::service::test;

TEST_CASE("an order goes from placing to its payment, and every answer tells it") {
  Service s;
  s.place();
  CHECK(s.status == 201);
  CHECK(s.text("/order/id") == "o1");
  CHECK(s.text("/order/state") == "in_progress");
  CHECK(s.text("/order/buyer") == "u1");
  CHECK(s.text("/order/deadline") == "null");
  CHECK(s.text("/now") == "2026-03-02T00:00:00.000000Z");
  CHECK(s.as("u2").upload("/v1/orders/o1/attachments?name=a%20b.zip", "hello") == 201);
  CHECK(s.text("/attachment/id") == "a1");
  CHECK(s.text("/attachment/name") == "a b.zip");
  CHECK(s.text("/attachment/sha256") == "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
  CHECK(s.put("/v1/orders/o1/draft", R"({"description":"half","attachments":["a1"]})") == 200);
  CHECK(s.get("/v1/orders/o1/draft") == 200);
  CHECK(s.text("/draft/description") == "half");
  CHECK(s.text("/draft/attachments/0") == "a1");
  CHECK(s.post("/v1/orders/o1/deliveries", R"({"use_draft":true})") == 200);
  CHECK(s.text("/order/state") == "delivered");
  CHECK(s.text("/order/deadline") == "2026-03-07T00:00:00.000000Z");
  CHECK(s.as("u1").post("/v1/orders/o1/modification-requests", R"({"message":"bluer"})") == 200);
  CHECK(s.text("/order/state") == "in_revision");
  s.deliver();
  CHECK(s.text("/order/version") == "4");
  CHECK(s.as("u1").post("/v1/orders/o1/extensions", R"({"seconds":0.000001})") == 200);
  CHECK(s.text("/order/deadline") == "2026-03-07T00:00:00.000001Z");
  CHECK(s.post("/v1/orders/o1/support-tickets", R"({"message":""})") == 200);
  CHECK(s.post("/v1/orders/o1/acceptance") == 200);
  CHECK(s.text("/order/completed_by") == "buyer");
  CHECK(s.get("/v1/orders/o1/history") == 200);
  CHECK(s.json.at("events").as_array().size() == 6);
  CHECK(s.as("u2").get("/v1/payments?order=o1") == 200);
  CHECK(s.text("/payments/0/amount_cents") == "5000");
  CHECK(s.text("/payments/0/to") == "u2");
}

TEST_CASE("refusals come in R17's order, with the statuses that fit, and tell a party the order") {
  Service s;
  s.place();
  CHECK(s.as("").get("/v1/orders/o1") == 401);
  CHECK(s.code() == "unauthenticated");
  CHECK(s.as("u3").get("/v1/orders/o1") == 404);
  CHECK(s.text("/order") == "(absent)");
  CHECK(s.as("u1").get("/v1/orders/o2") == 404);
  CHECK(s.as("u1").post("/v1/orders/o1/deliveries", "nonsense") == 403);
  CHECK(s.text("/order/state") == "in_progress");
  CHECK(s.as("u1").post("/v1/orders/o1/acceptance", "nonsense") == 409);
  CHECK(s.code() == "wrong_state");
  CHECK(s.as("u2").post("/v1/orders/o1/deliveries", R"({"description":7})") == 422);
  CHECK(s.code() == "invalid");
  CHECK(s.post("/v1/orders/o1/deliveries", R"({"content":"draft"})") == 422);
  CHECK(s.code() == "not_final_work");
  CHECK(s.post("/v1/orders/o1/deliveries", R"({"description":" "})") == 422);
  CHECK(s.code() == "description_required");
  CHECK(s.post("/v1/orders/o1/deliveries", R"({"description":"x"})") == 428);
  CHECK(s.code() == "confirmation_required");
  CHECK(s.post("/v1/orders/o1/deliveries", R"({"description":"x","links":["ftp://x"]})") == 422);
  CHECK(s.post("/v1/orders/o1/deliveries", R"({"description":"x","attachments":["a9"]})") == 422);
  CHECK(s.post("/v1/orders/o1/deliveries", R"({"description":"x","confirm_no_file":true,"modified":true})") == 409);
  CHECK(s.upload("/v1/orders/o1/attachments?name=x", "", 5'000'000'001) == 413);
  CHECK(s.code() == "file_too_large");
  CHECK(s.post("/v1/orders/o1/deliveries", R"({"description":"x","confirm_no_file":true})") == 200);
  CHECK(s.as("u1").post("/v1/orders/o1/acceptance", R"({"sure":true})") == 422);
  CHECK(s.post("/v1/orders/o1/extensions", R"({"seconds":864000.000001})") == 422);
  CHECK(s.post("/v1/orders", R"({"seller":"u1","due_at":"2026-03-04T00:00:00Z","price_cents":1})") == 422);
  CHECK(s.post("/v1/orders", R"({"seller":"u2","due_at":"2026-03-02T00:00:00Z","price_cents":1})") == 422);
}

TEST_CASE("one key gives one effect and one answer, word for word, another text under it is refused") {
  Service s;
  s.place();
  const std::string delivery = R"({"description":"done","links":["https://x.org/1"]})";
  CHECK(s.as("u2").with_key("k").post("/v1/orders/o1/deliveries", delivery) == 200);
  const std::string first = s.body;
  s.advance("2026-03-20T00:00:00Z");
  CHECK(s.as("u2").with_key("k").post("/v1/orders/o1/deliveries", delivery) == 200);
  CHECK(s.body == first);
  CHECK(s.as("u2").with_key("k").post("/v1/orders/o1/deliveries", R"({"description":"else","links":["https://x.org/1"]})") ==
        422);
  CHECK(s.code() == "invalid");
  CHECK(s.text("/order/state") == "completed");
  // A refusal is an answer too; and another user's key is another key.
  CHECK(s.as("u1").with_key("k").post("/v1/orders/o1/acceptance") == 409);
  const std::string refused = s.body;
  CHECK(s.as("u1").with_key("k").post("/v1/orders/o1/acceptance") == 409);
  CHECK(s.body == refused);
  // A new order is placed once.
  const std::string order = R"({"seller":"u2","due_at":"2026-04-04T00:00:00Z","price_cents":1})";
  CHECK(s.as("u1").with_key("p").post("/v1/orders", order) == 201);
  CHECK(s.text("/order/id") == "o2");
  CHECK(s.as("u1").with_key("p").post("/v1/orders", order) == 201);
  CHECK(s.text("/order/id") == "o2");
}

TEST_CASE("the test clock is a barrier: when it is answered, what is due has fired and is seen") {
  Service s;
  s.place();
  s.deliver();
  CHECK(s.as("u1").post("/v1/test-clock/advance", R"({"to":"2026-03-03T00:00:00Z"})") == 403);
  CHECK(s.advance("2026-03-06T23:59:59.999999Z") == 200);
  CHECK(s.text("/fired") == "0");
  CHECK(s.text("/next_deadline") == "2026-03-07T00:00:00.000000Z");
  CHECK(s.as("u1").get("/v1/orders/o1") == 200);
  CHECK(s.text("/order/state") == "delivered");
  CHECK(s.advance("2026-03-07T00:00:00Z") == 200);
  CHECK(s.text("/fired") == "1");
  CHECK(s.text("/next_deadline") == "null");
  CHECK(s.as("u1").post("/v1/orders/o1/acceptance") == 409);
  CHECK(s.text("/order/completed_at") == "2026-03-07T00:00:00.000000Z");
  CHECK(s.text("/order/completed_by") == "auto");
  CHECK(s.advance("2026-03-06T00:00:00Z") == 422);
  CHECK(s.as("operator").get("/v1/events?after=3") == 200);
  CHECK(s.json.at("events").as_array().size() == 5);
  CHECK(s.text("/events/3/kind") == "payment");
  CHECK(s.put("/v1/test-clock", R"({"now":"2026-03-01T00:00:00Z"})") == 422);
}

TEST_CASE("stamped requests of different orders need no common clock") {
  Service s;
  s.place();
  s.as("u1").post("/v1/orders", R"({"seller":"u2","due_at":"2026-03-04T00:00:00Z","price_cents":7})");
  s.deliver();
  s.as("u2").post("/v1/orders/o2/deliveries", R"({"description":"done","confirm_no_file":true})");
  CHECK(s.as("u1").at("2026-03-09T00:00:00Z").post("/v1/orders/o2/acceptance") == 409);
  CHECK(s.text("/order/completed_at") == "2026-03-07T00:00:00.000000Z");
  CHECK(s.text("/now") == "2026-03-09T00:00:00.000000Z");
  CHECK(s.as("u1").at("2026-03-06T23:59:59.999999Z").post("/v1/orders/o1/acceptance") == 200);
  CHECK(s.text("/order/completed_by") == "buyer");
  CHECK(s.as("u1").at("2026-03-08T00:00:00Z").get("/v1/orders/o2") == 422);  // before the order's last
  CHECK(s.advance("2026-03-10T00:00:00Z") == 200);
  CHECK(s.as("u1").at("2026-03-09T00:00:00Z").get("/v1/orders/o1") == 422);  // before the clock
}

TEST_CASE("lists are paged, by role and state, the feed shows each his own") {
  Service s;
  for (int i = 0; i < 5; ++i) s.place();
  CHECK(s.as("u1").get("/v1/orders?limit=2") == 200);
  CHECK(s.text("/total") == "5");
  CHECK(s.text("/next_cursor") == "2");
  CHECK(s.get("/v1/orders?limit=2&cursor=4") == 200);
  CHECK(s.text("/orders/0/id") == "o5");
  CHECK(s.text("/next_cursor") == "null");
  s.deliver();
  CHECK(s.as("u2").get("/v1/orders?role=seller&status=delivered") == 200);
  CHECK(s.text("/total") == "1");
  CHECK(s.get("/v1/orders?role=buyer") == 200);
  CHECK(s.text("/total") == "0");
  CHECK(s.get("/v1/orders?sort=up") == 422);
  CHECK(s.as("u1").get("/v1/events") == 200);
  CHECK(s.json.at("events").as_array().size() == 7);
  CHECK(s.as("u2").get("/v1/events") == 200);
  CHECK(s.json.at("events").as_array().size() == 6);
  CHECK(s.as("u3").get("/v1/events") == 200);
  CHECK(s.json.at("events").as_array().empty());
  CHECK(s.as("u3").get("/v1/orders/o1/history") == 404);
  CHECK(s.as("u3").get("/v1/events?wait=61") == 422);
  CHECK(s.as("u3").get("/v1/events?wait=5") == 200);
  CHECK(s.reply.waiting.seconds == 5);
}

TEST_CASE("names, passwords and tokens") {
  Service s;
  CHECK(s.post("/v1/login", R"({"user":"u1","password":"right"})") == 200);
  const std::string token = s.text("/token");
  CHECK(token.size() == 32);
  CHECK(s.post("/v1/login", R"({"user":"u1","password":"wrong"})") == 401);
  CHECK(s.body.find("wrong") == std::string::npos);
  CHECK(s.post("/v1/login", R"({"user":"operator","password":"wrong"})") == 401);
  CHECK(s.post("/v1/login", R"({"user":"no body","password":"x"})") == 422);
  CHECK(s.post("/v1/login", R"({"user":"u1"})") == 422);
  CHECK(s.desk.user_of(token) != UserId::nobody);
  CHECK(s.desk.user_of(std::string(32, '0')) == UserId::nobody);
  for (int i = 0; i < 16; ++i) s.post("/v1/login", R"({"user":"u1","password":"right"})");
  CHECK(s.desk.user_of(token) == UserId::nobody);  // the seventeenth drives out the first
}

TEST_CASE("what is not there, or not that way, is said so") {
  Service s;
  CHECK(s.get("/v1/nothing") == 404);
  CHECK(s.code() == "no_such_route");
  CHECK(s.ask("DELETE", "/v1/orders", "") == 405);
  CHECK(s.reply.allow == "GET, HEAD, POST");
  CHECK(s.ask("DELETE", "/v1/orders/o1/draft", "") == 405);
  CHECK(s.reply.allow == "GET, HEAD, PUT");
  CHECK(s.get("/v1/test-clock") == 401);
  CHECK(s.get("/healthz") == 200);
}

TEST_CASE("every route is in the description, and nothing else") {
  const boost::json::value api = boost::json::parse(openapi_json());
  CHECK(api.at("openapi").as_string() == "3.1.0");
  std::set<std::string> described, routed;
  for (const auto& path : api.at("paths").as_object())
    for (const auto& method : path.value().as_object())
      described.insert(std::string{method.key()} + " " + std::string{path.key()} + " " +
                       std::string{method.value().at("operationId").as_string()});
  Service s;
  for (const Route& route : all_routes()) {
    std::string method{route.method};
    for (char& c : method) c = static_cast<char>(c | 0x20);
    routed.insert(method + " " + std::string{route.path} + " " + std::string{route.id});
    std::string path{route.path};
    if (const std::size_t id = path.find("{id}"); id != std::string::npos) path.replace(id, 4, "o1");
    CHECK(match(route.method, path).route == &route);
  }
  CHECK(described == routed);
  // What it says of answers is what they have.
  const auto has_all = [&](const std::string& schema, const boost::json::value& answer) {
    for (const auto& name : api.at_pointer("/components/schemas/" + schema + "/required").as_array())
      CHECK(answer.as_object().contains(name.as_string()));
  };
  s.place();
  has_all("OrderAnswer", s.json);
  has_all("Order", s.json.at("order"));
  s.as("").get("/v1/orders/o1");
  has_all("Problem", s.json);
  s.as("u1").get("/v1/orders");
  has_all("OrderList", s.json);
  s.get("/v1/events");
  has_all("PieceList", s.json);
  has_all("Piece", s.json.at("events").at(0));
}

TEST_CASE("declared uploads are taken only where they are asked for") {
  Service plain;
  plain.place();
  CHECK(plain.as("u2").upload("/v1/orders/o1/attachments?name=x&declared_size=7", "") == 422);
  HandlerOptions options;
  options.declared_uploads = true;
  Service s{Service::virtual_options(), options};
  s.place();
  CHECK(s.as("u2").upload("/v1/orders/o1/attachments?name=x&declared_size=5000000000", "") == 201);
  CHECK(s.text("/attachment/bytes") == "5000000000");
  CHECK(s.upload("/v1/orders/o1/attachments?name=x&declared_size=5000000001", "") == 413);
}
