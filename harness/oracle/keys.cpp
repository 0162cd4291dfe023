#include "harness/oracle/keys.hpp"

#include "harness/oracle/digest.hpp"

namespace dueprocess::judging {
namespace {
std::size_t home_of(UserId user, KeyId key, std::size_t slots) {
  return static_cast<std::size_t>(fold(number(key) ^ salt::a, number(user) ^ salt::b)) & (slots - 1);
}
}  // namespace

std::size_t Keys::slot_of(UserId user, KeyId key) const {
  std::size_t slot = home_of(user, key, slots_.size());
  for (; slots_[slot] != 0; slot = (slot + 1) & (slots_.size() - 1)) {
    const Operation& op = records_[slots_[slot]].operation;
    if (op.key == key && op.by == user) break;
  }
  return slot;
}

KeyRecord* Keys::find(UserId user, KeyId key) {
  const std::uint32_t index = slots_[slot_of(user, key)];
  return index != 0 ? &records_[index] : nullptr;
}

std::uint32_t Keys::add(const Operation& operation, const Answer& answer) {
  if (2 * (used_ + 1) > slots_.size()) grow();
  std::uint32_t index;
  if (spare_.empty()) {
    index = static_cast<std::uint32_t>(records_.size());
    records_.emplace_back();
  } else {
    index = spare_.back();
    spare_.pop_back();
  }
  const std::size_t slot = slot_of(operation.by, operation.key);
  records_[index] = KeyRecord{operation, answer, true, 0};
  slots_[slot] = index;
  ++used_;
  return index;
}

void Keys::drop(std::uint32_t first) {
  const std::size_t mask = slots_.size() - 1;
  while (first != 0) {
    const KeyRecord& record = records_[first];
    const std::uint32_t next = record.next;
    // Closes the gap: what probed over it moves back, so that no search stops short.
    std::size_t gap = slot_of(record.operation.by, record.operation.key);
    for (std::size_t i = (gap + 1) & mask; slots_[i] != 0; i = (i + 1) & mask) {
      const Operation& op = records_[slots_[i]].operation;
      const std::size_t home = home_of(op.by, op.key, slots_.size());
      if (((i - home) & mask) >= ((i - gap) & mask)) {
        slots_[gap] = slots_[i];
        gap = i;
      }
    }
    slots_[gap] = 0;
    --used_;
    spare_.push_back(first);
    first = next;
  }
}

void Keys::clear() {
  records_.resize(1);
  spare_.clear();
  slots_.assign(16, 0);
  used_ = 0;
}

void Keys::grow() {
  const std::vector<std::uint32_t> old = std::move(slots_);
  slots_.assign(2 * old.size(), 0);
  for (const std::uint32_t index : old) {
    if (index == 0) continue;
    const Operation& op = records_[index].operation;
    slots_[slot_of(op.by, op.key)] = index;
  }
}

bool same_operation(const Operation& a, const Operation& b) {
  if (a.kind != b.kind || a.by != b.by) return false;
  const Uses& uses = uses_of[static_cast<unsigned>(a.kind)];
  return (a.kind == OperationKind::list_orders || a.order == b.order) && ((uses.names & the_text) == 0 || a.text == b.text) &&
         ((uses.names & the_seller) == 0 || a.seller == b.seller) &&
         (uses.counts == 0 || (a.attachments == b.attachments && a.links == b.links)) &&
         (uses.amount == 0 || a.price_cents == b.price_cents) && (uses.due == 0 || a.due_at == b.due_at) &&
         (uses.manner == who_and_what ||
          (a.content == b.content && a.confirm_no_file == b.confirm_no_file && a.use_draft == b.use_draft));
}

bool same_answer(const Answer& a, const Answer& b) {
  return a.stamp == b.stamp && a.deadline == b.deadline && a.completed_at == b.completed_at && a.version == b.version &&
         a.listed == b.listed && a.outcome == b.outcome && a.refusal == b.refusal && a.state == b.state &&
         a.completed_by == b.completed_by && a.late == b.late;
}

}  // namespace dueprocess::judging
