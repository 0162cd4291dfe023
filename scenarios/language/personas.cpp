#include "scenarios/language/names.hpp"
#include "scenarios/language/parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace dueprocess {
namespace {

const Bounds few{0, 10'000, "at most 10000 an order"};
const Bounds wait{0, us_of(duration_max), "it comes after, not before"};
const Bounds bytes{0, 1'000'000'000'000'000, "files have up to 1000 TB"};
const Bounds some_time{1, us_of(duration_max), "an extension is more than 0"};

/// The name of a preset. Only looked at here: the preset itself was applied before the persona's own keys (persona_inlet).
Inlet like(std::string_view Preset::*side, std::string_view who) {
  std::vector<std::string> names;
  for (const Preset& preset : all_presets())
    if (!(preset.*side).empty()) names.emplace_back(preset.name);
  return {[=](Reading& reading, const Node& node) {
            const auto text = reading.scalar(node, "the name of a preset");
            if (!text || std::ranges::find(names, *text) != names.end()) return;
            const std::string near = nearest_name(*text, names);
            const std::string hint =
                near.empty() ? fmt::format("there are {}", fmt::join(names, ", ")) : fmt::format("did you mean \"{}\"?", near);
            reading.error(node, fmt::format("\"{}\" is no preset for {}; {}", *text, who, hint));
          },
          [names] { return schema_words(names); }};
}

Mapping&& add_habits(Mapping&& mapping, Habits& habits) {
  return std::move(mapping)
      .key("looks", distribution(habits.looks, Quantity::count, few), "views of an order, spread over its life", "0")
      .key("lists", chance(habits.lists), "lists the orders before the main operation", "0%")
      .key("double_clicks", chance(habits.double_clicks), "sends a state-changing operation twice", "0%")
      .key("retries_with_key", chance(habits.retries_with_key), "of the double clicks: both carry one idempotency key", "100%")
      .key("repeats_after", distribution(habits.repeats_after, Quantity::duration, wait), "between the two", "150ms")
      .key("seeks_support", chance(habits.seeks_support), "one ticket at some time", "0%")
      .key("intrudes", chance(habits.intrudes), "one illegal try: another's order, the other party's operation, or no login",
           "0%");
}

Inlet files(SellerPersona& persona) {
  const Inlet number = distribution(persona.files, Quantity::count, few);
  const Inlet both = mapping([&persona] {
    return Mapping{"how many files, and how large"}
        .key("count", distribution(persona.files, Quantity::count, few), "files a delivery", "1")
        .key("size", distribution(persona.file_size, Quantity::bytes, bytes), "the size of each", "20MB");
  });
  return {[number, both](Reading& reading, const Node& node) {
            const bool sized = node.is_map() && (node.find("count") || node.find("size"));
            (sized ? both : number).read(reading, node);
          },
          [number, both] {
            return schema_any({number.schema(), both.schema()});
          }};
}

/// What a seller persona says of itself, besides `share` and `like`.
Mapping describe_body(SellerPersona& persona, std::optional<Moment>& after, std::optional<Moment>& at) {
  const auto read_at = [&at](Reading& reading, const Node& node) {
    moment(at.emplace(), {Anchor::placed, Anchor::due, Anchor::start}).read(reading, node);
  };
  Mapping mapping{"a kind of seller"};
  return add_habits(
      std::move(mapping)
          .key("delivers_after", distance_or_fraction(after, Anchor::placed), "from the start of work to the delivery",
               "{fraction_of_due: {triangular: [0.2, 0.7, 1]}}")
          .key("delivers_at",
               {read_at,
                [] {
                  Moment any;
                  return moment(any, {Anchor::placed, Anchor::due, Anchor::start}).schema();
                }},
               "instead: a moment such as due - 1us")
          .key("revises_after", distribution(persona.revises_after, Quantity::duration, wait),
               "from a modification request to the new delivery", "{triangular: [2h, 8h, 36h]}")
          .key("parallel", count_or_unlimited(persona.parallel, 0), "orders worked on at once; the others wait", "unlimited")
          .key("abandons", chance(persona.abandons), "never delivers this order", "0%")
          .key("drafts", distribution(persona.drafts, Quantity::count, few), "drafts saved while working", "0")
          .key("opens_draft", chance(persona.opens_draft), "reopens the draft before delivering", "0%")
          .key("delivers_draft", chance(persona.delivers_draft), "delivers what the draft holds", "0%")
          .key("files", files(persona), "files of a delivery", "{count: 1, size: 20MB}")
          .key("links", chance(persona.links), "adds a link beside the files", "0%")
          .key("forgets_file", chance(persona.forgets_file), "neither file nor link; then confirms, or adds a link", "0%")
          .key("confirms_no_file", chance(persona.confirms_no_file), "of those: how many confirm", "50%")
          .key("oversize", chance(persona.oversize), "a file over the limit; falls back to a link", "0%")
          .key("blank_description", chance(persona.blank_description), "then writes one", "0%")
          .key("work_sample", chance(persona.work_sample), "declared as a sample; then as final", "0%")
          .key("corrects_after", distribution(persona.corrects_after, Quantity::duration, wait), "from a refusal to the next try",
               "{triangular: [20s, 60s, 300s]}"),
      persona.habits);
}

struct Decisions {
  std::int64_t accept = 0, modify = 0, extend = 0;  // parts per billion
};

Inlet decides(BuyerPersona& persona) {
  return {[&persona](Reading& reading, const Node& node) {
            Decisions d;
            Mapping{"what a buyer decides"}
                .key("accept", share(d.accept), "")
                .key("modify", share(d.modify), "")
                .key("extend", share(d.extend), "")
                .instead("modification", "modify")
                .instead("accepts", "accept")
                .check([&d](Reading& within, const Node& at) {
                  const std::int64_t sum = d.accept + d.modify + d.extend;
                  if (sum > parts_per_billion)
                    within.error(at, fmt::format("the shares add up to {}%: more than 100%",
                                                 100.0 * static_cast<double>(sum) / parts_per_billion));
                })
                .read(reading, node);
            const auto ratio = [](std::int64_t parts) {
              return Chance::ratio(static_cast<std::uint64_t>(std::min(parts, parts_per_billion)), parts_per_billion);
            };
            persona.accepts = ratio(d.accept);
            persona.modifies = ratio(d.modify);
            persona.extends = ratio(d.extend);
          },
          [] {
            Decisions d;
            return Mapping{"what a buyer decides; at most 100% together, the rest stays silent"}
                .key("accept", share(d.accept), "accepts the work", "100% without any of them")
                .key("modify", share(d.modify), "asks for a modification", "0%")
                .key("extend", share(d.extend), "asks for more time", "0%")
                .schema();
          }};
}

Mapping describe_body(BuyerPersona& persona, std::optional<Moment>& after, std::optional<Moment>& at) {
  static const std::vector<Anchor> all = {Anchor::placed, Anchor::due, Anchor::delivered, Anchor::deadline, Anchor::start};
  const auto read_at = [&at](Reading& reading, const Node& node) { moment(at.emplace(), all).read(reading, node); };
  Mapping mapping{"a kind of buyer"};
  return add_habits(
      std::move(mapping)
          .key("decides_after", distance_or_fraction(after, Anchor::delivered), "from the delivery to the decision",
               "never: a silent buyer")
          .key("decides_at",
               {read_at,
                [] {
                  Moment any;
                  return moment(any, all).schema();
                }},
               "instead: a moment such as deadline - 1us")
          .key("decides", decides(persona), "what a buyer decides", "{accept: 100%}")
          .key("modification_rounds", distribution(persona.modification_rounds, Quantity::count, few),
               "modifications asked for before anything else", "0")
          .key("extend_by", distribution(persona.extend_by, Quantity::duration, some_time), "how much time is asked for", "1d")
          .key("extensions", distribution(persona.extensions, Quantity::count, few), "extensions asked for in one review at most",
               "1"),
      persona.habits);
}

Moment working_time() {
  Moment moment;
  moment.anchor = Anchor::placed;
  moment.fraction_of_due = true;
  moment.amount = Distribution::triangular(0.2 * parts_per_billion, 0.7 * parts_per_billion, parts_per_billion);
  return moment;
}

void settle(SellerPersona& persona, const Moment& when) { persona.delivers = when; }
void settle(BuyerPersona& persona, const Moment& when) { persona.decides = when; }

template <class Persona>
struct Side;
template <>
struct Side<SellerPersona> {
  static constexpr std::string_view who = "sellers", after = "delivers_after", at = "delivers_at";
  static constexpr std::string_view Preset::*preset = &Preset::seller;
  static SellerPersona fresh() {
    SellerPersona persona;
    persona.delivers = working_time();
    return persona;
  }
  static void check(Reading&, const Node&, const SellerPersona&) {}
};
template <>
struct Side<BuyerPersona> {
  static constexpr std::string_view who = "buyers", after = "decides_after", at = "decides_at";
  static constexpr std::string_view Preset::*preset = &Preset::buyer;
  static BuyerPersona fresh() { return {}; }
  static void check(Reading& reading, const Node& node, const BuyerPersona& persona) {
    for (const auto* key : {"decides", "modification_rounds", "extend_by", "extensions"})
      if (node.find(key) && !persona.decides)
        return reading.error(*node.find(key), "says what is decided, but not when: add decides_after or decides_at");
  }
};

struct Share {
  std::int64_t parts = 0;
  bool given = false;
};

template <class Persona>
Mapping describe(Persona& persona, Share& part, std::optional<Moment>& after, std::optional<Moment>& at) {
  const auto read_share = [&part](Reading& reading, const Node& node) {
    share(part.parts).read(reading, node);
    part.given = true;
  };
  return describe_body(persona, after, at)
      .key("share", {read_share, [] { return schema_ref("share"); }}, fmt::format("how many of the {}", Side<Persona>::who),
           "100% if alone")
      .key("like", like(Side<Persona>::preset, Side<Persona>::who), "begins with a preset, which the other keys change");
}

/// What the mapping says, onto what the persona is already.
template <class Persona>
void apply(Reading& reading, const Node& node, Persona& persona, Share& part) {
  std::optional<Moment> after, at;
  describe(persona, part, after, at).read(reading, node);
  if (after && at)
    reading.error(*node.find(Side<Persona>::at),
                  fmt::format("either {} or {}, not both", Side<Persona>::after, Side<Persona>::at));
  if (after) settle(persona, *after);
  if (at) settle(persona, *at);
}

template <class Persona>
void apply_preset(Reading& reading, std::string_view name, Persona& persona) {
  for (const Preset& preset : all_presets()) {
    if (preset.name != name || (preset.*Side<Persona>::preset).empty()) continue;
    Share none;
    apply(reading, read_tree("{" + std::string{preset.*Side<Persona>::preset} + "}").root, persona, none);
  }
}

template <class Persona>
Inlet persona_inlet(Persona& persona, Share& part) {
  return {[&persona, &part](Reading& reading, const Node& node) {
            const Node* preset = node.is_map() ? node.find("like") : nullptr;
            if (preset && preset->is_scalar()) apply_preset(reading, preset->text, persona);
            apply(reading, node, persona, part);
            if (node.is_map()) Side<Persona>::check(reading, node, persona);
          },
          [&persona, &part] {
            std::optional<Moment> after, at;
            return describe(persona, part, after, at).schema();
          }};
}

template <class Persona>
Inlet personas_inlet(std::vector<Persona>& out, bool& given) {
  return {[&out, &given](Reading& reading, const Node& node) {
            if (!node.is_map() || node.keys.empty())
              return reading.error(
                  node, fmt::format("expected personas by name, such as {{prompt: {{like: prompt, share: 60%}}, ...}}, not {}",
                                    node.is_map() ? "none" : what_is(node)));
            given = true;
            std::int64_t sum = 0;
            std::size_t without = 0;
            std::vector<Share> shares(node.keys.size());
            for (std::size_t i = 0; i < node.keys.size(); ++i) {
              const Reading::Within within{reading, node.keys[i].text};
              Persona persona = Side<Persona>::fresh();
              persona.name = node.keys[i].text;
              persona_inlet(persona, shares[i]).read(reading, node.items[i]);
              if (!shares[i].given) {
                ++without;
                if (node.keys.size() > 1) reading.error(node.keys[i], "\"share\" is missing: how many of them are like this");
              }
              sum += shares[i].parts;
              persona.share = static_cast<double>(shares[i].parts) / parts_per_billion;
              out.push_back(std::move(persona));
            }
            if (node.keys.size() == 1 && without) {
              out.back().share = 1;
              return;
            }
            if (without || std::abs(sum - parts_per_billion) <= parts_per_billion / 10'000) return;
            reading.error(
                node, fmt::format("the shares add up to {}%, not 100%", 100.0 * static_cast<double>(sum) / parts_per_billion));
          },
          [] {
            Persona persona;
            Share share;
            return fmt::format(R"({{"type":"object","minProperties":1,"additionalProperties":{}}})",
                               persona_inlet(persona, share).schema());
          }};
}

template <class Persona>
std::vector<Persona> from_presets(std::initializer_list<std::pair<std::string_view, double>> names) {
  static const ReadOptions options;
  Reading reading{"presets", options};
  std::vector<Persona> result;
  for (const auto& [name, part] : names) {
    Persona& persona = result.emplace_back(Side<Persona>::fresh());
    apply_preset(reading, name, persona);
    persona.name = name;
    persona.share = part;
  }
  return result;
}

}  // namespace

Mapping describe(SellersText& sellers) {
  return Mapping{"who works"}
      .key("count", count(sellers.count, 1, 100'000'000), "how many sellers; needed with orders.arrive")
      .key("personas", personas_inlet(sellers.personas, sellers.personas_given), "kinds of sellers by a name of yours",
           "all punctual");
}

Mapping describe(BuyersText& buyers) {
  return Mapping{"who buys"}
      .key("count", count(buyers.count, 1, 100'000'000), "how many buyers; needed with orders.arrive")
      .key("personas", personas_inlet(buyers.personas, buyers.personas_given), "kinds of buyers by a name of yours",
           "55% prompt, 45% silent");
}

std::vector<SellerPersona> default_sellers() { return from_presets<SellerPersona>({{"punctual", 1}}); }
std::vector<BuyerPersona> default_buyers() { return from_presets<BuyerPersona>({{"prompt", 0.55}, {"silent", 0.45}}); }

}  // namespace dueprocess
