#include "harness/target/binding/renderer.hpp"

#include "harness/target/binding/spell.hpp"

#include <algorithm>

namespace dueprocess::binding {
namespace {

constexpr std::string_view boundary = "----dueprocess-7f3a9c51d2e8";

std::string_view text_of(Slot slot, const Facts& facts) {
  switch (slot) {
    case Slot::order:
      return facts.order;
    case Slot::user:
      return facts.user;
    case Slot::user_id:
      return facts.user_id;
    case Slot::seller:
      return facts.seller;
    case Slot::seller_id:
      return facts.seller_id;
    case Slot::description:
      return facts.description;
    case Slot::message:
      return facts.message;
    case Slot::file_name:
      return facts.file_name;
    case Slot::content:
      return facts.content;
    case Slot::run:
      return facts.run;
    case Slot::key:
      return facts.key;
    case Slot::password:
      return facts.password;
    case Slot::token:
      return facts.token;
    case Slot::basic:
      return facts.basic;
    case Slot::cursor:
      return facts.cursor;
    case Slot::url:
      return facts.url;
    default:
      return {};
  }
}

Instant instant_of(Slot slot, const Facts& facts) {
  return slot == Slot::due_at ? facts.due_at : slot == Slot::at ? facts.at : facts.to;
}
std::int64_t count_of(Slot slot, const Facts& facts) {
  return slot == Slot::bytes ? facts.bytes : slot == Slot::limit ? facts.limit : facts.number;
}
bool flag_of(Slot slot, const Facts& facts) {
  return slot == Slot::confirm_no_file ? facts.confirm_no_file : slot == Slot::use_draft ? facts.use_draft : facts.modified;
}

/// A header is one line: what would end it is left out.
void append_header_text(std::string& out, std::string_view text) {
  for (const char c : text)
    if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F) out += c;
}

void append_escaped(std::string& out, std::string_view text, const Piece& piece, Place place) {
  if (piece.escape == Escape::json) return append_json_text(out, text);
  if (piece.escape == Escape::url) return append_url_text(out, text);
  switch (place) {
    case Place::url:
    case Place::form:
      return append_url_text(out, text);
    case Place::json_text:
    case Place::json_value:
      return append_json_text(out, text);
    case Place::header:
      return append_header_text(out, text);
    case Place::raw:
      out += text;
  }
}

/// A number's digits are the same everywhere; a plus in an exponent or an offset does not occur.
bool append_plain(std::string& out, const Piece& piece, const Facts& facts) {
  switch (type_of(piece.slot)) {
    case SlotType::instant:
      append_instant(out, instant_of(piece.slot, facts), piece.spelling);
      return true;
    case SlotType::duration:
      append_duration(out, piece.slot == Slot::wait ? facts.wait : facts.extend_by, piece.spelling);
      return true;
    case SlotType::money:
      append_money(out, facts.price_cents, piece.spelling);
      return true;
    case SlotType::count:
      append_number(out, count_of(piece.slot, facts));
      return true;
    case SlotType::flag:
      out += flag_of(piece.slot, facts) ? "true" : "false";
      return true;
    case SlotType::text:
    case SlotType::list:
      break;
  }
  return false;
}

std::string_view attachment_of(const Facts& facts, unsigned index) {
  return index < facts.attachments.size() ? std::string_view{facts.attachments[index]} : facts.unknown_attachment;
}

Facts for_link(const Facts& facts, unsigned index) {
  Facts one = facts;
  one.number = static_cast<std::int64_t>(facts.first_link + index);
  return one;
}

/// Is there anything to say? For members that may be left out.
bool says_nothing(const Piece& piece, const Facts& facts) {
  switch (type_of(piece.slot)) {
    case SlotType::text:
      return text_of(piece.slot, facts).empty();
    case SlotType::flag:
      return !flag_of(piece.slot, facts);
    case SlotType::list:
      return piece.slot == Slot::links ? facts.links == 0 : facts.named_attachments == 0;
    default:
      return false;
  }
}

bool is_quoted(const Piece& piece) {
  if (piece.as_text) return true;
  switch (type_of(piece.slot)) {
    case SlotType::text:
      return true;
    case SlotType::instant:
      return piece.spelling == Spelling::rfc3339;
    case SlotType::duration:
      return piece.spelling == Spelling::iso8601;
    default:
      return false;
  }
}

}  // namespace

void Rendered::clear() {
  target.clear();
  fields.clear();
  body.clear();
  tail.clear();
  file = false;
}

// ---------------------------------------------------------------------------------------------- texts

