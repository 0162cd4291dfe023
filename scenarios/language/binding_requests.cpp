// Requests as they are written: a line with method and path, headers, and a body in one of its forms.
#include "scenarios/language/binding_parts.hpp"
#include "scenarios/language/names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

namespace dueprocess {
namespace {

const std::vector<std::string>& methods() {
  static const std::vector<std::string> all{"GET", "POST", "PUT", "PATCH", "DELETE"};
  return all;
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }
bool is_header_name(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view{"!#$%&'*+-.^_`|~"}.find(c) != std::string_view::npos;
  });
}

/// Reads a template; its mistakes are placed at the character.
bool take_template(Reading& reading, const Node& node, std::string_view text, std::size_t skipped, Slots known, SlotUses& uses,
                   Template& out) {
  ParsedTemplate parsed = parse_template(text, known);
  if (!parsed.problem.empty()) {
    Place place = node.place;
    if (!node.quoted && place.line && node.text.find("${") == std::string::npos && node.text.find('\n') == std::string::npos)
      place.column += static_cast<std::uint32_t>(skipped + parsed.at);
    reading.error(place, parsed.problem);
    return false;
  }
  for (const Piece& piece : parsed.pieces)
    if (piece.slot != Slot::literal) uses.emplace(piece.slot, &node);
  out = std::move(parsed.pieces);
  return true;
}

void take_line(Reading& reading, const Node& node, RequestTemplate& out, Slots known, SlotUses& uses) {
  const auto text = reading.scalar(node, "a request such as POST /orders/{order}/acceptance");
  if (!text) return;
  const std::string_view line = trimmed(*text);
  const std::size_t space = line.find(' ');
  const std::string method{line.substr(0, space)};
  if (space == line.npos || !line.substr(space + 1).starts_with('/'))
    return reading.error(node, fmt::format("expected a method and a path, such as POST /orders, not \"{}\"", *text));
  const std::string near = nearest_name(method, methods());
  if (std::ranges::find(methods(), method) == methods().end())
    return reading.error(node, fmt::format("expected one of {}, not \"{}\"{}", fmt::join(methods(), ", "), method,
                                           near.empty() ? "" : fmt::format("; did you mean \"{}\"?", near)));
  const std::string_view target = line.substr(space + 1);
  if (std::ranges::any_of(target, [](char c) { return is_control(c) || c == ' ' || c == '#'; }))
    return reading.error(node, "a path has no blanks, control characters or #: write %20, %23");
  out.method = method;
  take_template(reading, node, target, space + 1, known, uses, out.target);
}

constexpr int json_depth_max = 32;

/// Numbers, flags and nothing as YAML has them, as JSON.
bool is_json_literal(const Node& node, const std::string& text) {
  if (node.quoted) return false;
  if (text == "true" || text == "false" || text == "null") return true;
  std::string_view digits = text;
  if (digits.starts_with('-')) digits.remove_prefix(1);
  if (digits.empty() || digits[0] < '0' || digits[0] > '9' || (digits[0] == '0' && digits.size() > 1 && digits[1] != '.'))
    return false;
  return !digits.ends_with('.') && std::ranges::count(digits, '.') <= 1 &&
         std::ranges::all_of(digits, [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
}

void take_json(Reading& reading, const Node& node, JsonTemplate& out, Slots known, SlotUses& uses, int depth) {
  if (depth > json_depth_max) return reading.error(node, fmt::format("nested deeper than {} levels", json_depth_max));
  if (node.is_empty()) {
    out.kind = JsonTemplate::Kind::literal;
    out.verbatim = "null";
    return;
  }
  if (node.is_map() && node.keys.size() == 1 && node.keys[0].text.starts_with("each_")) {
    const std::string& key = node.keys[0].text;
    const bool links = key == "each_link";
    if (!links && key != "each_attachment")
      return reading.error(node.keys[0], fmt::format("unknown list \"{}\"{}", key,
                                                     suggestion(key, std::vector<std::string>{"each_attachment", "each_link"})));
    const Slot whole = links ? Slot::links : Slot::attachments, one = links ? Slot::link : Slot::attachment;
    if (!has(known, whole)) return reading.error(node.keys[0], fmt::format("this operation has no {}", name_of(whole)));
    uses.emplace(whole, &node);
    out.kind = links ? JsonTemplate::Kind::each_link : JsonTemplate::Kind::each_attachment;
    return take_json(reading, node.items[0], out.items.emplace_back(), known | slots(one), uses, depth + 1);
  }
  if (node.is_map() || node.is_list()) {
    out.kind = node.is_map() ? JsonTemplate::Kind::object : JsonTemplate::Kind::list;
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      if (node.is_map()) out.names.push_back(node.keys[i].text);
      const Reading::Within within{reading, node.is_map() ? node.keys[i].text : std::to_string(i)};
      take_json(reading, node.items[i], out.items.emplace_back(), known, uses, depth + 1);
    }
    return;
  }
  const auto text = reading.scalar(node, "a value");
  if (!text) return;
  if (is_json_literal(node, *text)) {
    out.kind = JsonTemplate::Kind::literal;
    out.verbatim = *text;
    return;
  }
  out.kind = JsonTemplate::Kind::value;
  take_template(reading, node, *text, 0, known, uses, out.text);
}

}  // namespace

