// One line of a history taken apart: a JSON object whose members, where they are known, are words, whole numbers, flags or null.
// Members may stand in any order; those that are not known are passed over, whatever they hold. Nothing is copied or allocated.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace dueprocess {

/// The members that any record has; docs/history.md says which has which.
enum class Member : std::uint8_t {
  type,
  order,
  at,
  sent,
  intended,
  op,
  by,
  key,
  seller,
  due_at,
  price_cents,
  bytes,
  extend_by_us,
  text,
  attachments,
  links,
  content,
  confirm_no_file,
  use_draft,
  outcome,
  refusal,
  state,
  version,
  deadline,
  completed_at,
  completed_by,
  late,
  listed,
  stamp,
  seen,
  notice,
  from,
  to,
  amount_cents,
  first,
  orders,
  operations,
  evidence,
  digest,
  timers_fired,
  actions_dropped,
  cases_run,
  interrupted,
  intended_ns,
  sent_ns,
  answered_ns,
  attempts,
  status,
  failure,
  seen_ns,
  not_seen_ns,
  until,
  begin_ns,
  end_ns,
  look_ns,
};
inline constexpr unsigned member_count = 55;
std::string_view name_of(Member);

enum class ValueKind : std::uint8_t { null, flag, whole, fraction, word, other };

struct Value {
  std::string_view text;    // word: what stands between the quotes, escapes as they stand
  std::int64_t number = 0;  // whole; flag: 0 or 1
  ValueKind kind = ValueKind::null;
};

/// The members of one line. Valid as long as the line's text.
class LineScan {
 public:
  /// Nothing: the line is an object. Else what is wrong with it; `column` says where (1-based, bytes).
  const char* read(std::string_view line);
  std::size_t column() const { return column_; }

  bool has(Member member) const { return (present_ >> static_cast<unsigned>(member) & 1) != 0; }
  /// REQUIRES: has(member).
  const Value& operator[](Member member) const { return values_[static_cast<unsigned>(member)]; }
  /// The line as it was given.
  std::string_view line() const { return line_; }

 private:
  std::array<Value, member_count> values_;
  std::uint64_t present_ = 0;
  std::string_view line_;
  std::size_t column_ = 0;
};
static_assert(member_count <= 64);

}  // namespace dueprocess
