// What a market is made of: plain data, filled by the scenario reader, read by the market. Defaults here are the
// scenario language's defaults.
#pragma once

#include "sim/kernel/distribution.hpp"
#include "sim/kernel/random.hpp"
#include "sim/kernel/time.hpp"
#include "sim/workflow/answer.hpp"
#include "sim/workflow/operation.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace dueprocess {

// ---------------------------------------------------------------------------------------------- moments

enum class Anchor : std::uint8_t { placed, due, delivered, deadline, start };  // start: the scenario's `starts`

/// `anchor + amount`, or `anchor + amount * (due - placed)` with the amount in parts per billion.
struct Moment {
  Anchor anchor = Anchor::placed;
  bool fraction_of_due = false;
  Distribution amount;  // microseconds, or parts per billion
};

// ---------------------------------------------------------------------------------------------- personas

/// Habits that sellers and buyers share.
struct Habits {
  Distribution looks = Distribution::constant(0);  // view_order calls an order, spread over its life as the actor sees it
  Chance lists;                                    // list_orders first, before the actor's main operation
  Chance double_clicks;                            // sends a state-changing operation twice
  Chance retries_with_key = Chance::always();      // of the double clicks: how many carry one idempotency key in both
  Distribution repeats_after = Distribution::constant(150'000);  // us between the two
  Chance seeks_support;                                          // one ticket at a random time of the order's life
  Chance intrudes;  // one illegal try: another's order, the other party's operation, or no login
};

struct SellerPersona {
  std::string name;
  double share = 0;  // weights; the reader has checked the sum
  Moment delivers;   // from the start of work (Anchor::placed), or due + ...
  Distribution revises_after = Distribution::triangular(2 * 3600e6, 8 * 3600e6, 36 * 3600e6);  // us from the request
  std::uint32_t parallel = 0;                       // orders worked on at once; the others wait in order of placing; 0: no limit
  Chance abandons;                                  // never delivers this order
  Distribution drafts = Distribution::constant(0);  // save_draft calls, spread over the work
  Chance opens_draft;                               // open_draft before delivering
  Chance delivers_draft;                            // the delivery names the draft (use_draft) where there is one
  Distribution files = Distribution::constant(1);   // uploads before a delivery
  Distribution file_size = Distribution::constant(20'000'000);  // bytes
  Chance links;                                                 // adds a link although it has files
  Chance forgets_file;                                          // careless: neither file nor link; then confirms, or adds a link
  Chance confirms_no_file = Chance::ratio(1, 2);                // ... how often it confirms rather than adding a link
  Chance oversize;                                              // careless: a file over the limit; falls back to a link
  Chance blank_description;                                     // careless; then writes one
  Chance work_sample;                                           // careless: declared as a sample; then as final
  Distribution corrects_after = Distribution::triangular(20e6, 60e6, 300e6);  // us from a refusal to the next try
  Habits habits;
};

struct BuyerPersona {
  std::string name;
  double share = 0;
  std::optional<Moment> decides;  // none: silent
  // what it decides; weights, whatever is left of 1 is silence
  Chance accepts = Chance::always(), modifies, extends;          // tried in this order on one draw: cumulative
  Distribution modification_rounds = Distribution::constant(0);  // picky: asks for this many modifications before anything else
  Distribution extend_by = Distribution::constant(86'400'000'000);  // us
  Distribution extensions = Distribution::constant(1);              // at most so many a review, then decides otherwise
  Habits habits;
};

// ---------------------------------------------------------------------------------------------- arrivals

/// Orders per microsecond, relative: a piecewise constant intensity. Segments are contiguous and in order.
struct IntensitySegment {
  Instant from, to;
  double weight = 0;  // relative rate; 0 is a pause
};

enum class ArrivalProcess : std::uint8_t {
  poisson,  // independent instants with the given intensity (order statistics: the number of orders is exact)
  even,     // equally spaced in the intensity's own time: rate/s means one every 1/rate s
};

struct ReplayOrder {
  Instant placed = never;
  Instant due = never;
  Instant delivered = never;  // never: not delivered
  Instant answered = never;   // never: the buyer did not answer
  std::int64_t price_cents = 0;
  std::uint32_t seller = 0;  // 0-based
  std::uint32_t buyer = 0;   // 0-based
  std::uint32_t line = 0;    // in the file
  bool satisfied = true;     // answered: accepts; false: asks for a modification
};

struct Orders {
  std::uint64_t count = 0;  // exactly so many; replay: replay.size()
  ArrivalProcess process = ArrivalProcess::poisson;
  std::vector<IntensitySegment> intensity;                           // shape of arrivals over [starts, ends)
  Distribution due_in = Distribution::constant(3 * 86'400'000'000);  // us from placing
  Distribution price_cents = Distribution::constant(5'000);
  std::vector<ReplayOrder> replay;  // used instead of the above when not empty
  bool answers_from_file = true;    // replay: the buyer answers as in the file; false: as personas do
};

// ---------------------------------------------------------------------------------------------- scripted cases

enum class Party : std::uint8_t {
  seller,
  buyer,
  stranger,
  anyone
};  // stranger: logged in, but not of this order; anyone: not logged in

struct Step {
  Moment at;                           // constant amounts only
  std::uint32_t line = 0;              // in the scenario file, for messages
  std::optional<Operation> operation;  // none: only looks (expectations)
  Party by = Party::seller;
  bool use_last_key = false;  // repeats the previous step's idempotency key
  // what must be seen; unset: not looked at
  std::optional<bool> taken;  // the operation's outcome is ok / refused
  std::optional<Refusal> refused;
  std::optional<OrderState> state;
  std::optional<CompletedBy> completed_by;
  std::optional<Moment> completed_at, deadline;
  std::optional<bool> late;
  std::optional<std::uint64_t> payments;  // so many payments of this order so far
  std::optional<std::int64_t> paid_cents;
  std::optional<std::uint64_t> notices_to_buyer, notices_to_seller;  // so many notifications so far
};

struct Case {
  std::string name;
  std::uint32_t line = 0;
  Instant placed = never;  // starts + `placed`
  Duration due_in{0};
  std::int64_t price_cents = 5'000;
  std::vector<Step> steps;  // in file order; steps at one instant run in that order
};

// ---------------------------------------------------------------------------------------------- the market

struct MarketSetup {
  Instant starts = never;  // virtual time begins here
  Orders orders;
  std::uint32_t sellers = 0;
  std::uint32_t buyers = 0;
  std::vector<SellerPersona> seller_personas;
  std::vector<BuyerPersona> buyer_personas;
  std::vector<Case> cases;
};

}  // namespace dueprocess
