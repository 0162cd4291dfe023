// What the process says when it ends (docs/exit-codes.md).
#pragma once

namespace dueprocess {

enum class ExitCode : int {
  ok = 0,
  violated = 1,         // a rule, an expectation or a case
  unknown = 2,          // beyond what the scenario allows
  target_unusable = 3,  // a live target that could not be used
  usage = 64,           // bad command line or scenario
  internal = 70,        // an error of dueprocess itself
  output = 74,          // something could not be written
  interrupted = 130,    // SIGINT
  terminated = 143,     // SIGTERM
};

}  // namespace dueprocess
