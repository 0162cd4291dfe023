// Which faults are on, and what they do to a message: decided by (seed, fault, connection, exchange), so that the same requests
// on the same connections fare the same again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "scenarios/language/fault_plan.hpp"

namespace dueprocess {

/// How a connection ends when a fault ends it.
enum class Ending : std::uint8_t { none, cut, reset, truncate };

/// What becomes of one message.
struct Treatment {
  std::int64_t delay_us = 0;          // before its first byte goes on
  std::int64_t bytes_per_second = 0;  // 0: as fast as they come
  Ending ending = Ending::none;
  std::uint64_t ending_after = 0;  // bytes of it that still get through
  bool vanishes = false;
  bool twice = false;
};

class Switchboard {
 public:
  Switchboard(std::vector<FaultPlan>, std::uint64_t seed);

  /// Those that last the whole run are on from the start.
  void set(std::size_t fault, bool on) { on_[fault] = on; }
  bool is_on(std::size_t fault) const { return on_[fault]; }

  /// `way` is requests or answers. Of one exchange, request and answer are met by the same chances; a fault of both ways that can
  /// only strike once (it ends the connection, or loses the message) strikes one of the two.
  Treatment of_message(FaultOf way, std::uint64_t connection, std::uint32_t exchange);
  /// What holds for every byte of that way just now, also in the middle of a message: faults without a share.
  bool all_vanish(FaultOf way) const;
  std::int64_t bytes_per_second(FaultOf way) const;  // 0: no limit

  void count(std::size_t fault) { ++struck_[fault]; }
  const std::vector<std::uint64_t>& struck() const { return struck_; }
  const std::vector<FaultPlan>& plans() const { return plans_; }

 private:
  void apply(const FaultPlan&, std::uint64_t bits, Treatment&) const;

  std::vector<FaultPlan> plans_;
  std::vector<bool> on_;
  std::vector<std::uint64_t> struck_;
  std::uint64_t seed_;
};

}  // namespace dueprocess
