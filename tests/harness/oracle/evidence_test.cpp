// Money, notices and events (M1-M4, N1-N4, R4).
#include "catch.hpp"
#include "history.hpp"

using namespace dueprocess;

namespace {

// The evidence of a completion, in its order.
enum : std::size_t { event, to_buyer, to_seller, payment, paid_notice };

/// A completion on day 5 whose evidence is bent.
std::string found_at_completion(const std::function<void(std::vector<Evidence>&)>& bend) {
  History h;
  deliver_on_day_1(h);
  h.at(days(5)).told([&](Step& s) { bend(s.evidence); }).timer();
  h.end();
  INFO(h.words());
  CHECK(h.tally.orders_violated == (h.found().empty() ? 0 : 1));
  return h.found();
}
std::string found_without(std::size_t which) {
  return found_at_completion([=](auto& all) { all.erase(all.begin() + static_cast<std::ptrdiff_t>(which)); });
}
std::string found_with_two_of(std::size_t which) {
  return found_at_completion([=](auto& all) {
    const Evidence again = all[which];
    all.push_back(again);
  });
}

}  // namespace

TEST_CASE("M1: a second payment, at once or much later") {
  CHECK(found_with_two_of(payment) == "M1");
  History h;
  deliver_on_day_1(h);
  h.at(days(5)).timer();
  h.at(days(9)).payment(3);
  h.notice(Notice::payment_processed, seller, 3);
  h.end();
  CHECK(h.found() == "M1");
}

TEST_CASE("M1: a payment for an order whose history was over") {
  History h;
  deliver_on_day_1(h);
  h.at(days(5)).timer();
  h.end();
  CHECK(h.tally.orders_ok == 1);
  h.at(days(9)).payment(3);
  CHECK(h.found() == "M1");
  CHECK(h.tally.orders_ok == 0);
  CHECK(h.tally.orders_violated == 1);
}

TEST_CASE("M2: no payment, and no notice of one") {
  CHECK(found_at_completion([](auto& all) { all.resize(payment); }) == "M2");
}

TEST_CASE("M2: a payment later than its bound, by a microsecond") {
  for (const Duration late : {second, second + us}) {
    OracleOptions options;
    options.payment_bound = options.notice_bound = second;
    History h{{}, options};
    deliver_on_day_1(h);
    h.at(days(5)).told([](Step& s) { s.evidence.resize(payment); }).timer();
    h.at(days(5) + late).payment(3);
    h.at(days(5) + second).notice(Notice::payment_processed, seller, 3);
    h.end();
    INFO(h.words());
    CHECK(h.found() == (late > second ? "M2" : ""));
  }
}

TEST_CASE("M2 is judged only where its bound has passed before the last look") {
  OracleOptions options;
  options.payment_bound = options.notice_bound = second;
  for (const Duration look : {second, second + us}) {
    History h{{}, options};
    deliver_on_day_1(h);
    h.at(days(5)).told([](Step& s) { s.evidence.resize(payment); }).timer();
    h.end(day_0 + days(5) + look);
    CHECK(h.found() == (look > second ? "M2" : ""));
  }
}

TEST_CASE("M3: a cent less, or to someone else") {
  CHECK(found_at_completion([](auto& all) { --all[payment].amount_cents; }) == "M3");
  CHECK(found_at_completion([](auto& all) { all[payment].to = buyer; }) == "M3");
  CHECK(found_at_completion([](auto& all) { all[payment].to = stranger; }) == "M3");
}

TEST_CASE("M4: paid before completion, and again with it") {
  History h;
  deliver_on_day_1(h);
  h.at(days(2)).payment(2);
  h.at(days(5)).told([](Step& s) { s.evidence.resize(payment); }).timer();
  h.end();
  CHECK(h.found() == "M4");
  History g;
  deliver_on_day_1(g);
  g.at(days(2)).payment(2);
  g.notice(Notice::payment_processed, seller, 2);
  g.at(days(5)).timer();
  g.end();
  CHECK(g.found() == "M1 M4");
}

TEST_CASE("M4: the payment is shown before the completion at the same instant") {
  CHECK(found_at_completion([](auto& all) { std::swap(all[event], all[payment]); }).substr(0, 2) == "M4");
}

TEST_CASE("M4: a payment for an order that is not") {
  History h;
  h.payment(1);
  h.order = OrderId{4711};
  h.payment(1);
  h.end();
  CHECK(h.found() == "M4 M4");
}

TEST_CASE("N1: sent to the wrong party") {
  History h;
  h.place();
  h.at(days(1)).told([](Step& s) { s.evidence[1].to = seller; }).deliver();
  h.at(days(5)).timer();
  h.end();
  CHECK(h.found() == "N1");
  CHECK(found_at_completion([](auto& all) { all[to_seller].to = stranger; }) == "N1");
  CHECK(found_at_completion([](auto& all) { all[paid_notice].to = buyer; }) == "N1");
}

