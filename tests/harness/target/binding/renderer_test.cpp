// Requests as they go out: always valid, whatever stands in the texts.
#include "harness/target/binding/renderer.hpp"
#include "bindings.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

using namespace dueprocess;
using namespace dueprocess::binding;

namespace {

Rendered rendered(const std::string& kind, const std::string& written, const Facts& facts) {
  const Binding b = binding_of(with_operation(kind, written));
  for (unsigned i = 0; i < operation_kind_count; ++i)
    if (name_of(static_cast<OperationKind>(i)) == kind) {
      Rendered out;
      Renderer{b.operations[i].request, b.link, b.headers}.render(facts, out);
      return out;
    }
  FAIL("no such operation");
  return {};
}

}  // namespace

TEST_CASE("a placeholder alone is a number, a flag or a list where it is one, in a text it is text") {
  Facts facts;
  facts.seller = "u\"3";
  facts.due_at = instant_at(1'772'409'600'000'500);
  facts.price_cents = 4990;
  const Rendered out =
      rendered("place_order",
               "{request: POST /orders, body: {a: \"{seller}\", b: \"{due_at|epoch_ms}\", c: \"{due_at}\", d: "
               "\"{price|decimal}\", e: \"{price|decimal|text}\", f: \"for {seller}: {price}\", g: [1, true, x]}}",
               facts);
  CHECK(
      out.body ==
      R"({"a":"u\"3","b":1772409600000.5,"c":"2026-03-02T00:00:00.000500Z","d":49.90,"e":"49.90","f":"for u\"3: 4990","g":[1,true,"x"]})");
  CHECK(out.fields == "Content-Type: application/json\r\n");
}

TEST_CASE("lists of files and links, as texts and as objects, missing files have an id that no file has") {
  const std::vector<std::string> files{"a1", "a\"2"};
  Facts facts;
  facts.attachments = files;
  facts.named_attachments = 3;
  facts.unknown_attachment = "none";
  facts.links = 2;
  facts.first_link = 7;
  facts.run = "r";
  const Rendered out = rendered("deliver",
                                "{request: POST /d, body: {files: \"{attachments}\", named: {each_attachment: {id: "
                                "\"{attachment}\"}}, links: \"{links}\", urls: {each_link: {url: \"{link}\"}}}}",
                                facts);
  CHECK(out.body == R"({"files":["a1","a\"2","none"],"named":[{"id":"a1"},{"id":"a\"2"},{"id":"none"}],)"
                    R"("links":["https://files.example.org/r/7","https://files.example.org/r/8"],)"
                    R"("urls":[{"url":"https://files.example.org/r/7"},{"url":"https://files.example.org/r/8"}]})");
}

TEST_CASE("members that have nothing to say are left out, first, last or all of them") {
  const std::string written =
      "{request: POST /d, body: {a: \"{description|optional}\", b: \"{use_draft|optional}\", c: 1, d: \"{links|optional}\"}}";
  Facts facts;
  CHECK(rendered("deliver", written, facts).body == R"({"c":1})");
  facts.description = "x";
  facts.links = 1;
  CHECK(rendered("deliver", written, facts).body == R"({"a":"x","c":1,"d":["https://files.example.org//0"]})");
  CHECK(rendered("deliver", "{request: POST /d, body: {b: \"{use_draft|optional}\"}}", facts).body == "{}");
}

TEST_CASE("whatever the texts are, the body is JSON and the path has no gaps") {
  for (const std::string& text : std::vector<std::string>{"", "\"", "\\", "\n\r\t", "}{", "[", "ü€", "a,b", "%2F"}) {
    Facts facts;
    facts.description = text;
    facts.order = text;
    const Rendered out = rendered(
        "deliver", "{request: \"POST /o/{order}/d?x={description}\", body: [\"{description}\", \"{description}!\"]}", facts);
    boost::json::error_code error;
    const auto value = boost::json::parse(out.body, error);
    REQUIRE_FALSE(error);
    CHECK(std::string_view{value.as_array()[0].as_string()} == text);
    CHECK(out.target.find_first_of(" \"\\\r\n{}[]") == std::string::npos);
  }
}

TEST_CASE("forms and other texts escape as their place needs") {
  Facts facts;
  facts.message = "a b&c=\"d\"";
  CHECK(rendered("contact_support", "{request: POST /t, form: {text: \"{message}\", kind: help me}}", facts).body ==
        "text=a%20b%26c%3D%22d%22&kind=help%20me");
  const Rendered out =
      rendered("contact_support", "{request: POST /t, text: \"<m q=\\\"{message|json}\\\"/>\", content_type: text/xml}", facts);
  CHECK(out.body == "<m q=\"a b&c=\\\"d\\\"\"/>");
  CHECK(out.fields == "Content-Type: text/xml\r\n");
}

TEST_CASE("a file goes raw, or as a part of a form") {
  Facts facts;
  facts.file_name = "a \"b\".zip";
  facts.bytes = 10;
  const Rendered raw = rendered("upload", "{request: \"POST /f?name={file_name}&size={bytes}\", file: raw}", facts);
  CHECK(raw.file);
  CHECK(raw.body.empty());
  CHECK(raw.target == "/f?name=a%20%22b%22.zip&size=10");
  const Rendered part = rendered("upload", "{request: POST /f, file: {field: doc}}", facts);
  CHECK(part.body.find("name=\"doc\"; filename=\"a%20%22b%22.zip\"\r\n") != std::string::npos);
  CHECK(part.tail.ends_with("--\r\n"));
}

TEST_CASE("a header stays one line") {
  Facts facts;
  facts.message = "a\r\nX-Evil: 1";
  CHECK(rendered("contact_support", "{request: POST /t, headers: {X-Run: \"{message}\"}}", facts).fields ==
        "X-Run: aX-Evil: 1\r\n");
}
