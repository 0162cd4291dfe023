#include "harness/shrink/plot_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "scenarios/language/values.hpp"

namespace dueprocess {
namespace {

using enum OperationKind;
using namespace std::chrono_literals;

std::string distance_text(std::string_view anchor, Duration distance) {
  std::string best;
  for (const Duration unit : {Duration{1}, Duration{1s}, Duration{1min}, Duration{1h}, Duration{24h}}) {
    const Duration rounded{(us_of(distance) + (us_of(distance) >= 0 ? 1 : -1) * us_of(unit) / 2) / us_of(unit) * us_of(unit)};
    const Duration rest = distance - rounded;
    std::string text{anchor};
    const auto add = [&text](Duration part) {
      if (part == Duration{0}) return;
      if (text.empty())
        text = duration_text(part);
      else
        text += (part < Duration{0} ? " - " : " + ") + duration_text(part < Duration{0} ? -part : part);
    };
    // A distance alone is one duration: what is added or taken away needs an anchor.
    if (anchor.empty() && rest != Duration{0}) text = "placed";
    add(rounded);
    add(rest);
    if (text.empty()) text = "0s";
    if (best.empty() || text.size() < best.size()) best = text;
  }
  return best;
}

std::string on_one_line(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
  return text;
}

std::string quoted_or_plain(std::string_view text) {
  const bool plain = !text.empty() &&
                     std::all_of(text.begin(), text.end(),
                                 [](unsigned char c) {
                                   return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == ' ' || c == '_' || c == '.';
                                 }) &&
                     text.front() != ' ' && text.back() != ' ' && text.front() != '.';
  static constexpr std::string_view words[] = {"true", "false", "yes", "no", "null", "on", "off", "y", "n"};
  std::string lower{text};
  std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; });
  return plain && std::find(std::begin(words), std::end(words), lower) == std::end(words) ? std::string{text} : yaml_quoted(text);
}

std::string_view name_of_party(Party party) {
  static constexpr std::string_view names[] = {"seller", "buyer", "stranger", "anyone"};
  return names[static_cast<std::size_t>(party)];
}

class Writer {
 public:
  Writer(const Plot& plot, const std::vector<std::string>& texts) : plot_(plot), texts_(texts) {}

