// A service without sockets: requests go straight to the handler. A small language for tests:
//
//   Service service;                                 a virtual clock at 2026-03-02
//   service.as("u1").post("/v1/orders", R"({...})")  logged in on the way
//   service.status, service.text("/order/state"), service.body
#pragma once

#include <boost/json.hpp>
#include <map>
#include <string>
#include <vector>

#include "harness/service/handler.hpp"
#include "harness/service/upload.hpp"

namespace dueprocess::service::test {

struct NoFacts final : ServerFacts {
  std::string metrics() override { return "# EOF\n"; }
};

class Service {
 public:
  explicit Service(DeskOptions desk_options = virtual_options(), HandlerOptions handler_options = {})
      : options{std::move(handler_options)}, desk{std::move(desk_options)}, handler{desk, options, metrics, facts} {}

  static DeskOptions virtual_options() {
    DeskOptions made;
    made.virtual_clock = true;
    made.password_rounds = 1;
    made.operator_password = "operator";
    return made;
  }

  Service& as(const std::string& user) {
    if (user.empty()) {
      token.clear();
      return *this;
    }
    std::string& known = tokens[user];
    if (known.empty()) {
      LoginTold told;
      desk.login(user, user == "operator" ? "operator" : "secret", told);
      known = told.token;
    }
    token = "Bearer " + known;
    return *this;
  }
  Service& at(const std::string& instant) { return virtual_time = instant, *this; }
  Service& with_key(const std::string& text) { return key = text, *this; }

  unsigned get(const std::string& target) { return ask("GET", target, {}); }
  unsigned post(const std::string& target, const std::string& sent = "{}") { return ask("POST", target, sent); }
  unsigned put(const std::string& target, const std::string& sent) { return ask("PUT", target, sent); }
  unsigned ask(const std::string& method, const std::string& target, const std::string& sent) {
    const RequestHead head = head_of(method, target);
    handler.handle(head, sent, reply);
    return done();
  }
  unsigned upload(const std::string& target, const std::string& bytes, std::optional<std::uint64_t> length = {}) {
    RequestHead head = head_of("POST", target);
    head.length = length.value_or(bytes.size());
    const auto coming = handler.open_upload(head, reply);
    if (coming && handler.add_upload(*coming, bytes, reply)) {
      reply.clear();
      handler.close_upload(*coming, reply);
    }
    return done();
  }

  std::string text(const std::string& pointer) const {
    boost::json::error_code error;
    const boost::json::value* const value = json.find_pointer(pointer, error);
    if (!value) return "(absent)";
    return value->is_string() ? std::string{value->get_string()} : boost::json::serialize(*value);
  }
  std::string code() const { return text("/code"); }

  /// Order 1 of u1 (buyer) and u2 (seller), due in two days.
  void place(const std::string& due = "2026-03-04T00:00:00Z") {
    as("u1").post("/v1/orders", R"({"seller":"u2","due_at":")" + due + R"(","price_cents":5000})");
  }
  void deliver() { as("u2").post("/v1/orders/o1/deliveries", R"({"description":"done","links":["https://x.org/1"]})"); }
  unsigned advance(const std::string& to) { return as("operator").post("/v1/test-clock/advance", R"({"to":")" + to + R"("})"); }

  HandlerOptions options;
  ThreadMetrics metrics;
  NoFacts facts;
  Desk desk;
  Handler handler;
  Reply reply;
  unsigned status = 0;
  std::string body;
  boost::json::value json;

 private:
  RequestHead head_of(const std::string& method, const std::string& target) {
    method_ = method;
    target_ = target;
    RequestHead head;
    head.method = method_;
    head.target = target_;
    head.authorization = token;
    head.key = key;
    head.virtual_time = virtual_time;
    head.has_host = true;
    return head;
  }
  unsigned done() {
    status = reply.status;
    body = reply.body;
    boost::json::error_code error;
    json = boost::json::parse(body, error);
    key.clear();
    virtual_time.clear();
    return status;
  }

  std::map<std::string, std::string> tokens;
  std::string token, key, virtual_time, method_, target_;
};

}  // namespace dueprocess::service::test