CompiledText::CompiledText(const Template& pieces, Place place) : place_(place) {
  for (Piece piece : pieces) {
    if (piece.slot == Slot::literal && (place == Place::json_text || place == Place::form)) {
      std::string escaped;
      append_escaped(escaped, piece.literal, {}, place);
      piece.literal = std::move(escaped);
    }
    pieces_.push_back(std::move(piece));
  }
}

void CompiledText::append(std::string& out, const Facts& facts, const CompiledText* link) const {
  for (const Piece& piece : pieces_) {
    if (piece.slot == Slot::literal) {
      out += piece.literal;
    } else if (piece.slot == Slot::attachments || piece.slot == Slot::links) {  // outside JSON: joined by commas
      const bool links = piece.slot == Slot::links;
      for (unsigned i = 0; i < (links ? facts.links : facts.named_attachments); ++i) {
        if (i) out += ',';
        if (links && link)
          link->append(out, for_link(facts, i), nullptr);
        else if (!links)
          append_escaped(out, attachment_of(facts, i), piece, place_);
      }
    } else if (piece.slot == Slot::attachment) {
      append_escaped(out, attachment_of(facts, static_cast<unsigned>(facts.number)), piece, place_);
    } else if (piece.slot == Slot::link) {
      if (link) link->append(out, facts, nullptr);
    } else if (!append_plain(out, piece, facts)) {
      append_escaped(out, text_of(piece.slot, facts), piece, place_);
    }
  }
}

CompiledHeaders::CompiledHeaders(const std::vector<HeaderTemplate>& headers) {
  for (const HeaderTemplate& header : headers)
    headers_.emplace_back(header.name + ": ", CompiledText{header.value, Place::header});
}

void CompiledHeaders::append(std::string& out, const Facts& facts) const {
  for (const auto& [name, value] : headers_) {
    out += name;
    value.append(out, facts, nullptr);
    out += "\r\n";
  }
}

// ---------------------------------------------------------------------------------------------- requests

Renderer::Renderer(const RequestTemplate& request, const Template& link, const std::vector<HeaderTemplate>& always)
    : method_(request.method), target_(request.target, Place::url), body_(request.body) {
  link_ = CompiledText{link, body_ == BodyKind::json ? Place::json_text : body_ == BodyKind::text ? Place::raw : Place::form};
  const auto is_own = [&](const HeaderTemplate& header) {
    return std::ranges::any_of(request.headers, [&](const HeaderTemplate& own) { return own.name == header.name; });
  };
  for (const HeaderTemplate& header : always)
    if (!is_own(header)) headers_.emplace_back(header.name + ": ", CompiledText{header.value, Place::header});
  for (const HeaderTemplate& header : request.headers)
    headers_.emplace_back(header.name + ": ", CompiledText{header.value, Place::header});
  switch (body_) {
    case BodyKind::none:
      break;
    case BodyKind::json:
      content_type_ = "application/json";
      compile(request.json, json_);
      break;
    case BodyKind::form:
      content_type_ = "application/x-www-form-urlencoded";
      for (const HeaderTemplate& field : request.form) {
        std::string name;
        append_url_text(name, field.name);
        form_.emplace_back(name + "=", CompiledText{field.value, Place::form});
      }
      break;
    case BodyKind::text:
      content_type_ = "text/plain; charset=utf-8";
      text_ = CompiledText{request.text, Place::raw};
      break;
    case BodyKind::file:
      content_type_ = "application/octet-stream";
      break;
    case BodyKind::multipart: {
      content_type_ = "multipart/form-data; boundary=" + std::string{boundary};
      part_head_ = "--" + std::string{boundary} + "\r\nContent-Disposition: form-data; name=\"" + request.multipart_field +
                   "\"; filename=\"";
      Piece name;
      name.slot = Slot::file_name;
      name.escape = Escape::url;
      file_name_ = CompiledText{{name}, Place::raw};
      break;
    }
  }
  if (!request.content_type.empty() && body_ != BodyKind::multipart) content_type_ = request.content_type;
  if (body_ != BodyKind::none) content_type_ = "Content-Type: " + content_type_ + "\r\n";
}

