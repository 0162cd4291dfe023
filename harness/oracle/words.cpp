#include "harness/oracle/words.hpp"

#include <fmt/format.h>

namespace dueprocess::judging {

std::string in_words(Instant t) {
  if (t == never) return "none";
  using namespace std::chrono;
  if (t >= sys_days{year{9999} / 12 / 31} || t < sys_days{year{1} / 1 / 1}) return fmt::format("{} us since 1970", us_of(t));
  const auto day = floor<days>(t);
  const year_month_day date{day};
  const std::int64_t us = us_of(Duration{t - day});
  const std::int64_t s = us / 1'000'000, fraction = us % 1'000'000;
  std::string text =
      fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                  static_cast<unsigned>(date.day()), s / 3600, s / 60 % 60, s % 60);
  if (fraction != 0) text += fmt::format(".{:06}", fraction);
  return text + "Z";
}

std::string in_words(const Operation& op) { return fmt::format("{} by user {}", name_of(op.kind), number(op.by)); }

std::string in_words(Outcome outcome, Refusal refusal) {
  if (outcome != Outcome::refused) return std::string{name_of(outcome)};
  return refusal == Refusal::none ? "refused without a code" : fmt::format("refused: {}", name_of(refusal));
}

std::string in_words(const Answer& a) {
  std::string text = in_words(a.outcome, a.refusal);
  if (a.state == OrderState::none) return text;
  text += fmt::format(", {}, version {}", name_of(a.state), a.version);
  if (a.deadline != never) text += ", deadline " + in_words(a.deadline);
  if (a.completed_by != CompletedBy::nobody)
    text += fmt::format(", completed by {} at {}", name_of(a.completed_by), in_words(a.completed_at));
  return text;
}

std::string in_words(const Evidence& e) {
  switch (e.kind) {
    case EvidenceKind::payment:
      return fmt::format("a payment of {}.{:02} to user {} at {}", e.amount_cents / 100,
                         e.amount_cents < 0 ? 0 : e.amount_cents % 100, number(e.to), in_words(e.at));
    case EvidenceKind::notification: {
      std::string text = fmt::format("notice \"{}\" to user {} at {}", name_of(e.notice), number(e.to), in_words(e.at));
      if (e.deadline != never) text += ", deadline " + in_words(e.deadline);
      if (e.completed_by != CompletedBy::nobody) text += fmt::format(", completed by {}", name_of(e.completed_by));
      return text;
    }
    case EvidenceKind::event:
      break;
  }
  std::string text =
      fmt::format("event {} -> {}, version {}, at {}", name_of(e.from), name_of(e.state), e.version, in_words(e.at));
  if (e.completed_by != CompletedBy::nobody) text += fmt::format(", completed by {}", name_of(e.completed_by));
  if (e.deadline != never) text += ", deadline " + in_words(e.deadline);
  return text;
}

}  // namespace dueprocess::judging
