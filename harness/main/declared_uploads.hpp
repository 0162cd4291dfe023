// Before a run that tells the sizes of files instead of sending them (--declared-uploads): does the service take that?
#pragma once

#include "harness/target/binding/http_target.hpp"

namespace dueprocess {

/// Places an order of its own, which is no part of the run and stays in progress, and tells one file of a byte to it. Throws
/// TargetProblem where the service refuses that as invalid: else each upload of the run would be a finding of its own. Says
/// nothing of a service that cannot be reached or takes no order: the run finds that out, and tells it better.
///
/// `options` as for the run's own target, which is opened afterwards.
void require_declared_uploads(const http::Endpoint&, const Binding&, HttpTargetOptions options, UserId buyer, UserId seller,
                              Instant due_at);

}  // namespace dueprocess
