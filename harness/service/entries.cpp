#include "harness/service/entries.hpp"

#include <algorithm>

#include "harness/service/asking.hpp"

namespace dueprocess::service {

void append_arguments(std::string& to, const Ask& ask) {
  EntryWriter out{to};
  out.byte(static_cast<std::uint8_t>(ask.kind));
  out.byte(static_cast<std::uint8_t>(ask.content));
  out.byte(static_cast<std::uint8_t>((ask.confirm_no_file ? 1 : 0) | (ask.use_draft ? 2 : 0) | (ask.modified ? 4 : 0) |
                                     (ask.modified.value_or(false) ? 8 : 0)));
  out.number(number(ask.order));
  out.number(static_cast<std::uint64_t>(ask.amount));
  out.number(static_cast<std::uint64_t>(us_of(ask.due_at)));
  out.text(ask.problem);
  out.text(ask.text);
  out.text(ask.seller);
  for (const auto* list : {&ask.attachments, &ask.links}) {
    out.number(list->size());
    for (const std::string& item : *list) out.text(item);
  }
}

void read_arguments(EntryReader& in, Ask& ask) {
  ask.kind = static_cast<OperationKind>(std::min<unsigned>(in.byte(), operation_kind_count - 1));
  ask.content = static_cast<Content>(std::min<unsigned>(in.byte(), static_cast<unsigned>(Content::incomplete)));
  const std::uint8_t flags = in.byte();
  ask.confirm_no_file = (flags & 1) != 0;
  ask.use_draft = (flags & 2) != 0;
  ask.modified.reset();
  if ((flags & 4) != 0) ask.modified = (flags & 8) != 0;
  ask.order = OrderId{in.number()};
  ask.amount = static_cast<std::int64_t>(in.number());
  ask.due_at = instant_at(static_cast<std::int64_t>(in.number()));
  ask.problem = in.text();
  ask.text = in.text();
  ask.seller = in.text();
  for (auto* list : {&ask.attachments, &ask.links}) {
    list->clear();
    for (std::uint64_t left = in.number(); left > 0 && in.good(); --left) list->emplace_back(in.text());
  }
}

}  // namespace dueprocess::service
