#include "catch.hpp"
#include "desk.hpp"

using namespace dueprocess;
using namespace dueprocess::test;

TEST_CASE("a restart leaves deadlines alone") {
  Desk desk;
  desk.of(1).place(start + 48h);
  desk.deliver();
  desk.of(2).place(start + 48h);
  desk.deliver();
  desk.extend(1h);
  desk.of(3).place(start + 48h);
  desk.restart(start + 2h, start + 3h);
  CHECK(desk.engine.next_timer() == start + 120h);
  CHECK(desk.of(1).view().deadline == start + 120h);
  CHECK(desk.of(2).view().deadline == start + 121h);
  CHECK(desk.of(3).deliver().outcome == Outcome::ok);
  CHECK(desk.at(start + 120h).of(1).view().completed_at == start + 120h);
  CHECK(desk.at(start + 121h).of(2).view().completed_at == start + 121h);
}

TEST_CASE("timers that fell due while down fire at the restart, by deadline, then by order") {
  Desk desk;
  for (std::uint64_t id = 1; id <= 4; ++id) {
    desk.of(id).place(start + 48h);
    desk.deliver();
  }
  desk.of(1).extend(2h);
  desk.of(2).extend(1h);
  desk.of(4).extend(1h);
  desk.seen().clear();
  desk.restart(start + 100h, start + 122h);  // the last is due at the very instant
  REQUIRE(desk.seen().size() == 20);
  const std::uint64_t expected[] = {3, 2, 4, 1};
  for (std::size_t i = 0; i < 20; ++i) {
    CHECK(number(desk.seen()[i].order) == expected[i / 5]);
    CHECK(desk.seen()[i].at == start + 122h);
  }
  CHECK(desk.of(3).view().completed_at == start + 122h);
  CHECK(desk.of(3).view().completed_by == CompletedBy::automatic);
  CHECK(desk.engine.next_timer() == never);
}

TEST_CASE("a timer due before the crash fired at its own instant, one due at the crash did not") {
  Desk desk;
  desk.of(1).place(start + 48h);
  desk.deliver();
  desk.of(2).place(start + 48h);
  desk.deliver();
  desk.extend(us);
  desk.engine.restart(start + 120h + us, start + 130h);  // without the caller firing the first
  desk.now = start + 130h;
  CHECK(desk.of(1).view().completed_at == start + 120h);
  CHECK(desk.of(2).view().completed_at == start + 130h);
}

TEST_CASE("a restart in no time at all changes nothing") {
  Desk desk;
  desk.place(start + 48h);
  desk.deliver();
  desk.extend(1h);
  const std::size_t seen = desk.seen().size();
  desk.restart(start + 1h, start + 1h);
  CHECK(desk.seen().size() == seen);
  CHECK(desk.engine.next_timer() == start + 121h);
}

TEST_CASE("after a restart reviews are extended, ended and opened as ever") {
  Desk desk;
  desk.place(start + 48h);
  desk.deliver();
  desk.restart(start + 1h, start + 2h);
  desk.extend(1h);
  CHECK(desk.engine.next_timer() == start + 121h);
  desk.modify();
  CHECK(desk.engine.next_timer() == never);
  desk.deliver_modified();
  CHECK(desk.engine.next_timer() == start + 120h);
  desk.restart(start + 3h, start + 4h);
  desk.accept();
  CHECK(desk.engine.next_timer() == never);
}
