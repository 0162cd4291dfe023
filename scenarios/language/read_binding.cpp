// From text to Binding: read the tree by its description, then hold the parts to each other.
#include "scenarios/language/read_binding.hpp"

#include "scenarios/language/binding_parts.hpp"
#include "scenarios/language/slurp.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace dueprocess {
namespace {

bool any_error(const std::vector<Mistake>& mistakes) {
  return std::ranges::any_of(mistakes, [](const Mistake& mistake) { return mistake.severity == Severity::error; });
}

void take_own(FieldSource& out, const FieldSource& own) {
  if (own.given) out = own;
}

/// What an operation says of its answers comes before what is said of all.
AnswerRules merged(const AnswersText& all, const AnswersText& own) {
  AnswerRules rules = all.rules;
  const AnswerRules& more = own.rules;
  take_own(rules.code, more.code);
  take_own(rules.id, more.id);
  take_own(rules.state, more.state);
  take_own(rules.version, more.version);
  take_own(rules.deadline, more.deadline);
  take_own(rules.completed_at, more.completed_at);
  take_own(rules.completed_by, more.completed_by);
  take_own(rules.late, more.late);
  take_own(rules.stamp, more.stamp);
  take_own(rules.listed, more.listed);
  take_own(rules.attachment, more.attachment);
  rules.codes.insert(rules.codes.begin(), more.codes.begin(), more.codes.end());
  rules.statuses.insert(rules.statuses.begin(), more.statuses.begin(), more.statuses.end());
  if (own.refusals_tell_given) rules.refusals_tell = more.refusals_tell;
  return rules;
}

Template literal(std::string text) {
  Piece piece;
  piece.literal = std::move(text);
  return {piece};
}

class Assembly {
 public:
  Assembly(Reading& reading, BindingText& document) : reading_(reading), d_(document), b_(document.binding) {}

  void run(const Node& root) {
    for (std::size_t i = 0; i < operation_kind_count; ++i)
      b_.operations[i].answers = merged(d_.answers, d_.operations[i].answers);
    if (b_.link.empty())
      b_.link = parse_template("https://files.example.org/{run}/{number}", slots(Slot::number, Slot::run)).pieces;
    if (b_.users.password.empty()) b_.users.password = literal("");
    check_operations(root);
    check_identity();
    check_clock();
  }

 private:
  const OperationBinding& operation(OperationKind kind) const { return b_.of(kind); }
  const Node& node_of(OperationKind kind, const Node& root) const {
    const Node* node = d_.operations[static_cast<std::size_t>(kind)].node;
    return node ? *node : root;
  }

  void check_operations(const Node& root) {
    const auto& place = operation(OperationKind::place_order);
    if (!place.supported)
      reading_.error(node_of(OperationKind::place_order, root), "without place_order there is nothing to drive");
    else if (!place.answers.id.given)
      reading_.error(node_of(OperationKind::place_order, root), "where do its answers tell the order's id? Give answers.id");
    if (const auto used = d_.uses.find(Slot::attachments); used != d_.uses.end()) {
      const auto& upload = operation(OperationKind::upload);
      if (!upload.supported)
        reading_.error(*used->second, "attachments are named, but upload is unsupported");
      else if (!upload.answers.attachment.given)
        reading_.error(node_of(OperationKind::upload, root), "where do its answers tell the file's id? Give answers.attachment");
    }
    bool told = false;
    for (const auto& one : b_.operations) told = told || (one.supported && one.answers.state.given);
    if (!told && place.supported) reading_.error(root, "no answer tells an order's state: give answers.state");
  }

  void check_identity() {
    for (const Slot slot : {Slot::user_id, Slot::seller_id})
      if (const auto used = d_.uses.find(slot); used != d_.uses.end() && !b_.login.id.given)
        reading_.error(*used->second, fmt::format("{{{}}} is used, but where is it told? Give login.id", name_of(slot)));
    for (const HeaderTemplate& header : b_.key)
      if (std::ranges::none_of(header.value, [](const Piece& piece) { return piece.slot == Slot::key; }))
        reading_.error(Place{}, fmt::format("key: the header {} has no {{key}}", header.name));
  }

  void check_clock() {
    const bool is_virtual = b_.clock.barrier || !b_.clock.stamp.empty();
    if (is_virtual && b_.tolerances.granularity > Duration{1})
      reading_.error(*d_.tolerances, fmt::format("a virtual clock is judged to the microsecond: no granularity of {} beside it",
                                                 duration_text(b_.tolerances.granularity)));
  }

  Reading& reading_;
  BindingText& d_;
  Binding& b_;
};

}  // namespace

bool ReadBinding::ok() const { return !any_error(mistakes); }

ReadBinding read_binding(const std::string& text, const std::string& file_name, bool environment) {
  ReadBinding result;
  ReadOptions options;
  options.environment = environment;
  Reading reading{file_name, options};
  const Tree tree = read_tree(text);
  for (const TreeProblem& problem : tree.problems) reading.error(problem.place, problem.message);
  const bool torn = !tree.problems.empty() && !tree.root.is_map();
  if (!torn && tree.root.is_empty()) {
    reading.error(Place{}, "the file is empty");
  } else if (!torn) {
    BindingText document;
    document.binding.name = std::filesystem::path{file_name}.stem().string();
    document.binding.file = file_name;
    describe(document).read(reading, tree.root);
    if (tree.root.is_map()) Assembly{reading, document}.run(tree.root);
    result.binding = std::move(document.binding);
  }
  result.mistakes = reading.take_mistakes();
  return result;
}

ReadBinding read_binding_file(const std::string& path, bool environment) {
  std::string text;
  if (const std::string problem = slurp(path, TreeLimits{}.bytes, text); !problem.empty()) {
    ReadBinding result;
    result.mistakes.push_back({Severity::error, path, 0, 0, {}, problem});
    return result;
  }
  return read_binding(text, path, environment);
}

}  // namespace dueprocess
