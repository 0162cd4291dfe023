// A history as the search wants it: who asked what, and between which instants of the service's clock it must have happened.
// The same history gives three accounts, judged separately:
//
//   stamps    by the service's own stamps, exact to their granularity: finds errors of its logic
//   brackets  by when the harness sent and was answered, with the bounds of the service's clock; the stamps are not believed:
//             finds clocks that are skewed and instants that are made up
//   order     by nothing but what came before what: where the clock was set meanwhile, or nothing is known of it
#pragma once

#include <cstdint>
#include <vector>

#include "harness/oracle/oracle.hpp"
#include "harness/oracle/wall/differences.hpp"
#include "harness/oracle/wall/judge_order.hpp"

namespace dueprocess::wall {

enum class Frame : std::uint8_t { stamps, brackets, order };

/// An operation as one logical thing: all requests under one key are one.
struct Step {
  const LiveObservation* seen = nullptr;  // with the definite answer, if there is one
  Span when;                              // in which it took effect, or was looked at
  HarnessTime sent = 0;                   // the first of its requests; it comes after whatever was answered before that
  HarnessTime answered = never_ns;        // the first definite answer; never_ns: none
  bool optional = false;                  // without a definite answer: any time after sending, or never
  bool look = false;                      // changes nothing and is never refused for the order's state
  bool repeat = false;                    // a further request under a key: nothing, unless keys are not kept (A3)
  bool key_taken = false;                 // its key was definitely used with another operation before
  bool key_shared = false;                // ... or perhaps
};

struct Witness {
  const LiveEvidence* seen = nullptr;
  Span at;                  // the service's stamp; unbounded where it has none or is not believed
  Us seen_high = far_us;    // not after this did it become visible
  Us hidden_low = -far_us;  // it was not visible yet at this instant or later
};

struct Account {
  Frame frame = Frame::order;
  std::vector<Step> steps;  // by `sent`
  std::vector<Witness> events, notices, payments;
  Span last_look;
  std::vector<Downtime> downtimes;
  bool keys_differ = false;  // two definite answers to one key that are not the same:
  const LiveObservation *first_answer = nullptr, *other_answer = nullptr;
};

Account account_of(const OrderHistory&, Frame, const WallOptions&, const ServiceClock&);
/// The bracket of [sent, answered] on the service's clock, by what is known of it.
Span bracket_of(HarnessTime sent, HarnessTime answered, const ServiceClock&);

}  // namespace dueprocess::wall
