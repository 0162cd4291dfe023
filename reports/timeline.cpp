#include "reports/timeline.hpp"

#include <fmt/format.h>

#include <variant>

#include "reports/format.hpp"
#include "reports/timeline_words.hpp"

namespace dueprocess {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t instant_width = 27, distance_width = 20, actor_width = 14, what_width = 20;
constexpr Duration near_deadline = 24h;

/// Walks along the history and knows, at each entry, who is who and which deadline is in force.
class Teller {
 public:
  Teller(const std::vector<std::string>& texts, const TextStyle& style) : texts_(texts), style_(style) {}

  std::string tell(const TimelineEntry& entry) {
    at_ = entry.at;
    if (placed_ == never) placed_ = at_;
    return std::visit([&](const auto& what) { return tell(what); }, entry.what);
  }

 private:
  std::string tell(const Observation& seen) {
    const Operation& operation = seen.operation;
    if (operation.kind == OperationKind::place_order && seen.answer.outcome == Outcome::ok) {
      seller_ = operation.seller;
      buyer_ = operation.by;
    }
    std::string line = row(actor(operation.by), name_of(operation.kind), arguments_in_words(operation, texts_));
    line += "  " + outcome(seen.answer);
    // An answer that tells nothing of the order leaves what is known of it.
    if (seen.answer.state != OrderState::none) {
      line += "  " + order_in_words(seen.answer);
      line += deadline_moved(seen.answer.deadline);
    }
    return line + "\n";
  }

  std::string tell(const Evidence& evidence) {
    switch (evidence.kind) {
      case EvidenceKind::event: {
        std::string line = row("", "· event", fmt::format("{} → {}", name_of(evidence.from), name_of(evidence.state)));
        if (evidence.completed_by != CompletedBy::nobody) line += fmt::format(" by {}", name_of(evidence.completed_by));
        line += stamp(evidence.at) + version(evidence.version);
        return faint(line + deadline_moved(evidence.deadline)) + "\n";
      }
      case EvidenceKind::notification: {
        std::string line = row("", "· notice", fmt::format("{} to {}", name_of(evidence.notice), actor(evidence.to)));
        if (evidence.completed_by != CompletedBy::nobody) line += fmt::format(", by {}", name_of(evidence.completed_by));
        if (evidence.deadline != never) line += ", deadline " + rfc3339(evidence.deadline);
        return faint(line + stamp(evidence.at)) + "\n";
      }
      case EvidenceKind::payment:
        return faint(row("", "· payment", fmt::format("{} to {}", human_money(evidence.amount_cents), actor(evidence.to))) +
                     stamp(evidence.at)) +
               "\n";
    }
    return {};
  }

  std::string tell(const Violation& violation) {
    const std::string head = fmt::format("✗ {} {}", name_of(violation.invariant), title_of(violation.invariant));
    std::string text = padded(rfc3339(violation.at, true), instant_width) + "  " + inked(head, Ink::bad, style_) + "\n";
    const std::size_t room = style_.width > 60 ? style_.width - instant_width - 4 : 40;
    const std::string indent(instant_width + 4, ' ');
    text += wrapped("expected  " + violation.expected, room, indent) + "\n";
    return text + wrapped("seen      " + violation.seen, room, indent) + "\n";
  }

  // ---------------------------------------------------------------- the parts of a line

  std::string row(std::string_view who, std::string_view what, const std::string& details) const {
    std::string line = padded(rfc3339(at_, true), instant_width) + "  " + padded(distance(), distance_width);
    line += "  " + padded(who, actor_width) + "  " + padded(what, what_width);
    return details.empty() ? line : line + "  " + details;
  }

  /// From placing; near the deadline, from it.
  std::string distance() const {
    // What follows at the very instant at which the deadline went is still told by it.
    const Instant deadline = deadline_ == never && at_ == gone_at_ ? deadline_gone_ : deadline_;
    if (deadline != never && at_ - deadline <= near_deadline && deadline - at_ <= near_deadline) {
      if (at_ == deadline) return "D";
      return at_ < deadline ? "D - " + exact_duration(deadline - at_) : "D + " + exact_duration(at_ - deadline);
    }
    return "+" + human_duration(at_ - placed_);
  }

  std::string actor(UserId user) const {
    if (user == UserId::nobody) return "nobody";
    const std::string_view role = user == seller_ ? "seller" : user == buyer_ ? "buyer" : "stranger";
    return fmt::format("{} {}", role, number(user));
  }

  std::string outcome(const Answer& answer) const {
    switch (answer.outcome) {
      case Outcome::ok:
        return inked("ok", Ink::good, style_);
      case Outcome::refused:
        return inked(fmt::format("refused ({})", answer.refusal == Refusal::none ? "no code" : name_of(answer.refusal)),
                     Ink::doubtful, style_);
      case Outcome::info:
        return inked("no definite answer", Ink::doubtful, style_);
    }
    return {};
  }

  static std::string version(std::uint32_t version) { return version == 0 ? "" : fmt::format(" v{}", version); }

  /// Only where the service's own stamp differs from the instant it was seen at.
  std::string stamp(Instant stamped) const { return stamped == at_ || stamped == never ? "" : " stamped " + rfc3339(stamped); }

  std::string deadline_moved(Instant told) {
    if (told == deadline_) return {};
    const Instant before = deadline_;
    deadline_ = told;
    if (told == never) {
      deadline_gone_ = before;
      gone_at_ = at_;
      return "  deadline gone";
    }
    if (before == never) return "  D = " + rfc3339(told);
    return fmt::format("  D = {} ({}{})", rfc3339(told), told > before ? "+" : "", exact_duration(told - before));
  }

  std::string faint(const std::string& text) const { return inked(text, Ink::faint, style_); }

  const std::vector<std::string>& texts_;
  TextStyle style_;
  UserId seller_ = UserId::nobody, buyer_ = UserId::nobody;
  Instant at_ = never, placed_ = never;
  Instant deadline_ = never;                         // in force
  Instant deadline_gone_ = never, gone_at_ = never;  // the last that was, and when it went
};

}  // namespace

std::string timeline_text(std::span<const TimelineEntry> entries, const std::vector<std::string>& texts, const TextStyle& style) {
  Teller teller{texts, style};
  std::string text;
  for (const TimelineEntry& entry : entries) text += teller.tell(entry);
  return text;
}

}  // namespace dueprocess
