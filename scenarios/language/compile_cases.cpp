// Cases as written become the market's: uploads before the delivery that names them, texts by number, ids filled in.
#include "scenarios/language/cases.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace dueprocess {
namespace {

using enum OperationKind;

bool carries_files(OperationKind kind) { return is_delivery(kind) || kind == save_draft; }
bool carries_text(OperationKind kind) { return carries_files(kind) || kind == request_modification || kind == contact_support; }

constexpr std::string_view usual_words = "Here is the finished work.";

/// An argument that the operation does not have is a mistake: it would be silently ignored.
void check_arguments(Reading& reading, const StepText& step) {
  struct Argument {
    std::string_view key;
    bool allowed;
  };
  const auto is = [&](auto... kinds) { return step.kind && ((*step.kind == kinds) || ...); };
  const bool files = step.kind && carries_files(*step.kind), delivery = step.kind && is_delivery(*step.kind);
  const Argument arguments[] = {{"files", files || is(upload)},
                                {"attachments", files},
                                {"links", files},
                                {"says", step.kind && carries_text(*step.kind)},
                                {"confirm_no_file", delivery},
                                {"content", delivery},
                                {"use_draft", delivery},
                                {"extend_by", is(extend_review)},
                                {"due", is(place_order)},
                                {"price", is(place_order)},
                                {"to", is(place_order)},
                                {"key", step.kind.has_value()},
                                {"refused", step.kind.has_value()},
                                {"taken", step.kind.has_value()}};
  if (step.operation_node && !step.kind) return;  // an unknown operation has been told
  for (const auto& [key, allowed] : arguments)
    if (const Node* given = step.node->find(key); given && !allowed)
      reading.error(*given, step.kind ? fmt::format("{} has no \"{}\"", name_of(*step.kind), key)
                                      : fmt::format("\"{}\" belongs to an operation: this step only looks", key));
  if (is(extend_review) && !step.extend_by_node)
    reading.error(*step.node, "extend_review needs extend_by: how much time is asked for");
  if (is(upload) && step.files.empty()) reading.error(*step.node, "upload needs files");
  if (step.files.size() + step.attachments > 65'535) reading.error(*step.files_node, "too many files");
  if (step.seen.refused && step.taken.value_or(false)) reading.error(*step.refused_node, "refused and taken at once");
  if (delivery && step.seen.refused == Refusal::file_too_large)
    reading.error(*step.refused_node,
                  "not the delivery but the upload is refused for its size: write a step `seller: upload` with these files");
}

class Compiler {
 public:
  Compiler(Reading& reading, const CaseContext& context, TextTable& texts)
      : reading_(reading), context_(context), texts_(texts) {}

  Case compile(const CaseText& text, std::size_t index) {
    Case result;
    result.name = text.name;
    result.line = text.node->place.line;
    result.placed = text.placed.given ? text.placed.from(context_.starts) : context_.starts;
    result.due_in = text.due;
    result.price_cents = text.price_cents;
    if (result.placed < context_.starts) reading_.error(*text.placed.node, "is before the scenario starts");
    check_case(text);
    const std::uint64_t seller = std::uint64_t{context_.sellers} + context_.buyers + 2 + 2 * index;
    seller_ = UserId{static_cast<std::uint32_t>(seller)};
    for (const StepText& step : text.steps) {
      check_arguments(reading_, step);
      add_steps(step, result);
    }
    return result;
  }

 private:
  void check_case(const CaseText& text) {
    const bool places_itself =
        !text.steps.empty() && text.steps.front().kind == place_order && text.steps.front().by == Party::buyer;
    if (text.steps.empty() && text.node->find("steps")) reading_.error(*text.node, "a case without steps shows nothing");
    if (places_itself) return;
    if (text.due <= Duration{0})
      reading_.error(*text.node->find("due"),
                     "must be more than 0; to see it refused, write a step `buyer: place_order` with this `due`");
    if (text.price_cents <= 0)
      reading_.error(*text.node->find("price"),
                     "must be more than 0; to see it refused, write a step `buyer: place_order` with this `price`");
  }

  TextId words(const StepText& step) {
    if (!step.says_given) return TextId::first_real;
    return step.says_nothing ? TextId::absent : texts_.of(step.says);
  }

  /// What the file says must be seen, and where it says it.
  Step seen(const StepText& step) {
    Step result = step.seen;
    result.at = step.at.compiled(context_.starts);
    result.line = step.node->place.line;
    result.by = step.by;
    if (step.completed_at.given) result.completed_at = step.completed_at.compiled(context_.starts);
    if (step.deadline.given) result.deadline = step.deadline.compiled(context_.starts);
    result.taken = step.taken;
    if (step.kind && !step.taken && !step.either && !result.refused) result.taken = true;
    return result;
  }

  Operation upload_of(const FileText& file) {
    Operation operation;
    operation.kind = upload;
    operation.text = texts_.of(file.name);
    operation.bytes = file.size;
    return operation;
  }

  void add_steps(const StepText& step, Case& result) {
    if (!step.kind) {
      result.steps.push_back(seen(step));
      return;
    }
    if (*step.kind == upload) {
      for (const FileText& file : step.files) {
        Step one = seen(step);
        one.operation = upload_of(file);
        one.use_last_key = step.same_key;
        result.steps.push_back(std::move(one));
      }
      return;
    }
    if (carries_files(*step.kind) && !step.same_key) {
      const bool expected_to_pass = !step.seen.refused && step.taken.value_or(!step.either);
      for (const FileText& file : step.files) {
        Step one;
        one.at = step.at.compiled(context_.starts);
        one.line = step.node->place.line;
        one.by = step.by;
        one.operation = upload_of(file);
        if (expected_to_pass) one.taken = true;
        result.steps.push_back(std::move(one));
      }
    }
    Step one = seen(step);
    one.operation = operation_of(step, result);
    one.use_last_key = step.same_key;
    result.steps.push_back(std::move(one));
  }

  Operation operation_of(const StepText& step, const Case& of) {
    Operation operation;
    operation.kind = *step.kind;
    if (carries_text(*step.kind)) operation.text = words(step);
    if (carries_files(*step.kind)) {
      operation.attachments = static_cast<std::uint16_t>(std::min<std::size_t>(step.files.size() + step.attachments, 65'535));
      operation.links = static_cast<std::uint16_t>(step.links);
      operation.confirm_no_file = step.confirm_no_file;
      operation.content = step.content;
      operation.use_draft = step.use_draft;
    }
    if (*step.kind == extend_review) operation.extend_by_us = us_of(step.extend_by);
    if (*step.kind == place_order) {
      operation.due_at = of.placed + (step.due_node ? step.due : of.due_in);
      operation.price_cents = step.price_node ? step.price_cents : of.price_cents;
      operation.seller = step.to == 0 ? seller_ : step.to == 1 ? UserId::nobody : UserId{number(seller_) + 1};
    }
    return operation;
  }

  Reading& reading_;
  const CaseContext& context_;
  TextTable& texts_;
  UserId seller_ = UserId::nobody;
};

}  // namespace

TextTable::TextTable(std::vector<std::string>& texts) : texts_(texts) {
  texts_ = {"", " ", std::string{usual_words}};
  known_.emplace(usual_words, TextId::first_real);
}

TextId TextTable::of(std::string_view text) {
  if (trimmed(text).empty()) return TextId::blank;
  if (const auto found = known_.find(text); found != known_.end()) return found->second;
  const auto id = static_cast<TextId>(texts_.size());
  texts_.emplace_back(text);
  known_.emplace(text, id);
  return id;
}

void compile_cases(Reading& reading, const std::vector<CaseText>& texts, const CaseContext& context, TextTable& table,
                   std::vector<Case>& out) {
  std::set<std::string> names;
  const Reading::Within within{reading, "cases"};
  Compiler compiler{reading, context, table};
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const Reading::Within one{reading, std::to_string(i)};
    if (!texts[i].name.empty() && !names.insert(texts[i].name).second)
      reading.error(*texts[i].node, fmt::format("another case has the name \"{}\" too", texts[i].name));
    out.push_back(compiler.compile(texts[i], i));
  }
}

}  // namespace dueprocess
