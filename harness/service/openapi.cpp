#include "harness/service/openapi.hpp"

#include "harness/service/json_text.hpp"
#include "harness/service/routes.hpp"

namespace dueprocess::service {
namespace {

constexpr std::string_view schemas = R"("schemas":{
"Instant":{"type":"string","format":"date-time","examples":["2026-03-02T09:00:00.000000Z"],"description":"RFC 3339, six digits, Z"},
"State":{"type":"string","enum":["in_progress","delivered","in_revision","completed"]},
"Order":{"type":"object","required":["id","state","version","buyer","seller","price_cents","due_at","deadline","completed_at","completed_by","late"],"properties":{
"id":{"type":"string"},"state":{"$ref":"#/components/schemas/State"},"version":{"type":"integer"},"buyer":{"type":"string"},"seller":{"type":"string"},"price_cents":{"type":"integer"},
"due_at":{"$ref":"#/components/schemas/Instant"},"deadline":{"oneOf":[{"$ref":"#/components/schemas/Instant"},{"type":"null"}]},"completed_at":{"oneOf":[{"$ref":"#/components/schemas/Instant"},{"type":"null"}]},
"completed_by":{"enum":["buyer","auto",null]},"late":{"type":"boolean"}}},
"Attachment":{"type":"object","required":["id","name","bytes","sha256"],"properties":{"id":{"type":"string"},"name":{"type":"string"},"bytes":{"type":"integer"},"sha256":{"type":"string"}}},
"OrderAnswer":{"type":"object","required":["now","order"],"properties":{"now":{"$ref":"#/components/schemas/Instant"},"order":{"$ref":"#/components/schemas/Order"}}},
"UploadAnswer":{"type":"object","required":["now","order","attachment"],"properties":{"now":{"$ref":"#/components/schemas/Instant"},"order":{"$ref":"#/components/schemas/Order"},"attachment":{"$ref":"#/components/schemas/Attachment"}}},
"DraftAnswer":{"type":"object","required":["now","order","draft"],"properties":{"now":{"$ref":"#/components/schemas/Instant"},"order":{"$ref":"#/components/schemas/Order"},"draft":{"oneOf":[{"type":"null"},{"type":"object","required":["description","attachments","links"],"properties":{"description":{"type":"string"},"attachments":{"type":"array","items":{"type":"string"}},"links":{"type":"array","items":{"type":"string"}}}}]}}},
"OrderList":{"type":"object","required":["now","orders","total","next_cursor"],"properties":{"now":{"$ref":"#/components/schemas/Instant"},"orders":{"type":"array","items":{"$ref":"#/components/schemas/Order"}},"total":{"type":"integer"},"next_cursor":{"type":["string","null"]}}},
"Piece":{"type":"object","required":["cursor","kind","order","at","version"],"properties":{"cursor":{"type":"string"},"kind":{"enum":["event","notification","payment"]},"order":{"type":"string"},"at":{"$ref":"#/components/schemas/Instant"},"version":{"type":"integer"},
"from":{"oneOf":[{"$ref":"#/components/schemas/State"},{"type":"null"}]},"state":{"$ref":"#/components/schemas/State"},"deadline":{"oneOf":[{"$ref":"#/components/schemas/Instant"},{"type":"null"}]},"completed_by":{"enum":["buyer","auto",null]},
"notice":{"enum":["delivered","modification_requested","review_extended","completed","payment_processed"]},"to":{"type":"string"},"amount_cents":{"type":"integer"}}},
"PieceList":{"type":"object","required":["now","events","next","more"],"properties":{"now":{"$ref":"#/components/schemas/Instant"},"events":{"type":"array","items":{"$ref":"#/components/schemas/Piece"}},"next":{"type":"string"},"more":{"type":"boolean"}}},
"PaymentList":{"type":"object","required":["now","payments","next","more"],"properties":{"now":{"$ref":"#/components/schemas/Instant"},"payments":{"type":"array","items":{"$ref":"#/components/schemas/Piece"}},"next":{"type":"string"},"more":{"type":"boolean"}}},
"ClockAnswer":{"type":"object","required":["now","next_deadline"],"properties":{"now":{"$ref":"#/components/schemas/Instant"},"fired":{"type":"integer"},"next_deadline":{"oneOf":[{"$ref":"#/components/schemas/Instant"},{"type":"null"}]}}},
"Login":{"type":"object","required":["token","user"],"properties":{"token":{"type":"string"},"user":{"type":"string"}}},
"Health":{"type":"object","required":["status"],"properties":{"status":{"const":"ok"}}},
"Any":{"type":"object"},
"Problem":{"type":"object","required":["type","title","status","code","detail"],"properties":{"type":{"type":"string"},"title":{"type":"string"},"status":{"type":"integer"},"code":{"type":"string"},"detail":{"type":"string"},"now":{"$ref":"#/components/schemas/Instant"},"order":{"$ref":"#/components/schemas/Order"}}}
})";

