#include "harness/target/binding/answer_reader.hpp"

#include "harness/target/binding/spell.hpp"

#include <algorithm>
#include <iterator>

namespace dueprocess::binding {

bool find_word(const Naming& naming, std::string_view theirs, std::uint8_t& ours) {
  const auto found = std::ranges::find(naming.words, theirs, [](const auto& word) { return std::string_view{word.first}; });
  if (found == naming.words.end()) return false;
  ours = found->second;
  return true;
}

// ---------------------------------------------------------------------------------------------- fields

FieldReader::FieldReader(const FieldSource& source, std::vector<std::string>& wanted)
    : given_(source.given),
      counts_(source.counts),
      header_(source.header),
      after_(source.after),
      as_(source.as),
      naming_(source.naming) {
  if (!given_ || !header_.empty()) return;
  index_ = wanted.size();
  wanted.push_back(source.pointer);
}

Told FieldReader::after(std::string_view text) const {
  if (!after_.empty()) {
    const std::size_t at = text.find(after_);
    if (at == std::string_view::npos) return {};
    text.remove_prefix(at + after_.size());
  }
  return {true, false, text};
}

Told FieldReader::cut(const Found& found) const {
  if (counts_) {
    if (found.kind != Found::Kind::list) return {};
    counted_.clear();
    append_number(counted_, found.elements);
    return {true, false, counted_};
  }
  if (found.kind == Found::Kind::null) return {false, true, {}};
  if (!found.is_value()) return {};
  return after(found.text);
}

Told FieldReader::told(const BodyReader& body, const http::Answer* answer) const {
  if (!given_) return {};
  if (header_.empty()) return cut(body.found(index_));
  const std::string_view value = answer ? answer->field(header_) : std::string_view{};
  return value.empty() ? Told{} : after(value);
}

Told FieldReader::told_item(const BodyReader& body) const { return given_ ? cut(body.item(index_)) : Told{}; }

// ---------------------------------------------------------------------------------------------- answers

AnswerReader::AnswerReader(const AnswerRules& rules, OperationKind kind)
    : codes_(rules.codes),
      statuses_(rules.statuses),
      kind_(kind),
      code_(rules.code, wanted_),
      id_(kind == OperationKind::place_order ? rules.id : FieldSource{}, wanted_),
      state_(rules.state, wanted_),
      version_(rules.version, wanted_),
      deadline_(rules.deadline, wanted_),
      completed_at_(rules.completed_at, wanted_),
      completed_by_(rules.completed_by, wanted_),
      late_(rules.late, wanted_),
      stamp_(rules.stamp, wanted_),
      listed_(kind == OperationKind::list_orders ? rules.listed : FieldSource{}, wanted_),
      attachment_(kind == OperationKind::upload ? rules.attachment : FieldSource{}, wanted_),
      body_(wanted_) {}

Meaning AnswerReader::verdict(const http::Answer& answer) const {
  if (const Told code = code_.told(body_, &answer); code.there)
    for (const auto& [word, verdict] : codes_)
      if (word == code.text) return verdict;
  for (const auto& [status, verdict] : statuses_)
    if (status == answer.status) return verdict;
  if (answer.status >= 200 && answer.status < 300) return {Outcome::ok, Refusal::none};
  return {Outcome::info, Refusal::none};
}

std::string_view AnswerReader::take_fields(const http::Answer& given, Answer& out) const {
  std::string_view lacks;
  const auto instant = [&](const FieldReader& field, Instant& into, std::string_view key) {
    const Told told = field.told(body_, &given);
    if (told.there && !read_instant(told.text, field.as(), into)) lacks = key;
  };
  instant(stamp_, out.stamp, "stamp");
  instant(deadline_, out.deadline, "deadline");
  instant(completed_at_, out.completed_at, "completed_at");
  if (const Told told = completed_by_.told(body_, &given); told.there) {
    std::uint8_t by = 0;
    if (find_word(completed_by_.naming(), told.text, by))
      out.completed_by = static_cast<CompletedBy>(by);
    else
      lacks = "completed_by";
  }
  if (const Told told = version_.told(body_, &given); told.there && !read_count(told.text, out.version)) lacks = "version";
  if (const Told told = late_.told(body_, &given); told.there) {
    out.late = told.text == "true" || told.text == "1";
    if (!out.late && told.text != "false" && told.text != "0") lacks = "late";
  }
  if (const Told told = listed_.told(body_, &given); told.there && !read_count(told.text, out.listed)) lacks = "listed";
  if (const Told told = state_.told(body_, &given); told.there) {
    std::uint8_t state = 0;
    if (find_word(state_.naming(), told.text, state))
      out.state = static_cast<OrderState>(state);
    else
      lacks = "state";
  }
  return lacks;
}

ReadAnswer AnswerReader::read(const http::Answer& answer) {
  ReadAnswer result;
  const bool is_json = body_.read(answer.body);
  const Meaning verdict = this->verdict(answer);
  result.answer.outcome = verdict.outcome;
  result.answer.refusal = verdict.refusal;
  result.understood = verdict.outcome != Outcome::info;
  if (!is_json && verdict.outcome == Outcome::ok && !answer.body.empty() && !wanted_.empty()) result.lacks = "JSON";
  if (std::string_view lacks = take_fields(answer, result.answer); !lacks.empty()) result.lacks = lacks;
  if (verdict.outcome == Outcome::ok) {
    result.id = id_.told(body_, &answer).text;
    result.attachment = attachment_.told(body_, &answer).text;
    if (id_.given() && result.id.empty()) result.lacks = "id";
    if (attachment_.given() && result.attachment.empty()) result.lacks = "attachment";
    // Others may answer with nothing but their status; looking at an order without being told its state is no answer.
    if (state_.given() && kind_ == OperationKind::view_order && result.answer.state == OrderState::none && result.lacks.empty())
      result.lacks = "state";
  }
  // Nothing of an answer without a verdict, or that is understood in part only, may be believed.
  if (!result.lacks.empty() || verdict.outcome == Outcome::info) {
    const Instant stamp = result.answer.stamp;
    result.answer = {};
    result.answer.stamp = stamp;
    result.answer.outcome = Outcome::info;
    result.understood = false;
    // What was refused was refused, whatever is wrong with what it shows.
    if (verdict.outcome == Outcome::refused) {
      result.answer.outcome = verdict.outcome;
      result.answer.refusal = verdict.refusal;
      result.understood = true;
    }
  }
  result.logged_out = result.answer.refusal == Refusal::unauthenticated;
  return result;
}

// ---------------------------------------------------------------------------------------------- small ones

namespace {

std::vector<FieldReader> readers(const std::vector<FieldSource>& sources, std::vector<std::string>& wanted) {
  std::vector<FieldReader> all;
  for (const FieldSource& source : sources) all.emplace_back(source, wanted);
  return all;
}

}  // namespace

SmallReader::SmallReader(const std::vector<FieldSource>& sources) : fields_(readers(sources, wanted_)), body_(wanted_) {}

bool SmallReader::read(const http::Answer& answer) { return body_.read(answer.body); }

Told SmallReader::told(std::size_t index, const http::Answer& answer) const { return fields_[index].told(body_, &answer); }

Instant SmallReader::instant(std::size_t index, const http::Answer& answer) const {
  Instant at = never;
  const Told told = this->told(index, answer);
  return told.there && read_instant(told.text, fields_[index].as(), at) ? at : never;
}

}  // namespace dueprocess::binding
