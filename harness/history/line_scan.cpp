#include "harness/history/line_scan.hpp"

#include <cstring>

namespace dueprocess {
namespace {

// In the order of the enumerators.
constexpr std::string_view names[] = {
    "type",         "order",        "at",          "sent",         "intended",        "op",
    "by",           "key",          "seller",      "due_at",       "price_cents",     "bytes",
    "extend_by_us", "text",         "attachments", "links",        "content",         "confirm_no_file",
    "use_draft",    "outcome",      "refusal",     "state",        "version",         "deadline",
    "completed_at", "completed_by", "late",        "listed",       "stamp",           "seen",
    "notice",       "from",         "to",          "amount_cents", "first",           "orders",
    "operations",   "evidence",     "digest",      "timers_fired", "actions_dropped", "cases_run",
    "interrupted",  "intended_ns",  "sent_ns",     "answered_ns",  "attempts",        "status",
    "failure",      "seen_ns",      "not_seen_ns", "until",        "begin_ns",        "end_ns",
    "look_ns"};
static_assert(std::size(names) == member_count);
static_assert(static_cast<unsigned>(Member::look_ns) + 1 == member_count);

// A name's place in a table of 256: its length, first, middle and last characters spread by one multiplication. That no two names
// share a place is asserted; a name found is compared as a whole.
constexpr unsigned slot_of(const char* name, std::size_t size) {
  const auto at = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(name[i])); };
  const std::uint32_t word = at(0) | at(size / 2) << 8 | at(size - 1) << 16 | static_cast<std::uint32_t>(size) << 24;
  return (word * 0x3E2434E3u) >> 24;
}
constexpr unsigned slots = 256;
constexpr std::uint8_t none = 255;

struct Table {
  std::uint8_t member[slots]{};
  bool distinct = true;
};
constexpr Table table = [] {
  Table made;
  for (std::uint8_t& slot : made.member) slot = none;
  for (unsigned i = 0; i < member_count; ++i) {
    std::uint8_t& slot = made.member[slot_of(names[i].data(), names[i].size())];
    made.distinct = made.distinct && slot == none;
    slot = static_cast<std::uint8_t>(i);
  }
  return made;
}();
static_assert(table.distinct, "two names share a place: take another multiplier");

constexpr int depth_max = 64;

/// Walks along the line. Every step says whether it went well; `wrong` says what did not.
class Walk {
 public:
  explicit Walk(std::string_view line) : at_(line.data()), end_(line.data() + line.size()) {}

  const char* at() const { return at_; }
  const char* wrong() const { return wrong_; }

  bool take(char c) {
    skip_space();
    if (at_ == end_ || *at_ != c) return false;
    ++at_;
    return true;
  }
  bool fail(const char* what) {
    wrong_ = what;
    return false;
  }
  bool at_end() {
    skip_space();
    return at_ == end_;
  }

  bool word(std::string_view& out) {
    if (!take('"')) return fail("expected a text in quotes");
    const char* begin = at_;
    for (;; ++at_) {
      if (at_ == end_) return fail("a text without its closing quote");
      const auto c = static_cast<unsigned char>(*at_);
      if (c == '"') break;
      if (c < 0x20) return fail("a control character in a text");
      if (c == '\\' && ++at_ == end_) return fail("a text without its closing quote");
    }
    out = {begin, static_cast<std::size_t>(at_ - begin)};
    ++at_;
    return true;
  }

  bool value(Value& out) {
    skip_space();
    if (at_ == end_) return fail("a member without its value");
    switch (*at_) {
      case '"':
        out.kind = ValueKind::word;
        return word(out.text);
      case 't':
        out.number = 1;
        out.kind = ValueKind::flag;
        return literal("true");
      case 'f':
        out.number = 0;
        out.kind = ValueKind::flag;
        return literal("false");
      case 'n':
        out.kind = ValueKind::null;
        return literal("null");
      case '{':
      case '[':
        out.kind = ValueKind::other;
        return pass_over();
      default:
        return number(out);
    }
  }

