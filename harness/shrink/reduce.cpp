#include "harness/shrink/reduce.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "harness/shrink/ddmin.hpp"
#include "harness/shrink/plot_text.hpp"

namespace dueprocess {
namespace {

using namespace std::chrono_literals;
using enum OperationKind;

constexpr std::size_t pairs_max = 60;  // acts of an order; above, pairs would take longer than they are worth

std::size_t parties_in(const Plot& plot) {
  std::size_t count = 0;
  for (const OrderPlot& order : plot.orders) {
    std::set<Party> parties{Party::buyer};
    for (const Act& act : order.acts) parties.insert(act.by);
    count += parties.size();
  }
  return count;
}

/// A key is repeated from the act before; where that one was left out there is nothing to repeat.
void mend_keys(std::vector<Act>& acts, const std::vector<Act>& before) {
  const auto same = [](const Act& a, const Act& b) {
    return a.at == b.at && a.by == b.by && a.operation.kind == b.operation.kind && a.same_key == b.same_key;
  };
  std::size_t from = 0;
  bool follows = false;  // the act before is the one that was before it
  for (Act& act : acts) {
    std::size_t i = from;
    while (i < before.size() && !same(before[i], act)) ++i;
    if (act.same_key && !(follows && i == from)) act.same_key = false;
    from = i + 1;
    follows = true;
  }
}

}  // namespace

Size size_of(const Plot& plot, const std::vector<std::string>& texts) {
  PlotHeading heading;
  heading.name = "x";
  return {plot.orders.size(), plot.restarts.size() + plot.faults.size(), plot.operations(), plot.idle_orders,
          parties_in(plot),   plot_text(plot, texts, heading).size()};
}

Reducer::Reducer(Stage& stage, Invariant invariant, Plot plot, std::function<bool()> out_of_time)
    : stage_(stage),
      invariant_(invariant),
      plot_(std::move(plot)),
      size_(size_of(plot_, stage.base().texts)),
      out_of_time_(std::move(out_of_time)) {}

bool Reducer::legal(const Plot& candidate) const {
  const Played played = stage_.correct(candidate);
  if (played.violations > 0) return false;
  for (std::size_t i = 0; i < candidate.orders.size(); ++i) {
    const std::vector<Act>& acts = candidate.orders[i].acts;
    const std::vector<Answer>& answers = played.orders[i].answers;
    if (answers.size() != acts.size()) return false;  // an instant that had passed
    for (std::size_t k = 0; k < acts.size(); ++k)
      if (acts[k].taken != (answers[k].outcome == Outcome::ok)) return false;
  }
  return true;
}

bool Reducer::try_it(Plot candidate) {
  if (ran_out_ || (ran_out_ = out_of_time_())) return false;
  const Size size = size_of(candidate, stage_.base().texts);
  if (size >= size_ || !legal(candidate) || !stage_.suspect(candidate).breaks(invariant_)) return false;
  plot_ = std::move(candidate);
  size_ = size;
  ++steps_;
  return true;
}

void Reducer::reduce() {
  Size before;
  do {
    before = size_;
    drop_orders();
    drop_faults();
    simplify_deliveries();
    drop_acts();
    drop_pairs();
    merge_actors();
    simplify_policy();
    lower_idle_orders();
    simplify_start();
    simplify_due();
    simplify_instants();
    simplify_restarts();
    simplify_arguments();
  } while (size_ < before && !ran_out_);
}

// ---------------------------------------------------------------------------------------------- what is in it

void Reducer::drop_orders() {
  if (plot_.orders.size() < 2) return;
  std::vector<OrderPlot> orders = plot_.orders;
  ddmin(orders, [this](const std::vector<OrderPlot>& fewer) {
    Plot candidate = plot_;
    candidate.orders = fewer;
    return !fewer.empty() && try_it(std::move(candidate));
  });
  if (plot_.orders.size() == 1 && plot_.one_cell) {
    Plot alone = plot_;
    alone.one_cell = false;  // one order is a cell of its own
    if (stage_.suspect(alone).breaks(invariant_)) plot_ = std::move(alone);
  }
}

void Reducer::drop_faults() {
  std::vector<RestartPlan> restarts = plot_.restarts;
  ddmin(restarts, [this](const std::vector<RestartPlan>& fewer) {
    Plot candidate = plot_;
    candidate.restarts = fewer;
    return try_it(std::move(candidate));
  });
  std::vector<FaultPlan> faults = plot_.faults;
  ddmin(faults, [this](const std::vector<FaultPlan>& fewer) {
    Plot candidate = plot_;
    candidate.faults = fewer;
    return try_it(std::move(candidate));
  });
}

/// A delivery by a link needs no files, no drafts, no words of its own.
void Reducer::simplify_deliveries() {
  for (std::size_t i = 0; i < plot_.orders.size(); ++i) {
    Plot candidate = plot_;
    std::vector<Act>& acts = candidate.orders[i].acts;
    for (Act& act : acts) {
      Operation& operation = act.operation;
      if (act.looks || !is_delivery(operation.kind) || !act.taken) continue;
      operation.links = 1;
      operation.attachments = 0;
      operation.use_draft = operation.confirm_no_file = false;
      operation.text = TextId::first_real;
    }
    std::erase_if(
        acts, [](const Act& act) { return !act.looks && (act.operation.kind == upload || act.operation.kind == save_draft); });
    mend_keys(acts, plot_.orders[i].acts);
    try_it(std::move(candidate));
  }
}

void Reducer::drop_acts() {
  for (std::size_t i = 0; i < plot_.orders.size(); ++i) {
    std::vector<Act> acts = plot_.orders[i].acts;
    ddmin(acts, [this, i](const std::vector<Act>& fewer) {
      Plot candidate = plot_;
      candidate.orders[i].acts = fewer;
      mend_keys(candidate.orders[i].acts, plot_.orders[i].acts);
      return try_it(std::move(candidate));
    });
  }
}

/// What must go together: a request for a modification with its delivery, an upload with the draft that names it. A delivery of
/// modified work is a first one when the first has gone.
void Reducer::drop_pairs() {
  for (std::size_t i = 0; i < plot_.orders.size(); ++i) {
    for (std::size_t a = 0; a < plot_.orders[i].acts.size() && plot_.orders[i].acts.size() <= pairs_max; ++a) {
      for (std::size_t b = a + 1; b < plot_.orders[i].acts.size(); ++b) {
        Plot candidate = plot_;
        std::vector<Act>& acts = candidate.orders[i].acts;
        acts.erase(acts.begin() + static_cast<std::ptrdiff_t>(b));
        acts.erase(acts.begin() + static_cast<std::ptrdiff_t>(a));
        mend_keys(acts, plot_.orders[i].acts);
        Plot again = candidate;
        if (!try_it(std::move(candidate))) {
          const auto first = std::find_if(again.orders[i].acts.begin(), again.orders[i].acts.end(),
                                          [](const Act& act) { return !act.looks && is_delivery(act.operation.kind); });
          if (first == again.orders[i].acts.end() || first->operation.kind != deliver_modified) continue;
          first->operation.kind = deliver;
          if (!try_it(std::move(again))) continue;
        }
        b = a;  // the same place holds another act now
        if (a >= plot_.orders[i].acts.size()) break;
      }
    }
  }
}

/// Looks and tickets are anybody's: by one who has a part in it already.
void Reducer::merge_actors() {
  for (std::size_t i = 0; i < plot_.orders.size(); ++i)
    for (std::size_t k = 0; k < plot_.orders[i].acts.size(); ++k)
      for (const Party party : {Party::buyer, Party::seller}) {
        Plot candidate = plot_;
        candidate.orders[i].acts[k].by = party;
        try_it(std::move(candidate));
      }
}

void Reducer::simplify_policy() {
  const Policy usual;
  Plot whole = plot_;
  whole.policy = usual;
  whole.policy.after_deadline = plot_.policy.after_deadline;  // what the target is, not what the order is
  if (try_it(std::move(whole))) return;
  const auto with = [this](auto change) {
    Plot candidate = plot_;
    change(candidate.policy);
    try_it(std::move(candidate));
  };
  with([&](Policy& policy) { policy.review_period = usual.review_period; });
  with([&](Policy& policy) { policy.review_anchor = usual.review_anchor; });
  with([&](Policy& policy) {
    policy.days = usual.days;
    policy.zone.clear();
  });
  with([&](Policy& policy) { policy.max_file_size = usual.max_file_size; });
  with([&](Policy& policy) { policy.extensions_carry_over = usual.extensions_carry_over; });
  with([&](Policy& policy) { policy.max_modifications = usual.max_modifications; });
  with([&](Policy& policy) { policy.max_extensions = usual.max_extensions; });
  with([&](Policy& policy) { policy.extension_min = usual.extension_min; });
  with([&](Policy& policy) { policy.extension_max = usual.extension_max; });
}

/// What hangs on an order's number hangs on a smaller one too, mostly.
void Reducer::lower_idle_orders() {
  if (plot_.idle_orders == 0 || ran_out_) return;
  constexpr std::uint64_t looked_through = 20'000;
  for (std::uint64_t idle = 0; idle < std::min(plot_.idle_orders, looked_through); ++idle) {
    Plot candidate = plot_;
    candidate.idle_orders = idle;
    if (try_it(std::move(candidate)) || ran_out_) return;
  }
}

}  // namespace dueprocess
