// Random walks: operations on a few orders by a few users, with a taste for boundaries, and what two engines make of them.
#pragma once

#include "desk.hpp"
#include "sim/kernel/random.hpp"

#include <sstream>
#include <string>
#include <tuple>

namespace dueprocess::test {

inline auto parts(const Answer& a) {
  return std::tuple{a.stamp,   a.deadline, a.completed_at, a.version,      a.listed,
                    a.outcome, a.refusal,  a.state,        a.completed_by, a.late};
}
inline auto parts(const Evidence& e) {
  return std::tuple{e.order, e.at,     e.deadline, e.amount_cents, e.to,          e.version,
                    e.kind,  e.notice, e.from,     e.state,        e.completed_by};
}
/// Any part as a number.
inline std::int64_t bits(Instant t) { return us_of(t); }
template <class T>
std::int64_t bits(T value) {
  return static_cast<std::int64_t>(value);
}
inline bool same_evidence(const std::vector<Evidence>& a, const std::vector<Evidence>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const Evidence& x, const Evidence& y) { return parts(x) == parts(y); });
}

/// The choices of one walk.
class Choices {
 public:
  Choices(std::uint64_t seed, std::uint64_t walk) : seed_(seed), walk_(walk) {}
  /// One of 0 .. n - 1.
  std::uint32_t of(std::uint32_t n) {
    return static_cast<std::uint32_t>((std::uint64_t{Draws{seed_, walk_, 0, next_++}.u32(0)} * n) >> 32);
  }
  bool one_in(std::uint32_t n) { return of(n) == 0; }
  template <class T>
  T among(std::initializer_list<T> values) {
    return values.begin()[of(static_cast<std::uint32_t>(values.size()))];
  }

 private:
  std::uint64_t seed_, walk_;
  std::uint32_t next_ = 0;
};

inline Policy random_policy(Choices& choose) {
  Policy policy;
  policy.review_period = choose.among<Duration>({72h, 72h, 10us, 0us, 25h + us, 23h});
  policy.review_anchor = choose.among({ReviewAnchor::later, ReviewAnchor::due_date, ReviewAnchor::delivery});
  if (choose.one_in(3)) {
    policy.days = DayRule::calendar;
    policy.zone = choose.among({"America/New_York", "Europe/Berlin", "Australia/Lord_Howe"});
  }
  policy.extensions_carry_over = choose.one_in(3);
  policy.max_modifications = choose.among({unlimited, unlimited, 0u, 1u, 2u});
  policy.max_extensions = choose.among({unlimited, unlimited, 0u, 1u});
  policy.extension_min = choose.among<Duration>({us, 1h});
  policy.max_file_size = choose.among<std::int64_t>({5'000'000'000, 10});
  return policy;
}

/// The next operation; sets only the fields its kind uses.
inline Operation random_operation(Choices& choose, const Policy& policy, Instant now, std::uint32_t orders) {
  Operation op;
  op.order = OrderId{1 + choose.of(orders)};
  // Mostly by the one who may, so that lives get anywhere.
  op.kind = static_cast<OperationKind>(choose.of(operation_kind_count));
  const bool sellers = op.kind >= OperationKind::save_draft && op.kind <= OperationKind::deliver_modified;
  op.by = sellers ? UserId{1} : UserId{2};
  if (choose.one_in(8)) op.by = UserId{choose.of(5)};
  if (choose.one_in(6)) op.key = KeyId{1 + choose.of(3)};
  switch (op.kind) {
    case OperationKind::place_order:
      op.seller = choose.one_in(8) ? UserId{choose.of(4)} : UserId{1};
      op.due_at = now + choose.among<Duration>({1us, 2us, 1h, 24h, 48h, 240h, 0us});
      op.price_cents = choose.one_in(8) ? choose.among<std::int64_t>({0, -1}) : 100 + choose.of(1000);
      break;
    case OperationKind::upload:
      op.text = words;
      op.bytes = choose.among<std::int64_t>({policy.max_file_size, policy.max_file_size + 1, 5, 5, 0, -1});
      break;
    case OperationKind::save_draft:
    case OperationKind::deliver:
    case OperationKind::deliver_modified:
      op.text = choose.one_in(6) ? choose.among({TextId::absent, TextId::blank}) : words;
      op.attachments = static_cast<std::uint16_t>(choose.one_in(3) ? choose.of(3) : 0);
      op.links = static_cast<std::uint16_t>(choose.of(2));
      if (op.kind == OperationKind::save_draft) break;
      op.content =
          choose.one_in(8) ? choose.among({Content::work_sample, Content::draft, Content::incomplete}) : Content::final_work;
      op.confirm_no_file = choose.one_in(2);
      op.use_draft = choose.one_in(4);
      break;
    case OperationKind::extend_review:
      op.extend_by_us = us_of(choose.among<Duration>({1us, 1h, 5h, 240h, 240h + us, 0us, -1us, 1h - us}));
      break;
    case OperationKind::request_modification:
    case OperationKind::contact_support:
      op.text = choose.among({TextId::absent, TextId::blank, words});
      break;
    default:
      break;
  }
  return op;
}

/// How far the clock goes: nowhere, a little, up to around the next deadline, or far.
inline Instant random_step(Choices& choose, Instant now, Instant next_timer) {
  switch (choose.of(8)) {
    case 0:
    case 1:
      return now;
    case 2:
      return now + Duration{choose.of(4)};
    case 3:
      return now + Duration{std::int64_t{choose.of(1u << 31)} * 20};  // up to half a day
    case 4:
      return now + std::chrono::hours{choose.of(100)};
    default:
      if (next_timer == never) return now + 1h;
      return std::max(now, next_timer + Duration{std::int64_t{choose.of(5)} - 2});
  }
}

/// One random life of four orders: everything answered and seen, as one text.
template <class E>
std::string trace_of(E&& engine, const Policy& policy, Choices& choose) {
  Instant now = start;
  std::ostringstream out;
  for (int step = 0; step < 80; ++step) {
    const Instant to = random_step(choose, now, engine.next_timer());
    while (engine.next_timer() <= to) engine.fire_next();
    if (choose.one_in(30)) engine.restart(now, to);
    now = to;
    while (engine.next_timer() <= now) engine.fire_next();
    Answer answer;
    engine.perform(random_operation(choose, policy, now, 4), now, answer);
    std::apply([&](auto... part) { ((out << bits(part) << ' '), ...); }, parts(answer));
  }
  for (const Evidence& e : engine.evidence()) std::apply([&](auto... part) { ((out << bits(part) << ' '), ...); }, parts(e));
  return out.str();
}

}  // namespace dueprocess::test