 private:
  void skip_space() {
    while (at_ != end_ && (*at_ == ' ' || *at_ == '\t' || *at_ == '\r' || *at_ == '\n')) ++at_;
  }
  bool literal(std::string_view text) {
    if (static_cast<std::size_t>(end_ - at_) < text.size() || std::memcmp(at_, text.data(), text.size()) != 0)
      return fail("expected a value");
    at_ += text.size();
    return true;
  }
  bool digit() const { return at_ != end_ && static_cast<unsigned char>(*at_ - '0') < 10; }

  bool number(Value& out) {
    const bool negative = at_ != end_ && *at_ == '-';
    if (negative) ++at_;
    if (!digit()) return fail("expected a value");
    const char* first = at_;
    std::uint64_t sum = 0;
    for (; digit(); ++at_) sum = sum * 10 + static_cast<unsigned char>(*at_ - '0');
    const auto digits = at_ - first;
    if (digits > 1 && *first == '0') return fail("a number with a 0 before it");
    out.kind = ValueKind::whole;
    if (at_ != end_ && (*at_ == '.' || *at_ == 'e' || *at_ == 'E')) {
      out.kind = ValueKind::fraction;
      return rest_of_fraction();
    }
    constexpr auto most = static_cast<std::uint64_t>(INT64_MAX);
    if (digits > 19 || sum > most) {  // 19 digits cannot wrap round
      out.kind = ValueKind::fraction;
      return true;
    }
    out.number = negative ? -static_cast<std::int64_t>(sum) : static_cast<std::int64_t>(sum);
    return true;
  }
  bool rest_of_fraction() {
    if (*at_ == '.') {
      ++at_;
      if (!digit()) return fail("a point without digits behind it");
      while (digit()) ++at_;
    }
    if (at_ != end_ && (*at_ == 'e' || *at_ == 'E')) {
      ++at_;
      if (at_ != end_ && (*at_ == '+' || *at_ == '-')) ++at_;
      if (!digit()) return fail("an exponent without digits");
      while (digit()) ++at_;
    }
    return true;
  }

  /// A list or an object that nobody asked for: its brackets and texts are matched, no more.
  bool pass_over() {
    char open[depth_max];
    int depth = 0;
    do {
      skip_space();
      if (at_ == end_) return fail("a bracket without its closing one");
      switch (*at_) {
        case '{':
        case '[':
          if (depth == depth_max) return fail("nested too deeply");
          open[depth++] = *at_++ == '{' ? '}' : ']';
          break;
        case '}':
        case ']':
          if (open[depth - 1] != *at_++) return fail("a bracket without its closing one");
          --depth;
          break;
        case '"': {
          std::string_view text;
          if (!word(text)) return false;
          break;
        }
        default:
          ++at_;
      }
    } while (depth > 0);
    return true;
  }

  const char* at_;
  const char* end_;
  const char* wrong_ = nullptr;
};

}  // namespace

std::string_view name_of(Member member) { return names[static_cast<unsigned>(member)]; }

const char* LineScan::read(std::string_view line) {
  line_ = line;
  present_ = 0;
  Walk walk{line};
  const auto stop = [&](const char* what) {
    column_ = static_cast<std::size_t>(walk.at() - line.data()) + 1;
    return walk.wrong() ? walk.wrong() : what;
  };
  if (!walk.take('{')) return stop("not a JSON object");
  if (!walk.take('}')) {
    do {
      std::string_view name;
      if (!walk.word(name)) return stop("expected a member's name");
      if (!walk.take(':')) return stop("a name without its colon");
      const std::uint8_t which = name.empty() ? none : table.member[slot_of(name.data(), name.size())];
      Value unknown;
      const bool known = which != none && names[which] == name;
      if (!walk.value(known ? values_[which] : unknown)) return stop("expected a value");
      if (!known) continue;
      const std::uint64_t bit = std::uint64_t{1} << which;
      if ((present_ & bit) != 0) return stop("a member that stands there twice");
      present_ |= bit;
    } while (walk.take(','));
    if (!walk.take('}')) return stop("expected a comma, or the end of the object");
  }
  return walk.at_end() ? nullptr : stop("something behind the object");
}

}  // namespace dueprocess
