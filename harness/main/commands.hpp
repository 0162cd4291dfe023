// The commands: each does what its request asks for and says how it ended.
#pragma once

#include "harness/main/command_line.hpp"
#include "harness/main/composition.hpp"
#include "harness/main/exit_code.hpp"

namespace dueprocess {

ExitCode run_command(const RunRequest&, const Composition&);          // run.cpp
ExitCode validate_command(const ValidateRequest&);                    // validate.cpp
ExitCode replay_command(const ReplayRequest&, const Composition&);    // replay.cpp
ExitCode check_command(const CheckRequest&);                          // check.cpp
ExitCode probe_command(const ProbeRequest&);                          // probe.cpp
ExitCode compare_command(const CompareRequest&, const Composition&);  // compare.cpp
ExitCode repeat_command(const RunRequest&, const Composition&);       // repeat.cpp: of run, with repeats
ExitCode prove_command(const ProveRequest&, const Composition&);      // prove.cpp
ExitCode bugs_command(const BugsRequest&);                            // bugs.cpp
ExitCode schema_command(const SchemaRequest&);                        // schema.cpp
ExitCode serve_command(const ServeRequest&);                          // serve.cpp
ExitCode shrink_command(const ShrinkRequest&, const Composition&);    // shrink.cpp
ExitCode conform_command(const ConformRequest&, const Composition&);  // conform.cpp

}  // namespace dueprocess
