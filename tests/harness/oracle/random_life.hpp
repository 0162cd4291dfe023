// Random lives of a few orders at random and at boundary instants, for the property tests: all drawn from a seed.
#pragma once

#include "history.hpp"
#include "sim/kernel/random.hpp"

#include <algorithm>

namespace dueprocess {

class Dice {
 public:
  Dice(std::uint64_t seed, std::uint64_t entity) : seed_{seed}, entity_{entity} {}
  /// One of 0 .. n - 1.
  std::uint32_t operator()(std::uint32_t n) {
    return static_cast<std::uint32_t>((std::uint64_t{Draws{seed_, entity_, 77, count_++}.u32(0)} * n) >> 32);
  }
  template <class T>
  T of(std::initializer_list<T> these) {
    return *(these.begin() + (*this)(static_cast<std::uint32_t>(these.size())));
  }

 private:
  std::uint64_t seed_, entity_;
  std::uint32_t count_ = 0;
};

struct Asked {
  Operation operation;
  Instant at;
};

inline Policy random_policy(Dice& dice) {
  Policy p;
  p.review_anchor = dice.of({ReviewAnchor::later, ReviewAnchor::due_date, ReviewAnchor::delivery});
  p.review_period = dice.of({days(3), days(1), hours(36)});
  if (dice(3) == 0) {
    p.days = DayRule::calendar;
    p.zone = dice.of({"Europe/Berlin", "America/New_York", "Australia/Lord_Howe"});
  }
  p.max_file_size = 1000;
  p.extensions_carry_over = dice(2) == 0;
  if (dice(2) == 0) p.max_modifications = 1;
  if (dice(2) == 0) p.max_extensions = 1 + dice(2);
  if (dice(2) == 0) p.extension_min = hours(2);
  return p;
}

/// Days around a daylight-saving change, so that calendars matter.
inline Instant random_start(Dice& dice) {
  using namespace std::chrono;
  return dice.of({Instant{sys_days{year{2026} / 3 / 26}}, Instant{sys_days{year{2026} / 10 / 22}},
                  Instant{sys_days{year{2026} / 3 / 6}}, Instant{sys_days{year{2026} / 4 / 2}}});
}

/// The shape of a life: about what a market asks, with mistakes, retries and instants just around the deadline.
inline std::vector<Asked> random_life(Dice& dice, const Policy& policy, const std::vector<Downtime>& down, OrderId order,
                                      Instant start, std::uint64_t first_key = 1) {
  using K = OperationKind;
  NaiveTarget plan{policy, down};
  std::vector<Asked> life;
  Instant now = start + Duration{dice(1'000'000)};
  const UserId mine{100 + 2 * static_cast<std::uint32_t>(number(order))},
      buys{101 + 2 * static_cast<std::uint32_t>(number(order))};
  Operation last;
  const std::uint32_t length = 3 + dice(14);
  for (std::uint32_t i = 0; i < length; ++i) {
    const auto v = plan.view(order, now);
    if (dice(3) != 0)
      now += Duration{dice(4) == 0 ? dice(3) : dice(20) == 0 ? 86'400'000'000LL * dice(9) : 3'600'000'000LL * dice(30) + dice(2)};
    if (v.deadline != never && dice(3) == 0) now = std::max(now, v.deadline + Duration{static_cast<std::int64_t>(dice(5)) - 2});
    if (v.state == OrderState::in_progress && dice(8) == 0)
      now = std::max(now, v.placed.due_at + Duration{static_cast<std::int64_t>(dice(3)) - 1});

    Operation op;
    op.order = order;
    K kind = K::view_order;
    if (v.state == OrderState::none) {
      kind = dice(10) != 0 ? K::place_order : K::view_order;
    } else if (v.state == OrderState::in_progress || v.state == OrderState::in_revision) {
      const K delivers = v.state == OrderState::in_progress ? K::deliver : K::deliver_modified;
      kind = dice.of({delivers, delivers, delivers, K::upload, K::upload, K::save_draft, K::open_draft, K::view_order});
    } else if (v.state == OrderState::delivered) {
      kind = dice.of(
          {K::accept, K::request_modification, K::request_modification, K::extend_review, K::extend_review, K::view_order});
    }
    if (dice(7) == 0) kind = static_cast<K>(1 + dice(operation_kind_count - 1));
    op.kind = kind;
    const bool sellers = kind == K::save_draft || kind == K::open_draft || kind == K::upload || is_delivery(kind);
    op.by = sellers ? mine : buys;
    if (dice(12) == 0) op.by = dice.of({mine, buys, UserId{9}, nobody});
    switch (kind) {
      case K::place_order:
        op.seller = dice(10) == 0 ? dice.of({nobody, op.by}) : mine;
        op.due_at = now + (dice(12) == 0 ? Duration{0} : dice.of({us, hours(20), days(2), days(3)}));
        op.price_cents = dice(12) == 0 ? 0 : 1 + dice(9000);
        break;
      case K::save_draft:
      case K::deliver:
      case K::deliver_modified:
        op.text = dice(6) == 0 ? TextId::blank : TextId{2 + dice(3)};
        op.attachments = static_cast<std::uint16_t>(dice(3));
        op.links = static_cast<std::uint16_t>(dice(2));
        if (kind == K::save_draft) break;
        op.use_draft = v.has_draft ? dice(2) == 0 : dice(9) == 0;
        op.confirm_no_file = dice(3) == 0;
        op.content = dice(9) == 0 ? Content::work_sample : Content::final_work;
        break;
      case K::upload:
        op.text = TextId{4};
        op.bytes = dice.of<std::int64_t>({-1, 0, 10, 999, 1000, 1000, 1001});
        break;
      case K::extend_review:
        op.extend_by_us = us_of(dice.of({Duration{0}, us, hours(2), days(1), days(10), days(10) + us}));
        break;
      case K::request_modification:
        op.text = TextId{5};
        break;
      default:
        break;
    }
    if (i > 0 && dice(8) == 0) {  // again, as a double click or a retry
      op = last;
    } else if (dice(5) == 0) {
      op.key = KeyId{first_key + dice(4)};
    }
    if (op.kind == K::place_order && v.state != OrderState::none) continue;
    if (op.kind == K::list_orders) op.order = OrderId::none;
    plan.ask(op, now);
    life.push_back({op, now});
    last = op;
  }
  return life;
}

/// Everything that the oracle is shown when the naive target is asked all this.
inline std::vector<Step> lawful_steps(const Policy& policy, const std::vector<Downtime>& down, const std::vector<Asked>& asked) {
  NaiveTarget target{policy, down};
  std::vector<Step> steps;
  for (const Asked& a : asked)
    for (Step& step : target.ask(a.operation, a.at)) steps.push_back(std::move(step));
  const Instant far = std::chrono::sys_days{std::chrono::year{2030} / 1 / 1};
  for (Step& step : target.wait(far)) steps.push_back(std::move(step));
  return steps;
}

inline void show(Oracle& oracle, const std::vector<Step>& steps) {
  for (const Step& step : steps) {
    if (step.asked) oracle.observe(step.observation);
    for (const Evidence& e : step.evidence) oracle.observe(e, step.at);
  }
}

}  // namespace dueprocess
