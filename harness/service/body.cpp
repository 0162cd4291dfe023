#include "harness/service/body.hpp"

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parser.hpp>
#include <boost/json/value.hpp>
#include <cmath>

#include "harness/service/json_text.hpp"

namespace dueprocess::service {
namespace {

namespace json = boost::json;

constexpr std::size_t links_max = 100, attachments_max = 10'000, link_length_max = 2048;
constexpr double seconds_max = 1e11;  // 3,000 years, and a double still holds its microseconds

bool is_link(std::string_view text) {
  const std::size_t scheme = text.starts_with("https://") ? 8 : text.starts_with("http://") ? 7 : 0;
  return scheme > 0 && text.size() > scheme && text.size() <= link_length_max &&
         text.find_first_of(std::string_view{" \t\r\n\0", 5}) == std::string_view::npos;
}

std::string_view in_words(MemberType type) {
  switch (type) {
    case MemberType::text:
      return "a text";
    case MemberType::texts:
      return "a list of texts";
    case MemberType::flag:
      return "true or false";
    case MemberType::integer:
      return "a whole number";
    case MemberType::number:
      return "a number";
    case MemberType::instant:
      return "an instant as RFC 3339 has it, such as 2026-03-02T09:00:00.000000Z";
    case MemberType::content:
      return "final, work_sample, draft or incomplete";
  }
  return {};
}

std::string* text_of(Member member, Ask& ask, BodyWords& words) {
  switch (member) {
    case Member::user:
      return &words.user;
    case Member::password:
      return &words.password;
    case Member::seller:
      return &ask.seller;
    default:
      return &ask.text;
  }
}

bool read_texts(const json::value& value, std::size_t most, std::vector<std::string>& texts, bool links) {
  const json::array* const list = value.if_array();
  if (!list || list->size() > most) return false;
  for (const json::value& item : *list) {
    const json::string* const text = item.if_string();
    if (!text || (links && !is_link({text->data(), text->size()}))) return false;
    texts.emplace_back(text->data(), text->size());
  }
  return true;
}

bool read_flag(const json::value& value, Member member, Ask& ask) {
  const bool* const flag = value.if_bool();
  if (!flag) return false;
  if (member == Member::confirm_no_file) ask.confirm_no_file = *flag;
  if (member == Member::use_draft) ask.use_draft = *flag;
  if (member == Member::modified) ask.modified = *flag;
  return true;
}

bool read_number(const json::value& value, Ask& ask) {
  if (!value.is_number()) return false;
  const auto seconds = value.to_number<double>();
  if (!(std::fabs(seconds) < seconds_max)) return false;
  ask.amount = std::llround(seconds * 1e6);
  return true;
}

bool read_content(const json::value& value, Ask& ask) {
  const json::string* const word = value.if_string();
  if (!word) return false;
  for (unsigned i = 0; i <= static_cast<unsigned>(Content::incomplete); ++i) {
    const auto content = static_cast<Content>(i);
    if (name_of(content) != std::string_view{word->data(), word->size()}) continue;
    ask.content = content;
    return true;
  }
  return false;
}

bool read_member(const BodyMember& member, const json::value& value, Ask& ask, BodyWords& words) {
  switch (member.type) {
    case MemberType::text: {
      const json::string* const text = value.if_string();
      if (!text) return false;
      text_of(member.member, ask, words)->assign(text->data(), text->size());
      return true;
    }
    case MemberType::texts:
      if (member.member == Member::links) return read_texts(value, links_max, ask.links, true);
      return read_texts(value, attachments_max, ask.attachments, false);
    case MemberType::flag:
      return read_flag(value, member.member, ask);
    case MemberType::integer: {
      if (!value.is_int64()) return false;
      ask.amount = value.get_int64();
      return true;
    }
    case MemberType::number:
      return read_number(value, ask);
    case MemberType::instant: {
      const json::string* const text = value.if_string();
      return text && read_instant({text->data(), text->size()}, member.member == Member::due_at ? ask.due_at : words.instant);
    }
    case MemberType::content:
      return read_content(value, ask);
  }
  return false;
}

}  // namespace

struct BodyReader::Impl {
  alignas(16) unsigned char memory[16 * 1024];
  alignas(16) unsigned char parser_memory[4 * 1024];
  json::parser parser{{}, json::parse_options{}, parser_memory, sizeof parser_memory};

  void read(const Route& route, const json::object& object, Ask& ask, BodyWords& words) {
    std::size_t taken = 0;
    for (const BodyMember& member : route.body) {
      const json::value* const value = object.if_contains(json::string_view{member.name.data(), member.name.size()});
      if (value) ++taken;
      if ((!value || value->is_null()) && !member.required) continue;
      if (value && !value->is_null() && read_member(member, *value, ask, words)) continue;
      ask.problem = member.name;
      ask.problem += ": expected ";
      ask.problem += member.member == Member::links ? "a list of http or https links" : in_words(member.type);
      return;
    }
    if (taken == object.size()) return;
    for (const json::object::value_type& item : object) {
      const std::string_view name{item.key().data(), item.key().size()};
      bool known = false;
      for (const BodyMember& member : route.body) known = known || member.name == name;
      if (known) continue;
      ask.problem = "there is no member \"" + std::string{name.substr(0, 64)} + "\" here";
      return;
    }
  }
};

BodyReader::BodyReader() : impl_(std::make_unique<Impl>()) {}
BodyReader::~BodyReader() = default;

void BodyReader::read(const Route& route, std::string_view text, Ask& ask, BodyWords& words) {
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) text = "{}";
  json::monotonic_resource resource{impl_->memory, sizeof impl_->memory};
  json::error_code error;
  impl_->parser.reset(&resource);
  impl_->parser.write(text.data(), text.size(), error);
  if (error) {
    ask.problem = "the body is not JSON: " + error.message();
    return;
  }
  const json::value value = impl_->parser.release();
  if (const json::object* const object = value.if_object())
    impl_->read(route, *object, ask, words);
  else
    ask.problem = "the body is no JSON object";
}

}  // namespace dueprocess::service
