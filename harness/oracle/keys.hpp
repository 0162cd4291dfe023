// Idempotency keys seen so far (R16): for each (user, key) the first operation and its answer. A key belongs to a user, so the
// same key may be met with another order; the record lives as long as the order it was first used with.
#pragma once

#include "sim/workflow/answer.hpp"
#include "sim/workflow/operation.hpp"

#include <cstdint>
#include <vector>

namespace dueprocess::judging {

struct KeyRecord {
  Operation operation;
  Answer answer;
  bool settled = true;     // false: the first answer was lost
  std::uint32_t next = 0;  // of the same order; 0: the last
};

class Keys {
 public:
  Keys() { clear(); }
  /// nullptr: not seen. Valid until the next add.
  KeyRecord* find(UserId user, KeyId key);
  /// REQUIRES: not seen. Gives the record's index, for the caller's list.
  std::uint32_t add(const Operation&, const Answer&);
  KeyRecord& at(std::uint32_t index) { return records_[index]; }
  /// Forgets a whole list.
  void drop(std::uint32_t first);
  void clear();

 private:
  std::size_t slot_of(UserId user, KeyId key) const;
  void grow();

  std::vector<KeyRecord> records_;  // [0] stays empty
  std::vector<std::uint32_t> spare_;
  std::vector<std::uint32_t> slots_;  // open addressing, linear probing; 0: free; size a power of two
  std::size_t used_ = 0;
};

/// The same operation with the same arguments (those the kind uses).
bool same_operation(const Operation&, const Operation&);
/// Word for word.
bool same_answer(const Answer&, const Answer&);

}  // namespace dueprocess::judging
