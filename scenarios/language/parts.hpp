// The parts of a scenario as they are described: the text's own structs where reading and meaning are two steps.
#pragma once

#include "scenarios/language/moments.hpp"
#include "sim/workflow/policy.hpp"

#include <memory>

namespace dueprocess {

Mapping describe(Policy&);
/// Empty: the zone is known. Otherwise what is wrong, with the nearest name.
std::string zone_problem(std::string_view zone);

// ---------------------------------------------------------------------------------------------- personas

struct SellersText {
  std::uint32_t count = 0;
  bool personas_given = false;
  std::vector<SellerPersona> personas;
};
struct BuyersText {
  std::uint32_t count = 0;
  bool personas_given = false;
  std::vector<BuyerPersona> personas;
};
Mapping describe(SellersText&);
Mapping describe(BuyersText&);
/// What stands in for personas that were not written.
std::vector<SellerPersona> default_sellers();
std::vector<BuyerPersona> default_buyers();

/// A preset: a persona under a name, in the language itself.
struct Preset {
  std::string_view name;
  std::string_view seller, buyer;  // flow mappings without braces; empty: there is none for that side
};
std::span<const Preset> all_presets();

// ---------------------------------------------------------------------------------------------- arrivals

enum class Weekday : std::uint8_t { mon, tue, wed, thu, fri, sat, sun };

struct ShapeText {
  std::array<double, 7> weekdays;
  std::array<double, 24> hours;
  std::string zone;
  ShapeText() {
    weekdays.fill(1);
    hours.fill(1);
  }
};
struct StageText {
  Duration length{0};
  double rate = 0;
  bool ramp = false;
};
struct SpikeText {
  TimePoint at;
  Duration length{0};
  double times = 1;
  double rate = 0;
  bool has_times = false, has_rate = false;
};
inline constexpr std::uint64_t orders_max = 10'000'000'000;

struct ArriveText {
  const Node* node = nullptr;
  double rate = 0;
  std::uint64_t count = 0;
  const Node *rate_node = nullptr, *count_node = nullptr, *ramp_node = nullptr, *stages_node = nullptr;
  double ramp_from = 0, ramp_to = 0;
  std::vector<StageText> stages;
  std::vector<SpikeText> spikes;
  std::vector<SpikeText> pauses;  // at and length only
  ShapeText shape;
  ArrivalProcess process = ArrivalProcess::poisson;
};
struct ReplayText {
  const Node* node = nullptr;
  const Node* file_node = nullptr;
  std::string file;
  std::vector<std::pair<std::string, std::string>> columns;  // our name: the header's
  std::vector<const Node*> column_nodes;                     // null: not named by the author
  std::uint32_t satisfied_from = 3;
  bool answers_from_file = true;
  ReplayText();
};
struct OrdersText {
  ArriveText arrive;
  ReplayText replay;
  Distribution due_in = Distribution::constant(3 * 86'400'000'000);
  Distribution price_cents = Distribution::constant(5'000);
};
Mapping describe(ReplayText&);
Mapping describe(OrdersText&);

/// When new orders end, as far as the arrivals themselves say; nothing: they do not.
std::optional<Instant> arrivals_end(const ArriveText&, Instant starts);
/// Fills the intensity, the count and the process. REQUIRES: starts < ends.
void compile_arrivals(Reading&, const ArriveText&, Instant starts, Instant ends, Orders&);

}  // namespace dueprocess
