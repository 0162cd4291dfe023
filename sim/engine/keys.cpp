#include "sim/engine/keys.hpp"

#include <algorithm>
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

constexpr std::uint32_t nothing = ~std::uint32_t{0};

std::uint64_t mixed(std::uint64_t x) {
  x *= 0x9E37'79B9'7F4A'7C15u;
  return x ^ (x >> 32);
}

}  // namespace

// Entries lie in one vector and are linked by their indices: into a chain of the same key hash, and, when bound, into
// one of the same order hash. So churn recycles entries and never rehashes, and forgetting an order walks one short chain.
struct KeyStore::Impl {
  struct Entry {
    Remembered remembered;
    std::uint32_t next_of_key = nothing;  // or the next free one
    std::uint32_t next_of_order = nothing;
  };
  std::vector<Entry> entries;
  std::vector<std::uint32_t> by_key = std::vector<std::uint32_t>(64, nothing);  // heads; a power of two of them
  std::vector<std::uint32_t> by_order = std::vector<std::uint32_t>(64, nothing);
  std::uint32_t free = nothing;

  std::uint32_t& key_chain(UserId user, KeyId key) {
    return by_key[mixed(number(key) + mixed(number(user))) & (by_key.size() - 1)];
  }
  std::uint32_t& order_chain(OrderId order) { return by_order[mixed(number(order)) & (by_order.size() - 1)]; }

  std::uint32_t take() {
    if (free != nothing) return std::exchange(free, entries[free].next_of_key);
    entries.emplace_back();
    if (entries.size() > by_key.size()) grow();
    return static_cast<std::uint32_t>(entries.size() - 1);
  }

  // Only from take() with nothing free: every entry but the last, which is new, is in use.
  void grow() {
    // A bound entry is one that some chain of orders holds.
    std::vector<bool> bound(entries.size());
    for (std::uint32_t head : by_order)
      for (std::uint32_t i = head; i != nothing; i = entries[i].next_of_order) bound[i] = true;
    by_key.assign(by_key.size() * 2, nothing);
    by_order.assign(by_order.size() * 2, nothing);
    for (std::uint32_t i = 0; i + 1 < entries.size(); ++i) link(i, bound[i]);
  }

  void link(std::uint32_t index, bool bound) {
    Entry& entry = entries[index];
    const Operation& operation = entry.remembered.operation;
    entry.next_of_key = std::exchange(key_chain(operation.by, operation.key), index);
    entry.next_of_order = bound ? std::exchange(order_chain(operation.order), index) : nothing;
  }

  void unlink_key(std::uint32_t index) {
    const Operation& operation = entries[index].remembered.operation;
    std::uint32_t* link = &key_chain(operation.by, operation.key);
    while (*link != index) link = &entries[*link].next_of_key;
    *link = entries[index].next_of_key;
  }
};

KeyStore::KeyStore() : impl_(std::make_unique<Impl>()) {}
KeyStore::~KeyStore() = default;

const KeyStore::Remembered* KeyStore::find(UserId user, KeyId key) const {
  for (std::uint32_t i = impl_->key_chain(user, key); i != nothing; i = impl_->entries[i].next_of_key) {
    const Remembered& remembered = impl_->entries[i].remembered;
    if (remembered.operation.by == user && remembered.operation.key == key) return &remembered;
  }
  return nullptr;
}

void KeyStore::remember(const Operation& operation, const Answer& answer, bool bound) {
  const std::uint32_t index = impl_->take();
  impl_->entries[index].remembered = {operation, answer};
  impl_->link(index, bound);
}

void KeyStore::forget(OrderId order) {
  for (std::uint32_t* link = &impl_->order_chain(order); *link != nothing;) {
    const std::uint32_t index = *link;
    Impl::Entry& entry = impl_->entries[index];
    if (entry.remembered.operation.order != order) {
      link = &entry.next_of_order;
      continue;
    }
    *link = entry.next_of_order;
    impl_->unlink_key(index);
    entry.next_of_key = std::exchange(impl_->free, index);
  }
}

void KeyStore::clear() {
  if (impl_->entries.empty()) return;
  std::fill(impl_->by_key.begin(), impl_->by_key.end(), nothing);
  std::fill(impl_->by_order.begin(), impl_->by_order.end(), nothing);
  impl_->entries.clear();
  impl_->free = nothing;
}

}  // namespace dueprocess