std::string_view schema_of(MemberType type) {
  switch (type) {
    case MemberType::text:
      return R"({"type":"string"})";
    case MemberType::texts:
      return R"({"type":"array","items":{"type":"string"}})";
    case MemberType::flag:
      return R"({"type":"boolean"})";
    case MemberType::integer:
      return R"({"type":"integer"})";
    case MemberType::number:
      return R"({"type":"number"})";
    case MemberType::instant:
      return R"({"$ref":"#/components/schemas/Instant"})";
    case MemberType::content:
      return R"({"enum":["final","work_sample","draft","incomplete"]})";
  }
  return "{}";
}

class Writer {
 public:
  void parameter(std::string_view name, std::string_view in, bool required, std::string_view schema, std::string_view what) {
    text += first_parameter_ ? "" : ",";
    first_parameter_ = false;
    text += "{\"name\":";
    append_quoted(text, name);
    text += ",\"in\":";
    append_quoted(text, in);
    text += required ? ",\"required\":true,\"schema\":" : ",\"schema\":";
    text += schema;
    text += ",\"description\":";
    append_quoted(text, what);
    text += '}';
  }

  void parameters(const Route& route) {
    first_parameter_ = true;
    text += ",\"parameters\":[";
    if (route.path.find("{id}") != std::string_view::npos)
      parameter("id", "path", true, R"({"type":"string"})", "the order's id");
    for (const QueryParameter& query : route.query)
      parameter(query.name, "query", query.required, schema_of(query.type), query.what);
    if (route.changes)
      parameter("Idempotency-Key", "header", false, R"({"type":"string"})",
                "the same key with the same operation gives the first answer again");
    if (route.rights == Rights::user)
      parameter("Virtual-Time", "header", false, R"({"$ref":"#/components/schemas/Instant"})",
                "the request's own instant; with a virtual clock");
    text += ']';
  }

  void body(const Route& route) {
    if (route.action == Action::upload) {
      text += R"(,"requestBody":{"required":true,"content":{"application/octet-stream":{}}})";
      return;
    }
    if (route.method == "GET") return;
    text +=
        R"(,"requestBody":{"content":{"application/json":{"schema":{"type":"object","additionalProperties":false,"properties":{)";
    for (std::size_t i = 0; i < route.body.size(); ++i) {
      if (i > 0) text += ',';
      append_quoted(text, route.body[i].name);
      text += ":{\"allOf\":[";
      text += schema_of(route.body[i].type);
      text += "],\"description\":";
      append_quoted(text, route.body[i].what);
      text += '}';
    }
    text += "},\"required\":[";
    bool first = true;
    for (const BodyMember& member : route.body) {
      if (!member.required) continue;
      if (!first) text += ',';
      first = false;
      append_quoted(text, member.name);
    }
    text += "]}}}}";
  }

  void answers(const Route& route) {
    text += ",\"responses\":{\"";
    append_number(text, route.status);
    text += "\":{\"description\":\"done\",\"content\":{";
    if (route.answer.empty()) {
      text += "\"application/openmetrics-text\":{}";
    } else {
      text += "\"application/json\":{\"schema\":{\"$ref\":\"#/components/schemas/";
      text += route.answer;
      text += "\"}}";
      if (route.action == Action::events) text += ",\"text/event-stream\":{}";
    }
    text +=
        "}},\"default\":{\"description\":\"refused\",\"content\":{\"application/problem+json\":{\"schema\":{\"$ref\":\"#/"
        "components/schemas/Problem\"}}}}}";
  }

  void operation(const Route& route) {
    append_quoted(text, route.method == "GET" ? "get" : route.method == "PUT" ? "put" : "post");
    text += ":{\"operationId\":";
    append_quoted(text, route.id);
    text += ",\"summary\":";
    append_quoted(text, route.summary);
    if (route.rights == Rights::nobody) text += ",\"security\":[]";
    parameters(route);
    body(route);
    answers(route);
    text += '}';
  }

  std::string text;

 private:
  bool first_parameter_ = true;
};

}  // namespace

std::string openapi_json() {
  Writer out;
  out.text =
      R"({"openapi":"3.1.0","info":{"title":"dueprocess reference service","version":"1","description":"The order-delivery workflow: docs/http-api.md"},"security":[{"token":[]}],"paths":{)";
  const auto routes = all_routes();
  bool first = true;
  for (std::size_t i = 0; i < routes.size(); ++i) {
    bool seen = false;
    for (std::size_t before = 0; before < i; ++before) seen = seen || routes[before].path == routes[i].path;
    if (seen) continue;
    if (!first) out.text += ',';
    first = false;
    append_quoted(out.text, routes[i].path);
    out.text += ":{";
    bool first_method = true;
    for (const Route& route : routes) {
      if (route.path != routes[i].path) continue;
      if (!first_method) out.text += ',';
      first_method = false;
      out.operation(route);
    }
    out.text += '}';
  }
  out.text += "},\"components\":{\"securitySchemes\":{\"token\":{\"type\":\"http\",\"scheme\":\"bearer\"}},";
  out.text += schemas;
  out.text += "}}";
  std::erase(out.text, '\n');
  return std::move(out.text);
}

}  // namespace dueprocess::service
