// A fault as it really was: for the report's shading, and for the judge, who needs to know when the last one was over.
#pragma once

#include <cstdint>
#include <string>

#include "harness/record/live.hpp"

namespace dueprocess {

struct FaultRecord {
  std::string what;  // in words: "reset of answers, 2%"
  HarnessTime from_ns = never_ns,
              to_ns = never_ns;      // on the harness's clock; never_ns: it did not begin, or was not over, in the run
  Instant from = never, to = never;  // as planned, in the scenario's time; a fault of the whole run: the scenario's start, never
  std::uint64_t struck = 0;          // messages or connections that it met; 0: it met nothing
  bool is_command = false;
  bool command_failed = false;  // it could not be run, was killed at its time limit, or ended with anything but 0
  std::string output;           // of a command: how it ended and the last of what it said; no more than a few kilobytes

  friend bool operator==(const FaultRecord&, const FaultRecord&) = default;
};

}  // namespace dueprocess
