#include "harness/conform/explore.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "harness/conform/player.hpp"
#include "harness/drive/target_engine.hpp"
#include "harness/shrink/expectations.hpp"
#include "sim/engine/engine.hpp"

namespace dueprocess {
namespace {

using Sequence = std::vector<ConformStep>;

constexpr std::uint64_t asked_every = 1u << 12;  // sequences between two looks at the time

struct Node {
  Sequence path;
  Standing standing;
  Instant now = never;
};

class Exploration {
 public:
  explicit Exploration(const ConformWishes& wishes)
      : wishes_(wishes),
        deeds_(deeds_under(wishes.policy, wishes.whole_files)),
        right_(wishes_.policy, deeds_, beginning_, wishes_.policy, OrderRange{OrderId{1}, 1}) {
    beginning_.placed = instant_at(1'772'409'600'000'000);  // 2026-03-02
    beginning_.due = beginning_.placed + std::chrono::hours{72};
    if (wishes.live) return;
    if (wishes.target)
      own_.emplace(wishes_.policy, deeds_, beginning_, wishes_.target, wishes_.policy);
    else if (wishes.bugs.any())
      seeded_.emplace(wishes_.policy, deeds_, beginning_, wishes_.policy, OrderRange{OrderId{1}, 1}, wishes_.bugs);
  }

  Conformance explore() {
    for (const Deed& deed : deeds_) result_.deeds.push_back(deed.name);
    for (auto& counts : result_.by_state) counts.resize(deeds_.size());
    for (auto& counts : result_.by_boundary) counts.resize(deeds_.size());
    Node root;
    root.standing.state = OrderState::in_progress;
    root.now = beginning_.placed;
    std::vector<Node> nodes{root};
    known_.insert(root.standing);
    try_sequence({}, root);  // left alone from the beginning
    for (unsigned level = 1; level <= wishes_.depth && result_.whole; ++level) {
      next_.clear();
      is_last_ = level == wishes_.depth;
      for (const Node& node : nodes) {
        expand(node);
        if (!result_.whole) break;
      }
      if (result_.whole) result_.depth = level;
      nodes = std::move(next_);
    }
    play_pass();
    result_.standings = known_.size();
    show_broken();
    return std::move(result_);
  }

 private:
  void expand(const Node& node) {
    // What only reads carries no key over a wire.
    const auto is_keyed = [&](std::size_t back) {
      if (node.path.size() < back) return false;
      const Deed& deed = deeds_[node.path[node.path.size() - back].deed];
      return deed.kind == DeedKind::operation && deed.operation.kind != OperationKind::view_order &&
             deed.operation.kind != OperationKind::open_draft;
    };
    const bool restarted = !node.path.empty() && deeds_[node.path.back().deed].kind == DeedKind::restart;
    const bool can_repeat = is_keyed(1) || (restarted && is_keyed(2));
    for (const Instant at : instants_from(node.now, beginning_.due, wishes_.policy, node.standing)) {
      for (std::size_t deed = 0; deed < deeds_.size(); ++deed) {
        const DeedKind kind = deeds_[deed].kind;
        if (kind == DeedKind::repeat && !can_repeat) continue;
        if (kind == DeedKind::restart && (wishes_.live || node.standing.restarted)) continue;
        Sequence path = node.path;
        // At one instant it goes down before anybody acts, so after what was done at this one it goes down at the next.
        path.push_back({kind == DeedKind::restart && at == node.now ? at + Duration{1} : at, static_cast<std::uint8_t>(deed)});
        try_sequence(path, node);
        if (!result_.whole) return;
      }
    }
  }

  void try_sequence(const Sequence& path, const Node& from) {
    right_.play(path, played_);
    ++result_.sequences;
    result_.steps += path.size();
    for (unsigned rule = 1; rule <= rule_count; ++rule)
      if ((played_.rules >> rule & 1) != 0) ++result_.rules.reached[rule];
    if (!path.empty()) {
      count(path.back(), from);
      go_on(path, from);
    }
    if (wishes_.live) {
      pass_.push_back(path);
      if (pass_.size() >= wishes_.orders_a_pass) play_pass();
    } else if (own_ || seeded_) {
      if (own_)
        own_->play(path, suspect_);
      else
        seeded_->play(path, suspect_);
      judge(path, suspect_.violations);
    } else {
      judge(path, played_.violations);
    }
    if ((result_.sequences % asked_every == 0 || wishes_.live) && wishes_.out_of_time()) result_.whole = false;
  }

  void count(const ConformStep& step, const Node& from) {
    const bool over = from.standing.deadline <= step.at;  // never is later than any
    const OrderState state = over ? OrderState::completed : from.standing.state;
    ++result_.by_state[static_cast<std::size_t>(state)][step.deed];
    const std::string_view boundary =
        step.at == from.now ? boundary_names[0] : boundary_name(step.at, beginning_.due, from.standing);
    const auto* const name = std::find(std::begin(boundary_names), std::end(boundary_names), boundary);
    ++result_.by_boundary[static_cast<std::size_t>(name - std::begin(boundary_names))][step.deed];
  }

  void go_on(const Sequence& path, const Node& from) {
    if (is_last_) return;
    Node node;
    node.standing = standing_after(path.back(), from);
    node.now = std::max(played_.now, path.back().at);
    if (!known_.insert(node.standing).second) return;
    node.path = path;
    next_.push_back(std::move(node));
  }

  Standing standing_after(const ConformStep& step, const Node& from) const {
    const auto more = [](std::uint8_t count) { return static_cast<std::uint8_t>(std::min(count + 1, 3)); };
    const Deed& deed = deeds_[step.deed];
    const Answer& answer = played_.answers.back();
    Standing after = from.standing;
    after.state = played_.last.state;
    after.late = played_.last.late;
    if (played_.last.deadline != from.standing.deadline) {
      if (from.standing.deadline != never) after.previous = from.standing.deadline;
      after.deadline = played_.last.deadline;
    }
    if (deed.kind == DeedKind::restart) {
      after.restarted = true;
      after.effect_at = played_.now;
      return after;
    }
    if (deed.kind == DeedKind::repeat) return after;  // the first one's effect, or none
    const bool taken = answer.outcome == Outcome::ok && deed.by != Party::anyone && deed.by != Party::stranger;
    const OperationKind kind = deed.operation.kind;
    if (taken && can_transition(kind)) {
      after.effect_at = step.at;
      after.idle = 0;
      if (is_delivery(kind)) {
        after.uploads = after.extensions = 0;
        after.draft = after.draft && !deed.operation.use_draft;
      }
      if (kind == OperationKind::extend_review) after.extensions = more(after.extensions);
      if (kind == OperationKind::request_modification) after.modifications = more(after.modifications);
    } else if (taken && kind == OperationKind::upload) {
      after.uploads = more(after.uploads);
      after.idle = 0;
    } else if (taken && kind == OperationKind::save_draft) {
      after.draft = true;
      after.idle = 0;
    } else if (kind != OperationKind::view_order) {
      after.idle = static_cast<std::uint8_t>(static_cast<unsigned>(kind) + 1);
    }
    return after;
  }

  void judge(const Sequence& path, const std::vector<Violation>& violations) {
    for (const Violation& violation : violations) {
      Broken& broken = result_.broken[violation.invariant];
      if (broken.times++ == 0 || path.size() < paths_[violation.invariant].size()) {
        paths_[violation.invariant] = path;
        broken.invariant = violation.invariant;
        broken.expected = violation.expected;
        broken.seen = violation.seen;
        broken.rule = rule_of(violation.invariant, operation_at(path, violation.at));
      }
      ++result_.rules.broken[rule_of(violation.invariant, operation_at(path, violation.at))];
    }
  }
  const Operation* operation_at(const Sequence& path, Instant at) const {
    const Operation* last = nullptr;
    for (const ConformStep& step : path)
      if (step.at <= at && deeds_[step.deed].kind == DeedKind::operation) last = &deeds_[step.deed].operation;
    return last;
  }

  // ---------------------------------------------------------------- live: many sequences in one pass of the clock

  void play_pass() {
    if (pass_.empty()) return;
    play_these(pass_);
    pass_.clear();
  }
  /// A tally keeps the first findings only: where one is of a kind not seen yet and not kept, the pass is played again in halves.
  void play_these(std::span<const Sequence> sequences) {
    Plot plot = plot_of_all(sequences);
    const Played played = stage().suspect(plot);
    ++result_.passes;
    std::set<Invariant> kept;
    for (const Violation& violation : played.samples) {
      if (violation.order == OrderId::none || number(violation.order) > sequences.size()) continue;
      judge(sequences[number(violation.order) - 1], {violation});
      kept.insert(violation.invariant);
    }
    bool unseen = false;
    for (unsigned i = 0; i < invariant_count; ++i)
      unseen = unseen || (played.violations_by[i] > 0 && !result_.broken.contains(static_cast<Invariant>(i)));
    if (!unseen || sequences.size() < 2) return;
    play_these(sequences.first(sequences.size() / 2));
    play_these(sequences.subspan(sequences.size() / 2));
  }
  Stage& stage() {
    if (!stage_) stage_.emplace(scenario(), wishes_.bugs, wishes_.target, wishes_.live);
    return *stage_;
  }
  Scenario scenario() const {
    Scenario scenario;
    scenario.name = "conform";
    scenario.starts = beginning_.placed;
    scenario.policy = wishes_.policy;
    scenario.texts = {"", " ", "Here is the finished work."};
    return scenario;
  }
  Plot plot_of_all(std::span<const Sequence> sequences) const {
    Plot plot = empty_plot(scenario());
    for (const Sequence& sequence : sequences) add_order(plot, sequence);
    return plot;
  }
  void add_order(Plot& plot, const Sequence& path) const {
    OrderPlot& order = plot.orders.emplace_back();
    order.placed = beginning_.placed;
    order.due_in = beginning_.due - beginning_.placed;
    Party by = Party::buyer;
    Operation operation;
    for (const ConformStep& step : path) {
      const Deed& deed = deeds_[step.deed];
      if (deed.kind == DeedKind::restart) {
        plot.restarts.push_back({step.at, step.at + conform_downtime});
        continue;
      }
      Act& act = order.acts.emplace_back();
      act.at = step.at;
      act.same_key = deed.kind == DeedKind::repeat;
      if (!act.same_key) {
        by = deed.by;
        operation = deed.operation;
      }
      act.by = by;
      act.operation = operation;
    }
  }

  // ---------------------------------------------------------------- what is shown at the end

  /// The shortest sequences as cases: with the look that every sequence ends with only where it takes that.
  void show_broken() {
    for (auto& [invariant, broken] : result_.broken) {
      Plot plot = plot_of_all({&paths_[invariant], 1});
      Plot looked = plot;
      Act& look = looked.orders.front().acts.emplace_back();
      look.at = looked.orders.front().acts.size() > 1 ? std::prev(looked.orders.front().acts.end(), 2)->at : beginning_.placed;
      look.by = Party::buyer;
      look.operation.kind = OperationKind::view_order;
      if (!wishes_.live && !stage().suspect(plot).breaks(invariant)) plot = std::move(looked);
      const Played right = stage().correct(plot);
      for (std::size_t k = 0; k < plot.orders.front().acts.size() && k < right.orders.front().answers.size(); ++k)
        plot.orders.front().acts[k].taken = right.orders.front().answers[k].outcome == Outcome::ok;
      std::optional<Played> wrong;
      if (!wishes_.live) wrong = stage().suspect(plot);
      broken.plot = with_expectations(plot, right, wrong ? &*wrong : nullptr);
    }
  }

  const ConformWishes& wishes_;
  const std::vector<Deed> deeds_;
  Beginning beginning_;
  Player<Engine> right_;
  std::optional<Player<SeededEngine>> seeded_;
  std::optional<Player<TargetEngine>> own_;
  std::optional<Stage> stage_;
  SequencePlayed played_, suspect_;
  std::set<Standing> known_;
  std::vector<Node> next_;
  std::vector<Sequence> pass_;
  std::map<Invariant, Sequence> paths_;
  Conformance result_;
  bool is_last_ = false;
};

}  // namespace

Conformance conform(const ConformWishes& wishes) { return Exploration{wishes}.explore(); }

}  // namespace dueprocess
