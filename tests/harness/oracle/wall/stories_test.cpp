// Wall-time histories, legal and illegal, told one by one.
#include "catch.hpp"
#include "story.hpp"

using namespace dueprocess;
using namespace dueprocess::wall_test;
using enum OrderState;

namespace {
Story delivered_story() {
  Story s;
  s.place(0);
  s.deliver(100, 110);  // the review ends at 1500
  return s;
}
}  // namespace

TEST_CASE("wall: completed by the timer between two looks: ok") {
  Story s = delivered_story();
  s.view(1495, 1499).delivered(2, 1500);
  s.view(1505, 1508).completed(3, 1500);
  CHECK(s.verdict() == "ok");
}

TEST_CASE("wall: still delivered when looked at after D + L: late, before it: not") {
  for (const double looked : {1490.0, 1520.0}) {
    Story s = delivered_story();
    s.options.lateness_max = Duration{10'000};
    s.view(looked, looked + 4).delivered(2, 1500);
    s.view(1600, 1604).completed(3, 1500);
    CHECK(s.verdict() == (looked < 1500 ? "ok" : "T2x1"));
  }
}

TEST_CASE("wall: what a look could not have told apart is not found") {
  Story s = delivered_story();
  s.view(1499, 1512).stamp(1499.5).delivered(2, 1500);  // it may have looked just before
  s.view(1513, 1514).completed(3, 1500);
  CHECK(s.verdict() == "ok");
}

TEST_CASE("wall: completed when looked at before D: early, and so when it says that it was in time") {
  Story s = delivered_story();
  s.view(1400, 1404).completed(3, 1402);
  CHECK(s.verdict() == "T1x1");
  Story lying = delivered_story();
  lying.view(1400, 1404).completed(3, 1500);
  CHECK(lying.verdict() == "T1x1");
}

TEST_CASE("wall: a timer whose clock is behind the one that stamps, by the harness's brackets alone") {
  Story s = delivered_story();
  s.options.tells.completed_at = false;
  s.view(1498, 1499).delivered(2, 1500);
  s.view(6400, 6404).stamp(1499.9).delivered(2, 1500);  // the stamps say that it is not yet time
  s.view(6600, 6604).stamp(1600).completed(3, 1500);
  const std::string found = s.verdict();
  CHECK(found.find("ok") == std::string::npos);
}

TEST_CASE("wall: an acceptance whose bracket holds D may have won or lost, its answer says which") {
  Story taken = delivered_story();
  taken.accept(1498, 1503).stamp(1499.5).completed(3, 1499.5, CompletedBy::buyer);
  taken.view(1600, 1602).completed(3, 1499.5, CompletedBy::buyer);
  CHECK(taken.verdict() == "ok");
  Story refused = delivered_story();
  refused.accept(1498, 1503).stamp(1501).refused(Refusal::wrong_state).completed(3, 1500);
  refused.view(1600, 1602).completed(3, 1500);
  CHECK(refused.verdict() == "ok");
}

TEST_CASE("wall: taken after D by its own stamp, or by the brackets") {
  Story by_stamp = delivered_story();
  by_stamp.accept(1498, 1503).stamp(1500).completed(3, 1500, CompletedBy::buyer);
  CHECK(by_stamp.verdict() == "G4x1");
  Story by_brackets = delivered_story();
  by_brackets.options.lateness_max = Duration{50'000};
  by_brackets.accept(1510, 1513).completed(3, 1499, CompletedBy::buyer).answer().stamp = never;
  CHECK(by_brackets.verdict() == "T5x1 G4x1");  // and says that it was completed before
}

TEST_CASE("wall: refused before D though it had to be taken") {
  Story s = delivered_story();
  s.accept(1300, 1303).refused(Refusal::wrong_state).delivered(2, 1500);
  s.view(1600, 1602).completed(3, 1500);
  CHECK(s.verdict() == "G1x1");
}

TEST_CASE("wall: an acceptance without an answer leaves either winner, never both, and one payment") {
  for (const bool buyer_won : {true, false}) {
    Story s = delivered_story();
    s.options.payments = true;
    s.accept(1498, 1600).lost();
    s.view(1700, 1702).completed(3, buyer_won ? 1499 : 1500, buyer_won ? CompletedBy::buyer : CompletedBy::automatic);
    s.payment(buyer_won ? 1499 : 1500, 1710);
    CHECK(s.verdict() == "ok");
    s.payment(1500, 1711);
    CHECK(s.verdict() == "M1x1");
  }
  Story both = delivered_story();
  both.accept(1498, 1600).lost();
  both.view(1700, 1702).completed(3, 1500);
  both.view(1720, 1722).completed(4, 1499, CompletedBy::buyer);
  CHECK(both.verdict() != "ok");
}

TEST_CASE("wall: a lost extension leaves D and D + by, and nothing else") {
  for (const double ended : {1500.0, 1900.0, 1700.0}) {
    Story s = delivered_story();
    s.extend(800, 840, 400).lost();
    const std::uint32_t version = ended > 1600 ? 4 : 3;
    s.view(ended - 4, ended - 2).delivered(version - 1, ended > 1600 ? 1900 : 1500);
    s.view(ended + 2, ended + 4).completed(version, ended);
    CHECK(s.verdict() == (ended == 1700.0 ? "T3x1" : "ok"));
  }
}

TEST_CASE("wall: an acknowledged extension that the timer forgot") {
  Story s = delivered_story();
  s.extend(800, 804, 400).delivered(3, 1900);
  s.view(1600, 1604).completed(4, 1500);
  CHECK(s.verdict() == "T3x1");
}

TEST_CASE("wall: overlapping operations are explained in the order their versions say") {
  Story s = delivered_story();
  s.extend(800, 830, 100).stamp(820).delivered(4, 1800);
  s.extend(801, 829, 200).stamp(810).delivered(3, 1700);
  s.view(1790, 1792).delivered(4, 1800);
  s.view(1803, 1804).completed(5, 1800);
  CHECK(s.verdict() == "ok");
  Story neither = delivered_story();
  neither.extend(800, 830, 100).stamp(820).delivered(3, 1600);
  neither.extend(801, 829, 200).stamp(810).delivered(3, 1700);
  CHECK(neither.verdict() != "ok");
}

TEST_CASE("wall: requests under one key are one operation") {
  Story s = delivered_story();
  s.extend(800, 840, 400).lost().key(9);
  s.extend(850, 854, 400).stamp(810).key(9).delivered(3, 1900);  // the first had arrived: its answer again
  s.view(1600, 1602).delivered(3, 1900);
  s.view(1903, 1905).completed(4, 1900);
  CHECK(s.verdict() == "ok");
  Story twice = delivered_story();
  twice.extend(800, 804, 400).key(9).delivered(3, 1900);
  twice.extend(850, 854, 400).key(9).delivered(4, 2300);
  CHECK(twice.verdict() == "A3x1");
}

TEST_CASE("wall: a second effect under a key that its answer hides") {
  Story s = delivered_story();
  s.extend(800, 804, 400).key(9).delivered(3, 1900);
  s.extend(850, 854, 400).stamp(802).key(9).delivered(3, 1900);
  s.view(1600, 1602).delivered(4, 2300);
  CHECK(s.verdict() == "A3x1");
}

TEST_CASE("wall: a declared downtime excuses what was due in it, until it is over") {
  for (const double looked : {2020.0, 2200.0}) {
    Story s = delivered_story();
    s.options.downtimes = {{1'400 * ms_ns, 2'000 * ms_ns}};
    s.options.recovery_bound = Duration{100'000};
    s.view(looked, looked + 3).delivered(2, 1500);
    s.view(3000, 3003).completed(3, 1500);
    CHECK(s.verdict() == (looked < 2100 ? "ok" : "T2x1"));
  }
}

TEST_CASE("wall: nobody looked after its time: unknown, a feed would have told") {
  Story s = delivered_story();
  s.view(1200, 1202).delivered(2, 1500);
  CHECK(s.verdict() == "unknown: unread");
  s.last_look = 1'300 * ms_ns;
  CHECK(s.verdict() == "ok");
}

TEST_CASE("wall: without stamps, and looked at too seldom to tell") {
  Story s = delivered_story();
  s.options.tells.completed_at = false;
  s.view(1300, 1302).delivered(2, 1500);
  s.view(1700, 1702).completed(3, 1500);
  CHECK(s.verdict() == "unknown: unstamped");
  s.options.resolution_max = Duration{500'000};
  CHECK(s.verdict() == "ok");
}

TEST_CASE("wall: an operation was lost and nobody looked afterwards") {
  Story s = delivered_story();
  s.extend(800, 840, 5000).lost();
  s.last_look = 1'000 * ms_ns;
  CHECK(s.verdict() == "unknown: lost_answers");
}

TEST_CASE("wall: a look that shows what was, beyond and within what is declared") {
  for (const std::int64_t allowed_us : {0, 20'000}) {
    Story s = delivered_story();
    s.modify(900, 904).told(in_revision, 3);
    s.view(910, 912).delivered(2, 1500);
    s.view(940, 942).told(in_revision, 3);
    s.options.read_staleness = Duration{allowed_us};
    const std::string found = s.verdict();
    if (allowed_us == 0) CHECK(found == "R1x1");
  }
}

TEST_CASE("wall: a second payment is found after the order was judged") {
  Story s = delivered_story();
  s.options.payments = true;
  s.view(1505, 1508).completed(3, 1500);
  s.payment(1500, 1506);
  CHECK(s.verdict() == "ok");
  LiveEvidence again = s.shown(EvidenceKind::payment, 1500, 1506, 3);
  s.afterwards.push_back(again);
  CHECK(s.verdict() != "ok");
}

TEST_CASE("wall: so many overlapping operations that no order can be found in time: unknown, quickly") {
  Story s = delivered_story();
  for (int i = 0; i < 60; ++i) s.extend(800, 1400, 10).lost();
  s.view(1410, 1411).delivered(40, 1880);
  CHECK(s.verdict() == "unknown: over_budget");
}

TEST_CASE("wall: words of a finding tell what was expected and what was seen, with their instants") {
  Story s = delivered_story();
  s.view(1520, 1524).delivered(2, 1500);
  CHECK(s.verdict() == "T2x1");
  CHECK(s.in_words().find("expected completed by auto by 1970-01-01T00:00:01.500000Z") != std::string::npos);
  CHECK(s.in_words().find("seen still delivered: ok, delivered, version 2") != std::string::npos);
}

TEST_CASE("wall: a look that tells late and an upload that does not, with the due date in both brackets: the upload was first") {
  Story s;
  s.stamped = false;
  s.options.tells.lateness = true;
  s.place(0);
  s.view(495, 520).told(in_progress, 1).answer().late = true;
  Operation& upload = s.ask(OperationKind::upload, seller, 496, 519).told(in_progress, 1).o.observation.operation;
  upload.bytes = 1000;
  CHECK(s.verdict() == "ok");
}