void Renderer::compile(const JsonTemplate& json, std::vector<Step>& out) {
  const auto say = [&out](std::string_view text) {
    if (out.empty() || out.back().what != Step::What::nothing) out.emplace_back();
    out.back().before += text;
  };
  const auto close = [&out](Step step) {
    if (out.empty() || out.back().what != Step::What::nothing) out.emplace_back();
    step.before = out.back().before;
    out.back() = std::move(step);
  };
  switch (json.kind) {
    case JsonTemplate::Kind::literal:
      return say(json.verbatim);
    case JsonTemplate::Kind::value: {
      Step step;
      if (json.text.size() == 1 && json.text[0].slot != Slot::literal && !is_quoted(json.text[0])) {
        step.what = Step::What::value;
        step.piece = json.text[0];
        return close(std::move(step));
      }
      say("\"");
      step.what = Step::What::text;
      step.text = CompiledText{json.text, Place::json_text};
      close(std::move(step));
      return say("\"");
    }
    case JsonTemplate::Kind::each_attachment:
    case JsonTemplate::Kind::each_link: {
      Step step;
      step.what = json.kind == JsonTemplate::Kind::each_link ? Step::What::each_link : Step::What::each_attachment;
      compile(json.items.at(0), step.body);
      return close(std::move(step));
    }
    case JsonTemplate::Kind::object:
    case JsonTemplate::Kind::list:
      break;
  }
  const bool object = json.kind == JsonTemplate::Kind::object;
  say(object ? "{" : "[");
  for (std::size_t i = 0; i < json.items.size(); ++i) {
    const JsonTemplate& item = json.items[i];
    const bool optional = item.kind == JsonTemplate::Kind::value && item.text.size() == 1 && item.text[0].optional;
    std::size_t skips = 0;
    if (optional) {
      Step step;
      step.what = Step::What::skip_if_nothing;
      step.piece = item.text[0];
      close(std::move(step));
      skips = out.size();
    }
    Step comma;
    comma.what = Step::What::comma;
    close(std::move(comma));
    if (object) {
      std::string name = "\"";
      append_json_text(name, json.names[i]);
      say(name + "\":");
    }
    compile(item, out);
    if (optional) {
      // What follows the member must not be in its last step.
      if (out.back().what == Step::What::nothing) {
        Step end;
        end.what = Step::What::skip_if_nothing;
        end.skip = 0;
        close(std::move(end));
      }
      out[skips - 1].skip = out.size() - skips;
    }
  }
  say(object ? "}" : "]");
}

void Renderer::run(std::span<const Step> steps, const Facts& facts, std::string& out) const {
  for (std::size_t at = 0; at < steps.size(); ++at) {
    const Step& step = steps[at];
    out += step.before;
    switch (step.what) {
      case Step::What::nothing:
        break;
      case Step::What::comma:  // a value never ends so; text in quotes ends with its quote
        if (out.back() != '{' && out.back() != '[') out += ',';
        break;
      case Step::What::text:
        step.text.append(out, facts, &link_);
        break;
      case Step::What::value:
        if (type_of(step.piece.slot) == SlotType::list) {
          const bool links = step.piece.slot == Slot::links;
          out += '[';
          for (unsigned i = 0; i < (links ? facts.links : facts.named_attachments); ++i) {
            out += i ? ",\"" : "\"";
            if (links)
              link_.append(out, for_link(facts, i), nullptr);
            else
              append_json_text(out, attachment_of(facts, i));
            out += '"';
          }
          out += ']';
        } else {
          append_plain(out, step.piece, facts);
        }
        break;
      case Step::What::each_attachment:
      case Step::What::each_link: {
        const bool links = step.what == Step::What::each_link;
        out += '[';
        for (unsigned i = 0; i < (links ? facts.links : facts.named_attachments); ++i) {
          if (i) out += ',';
          Facts one = links ? for_link(facts, i) : facts;
          if (!links) one.number = i;
          run(step.body, one, out);
        }
        out += ']';
        break;
      }
      case Step::What::skip_if_nothing:
        if (step.skip != 0 && says_nothing(step.piece, facts)) at += step.skip;
        break;
    }
  }
}

void Renderer::render(const Facts& facts, Rendered& out) const {
  out.clear();
  target_.append(out.target, facts, &link_);
  for (const auto& [name, value] : headers_) {
    out.fields += name;
    value.append(out.fields, facts, nullptr);
    out.fields += "\r\n";
  }
  out.fields += content_type_;
  switch (body_) {
    case BodyKind::none:
      break;
    case BodyKind::json:
      run(json_, facts, out.body);
      break;
    case BodyKind::form:
      for (const auto& [name, value] : form_) {
        if (!out.body.empty()) out.body += '&';
        out.body += name;
        value.append(out.body, facts, &link_);
      }
      break;
    case BodyKind::text:
      text_.append(out.body, facts, &link_);
      break;
    case BodyKind::file:
      out.file = true;
      break;
    case BodyKind::multipart:
      out.file = true;
      out.body += part_head_;
      file_name_.append(out.body, facts, nullptr);
      out.body += "\"\r\nContent-Type: application/octet-stream\r\n\r\n";
      out.tail += "\r\n--";
      out.tail += boundary;
      out.tail += "--\r\n";
      break;
  }
}

}  // namespace dueprocess::binding
