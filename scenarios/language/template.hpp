// Templates: text with placeholders, {name} or {name|format}. A plain { is written {{, a plain } is }}.
//
//   POST /v1/orders/{order}/extensions        due_at: "{due_at|epoch_ms}"        price: "{price|decimal}"
//
// What a placeholder's value is fixes which formats fit. Numbers are exact: an instant that is no whole number of milliseconds
// is written with up to three decimals by epoch_ms, and so on.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dueprocess {

enum class Slot : std::uint8_t {
  literal,
  // whom and what an operation is about
  order,      // the service's id
  user,       // who asks: the name he logs in with
  user_id,    // ... his id, as the login told it
  seller,     // place_order: whom it is placed with
  seller_id,  // ...
  due_at,
  price,
  description,
  message,
  file_name,
  bytes,
  content,
  confirm_no_file,
  use_draft,
  modified,     // deliver_modified rather than deliver
  attachments,  // ids, as a list
  attachment,   // inside each_attachment
  links,
  link,  // inside each_link
  extend_by,
  // around it
  number,  // of a user, of a link
  run,     // a text of this run's own
  key,     // of an idempotency key
  password,
  token,
  basic,  // user:password in base64
  at,     // stamped: the request's instant
  to,     // the clock: where it is set or advanced to
  cursor,
  wait,  // how long a page may be held back
  limit,
  url,  // webhooks: where the harness listens
};
inline constexpr unsigned slot_count = static_cast<unsigned>(Slot::url) + 1;

/// What a slot holds.
enum class SlotType : std::uint8_t { text, instant, duration, money, count, flag, list };

enum class Spelling : std::uint8_t {
  plain,
  // instants
  rfc3339,
  epoch_s,
  epoch_ms,
  epoch_us,
  // lengths of time
  iso8601,
  microseconds,
  milliseconds,
  seconds,
  minutes,
  hours,
  days,
  // money
  minor,
  decimal,
};
std::string_view name_of(Spelling);

enum class Escape : std::uint8_t { by_place, json, url };  // by_place: as where it stands needs it

struct Piece {
  Slot slot = Slot::literal;
  Spelling spelling = Spelling::plain;
  Escape escape = Escape::by_place;
  bool as_text = false;   // a string in JSON although it is a number or a flag
  bool optional = false;  // alone in a JSON member: the member is left out where there is nothing to say
  std::string literal;
};
using Template = std::vector<Piece>;

SlotType type_of(Slot);
std::string_view name_of(Slot);

/// Which slots a place knows: a bit each.
using Slots = std::uint64_t;
constexpr Slots slots() { return 0; }
template <class... More>
constexpr Slots slots(Slot first, More... more) {
  return (Slots{1} << static_cast<unsigned>(first)) | slots(more...);
}
constexpr bool has(Slots set, Slot slot) { return (set >> static_cast<unsigned>(slot) & 1) != 0; }
std::vector<std::string> names_of(Slots);

struct ParsedTemplate {
  Template pieces;
  std::string problem;  // empty: none
  std::size_t at = 0;   // of the problem, in bytes
};
ParsedTemplate parse_template(std::string_view text, Slots known);

/// A word for the formats of a type: "rfc3339, epoch_s, epoch_ms, epoch_us".
std::vector<std::string> spellings_of(SlotType);
/// Nothing: no such format for this type.
bool find_spelling(SlotType, std::string_view name, Spelling& out);
/// What stands where no format is given.
Spelling default_spelling(SlotType);

}  // namespace dueprocess
