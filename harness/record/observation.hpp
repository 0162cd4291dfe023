// The waist. Every target yields Observations, every judge and report reads only them (and Evidence, which a target
// lets be seen beside its answers: sim/workflow/answer.hpp).
//
// A failed request is still an Observation: `answer.outcome` says so. Nothing observed is dropped without being counted.
// Flat and without ownership: one is built per operation in the hot path, judged, and overwritten.
#pragma once

#include "sim/workflow/answer.hpp"
#include "sim/workflow/operation.hpp"

namespace dueprocess {

struct Observation {
  Operation operation;
  Answer answer;
  Instant intended = never;  // virtual: when the actor meant to do it
  Instant sent = never;      // virtual; in process sent == answered
  Instant answered = never;
};

}  // namespace dueprocess
