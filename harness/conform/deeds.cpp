#include "harness/conform/deeds.hpp"

#include <algorithm>

namespace dueprocess {
namespace {

using enum OperationKind;
constexpr Duration tick_of_time{1};
constexpr TextId some_text = TextId::first_real;

Operation kind_of(OperationKind kind) {
  Operation operation;
  operation.kind = kind;
  return operation;
}
Operation delivery(OperationKind kind, std::uint16_t links, TextId text = some_text, Content content = Content::final_work) {
  Operation operation = kind_of(kind);
  operation.links = links;
  operation.text = text;
  operation.content = content;
  return operation;
}
Operation extension(Duration by) {
  Operation operation = kind_of(extend_review);
  operation.extend_by_us = us_of(by);
  return operation;
}
Operation file(std::int64_t bytes) {
  Operation operation = kind_of(upload);
  operation.text = some_text;
  operation.bytes = bytes;
  return operation;
}
Operation said(OperationKind kind) {
  Operation operation = kind_of(kind);
  operation.text = some_text;
  return operation;
}

}  // namespace

std::vector<Deed> deeds_under(const Policy& policy, bool whole_files) {
  const Duration day = std::chrono::hours{24};
  std::vector<Deed> deeds;
  const auto add = [&deeds](std::string_view name, Party by, const Operation& operation) {
    deeds.push_back({name, DeedKind::operation, by, operation});
  };
  add("deliver", Party::seller, delivery(deliver, 1));
  add("deliver nothing", Party::seller, delivery(deliver, 0));
  Operation confirmed = delivery(deliver, 0);
  confirmed.confirm_no_file = true;
  add("deliver nothing, confirmed", Party::seller, confirmed);
  add("deliver without words", Party::seller, delivery(deliver, 1, TextId::blank));
  add("deliver a sample", Party::seller, delivery(deliver, 1, some_text, Content::work_sample));
  add("deliver a sample without words", Party::seller, delivery(deliver, 1, TextId::blank, Content::work_sample));
  Operation drafted = delivery(deliver, 0, TextId::absent);
  drafted.use_draft = true;
  add("deliver the draft", Party::seller, drafted);
  Operation attached = delivery(deliver, 0);
  attached.attachments = 1;
  add("deliver a file", Party::seller, attached);
  add("deliver_modified", Party::seller, delivery(deliver_modified, 1));
  Operation draft = said(save_draft);
  draft.links = 1;
  add("save_draft", Party::seller, draft);
  add("open_draft", Party::seller, kind_of(open_draft));
  if (whole_files) {
    add("upload of the greatest size", Party::seller, file(policy.max_file_size));
    add("upload of a byte more", Party::seller, file(policy.max_file_size + 1));
  } else {
    add("upload", Party::seller, file(std::min<std::int64_t>(policy.max_file_size, 1'000)));
  }
  add("accept", Party::buyer, kind_of(accept));
  add("request_modification", Party::buyer, said(request_modification));
  add("extend_review by a day", Party::buyer, extension(std::clamp(day, policy.extension_min, policy.extension_max)));
  add("extend_review by the most", Party::buyer, extension(policy.extension_max));
  add("extend_review by more", Party::buyer, extension(policy.extension_max + tick_of_time));
  add("contact_support", Party::buyer, said(contact_support));
  add("view_order", Party::buyer, kind_of(view_order));
  add("the seller accepts", Party::seller, kind_of(accept));
  add("the buyer delivers", Party::buyer, delivery(deliver, 1));
  add("a stranger looks", Party::stranger, kind_of(view_order));
  add("a stranger accepts", Party::stranger, kind_of(accept));
  add("somebody not logged in looks", Party::anyone, kind_of(view_order));
  add("somebody not logged in accepts", Party::anyone, kind_of(accept));
  deeds.push_back({"the same again, with its key", DeedKind::repeat, Party::buyer, {}});
  deeds.push_back({"restart", DeedKind::restart, Party::anyone, {}});
  return deeds;
}

std::vector<Instant> instants_from(Instant now, Instant due, const Policy& policy, const Standing& standing) {
  std::vector<Instant> instants{now};
  const auto around = [&instants](Instant at) {
    if (at == never) return;
    for (const Duration off : {-tick_of_time, Duration{0}, tick_of_time}) instants.push_back(at + off);
  };
  around(due);
  around(standing.deadline);
  around(standing.previous);
  if (standing.state == OrderState::in_progress) around(due + policy.review_period);  // where an early order would be completed
  std::erase_if(instants, [now](Instant at) { return at < now; });
  std::sort(instants.begin(), instants.end());
  instants.erase(std::unique(instants.begin(), instants.end()), instants.end());
  return instants;
}

std::string_view boundary_name(Instant at, Instant due, const Standing& standing) {
  const auto near = [at](Instant boundary, std::size_t first) -> std::string_view {
    if (boundary == never) return {};
    if (at == boundary - tick_of_time) return boundary_names[first];
    if (at == boundary) return boundary_names[first + 1];
    return at == boundary + tick_of_time ? boundary_names[first + 2] : std::string_view{};
  };
  if (const std::string_view name = near(standing.deadline, 4); !name.empty()) return name;
  if (const std::string_view name = near(standing.previous, 7); !name.empty()) return name;
  if (const std::string_view name = near(due, 1); !name.empty()) return name;
  return at == standing.effect_at ? boundary_names[0] : boundary_names[10];
}

}  // namespace dueprocess