Inlet template_text(Template& out, Slots known, SlotUses& uses, std::string what) {
  return {[&out, known, &uses, what](Reading& reading, const Node& node) {
            if (const auto text = reading.scalar(node, what)) take_template(reading, node, *text, 0, known, uses, out);
          },
          [] { return schema_ref("text"); }};
}

Inlet marking(bool& there, Inlet inlet) {
  return {[&there, inlet](Reading& reading, const Node& node) {
            there = true;
            inlet.read(reading, node);
          },
          inlet.schema};
}

Inlet headers(std::vector<HeaderTemplate>& out, Slots known, SlotUses& uses) {
  return named(
      [&out, known, &uses](const std::string& name, const Node& key) {
        return Inlet{[&out, known, &uses, name, &key](Reading& reading, const Node& node) {
                       static const std::vector<std::string> ours{"host", "content-length", "connection", "transfer-encoding"};
                       std::string lower = name;
                       std::ranges::transform(lower, lower.begin(),
                                              [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
                       if (!is_header_name(name)) return reading.error(key, fmt::format("\"{}\" is no name of a header", name));
                       if (std::ranges::find(ours, lower) != ours.end())
                         return reading.error(key, fmt::format("{} is written by the client itself", name));
                       const auto text = reading.scalar(node, "a header's value");
                       if (!text) return;
                       if (std::ranges::any_of(*text, is_control)) return reading.error(node, "a header is one line of text");
                       HeaderTemplate header{name, {}};
                       if (take_template(reading, node, *text, 0, known, uses, header.value)) out.push_back(std::move(header));
                     },
                     [] { return schema_ref("text"); }};
      },
      "headers");
}

Inlet request(RequestTemplate& out, Slots known, SlotUses& uses, std::string what, std::function<void(Mapping&)> more) {
  const auto describe = [&out, known, &uses, what, more] {
    Mapping mapping{what};
    mapping.required("request",
                     {[&out, known, &uses](Reading& reading, const Node& node) { take_line(reading, node, out, known, uses); },
                      [] { return schema_ref("request"); }},
                     "method and path, such as POST /orders/{order}/acceptance");
    mapping.key("headers", headers(out.headers, known, uses), "headers of this request besides those of all");
    mapping.key("body",
                {[&out, known, &uses](Reading& reading, const Node& node) {
                   out.body = BodyKind::json;
                   take_json(reading, node, out.json, known, uses, 0);
                 },
                 [] { return std::string{R"({"description":"JSON, with templates in its texts"})"}; }},
                "the JSON body as YAML");
    mapping.key("form",
                {[&out, known, &uses](Reading& reading, const Node& node) {
                   if (!node.is_map())
                     return reading.error(node, fmt::format("expected a mapping of form fields, not {}", what_is(node)));
                   out.body = BodyKind::form;
                   for (std::size_t i = 0; i < node.keys.size(); ++i) {
                     const Reading::Within within{reading, node.keys[i].text};
                     HeaderTemplate& one = out.form.emplace_back();
                     one.name = node.keys[i].text;
                     template_text(one.value, known, uses, "a form field's value").read(reading, node.items[i]);
                   }
                 },
                 [] { return fmt::format(R"({{"type":"object","additionalProperties":{}}})", schema_ref("text")); }},
                "or a body as HTML forms send it");
    mapping.key("text",
                {[&out, known, &uses](Reading& reading, const Node& node) {
                   out.body = BodyKind::text;
                   template_text(out.text, known, uses, "a text").read(reading, node);
                 },
                 [] { return schema_ref("text"); }},
                "or any other text");
    mapping.key("content_type", text(out.content_type), "what the body is", "what its kind says");
    if (has(known, Slot::bytes))
      mapping.key("file",
                  scalar_or(one_of({"raw"}, [&out](std::size_t) { out.body = BodyKind::file; }),
                            {[&out](Reading& reading, const Node& node) {
                               out.body = BodyKind::multipart;
                               Mapping{"a part of a multipart body"}
                                   .required("field", text(out.multipart_field), "the name of the form field")
                                   .read(reading, node);
                             },
                             [&out] {
                               return Mapping{"a part of a multipart body"}
                                   .required("field", text(out.multipart_field), "the name of the form field")
                                   .schema();
                             }}),
                  "the file's bytes: raw, or {field: NAME} for multipart/form-data");
    if (more) more(mapping);
    mapping.instead("method", "request").instead("path", "request").instead("url", "request").instead("json", "body");
    mapping.check([&out](Reading& reading, const Node& node) {
      int bodies = 0;
      for (const char* key : {"body", "form", "text", "file"}) bodies += node.find(key) != nullptr;
      if (bodies > 1) reading.error(node, "a request has one of body, form, text and file");
      if (bodies && out.method == "GET") reading.error(node, "a GET has no body");
    });
    return mapping;
  };
  return {[&out, known, &uses, describe](Reading& reading, const Node& node) {
            if (node.is_scalar()) return take_line(reading, node, out, known, uses);
            describe().read(reading, node);
          },
          [describe] {
            return schema_any({schema_ref("request"), describe().schema()});
          }};
}

}  // namespace dueprocess
