// What `dueprocess prove` found: which seeded bugs, by what, after how many orders; as text, JSON and JUnit.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "reports/terminal.hpp"

namespace dueprocess {

/// One bug in one profile; with `invariant` empty it was not found there.
struct ProofEntry {
  std::string profile;
  std::string invariant;                 // the one that found it; or "case", "expectation", "stall"
  std::uint64_t orders_until_found = 0;  // 0: not found, or by an expectation over the whole run
};

struct ProvenBug {
  std::string id, what, needs;
  std::vector<ProofEntry> entries;  // in the order in which they were tried
  bool found() const;
  /// REQUIRES: found().
  const ProofEntry& first() const;
};

/// A profile without any bug must find nothing.
struct CleanProfile {
  std::string name;
  std::uint64_t orders = 0;
  std::vector<std::string> reasons;  // why it is not ok all the same
};

struct Proof {
  std::vector<CleanProfile> profiles;  // as far as they were needed
  std::vector<ProvenBug> bugs;
  bool interrupted = false;

  std::uint64_t seeded() const { return bugs.size(); }
  std::uint64_t found() const;
  bool clean() const;
};

/// The matrix, the score, and for the survivors what they need.
std::string proof_text(const Proof&, const TextStyle&);
/// {"seeded", "found", "matrix": [{bug, found, invariant, orders_until_found, profile}]}; an entry for each bug, or if every
/// profile was played to its end for each bug, each profile and each invariant that fired there; what was not found has null for
/// invariant and number.
std::string proof_json(const Proof&);
/// A test suite: a test for each profile without a bug, and one for each bug.
std::string proof_junit(const Proof&);

}  // namespace dueprocess