  std::string write(const PlotHeading& heading) {
    for (const std::string& comment : heading.comments) text_ += comment.empty() ? "#\n" : "# " + on_one_line(comment) + "\n";
    line("name", quoted_or_plain(heading.name));
    if (plot_.starts != instant_at(1'772'409'600'000'000)) line("starts", instant_text(plot_.starts));  // the language's default
    policy();
    engine();
    if (plot_.idle_orders > 0) text_ += idle_market_text(plot_.idle_orders);
    if (!plot_.orders.empty()) text_ += "cases:\n";
    for (std::size_t i = 0; i < plot_.orders.size(); ++i)
      order(plot_.orders[i], i < heading.cases.size() ? heading.cases[i] : fmt::format("order {}", i + 1));
    restarts();
    faults();
    if (!heading.expect.empty()) text_ += "expect:\n";
    for (const std::string& one : heading.expect) text_ += "  - " + one + "\n";
    return std::move(text_);
  }

 private:
  using Parts = std::vector<std::string>;
  void line(std::string_view key, std::string_view value) { text_ += fmt::format("{}: {}\n", key, value); }

  void policy() {
    static const Policy usual;
    const Policy& policy = plot_.policy;
    Parts parts;
    const auto add = [&parts](bool other, std::string_view key, const std::string& value) {
      if (other) parts.push_back(fmt::format("{}: {}", key, value));
    };
    const auto bound = [](std::uint32_t count) { return count == unlimited ? "unlimited" : std::to_string(count); };
    add(policy.review_period != usual.review_period, "review_period", duration_text(policy.review_period));
    add(policy.review_anchor != usual.review_anchor, "review_anchor",
        policy.review_anchor == ReviewAnchor::due_date ? "due_date" : "delivery");
    add(policy.days == DayRule::calendar, "days", fmt::format("calendar({})", policy.zone));
    add(policy.max_file_size != usual.max_file_size, "max_file_size", size_text(policy.max_file_size));
    add(policy.extensions_carry_over, "extensions_carry_over", "true");
    add(policy.max_modifications != usual.max_modifications, "max_modifications", bound(policy.max_modifications));
    add(policy.extension_min != usual.extension_min, "extension_min", duration_text(policy.extension_min));
    add(policy.extension_max != usual.extension_max, "extension_max", duration_text(policy.extension_max));
    add(policy.max_extensions != usual.max_extensions, "max_extensions", bound(policy.max_extensions));
    add(policy.after_deadline != usual.after_deadline, "after_deadline", "until_fired");
    if (!parts.empty()) line("policy", fmt::format("{{{}}}", fmt::join(parts, ", ")));
  }

  void engine() {
    static const TimerPlan usual;
    const TimerPlan& timers = plot_.timers;
    Parts parts;
    if (timers.mode == TimerMode::sweep) {
      Parts sweep{"every: " + duration_text(timers.every)};
      if (timers.phase != usual.phase) sweep.push_back("phase: " + duration_text(timers.phase));
      if (timers.batch != usual.batch) sweep.push_back(fmt::format("batch: {}", timers.batch));
      if (timers.order == SweepOrder::newest) sweep.emplace_back("order: newest");
      parts.push_back(fmt::format("timers: {{sweep: {{{}}}}}", fmt::join(sweep, ", ")));
    }
    if (timers.workers != usual.workers) parts.push_back(fmt::format("workers: {}", timers.workers));
    if (timers.clock_skew != usual.clock_skew) parts.push_back("clock_skew: " + duration_text(timers.clock_skew));
    Parts steps;
    for (const ClockStep& step : timers.clock_steps)
      steps.push_back(fmt::format("{{at: {}, by: {}}}", instant_text(step.at), duration_text(step.by)));
    if (!steps.empty()) parts.push_back(fmt::format("clock_steps: [{}]", fmt::join(steps, ", ")));
    if (!parts.empty()) line("engine", fmt::format("{{{}}}", fmt::join(parts, ", ")));

    Parts bounds;
    if (plot_.tolerances.lateness != Duration{0}) bounds.push_back("lateness: " + duration_text(plot_.tolerances.lateness));
    if (plot_.tolerances.recovery != Duration{0}) bounds.push_back("recovery: " + duration_text(plot_.tolerances.recovery));
    if (!bounds.empty()) line("tolerances", fmt::format("{{{}}}", fmt::join(bounds, ", ")));
  }

  void order(const OrderPlot& order, const std::string& name) {
    text_ += fmt::format("  - name: {}\n", quoted_or_plain(name));
    if (order.placed != plot_.starts) text_ += fmt::format("    placed: {}\n", duration_text(order.placed - plot_.starts));
    if (order.due_in != Duration{72h}) text_ += fmt::format("    due: {}\n", duration_text(order.due_in));
    if (order.price_cents != 5'000) text_ += fmt::format("    price: {}\n", money_text(order.price_cents));
    text_ += "    steps:\n";
    // A case has steps; one of which nothing but the placing is left is looked at when it is placed.
    if (order.acts.empty()) text_ += "      - {at: 0s, expect: in_progress}\n";
    for (const Act& act : order.acts) text_ += "      - {" + fmt::format("{}", fmt::join(step(act, order), ", ")) + "}\n";
  }

  Parts step(const Act& act, const OrderPlot& order) {
    Parts parts{"at: " + moment_text(act.at, order)};
    if (!act.looks) {
      parts.push_back(fmt::format("{}: {}", name_of_party(act.by), name_of(act.operation.kind)));
      arguments(act, order, parts);
      if (act.same_key) parts.push_back("key: same");
    }
    seen(act, order, parts);
    return parts;
  }

  void arguments(const Act& act, const OrderPlot& order, Parts& parts) {
    const Operation& operation = act.operation;
    const bool delivery = is_delivery(operation.kind);
    if (operation.kind == upload) {
      const std::string name = quoted_or_plain(operation.text <= TextId::first_real ? "work.zip" : words(operation.text));
      parts.push_back(operation.bytes == 20'000'000
                          ? fmt::format("files: [{}]", name)
                          : fmt::format("files: [{{name: {}, size: {}}}]", name, size_text(operation.bytes)));
    }
    if (delivery || operation.kind == save_draft) {
      if (operation.attachments > 0) parts.push_back(fmt::format("attachments: {}", operation.attachments));
      if (operation.links > 0) parts.push_back(fmt::format("links: {}", operation.links));
    }
    if (delivery || operation.kind == save_draft || operation.kind == request_modification || operation.kind == contact_support) {
      if (operation.text == TextId::absent)
        parts.emplace_back(R"(says: null)");
      else if (operation.text == TextId::blank)
        parts.emplace_back(R"(says: "")");
      else if (operation.text != TextId::first_real)
        parts.push_back("says: " + quoted_or_plain(words(operation.text)));
    }
    if (delivery) {
      if (operation.confirm_no_file) parts.emplace_back("confirm_no_file: true");
      if (operation.content != Content::final_work) parts.push_back(fmt::format("content: {}", name_of(operation.content)));
      if (operation.use_draft) parts.emplace_back("use_draft: true");
    }
    if (operation.kind == extend_review) parts.push_back("extend_by: " + duration_text(Duration{operation.extend_by_us}));
    if (operation.kind == place_order) {
      if (operation.due_at != due_of(order)) parts.push_back("due: " + duration_text(operation.due_at - order.placed));
      if (operation.price_cents != order.price_cents) parts.push_back("price: " + money_text(operation.price_cents));
      if (act.with != Party::seller) parts.emplace_back(act.with == Party::buyer ? "to: buyer" : "to: nobody");
    }
  }

  static void seen(const Act& act, const OrderPlot& order, Parts& parts) {
    const Step& see = act.seen;
    // An operation is expected to be taken unless it says otherwise.
    if (!act.looks && see.refused)
      parts.push_back(fmt::format("refused: {}", name_of(*see.refused)));
    else if (!act.looks && !see.taken)
      parts.emplace_back("taken: either");
    else if (!act.looks && see.taken && !*see.taken)
      parts.emplace_back("taken: false");
    if (see.state) parts.push_back(fmt::format("expect: {}", name_of(*see.state)));
    if (see.completed_by) parts.push_back(fmt::format("by: {}", name_of(*see.completed_by)));
    const auto moment = [&](std::string_view key, const std::optional<Moment>& of) {
      if (!of) return;
      parts.push_back(fmt::format("{}: {}", key, moment_text(order.placed + Duration{of->amount.min()}, order)));
    };
    moment("completed_at", see.completed_at);
    moment("deadline", see.deadline);
    if (see.late) parts.emplace_back(*see.late ? "late: true" : "late: false");
    if (see.payments) parts.push_back(fmt::format("payments: {}", *see.payments));
    if (see.paid_cents) parts.push_back("paid: " + money_text(*see.paid_cents));
    Parts notices;
    if (see.notices_to_buyer) notices.push_back(fmt::format("buyer: {}", *see.notices_to_buyer));
    if (see.notices_to_seller) notices.push_back(fmt::format("seller: {}", *see.notices_to_seller));
    if (!notices.empty()) parts.push_back(fmt::format("notices: {{{}}}", fmt::join(notices, ", ")));
  }

  void restarts() {
    if (!plot_.restarts.empty()) text_ += "restarts:\n";
    for (const RestartPlan& restart : plot_.restarts)
      text_ += fmt::format("  - {{down: {}, for: {}}}\n", duration_text(restart.down - plot_.starts),
                           duration_text(restart.back - restart.down));
  }

  void faults() {
    if (!plot_.faults.empty()) text_ += "faults:\n";
    for (const FaultPlan& fault : plot_.faults) text_ += "  - " + fault_words(fault) + "\n";
  }

  std::string fault_words(const FaultPlan& fault) const {
    Parts parts;
    const auto add = [&parts](std::string_view key, const std::string& value) {
      parts.push_back(fmt::format("{}: {}", key, value));
    };
    const bool is_command = fault.kind == FaultKind::command;
    if (is_command)
      add("command", yaml_quoted(fault.command));
    else
      add("kind", std::string{name_of(fault.kind)});
    if (fault.from != Instant::min()) add("at", duration_text(fault.from - plot_.starts));
    if (!fault.is_momentary() && fault.from != Instant::min() && fault.to != never)
      add("for", duration_text(fault.to - fault.from));
    if (is_command) {
      if (fault.down_for > Duration{0}) add("down_for", duration_text(fault.down_for));
      if (fault.recovers_within > Duration{0}) add("recovers_within", duration_text(fault.recovers_within));
      if (fault.time_limit != FaultPlan{}.time_limit) add("time_limit", duration_text(fault.time_limit));
      return fmt::format("{{{}}}", fmt::join(parts, ", "));
    }
    if (fault.share != Chance::always()) add("share", fmt::format("{:.6g}%", fault.share.probability() * 100));
    if (fault.of != (fault.kind == FaultKind::truncate ? FaultOf::answers : FaultOf::both))
      add("of", std::string{name_of(fault.of)});
    if (fault.kind == FaultKind::delay) add("by", duration_text(Duration{fault.by.min()}));
    if (fault.kind == FaultKind::throttle) add("rate", size_text(fault.bytes_per_second) + "/s");
    if (fault.after.min() > 0) add("after", size_text(fault.after.min()));
    return fmt::format("{{{}}}", fmt::join(parts, ", "));
  }

  std::string_view words(TextId text) const {
    const auto index = static_cast<std::size_t>(text);
    return index < texts_.size() ? std::string_view{texts_[index]} : std::string_view{"..."};
  }

  const Plot& plot_;
  const std::vector<std::string>& texts_;
  std::string text_;
};

}  // namespace

std::string yaml_quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
  }
  return quoted + "\"";
}

std::string moment_text(Instant at, const OrderPlot& order) {
  const std::string bare = distance_text("", at - order.placed), due = distance_text("due", at - due_of(order));
  return due.size() < bare.size() || (at > due_of(order) && due.size() <= bare.size() + 6) ? due : bare;
}

std::string plot_text(const Plot& plot, const std::vector<std::string>& texts, const PlotHeading& heading) {
  return Writer{plot, texts}.write(heading);
}

}  // namespace dueprocess
