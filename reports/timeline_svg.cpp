#include "reports/timeline_svg.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <variant>

#include "reports/format.hpp"
#include "reports/timeline_words.hpp"

namespace dueprocess {
namespace {

constexpr int width = 1180, top = 84, line_height = 17;
constexpr int instants_right = 216, axis_x = 230, review_left = 246, review_right = 286, seller_x = 318, buyer_x = 368,
              text_x = 412;
constexpr std::size_t text_columns = 104;

constexpr std::string_view style = R"(
text{font:12px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:#1f2328}
.back{fill:#fff}.title{font-size:15px;font-weight:bold}.faint{fill:#656d76}.instant{text-anchor:end}
.head{fill:#656d76;text-anchor:middle}.axis{stroke:#8c959f}.gap{stroke:#8c959f;stroke-dasharray:2 4}
.review{fill:#ddf4ff;stroke:#54aeff}.deadline{fill:#0969da;stroke:#0969da}.void{fill:none;stroke:#8c959f}
.move{fill:none;stroke:#0969da;stroke-width:1.5}.band{fill:#bf8700;fill-opacity:.25}.down{fill:#cf222e;fill-opacity:.12;stroke:#cf222e;stroke-dasharray:4 3}
.ok{fill:none;stroke:#1a7f37;stroke-width:2.5}.refused{fill:none;stroke:#9a6700;stroke-width:2.5}.info{fill:none;stroke:#8250df;stroke-width:2.5;stroke-dasharray:3 2}
.seen{fill:#656d76}.bad{fill:#cf222e}.wrong{fill:#cf222e;font-weight:bold}.line{stroke:#d0d7de}
@media (prefers-color-scheme:dark){text{fill:#e6edf3}.back{fill:#0d1117}.faint,.head,.seen{fill:#8d96a0}.axis,.gap,.void{stroke:#6e7681}
.review{fill:#0c2d6b;stroke:#1f6feb}.deadline{fill:#58a6ff;stroke:#58a6ff}.move{stroke:#58a6ff}.band{fill:#d29922}.down{fill:#f85149;stroke:#f85149}
.ok{stroke:#3fb950}.refused{stroke:#d29922}.info{stroke:#a371f7}.bad,.wrong{fill:#f85149}.line{stroke:#30363d}}
)";

/// One line of words beside the axis, and what is drawn for it.
struct Row {
  enum class Kind : std::uint8_t { operation, evidence, violation, more, deadline, fault } kind = Kind::operation;
  std::string text;
  const Observation* observation = nullptr;
};

/// A review: the deadline in force from `from` to `to`.
struct Span {
  Instant from = never, to = never;
};
struct Move {
  Instant at = never, before = never, after = never;  // before never: a first one; after never: it is void
};

class Painter {
 public:
  Painter(std::span<const TimelineEntry> entries, const std::vector<std::string>& texts, const TimelinePicture& picture)
      : texts_(texts), picture_(picture) {
    for (const TimelineEntry& entry : entries) {
      at_ = entry.at;
      std::visit([this](const auto& what) { take(what); }, entry.what);
    }
    if (!reviews_.empty() && reviews_.back().to == never) reviews_.back().to = std::max(at_, deadline_);
    for (const Move& move : moves_)
      for (const Instant deadline : {move.before, move.after})
        if (deadline != never) rows_.try_emplace(deadline);
    // Only what falls within the order's time.
    const Instant first = rows_.empty() ? never : rows_.begin()->first, last = rows_.empty() ? never : rows_.rbegin()->first;
    for (const auto& [down, back] : picture.downtimes)
      if (back >= first && down <= last) downtimes_.emplace_back(down, back);
    for (const auto& [down, back] : downtimes_) {
      for (const auto& [at, words] : {std::pair{down, "the target goes down"}, std::pair{back, "the target is back"}})
        rows_[at].insert(rows_[at].begin(), Row{Row::Kind::fault, words, nullptr});  // before anything else at that instant
    }
    if (picture.lateness_max > Duration{0})
      for (const Move& move : moves_)
        if (move.after != never) rows_.try_emplace(move.after + picture.lateness_max);
    lay_out();
  }

  std::string paint() {
    const int height = bottom_ + 40;
    out_ = fmt::format(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" "
        "viewBox=\"0 0 {0} {1}\" role=\"img\">\n<title>{2}</title>\n<style>{3}</style>\n<rect class=\"back\" width=\"{0}\" "
        "height=\"{1}\"/>\n",
        width, height, xml_escaped(picture_.title), style);
    text(16, 28, "title", picture_.title);
    text(16, 48, "faint",
         picture_.lateness_max > Duration{0}
             ? "Time goes down, not to scale. A timer may be late by " + exact_duration(picture_.lateness_max) +
                   " (the band after a deadline)."
             : std::string{"Time goes down, not to scale. Instants are exact: no band of uncertainty."});
    head((review_left + review_right) / 2, "review");
    head(seller_x, "seller");
    head(buyer_x, "buyer");
    paint_downtimes();
    paint_reviews();
    paint_axis();
    paint_moves();
    paint_rows();
    return out_ + "</svg>\n";
  }

 private:
  // ---------------------------------------------------------------- what happened

  void row(Instant at, Row::Kind kind, std::string words, const Observation* observation = nullptr) {
    rows_[at].push_back({kind, std::move(words), observation});
  }
  void add_wrapped(Row::Kind kind, const std::string& words, const Observation* observation = nullptr) {
    const std::string lines = wrapped(words, text_columns, "");
    std::size_t from = 0;
    bool first = true;
    while (from <= lines.size()) {
      const std::size_t end = std::min(lines.find('\n', from), lines.size());
      if (end > from || first)
        row(at_,
            first                          ? kind
            : kind == Row::Kind::violation ? Row::Kind::violation
                                           : Row::Kind::more,
            (first ? "" : "    ") + lines.substr(from, end - from), first ? observation : nullptr);
      first = false;
      from = end + 1;
    }
  }

  void take(const Observation& seen) {
    const Operation& operation = seen.operation;
    if (operation.kind == OperationKind::place_order && seen.answer.outcome == Outcome::ok) {
      seller_ = operation.seller;
      buyer_ = operation.by;
    }
    if (seen.sent < at_) rows_.try_emplace(seen.sent);
    std::string words = fmt::format("{} {}", actor(operation.by), name_of(operation.kind));
    if (const std::string arguments = arguments_in_words(operation, texts_); !arguments.empty()) words += " " + arguments;
    words += seen.answer.outcome == Outcome::ok ? ": ok"
             : seen.answer.outcome == Outcome::info
                 ? ": no definite answer"
                 : fmt::format(": refused ({})", seen.answer.refusal == Refusal::none ? "no code" : name_of(seen.answer.refusal));
    if (seen.answer.state != OrderState::none) words += ", " + order_in_words(seen.answer);
    add_wrapped(Row::Kind::operation, words, &seen);
    if (seen.answer.state != OrderState::none) learn(seen.answer.state, seen.answer.deadline);
  }

  void take(const Evidence& evidence) {
    std::string words;
    if (evidence.kind == EvidenceKind::event) {
      words = fmt::format("event {} to {}", name_of(evidence.from), name_of(evidence.state));
      if (evidence.completed_by != CompletedBy::nobody) words += fmt::format(" by {}", name_of(evidence.completed_by));
    } else if (evidence.kind == EvidenceKind::notification) {
      words = fmt::format("notice {} to {}", name_of(evidence.notice), actor(evidence.to));
    } else {
      words = fmt::format("payment of {} to {}", human_money(evidence.amount_cents), actor(evidence.to));
    }
    if (evidence.at != at_ && evidence.at != never) words += ", stamped " + rfc3339(evidence.at);
    add_wrapped(Row::Kind::evidence, words);
    if (evidence.kind == EvidenceKind::event) learn(evidence.state, evidence.deadline);
  }

  void take(const Violation& violation) {
    add_wrapped(Row::Kind::violation, fmt::format("{} {}", name_of(violation.invariant), title_of(violation.invariant)));
    add_wrapped(Row::Kind::more, "expected " + violation.expected);
    add_wrapped(Row::Kind::more, "seen " + violation.seen);
  }

  void learn(OrderState state, Instant deadline) {
    const bool open = !reviews_.empty() && reviews_.back().to == never;
    if (state == OrderState::delivered && !open) reviews_.push_back({at_, never});
    if (state != OrderState::delivered && open) reviews_.back().to = at_;
    if (deadline == deadline_) return;
    moves_.push_back({at_, deadline_, deadline});
    row(at_, Row::Kind::deadline, move_in_words(moves_.back()));
    deadline_ = deadline;
  }

  static std::string move_in_words(const Move& move) {
    if (move.after == never) return "no deadline is in force any more";
    if (move.before == never) return "the deadline is " + rfc3339(move.after);
    const bool later = move.after > move.before;
    return fmt::format("the deadline moves {}{} to {}", later ? "+" : "-",
                       exact_duration(later ? move.after - move.before : move.before - move.after), rfc3339(move.after));
  }

  std::string actor(UserId user) const {
    if (user == UserId::nobody) return "nobody";
    return fmt::format("{} {}", user == seller_ ? "seller" : user == buyer_ ? "buyer" : "stranger", number(user));
  }

  // ---------------------------------------------------------------- where it is drawn

  void lay_out() {
    int y = top;
    Instant before = never;
    for (auto& [at, rows] : rows_) {
      if (before != never) {
        const double us = static_cast<double>(us_of(at - before));
        y += 10 + static_cast<int>(5 * std::log10(us + 1));
        gaps_.push_back({y, at - before});
      }
      y_[at] = y;
      y += line_height * static_cast<int>(std::max<std::size_t>(rows.size(), 1));
      before = at;
    }
    bottom_ = y;
  }
  int y_of(Instant at) const {
    const auto place = y_.lower_bound(at);
    return place == y_.end() ? bottom_ : place->second;
  }

  // ---------------------------------------------------------------- what is drawn

  void text(int x, int y, std::string_view kind, std::string_view words) {
    out_ +=
        fmt::format("<text x=\"{}\" y=\"{}\" class=\"{}\" xml:space=\"preserve\">{}</text>\n", x, y, kind, xml_escaped(words));
  }
  void head(int x, std::string_view words) { text(x, top - 16, "head", words); }

  void paint_downtimes() {
    for (const auto& [down, back] : downtimes_)
      out_ += fmt::format("<rect class=\"down\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>\n", axis_x - 6, y_of(down),
                          text_x - axis_x - 6, std::max(y_of(back) - y_of(down), 4));
  }

  void paint_reviews() {
    for (const Span& review : reviews_)
      out_ += fmt::format("<rect class=\"review\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"3\"/>\n", review_left,
                          y_of(review.from) + 4, review_right - review_left, std::max(y_of(review.to) - y_of(review.from), 6));
    if (picture_.lateness_max == Duration{0}) return;
    for (const Move& move : moves_)
      if (move.after != never)
        out_ += fmt::format("<rect class=\"band\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>\n", axis_x, y_of(move.after) + 4,
                            text_x - axis_x - 16, y_of(move.after + picture_.lateness_max) - y_of(move.after));
  }

  void paint_axis() {
    out_ += fmt::format("<line class=\"axis\" x1=\"{0}\" y1=\"{1}\" x2=\"{0}\" y2=\"{2}\"/>\n", axis_x, top - 6, bottom_ + 4);
    for (const auto& [at, y] : y_) {
      text(instants_right, y + 8, "instant", rfc3339(at, true));
      out_ +=
          fmt::format("<line class=\"line\" x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"/>\n", axis_x - 5, y + 4, text_x - 12, y + 4);
    }
    for (const auto& [y, length] : gaps_) text(instants_right, y - 8, "instant faint", "+" + exact_duration(length));
  }

  void paint_moves() {
    const int middle = (review_left + review_right) / 2;
    std::map<Instant, bool> kept;  // a deadline that was left for another one is void
    for (const Move& move : moves_) {
      if (move.before != never) kept[move.before] = move.after == never && move.at >= move.before;
      if (move.after != never) kept[move.after] = true;
    }
    for (const auto& [deadline, holds] : kept) {
      const int y = y_of(deadline) + 4;
      out_ += fmt::format("<path class=\"{}\" d=\"M{} {}l7 7l-7 7l-7 -7z\"/>\n", holds ? "deadline" : "void", middle, y - 7);
      text(review_left + 4, y + 4, holds ? "" : "faint", "D");
    }
    for (const Move& move : moves_) {
      if (move.before == never || move.after == never) continue;
      const int from = y_of(move.before) + 4, to = y_of(move.after) + 4;
      out_ += fmt::format("<path class=\"move\" d=\"M{0} {1}C{2} {1} {2} {3} {0} {3}\"><title>{4}</title></path>\n", middle + 12,
                          from, review_right + 26, to, xml_escaped(move_in_words(move)));
      out_ += fmt::format("<path class=\"deadline\" d=\"M{} {}l7 -4v8z\"/>\n", middle + 8, to);
    }
  }

  void paint_rows() {
    for (const auto& [at, rows] : rows_) {
      int y = y_[at];
      for (const Row& each : rows) {
        paint_row(each, y);
        y += line_height;
      }
    }
  }

  void paint_row(const Row& each, int y) {
    switch (each.kind) {
      case Row::Kind::operation:
        bracket(*each.observation, y);
        return text(text_x, y + 8, "", each.text);
      case Row::Kind::evidence:
        out_ += fmt::format("<circle class=\"seen\" cx=\"{}\" cy=\"{}\" r=\"2.5\"/>\n", text_x - 8, y + 4);
        return text(text_x, y + 8, "faint", each.text);
      case Row::Kind::violation:
        out_ += fmt::format("<path class=\"bad\" d=\"M{0} {1}l3 -3l3 3l3 -3l2 2l-3 3l3 3l-2 2l-3 -3l-3 3l-2 -2l3 -3l-3 -3z\"/>\n",
                            text_x - 15, y + 3);
        return text(text_x, y + 8, "wrong", each.text);
      case Row::Kind::fault:
        return text(text_x, y + 8, "bad", each.text);
      case Row::Kind::more:
      case Row::Kind::deadline:
        return text(text_x, y + 8, "faint", each.text);
    }
  }

  /// From the call to the answer, in the lane of who called.
  void bracket(const Observation& seen, int y) {
    const int x = seen.operation.by == seller_ ? seller_x : seen.operation.by == buyer_ ? buyer_x : buyer_x + 22;
    const int from = seen.sent < seen.answered ? std::min(y_of(seen.sent), y) : y - 3;
    const int to = y + 11;
    const std::string_view kind = seen.answer.outcome == Outcome::ok     ? "ok"
                                  : seen.answer.outcome == Outcome::info ? "info"
                                                                         : "refused";
    out_ += fmt::format("<path class=\"{}\" d=\"M{} {}h-6V{}h6\"/>\n", kind, x + 3, from, to);
  }

  const std::vector<std::string>& texts_;
  const TimelinePicture& picture_;
  std::string out_;
  std::map<Instant, std::vector<Row>> rows_;
  std::map<Instant, int> y_;
  std::vector<std::pair<int, Duration>> gaps_;
  std::vector<std::pair<Instant, Instant>> downtimes_;
  std::vector<Span> reviews_;
  std::vector<Move> moves_;
  UserId seller_ = UserId::nobody, buyer_ = UserId::nobody;
  Instant at_ = never, deadline_ = never;
  int bottom_ = top;
};

/// Length of the well-formed UTF-8 sequence at the beginning that XML may hold; 0: there is none.
std::size_t good_sequence(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  const unsigned first = byte(0);
  if (first < 0x80) return first >= 0x20 && first != 0x7f ? 1 : first == '\t' || first == '\n' || first == '\r' ? 1 : 0;
  const std::size_t length = first >= 0xC2 && first <= 0xDF   ? 2
                             : (first & 0xF0) == 0xE0         ? 3
                             : first >= 0xF0 && first <= 0xF4 ? 4
                                                              : 0;
  if (length == 0 || text.size() < length) return 0;
  unsigned code = first & (0x7Fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
    code = (code << 6) | (byte(i) & 0x3Fu);
  }
  const bool too_long = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
  return too_long || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF) || (code & 0xFFFE) == 0xFFFE ? 0 : length;
}

}  // namespace

std::string xml_escaped(std::string_view text) {
  std::string escaped;
  while (!text.empty()) {
    const std::size_t length = good_sequence(text);
    switch (length == 1 ? text.front() : '\0') {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\'':
        escaped += "&#39;";
        break;
      default:
        if (length == 0)
          escaped += "\xEF\xBF\xBD";
        else
          escaped += text.substr(0, length);
    }
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return escaped;
}

std::string timeline_svg(std::span<const TimelineEntry> entries, const std::vector<std::string>& texts,
                         const TimelinePicture& picture) {
  return Painter{entries, texts, picture}.paint();
}

}  // namespace dueprocess
