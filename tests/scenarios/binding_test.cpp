// Bindings: what is right is understood, and every mistake is told at once, with its place and the nearest right name.
#include "reading.hpp"
#include "scenarios/language/read_binding.hpp"

using namespace dueprocess;

namespace {

std::vector<std::string> told_of(const std::string& text) {
  std::vector<std::string> told;
  for (const Mistake& mistake : read_binding(text, "b.yaml", false).mistakes) told.push_back(to_string(mistake));
  return told;
}

Binding binding_of(const std::string& text) {
  ReadBinding result = read_binding(text, "b.yaml", false);
  for (const Mistake& mistake : result.mistakes) UNSCOPED_INFO(to_string(mistake));
  REQUIRE(result.ok());
  return std::move(result.binding);
}

/// The smallest that is right, with an operation written otherwise.
std::string small(const std::string& kind = "", const std::string& written = "", const std::string& rest = "") {
  std::string text = "operations:\n";
  for (unsigned i = 0; i < operation_kind_count; ++i) {
    const std::string name{name_of(static_cast<OperationKind>(i))};
    const std::string usual = i == 0 ? "POST /orders" : name == "view_order" ? "GET /orders/{order}" : "unsupported";
    text += "  " + name + ": " + (name == kind ? written : usual) + "\n";
  }
  return text + "answers: {id: /id, state: /state}\n" + rest;
}

}  // namespace

TEST_CASE("the shipped binding is right, and says what the reference service can do") {
  const ReadBinding read = read_binding_file(DUEPROCESS_BINDINGS "/dueprocess.yaml", false);
  for (const Mistake& mistake : read.mistakes) UNSCOPED_INFO(to_string(mistake));
  // Without the environment ${...} takes its fallback.
  REQUIRE(read.ok());
  const Binding& b = read.binding;
  CHECK(b.name == "dueprocess");
  for (const OperationBinding& one : b.operations) CHECK(one.supported);
  CHECK(b.of(OperationKind::upload).has_declared);
  CHECK(b.of(OperationKind::upload).request.body == BodyKind::file);
  CHECK(b.login.requests);
  CHECK(b.observer.given);
  CHECK(b.observer.user == "operator");
  CHECK(b.observer.password == "operator");
  CHECK(b.clock.barrier);
  CHECK(b.clock.stamp.size() == 1);
  CHECK(b.key.size() == 1);
  CHECK(b.observe.by == Watching::feed);
  CHECK((b.observe.events && b.observe.notices && b.observe.payments));
  CHECK(b.tolerances == Tolerances{});
}

TEST_CASE("the smallest binding names each operation") {
  const Binding b = binding_of(small());
  CHECK(b.of(OperationKind::place_order).supported);
  CHECK_FALSE(b.of(OperationKind::accept).supported);
  CHECK(b.observe.by == Watching::polling);
  CHECK(b.users.before == "u");
  CHECK(b.unknown_order == "0");
  const auto told = told_of("operations: {place_order: POST /o}\nanswers: {id: /id, state: /s}\n");
  CHECK(is_told(told, "b.yaml:1:13: error: operations: \"view_order\" is missing: one order"));
}

TEST_CASE("all mistakes of a binding are told at once, with place and nearest name") {
  const auto told = told_of(
      "operations:\n"
      "  place_order: {request: PST /orders, bodi: {}}\n"
      "  list_orders: GET orders\n"
      "  view_order: GET /orders/{ordr}\n"
      "  save_draft: unsuported\n"
      "  open_draft: unsupported\n"
      "  upload: unsupported\n"
      "  deliver:\n"
      "    request: POST /orders/{order}\n"
      "    body: {files: \"{attachments}\", when: \"{due_at}\"}\n"
      "  deliver_modified: unsupported\n"
      "  accept: {request: \"POST /a/{order\"}\n"
      "  request_modification: unsupported\n"
      "  extend_review: {request: POST /e, body: {by: \"{extend_by|hour}\"}}\n"
      "  contact_support: unsupported\n"
      "answers:\n"
      "  id: order/id\n"
      "  state: {at: /s, names: {in_progress: NEW, delivered: NEW, finished: X}}\n"
      "  deadline: {at: /d, as: epoch_milli}\n"
      "  statuses: {wrong_state: [409, 99]}\n"
      "clok: {}\n");
  const std::vector<std::string> expected = {
      "b.yaml:2:26: error: operations.place_order.request: expected one of GET, POST, PUT, PATCH, DELETE, not \"PST\"; did you "
      "mean \"POST\"?",
      "b.yaml:2:39: error: operations.place_order.bodi: unknown key \"bodi\"; did you mean \"body\"?",
      "b.yaml:3:16: error: operations.list_orders: expected a method and a path",
      "b.yaml:4:27: error: operations.view_order: {ordr} is not known here; did you mean {order}?",
      "b.yaml:5:15: error: operations.save_draft: expected a method and a path",
      "b.yaml:10:42: error: operations.deliver.body.when: {due_at} is not known here; there are ",
      "b.yaml:10:19: error: attachments are named, but upload is unsupported",
      "b.yaml:12:21: error: operations.accept.request: { without its }; a plain { is written {{",
      "b.yaml:14:48: error: operations.extend_review.body.by: there is no format \"hour\"; did you mean \"hours\"?",
      "b.yaml:17:7: error: answers.id: \"order/id\" is not a JSON pointer: it begins with a slash, as in /order/id",
      "b.yaml:18:56: error: answers.state.names.delivered: \"NEW\" means in_progress already",
      "b.yaml:18:61: error: answers.state.names.finished: unknown key \"finished\"",
      "b.yaml:19:26: error: answers.deadline.as: expected one of rfc3339, epoch_s, epoch_ms, epoch_us, not \"epoch_milli\"",
      "b.yaml:20:33: error: answers.statuses.wrong_state.1: \"99\" is not an HTTP status from 200 to 599",
      "b.yaml:21:1: error: clok: unknown key \"clok\"; did you mean \"clock\"?"};
  for (const std::string& one : expected) CHECK(is_told(told, one));
  CHECK(told.size() == expected.size() + 1);  // and no id is told, as its pointer is none
}

