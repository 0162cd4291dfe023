// An answer understood: status, fields and body of the service's in, outcome and what it tells of the order out.
#pragma once

#include "harness/target/binding/body_reader.hpp"
#include "harness/target/http/client.hpp"
#include "scenarios/language/binding.hpp"
#include "sim/workflow/answer.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace dueprocess::binding {

/// Something told, as text; what it points to lives as long as the answer and until the reader's next use.
struct Told {
  bool there = false;    // not there, or null: false
  bool is_null = false;  // there, and null
  std::string_view text;
};

/// One field source, read out of a body that was read, or of a header.
class FieldReader {
 public:
  FieldReader() = default;
  /// Adds its pointer to `wanted` when it has one.
  FieldReader(const FieldSource&, std::vector<std::string>& wanted);
  Told told(const BodyReader&, const http::Answer*) const;
  Told told_item(const BodyReader&) const;
  bool given() const { return given_; }
  Spelling as() const { return as_; }
  const Naming& naming() const { return naming_; }

 private:
  Told cut(const Found&) const;
  Told after(std::string_view) const;

  bool given_ = false, counts_ = false;
  std::size_t index_ = 0;
  std::string header_, after_;
  Spelling as_ = Spelling::plain;
  Naming naming_;
  mutable std::string counted_;
};

struct ReadAnswer {
  Answer answer;
  bool understood = false;      // false: no verdict, or an ok answer without what it must tell; then answer.outcome is info
  bool logged_out = false;      // refused as unauthenticated
  std::string_view id;          // place_order
  std::string_view attachment;  // upload
  std::string_view lacks;       // what an ok answer did not tell, or told in words that are not known: the binding's key for it
};

class AnswerReader {
 public:
  AnswerReader(const AnswerRules&, OperationKind);
  /// REQUIRES: answer.failure is none.
  ReadAnswer read(const http::Answer&);

 private:
  Meaning verdict(const http::Answer&) const;
  /// The binding's key for what could not be understood; empty: all of it was.
  std::string_view take_fields(const http::Answer&, Answer&) const;

  std::vector<std::pair<std::string, Meaning>> codes_;
  std::vector<std::pair<std::uint16_t, Meaning>> statuses_;
  OperationKind kind_;
  std::vector<std::string> wanted_;
  FieldReader code_, id_, state_, version_, deadline_, completed_at_, completed_by_, late_, stamp_, listed_, attachment_;
  BodyReader body_;
};

/// A few single fields of an answer: tokens, ids, the clock's.
class SmallReader {
 public:
  explicit SmallReader(const std::vector<FieldSource>&);
  /// False: the body is not JSON; headers are still told.
  bool read(const http::Answer&);
  Told told(std::size_t index, const http::Answer&) const;
  Instant instant(std::size_t index, const http::Answer&) const;  // never: not told, or no instant

 private:
  std::vector<std::string> wanted_;
  std::vector<FieldReader> fields_;
  BodyReader body_;
};

/// Our value for the service's word; false: not known.
bool find_word(const Naming&, std::string_view theirs, std::uint8_t& ours);

}  // namespace dueprocess::binding
