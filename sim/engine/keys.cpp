#include "sim/engine/keys.hpp"

#include "sim/engine/require.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <cstdint>
#include <utility>
#include <vector>

namespace dueprocess {

bool same_request(const Operation& a, const Operation& b) {
  if (a.kind != b.kind) return false;
  if (a.kind == OperationKind::list_orders) return true;  // names no order
  if (a.order != b.order) return false;
  switch (a.kind) {
    case OperationKind::place_order:
      return a.seller == b.seller && a.due_at == b.due_at && a.price_cents == b.price_cents;
    case OperationKind::save_draft:
      return a.text == b.text && a.attachments == b.attachments && a.links == b.links;
    case OperationKind::upload:
      return a.text == b.text && a.bytes == b.bytes;
    case OperationKind::deliver:
    case OperationKind::deliver_modified:
      return a.text == b.text && a.attachments == b.attachments && a.links == b.links && a.content == b.content &&
             a.confirm_no_file == b.confirm_no_file && a.use_draft == b.use_draft;
    case OperationKind::extend_review:
      return a.extend_by_us == b.extend_by_us;
    case OperationKind::request_modification:
    case OperationKind::contact_support:
      return a.text == b.text;
    case OperationKind::list_orders:
    case OperationKind::view_order:
    case OperationKind::open_draft:
    case OperationKind::accept:
      return true;
  }
  return true;
}

namespace {

using UserKey = std::pair<std::uint32_t, std::uint64_t>;
constexpr std::uint32_t nothing = ~std::uint32_t{0};

UserKey user_key(UserId user, KeyId key) { return {number(user), number(key)}; }

}  // namespace

struct KeyStore::Impl {
  struct Entry {
    Remembered remembered;
    std::uint32_t next = nothing;  // of the same order, or the next free one
  };
  boost::unordered_flat_map<UserKey, std::uint32_t> by_key;
  boost::unordered_flat_map<std::uint64_t, std::uint32_t> by_order;  // head of the order's list
  std::vector<Entry> entries;
  std::uint32_t free = nothing;

  std::uint32_t take() {
    if (free == nothing) {
      entries.emplace_back();
      return static_cast<std::uint32_t>(entries.size() - 1);
    }
    return std::exchange(free, entries[free].next);
  }
};

KeyStore::KeyStore() : impl_(std::make_unique<Impl>()) {}
KeyStore::~KeyStore() = default;

const KeyStore::Remembered* KeyStore::find(UserId user, KeyId key) const {
  const auto found = impl_->by_key.find(user_key(user, key));
  return found == impl_->by_key.end() ? nullptr : &impl_->entries[found->second].remembered;
}

void KeyStore::remember(const Operation& operation, const Answer& answer, bool bound) {
  const std::uint32_t index = impl_->take();
  const bool fresh = impl_->by_key.emplace(user_key(operation.by, operation.key), index).second;
  require(fresh, "a key remembered twice");
  Impl::Entry& entry = impl_->entries[index];
  entry = {{operation, answer}, nothing};
  if (bound) {
    const auto [head, first] = impl_->by_order.try_emplace(number(operation.order), index);
    if (!first) entry.next = std::exchange(head->second, index);
  }
}

void KeyStore::forget(OrderId order) {
  const auto head = impl_->by_order.find(number(order));
  if (head == impl_->by_order.end()) return;
  for (std::uint32_t index = head->second; index != nothing;) {
    Impl::Entry& entry = impl_->entries[index];
    const Operation& operation = entry.remembered.operation;
    impl_->by_key.erase(user_key(operation.by, operation.key));
    const std::uint32_t next = std::exchange(entry.next, impl_->free);
    impl_->free = std::exchange(index, next);
  }
  impl_->by_order.erase(head);
}

void KeyStore::clear() {
  impl_->by_key.clear();
  impl_->by_order.clear();
  impl_->entries.clear();
  impl_->free = nothing;
}

}  // namespace dueprocess
