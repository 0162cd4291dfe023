// The vocabulary: names that reports, scenarios and histories rely on, and the few facts the types promise.
#include "catch.hpp"
#include "sim/workflow/answer.hpp"
#include "sim/workflow/ids.hpp"
#include "sim/workflow/operation.hpp"
#include "sim/workflow/order.hpp"
#include "sim/workflow/policy.hpp"

#include <limits>
#include <set>
#include <string_view>

using namespace dueprocess;

namespace {

template <class Enum>
void check_names(unsigned count, std::string_view first, std::string_view last) {
  std::set<std::string_view> names;
  for (unsigned i = 0; i < count; ++i) names.insert(name_of(static_cast<Enum>(i)));
  CHECK(names.size() == count);
  CHECK(names.count("?") == 0);
  CHECK(name_of(static_cast<Enum>(0)) == first);
  CHECK(name_of(static_cast<Enum>(count - 1)) == last);
  CHECK(name_of(static_cast<Enum>(count)) == "?");
}

}  // namespace

TEST_CASE("every enumerator has a name of its own, as the rules write it") {
  check_names<OrderState>(order_state_count, "none", "completed");
  check_names<CompletedBy>(3, "nobody", "auto");
  check_names<OperationKind>(operation_kind_count, "place_order", "contact_support");
  check_names<Content>(4, "final", "incomplete");
  check_names<Outcome>(3, "ok", "info");
  check_names<Refusal>(refusal_count, "none", "limit_reached");
  check_names<Notice>(notice_count, "delivered", "payment_processed");
}

TEST_CASE("refusals are enumerated in the order in which they take precedence") {
  const Refusal order[] = {Refusal::unauthenticated,
                           Refusal::not_found,
                           Refusal::forbidden,
                           Refusal::wrong_state,
                           Refusal::invalid,
                           Refusal::file_too_large,
                           Refusal::not_final_work,
                           Refusal::description_required,
                           Refusal::confirmation_required,
                           Refusal::limit_reached};
  for (std::size_t i = 1; i < std::size(order); ++i) CHECK(order[i - 1] < order[i]);
}

TEST_CASE("a range of orders holds its own and no others, also at the ends of the numbers") {
  const OrderRange range{OrderId{100}, 10};
  CHECK_FALSE(range.contains(OrderId{99}));
  CHECK(range.contains(OrderId{100}));
  CHECK(range.contains(OrderId{109}));
  CHECK_FALSE(range.contains(OrderId{110}));
  CHECK_FALSE(range.contains(OrderId::none));
  CHECK_FALSE(range.contains(OrderId{std::numeric_limits<std::uint64_t>::max()}));
  CHECK(range.index_of(OrderId{109}) == 9);
  CHECK(range.at(9) == OrderId{109});
  CHECK_FALSE(OrderRange{}.contains(OrderId{1}));
}

TEST_CASE("absent and blank texts are blank, all others are not") {
  CHECK(is_blank(TextId::absent));
  CHECK(is_blank(TextId::blank));
  CHECK_FALSE(is_blank(TextId::first_real));
  CHECK_FALSE(is_blank(TextId{1'000'000}));
}

TEST_CASE("the operations that can change state or deadline are the six the rules name") {
  std::set<std::string_view> changing;
  for (unsigned i = 0; i < operation_kind_count; ++i)
    if (can_transition(static_cast<OperationKind>(i))) changing.insert(name_of(static_cast<OperationKind>(i)));
  CHECK(changing == std::set<std::string_view>{"place_order", "deliver", "deliver_modified", "accept", "request_modification",
                                               "extend_review"});
}

TEST_CASE("the default policy is the rules' own") {
  const Policy policy;
  CHECK(policy.review_period == std::chrono::hours{72});
  CHECK(policy.review_anchor == ReviewAnchor::later);
  CHECK(policy.days == DayRule::elapsed);
  CHECK(policy.max_file_size == 5'000'000'000);
  CHECK_FALSE(policy.extensions_carry_over);
  CHECK(policy.max_modifications == unlimited);
  CHECK(policy.max_extensions == unlimited);
  CHECK(policy.extension_min == Duration{1});
  CHECK(policy.extension_max == std::chrono::hours{240});
  CHECK(policy.after_deadline == AfterDeadline::strict);
}

TEST_CASE("what is built once an operation stays small") {
  CHECK(sizeof(Operation) <= 64);
  CHECK(sizeof(Answer) <= 48);
  CHECK(sizeof(Evidence) <= 64);
}
