// The parts of a binding as they are described.
#pragma once

#include "scenarios/language/binding.hpp"
#include "scenarios/language/inlet.hpp"

#include <map>

namespace dueprocess {

/// What was written under `answers`, for all operations or for one; merged when the whole file was read.
struct AnswersText {
  AnswerRules rules;
  bool refusals_tell_given = false;
};

struct OperationText {
  const Node* node = nullptr;
  AnswersText answers;
};

struct BindingText {
  Binding binding;
  AnswersText answers;
  std::array<OperationText, operation_kind_count> operations;
  const Node *login = nullptr, *observe = nullptr, *clock = nullptr, *tolerances = nullptr;
  // where a template was written, to tell what is missing elsewhere; by slot
  std::map<Slot, const Node*> uses;
};

// ---------------------------------------------------------------------------------------------- requests

/// Remembers in `uses` which slots are filled in, and where.
using SlotUses = std::map<Slot, const Node*>;

Inlet template_text(Template&, Slots, SlotUses&, std::string what);
Inlet headers(std::vector<HeaderTemplate>&, Slots, SlotUses&);
/// `METHOD /path`, or a mapping with more of it. `more` describes what else stands in that mapping.
Inlet request(RequestTemplate&, Slots, SlotUses&, std::string what, std::function<void(Mapping&)> more = {});

/// Says in `there` that it was written at all.
Inlet marking(bool& there, Inlet);

// ---------------------------------------------------------------------------------------------- answers

/// What a field may hold.
struct FieldKind {
  bool is_instant = false, is_money = false, is_list = false, in_body_only = false;
  std::vector<std::string> ours;  // it is one of these words, under names of the service's own
  std::uint8_t first = 0;         // our value of ours[0]
};
Inlet field(FieldSource&, FieldKind);
FieldKind text_field();
FieldKind instant_field();
FieldKind state_field();
FieldKind completed_by_field();
Mapping describe(AnswersText&);
Inlet statuses(std::vector<std::uint16_t>&);
/// One text or several.
Inlet texts(std::vector<std::string>&);
/// Empty: it is a JSON pointer. Otherwise what is wrong.
std::string pointer_problem(std::string_view);

// ---------------------------------------------------------------------------------------------- the rest

Slots slots_of(OperationKind);
Mapping describe_observe(ObserveBinding&, SlotUses&);
Mapping describe(BindingText&);

}  // namespace dueprocess
