// Idempotency keys (R16): what was asked under a key, and the first answer to it.
//
// Only operations that carry a key come here. What was asked is kept whole, so "the same operation" is compared and not
// guessed from a hash. The keys of an order go when the order is forgotten; those of operations that name no order of
// the engine stay until the next cell.
#pragma once

#include "sim/workflow/answer.hpp"
#include "sim/workflow/operation.hpp"

#include <memory>

namespace dueprocess {

/// The same kind with the same arguments; who asks and the key are not looked at.
bool same_request(const Operation&, const Operation&);

class KeyStore {
 public:
  struct Remembered {
    Operation operation;
    Answer answer;
  };

  KeyStore();
  ~KeyStore();

  /// Null: this user has not used the key. Valid until the next call of another function.
  const Remembered* find(UserId, KeyId) const;
  /// REQUIRES: find() gave null for the operation's user and key.
  /// `bound`: the operation is about an order of the engine, with which it may be forgotten.
  void remember(const Operation&, const Answer&, bool bound);
  void forget(OrderId);
  void clear();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace dueprocess
