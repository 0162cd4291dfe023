#include "harness/drive/retirement.hpp"

#include "catch.hpp"

using namespace dueprocess;

namespace {

constexpr Instant start = instant_at(1'000'000);

}  // namespace

TEST_CASE("an order is let go once it is completed, its actors are done and it has been quiet for long enough") {
  Retirement retirement;
  retirement.reset({OrderId{1}, 10});
  std::vector<OrderId> done{OrderId{3}};
  retirement.take(done, start);
  CHECK(done.empty());
  retirement.completed(OrderId{3});
  CHECK(retirement.next(start + Retirement::linger - Duration{1}) == OrderId::none);
  CHECK(retirement.next(start + Retirement::linger) == OrderId{3});
  CHECK(retirement.next(start + Retirement::linger) == OrderId::none);
}

TEST_CASE("an order that never completes is never let go") {
  Retirement retirement;
  retirement.reset({OrderId{1}, 10});
  std::vector<OrderId> done{OrderId{4}};
  retirement.take(done, start);
  for (int round = 1; round < 10; ++round) CHECK(retirement.next(start + round * Retirement::linger) == OrderId::none);
  retirement.completed(OrderId{4});
  CHECK(retirement.next(start + 20 * Retirement::linger) == OrderId{4});
}