TEST_CASE("N1: later than its bound, by a microsecond") {
  for (const Duration bound : {Duration{0}, second}) {
    for (const Duration late : {bound, bound + us}) {
      OracleOptions options;
      options.notice_bound = bound;
      History h{{}, options};
      h.place();
      h.at(days(1)).told([](Step& s) { s.evidence.resize(1); }).deliver();
      h.later(late).notice(Notice::delivered, buyer, 2, CompletedBy::nobody, day_0 + days(5));
      h.at(days(5)).timer();
      h.end();
      INFO(h.words());
      CHECK(h.found() == (late > bound ? "N1" : ""));
    }
  }
}

TEST_CASE("N1: out of the order's own sequence") {
  OracleOptions options;
  options.notice_bound = hours(1);
  for (const bool swapped : {false, true}) {
    History h{{}, options};
    h.place();
    h.at(days(1)).told([](Step& s) { s.evidence.resize(1); }).deliver();
    h.later(second).told([](Step& s) { s.evidence.resize(1); }).extend(days(1));
    h.later(second);
    const auto delivered = [&] { h.notice(Notice::delivered, buyer, 2, CompletedBy::nobody, day_0 + days(5)); };
    if (!swapped) delivered();
    h.notice(Notice::review_extended, seller, 3, CompletedBy::nobody, day_0 + days(6));
    if (swapped) delivered();
    h.at(days(6)).timer();
    h.end();
    INFO(h.words());
    CHECK(h.found() == (swapped ? "N1" : ""));
  }
}

TEST_CASE("N2: a notice is missing, or sent twice") {
  CHECK(found_without(to_buyer) == "N2");
  CHECK(found_without(to_seller) == "N2");
  CHECK(found_without(paid_notice) == "N2");
  CHECK(found_with_two_of(to_buyer) == "N2");
  CHECK(found_with_two_of(to_seller) == "N2");
  CHECK(found_with_two_of(paid_notice) == "N2");
  CHECK(found_at_completion([](auto& all) { all[to_seller].to = buyer; }) == "N2 N2");
}

TEST_CASE("N2: the notice of an effect that others followed is still owed") {
  History h;
  h.place();
  h.at(days(1)).told([](Step& s) { s.evidence.resize(1); }).deliver();
  h.at(days(2)).extend(days(1));
  h.at(days(6)).timer();
  h.end();
  CHECK(h.found() == "N2");
}

TEST_CASE("N3: a notice carries another deadline, or names another winner") {
  History h;
  deliver_on_day_1(h);
  h.at(days(2)).told([](Step& s) { s.evidence[1].deadline -= days(1); }).extend(days(1));
  CHECK(h.found() == "N3");
  CHECK(found_at_completion([](auto& all) { all[to_buyer].completed_by = CompletedBy::buyer; }) == "N3");
  CHECK(found_at_completion([](auto& all) { all[to_seller].deadline = all[to_seller].at; }) == "N3");
}

TEST_CASE("N4: a notice that nothing calls for") {
  History h;
  deliver_on_day_1(h);
  h.at(days(2)).notice(Notice::completed, buyer, 2);
  CHECK(h.found() == "N4");
  h.notice(Notice::payment_processed, seller, 2);
  CHECK(h.found() == "N4 N4");
  h.order = OrderId{5};
  h.notice(Notice::delivered, buyer, 1);
  h.order = OrderId{4711};
  h.notice(Notice::delivered, buyer, 1);
  CHECK(h.found() == "N4 N4 N4 N4");
}

TEST_CASE("N4: the notice of a payment comes before the payment") {
  CHECK(found_at_completion([](auto& all) { std::swap(all[payment], all[paid_notice]); }) == "N4");
}

TEST_CASE("R4: a transition without an event") {
  History h;
  h.place();
  h.at(days(1)).told([](Step& s) { s.evidence.erase(s.evidence.begin()); }).deliver();
  h.at(days(2)).accept();
  h.end();
  CHECK(h.found().substr(h.found().size() - 2) == "R4");
}

TEST_CASE("R4: an event told twice") {
  History h;
  deliver_on_day_1(h);
  Evidence e;
  e.order = h.order;
  e.at = h.now();
  e.version = 2;
  e.from = OrderState::in_progress;
  e.state = OrderState::delivered;
  e.deadline = day_0 + days(5);
  h.show(e);
  h.at(days(5)).timer();
  h.end();
  CHECK(h.found() == "R4");
}

TEST_CASE("R4: an event that nobody caused, and its notices and its payment are not found again") {
  History h;
  deliver_on_day_1(h);
  h.at(days(2));
  Evidence e;
  e.order = h.order;
  e.at = h.now();
  e.version = 3;
  e.from = OrderState::delivered;
  e.state = OrderState::completed;
  e.completed_by = CompletedBy::buyer;
  h.show(e);
  h.notice(Notice::completed, buyer, 3, CompletedBy::buyer);
  h.notice(Notice::completed, seller, 3, CompletedBy::buyer);
  h.payment(3);
  h.notice(Notice::payment_processed, seller, 3);
  h.end();
  INFO(h.words());
  CHECK(h.found() == "R4");
}

TEST_CASE("R4: an event of an order that is not") {
  History h;
  h.completes_by_itself(2);
  CHECK(h.found() == "M4 N4 N4 N4 R4");
}
