// Troubles in words: which invariant each is a breach of, what was expected and what was seen.
#pragma once

#include "harness/oracle/wall/search.hpp"
#include "harness/record/violation.hpp"

namespace dueprocess::wall {

Violation named(const Trouble&, OrderId, const Account&, const Search&);
Violation named_keys_differ(OrderId, const Account&);
Violation named_stale(OrderId, const Account&);

}  // namespace dueprocess::wall