TEST_CASE("the parts of a binding are held to each other") {
  CHECK(is_told(told_of(small("place_order", "unsupported")), "without place_order there is nothing to drive"));
  CHECK(is_told(told_of(small("view_order", "{request: GET /o, headers: {Content-Length: \"3\"}}")),
                "Content-Length is written by the client itself"));
  CHECK(is_told(told_of(small("accept", "{request: POST /a, body: {}, form: {a: b}}")), "a request has one of body, form, text"));
  CHECK(is_told(told_of(small("accept", "{request: GET /a, body: {}}")), "a GET has no body"));
  CHECK(is_told(told_of(small("", "", "login: {send: {Authorization: \"Bearer {token}\"}}\n")),
                "{token} is sent, but there is no login to get one: give `by`"));
  CHECK(is_told(told_of(small("", "", "login: {by: POST /login, send: {Authorization: \"Bearer {token}\"}}\n")),
                "{token} is sent, but where is it told?"));
  CHECK(is_told(told_of(small("place_order", "{request: POST /o, body: {to: \"{seller_id}\"}}")),
                "{seller_id} is used, but where is it told? Give login.id"));
  CHECK(is_told(told_of(small("", "", "observe: {by: feed}\n")), "what is asked for? Give `from`"));
  CHECK(is_told(told_of(small("", "", "observe: {by: polling, shows: [events]}\n")), "polling has no `shows`"));
  CHECK(is_told(told_of(small("", "", "clock: {stamp: {At: \"{at}\"}}\n")), "the clock needs `advance` as well"));
  CHECK(is_told(told_of(small("", "", "clock: {advance: POST /tick}\ntolerances: {granularity: 1ms}\n")),
                "a virtual clock is judged to the microsecond"));
  CHECK(is_told(told_of(small("", "", "users: {name: somebody}\n")), "a user's name has {number} once"));
}

TEST_CASE("what an operation says of its answers comes before what is said of all") {
  const Binding b =
      binding_of(small("view_order", "{request: \"GET /o/{order}\", answers: {state: /status, codes: {not_found: GONE}}}"));
  CHECK(b.of(OperationKind::view_order).answers.state.pointer == "/status");
  CHECK(b.of(OperationKind::view_order).answers.id.pointer == "/id");
  CHECK(b.of(OperationKind::place_order).answers.state.pointer == "/state");
  REQUIRE(b.of(OperationKind::view_order).answers.codes.size() == 1);
  CHECK(b.of(OperationKind::view_order).answers.codes[0].second == Meaning{Outcome::refused, Refusal::not_found});
}

TEST_CASE("a password from the environment is taken as it is, and never shown") {
  ::setenv("DUEPROCESS_TEST_SECRET", "s{cr}t", 1);
  const ReadBinding read = read_binding(small("", "", "users: {password: \"${DUEPROCESS_TEST_SECRET}\"}\n"), "b.yaml", true);
  REQUIRE(read.ok());
  REQUIRE(read.binding.users.password.size() == 1);
  CHECK(read.binding.users.password[0].literal == "s{cr}t");
}

TEST_CASE("templates: literals, doubled braces, formats and modifiers") {
  const Slots known = slots(Slot::order, Slot::price);
  const ParsedTemplate parsed = parse_template("/a{{b}}/{order|url}?p={price|decimal|text}", known);
  REQUIRE(parsed.problem.empty());
  REQUIRE(parsed.pieces.size() == 4);
  CHECK(parsed.pieces[0].literal == "/a{b}/");
  CHECK(parsed.pieces[1].slot == Slot::order);
  CHECK(parsed.pieces[1].escape == Escape::url);
  CHECK(parsed.pieces[3].spelling == Spelling::decimal);
  CHECK(parsed.pieces[3].as_text);
  CHECK(parse_template("a}b", known).at == 1);
  CHECK(parse_template("{due_at}", known).problem == "{due_at} is not known here; there are order, price");
  CHECK(parse_template("{order|rfc3339}", known).problem ==
        "\"rfc3339\" is not a format of {order}; there are json, url, text, optional");
  CHECK(parse_template("{}", known).problem == "{} is not known here; there are order, price");
}
