// Each seeded bug in a scenario of its own: one fact, as it should be and as the bug makes it.
#include "sim/engine/bugs.hpp"
#include "catch.hpp"
#include "walk.hpp"

#include <fstream>
#include <functional>
#include <set>
#include <sstream>

using namespace dueprocess;
using namespace dueprocess::test;

namespace {

using Fact = std::int64_t;
using Scenario = Fact (*)(BuggyDesk&);

constexpr Instant far = start + 20000h;
constexpr Fact not_yet = -1;

Fact hours(Instant t) { return t == never ? not_yet : (t - start) / Duration{1h}; }
Fact micros(Instant t) { return t == never ? not_yet : us_of(t - start); }
Fact refusal(const Answer& answer) { return static_cast<Fact>(answer.refusal); }
constexpr Fact as_fact(Refusal r) { return static_cast<Fact>(r); }
constexpr Fact ok = as_fact(Refusal::none);

/// When the desk's order is completed, in hours, if nobody does anything any more.
Fact ends(BuggyDesk& desk) { return hours(desk.at(far).view().completed_at); }
Fact completions(BuggyDesk& desk) {
  desk.at(far);
  Fact n = 0;
  for (const Evidence& e : desk.seen()) n += e.kind == EvidenceKind::event && e.state == OrderState::completed ? 1 : 0;
  return n;
}
Fact payments(BuggyDesk& desk) { return static_cast<Fact>(desk.at(far).count(EvidenceKind::payment)); }
const Evidence& last(BuggyDesk& desk, EvidenceKind kind) {
  const auto found = std::find_if(desk.seen().rbegin(), desk.seen().rend(), [&](const Evidence& e) { return e.kind == kind; });
  REQUIRE(found != desk.seen().rend());
  return *found;
}

/// Due at 48 h, delivered at 24 h: deadline at 120 h.
void delivered(BuggyDesk& desk) {
  desk.at(start).place(start + 48h);
  desk.at(start + 24h).deliver();
}
Fact silent(BuggyDesk& desk) { return delivered(desk), ends(desk); }
Fact second_review(BuggyDesk& desk) {
  delivered(desk);
  desk.modify();
  desk.at(start + 60h).deliver_modified();
  return ends(desk);
}
Fact extended_early(BuggyDesk& desk) {
  delivered(desk);
  desk.extend(10h);
  return ends(desk);
}
Fact forty_days(BuggyDesk& desk) {
  delivered(desk);
  for (int i = 0; i < 4; ++i) desk.extend(240h);
  return ends(desk);
}
Fact down_over_the_deadline(BuggyDesk& desk) {
  delivered(desk);
  desk.restart(start + 100h, start + 130h);
  return ends(desk);
}

Policy in_new_york() {
  Policy policy;
  policy.days = DayRule::calendar;
  policy.zone = "America/New_York";
  return policy;
}
Fact from(BuggyDesk& desk, Instant delivered_at) {  // how long the review took, in hours
  desk.now = delivered_at - 100h;
  desk.place(delivered_at - 50h);
  desk.at(delivered_at).deliver();
  return (desk.at(delivered_at + 2000h).view().completed_at - delivered_at) / Duration{1h};
}
constexpr Instant on(int month, unsigned day, Duration time) {
  return std::chrono::sys_days{std::chrono::year{2026} / month / static_cast<int>(day)} + time;
}

struct Row {
  Bug bug;
  Fact right, wrong;
  Scenario scenario;
  Policy policy = {};
};

const std::vector<Row>& rows() {
  static const std::vector<Row> table = {
      {Bug::b01a, 120, 96, silent},
      {Bug::b01b, 120, 144, silent},
      {Bug::b02, 120, 96, silent},
      {Bug::b03, 172, 120, [](BuggyDesk& d) { return d.place(start + 48h), d.at(start + 100h).deliver(), ends(d); }},
      {Bug::b04, 272, not_yet, [](BuggyDesk& d) { return d.place(start + 48h), d.at(start + 200h).deliver(), ends(d); }},
      {Bug::b05, 130, 34, extended_early},
      {Bug::b06a, 130, 24, extended_early},
      {Bug::b06b, 130, 140, extended_early},
      {Bug::b07, 130, 120, extended_early},
      {Bug::b08, 130, 140,
       [](BuggyDesk& d) {
         delivered(d);
         d.with_key(1).extend(10h);
         d.with_key(1).extend(10h);
         return ends(d);
       }},
      {Bug::b09a, 1080, 24, forty_days},
      {Bug::b09b, 1080, 24, forty_days},
      {Bug::b10, 1080, not_yet, forty_days},
      {Bug::b11a, 120, 24, silent},
      {Bug::b11b, 120, not_yet, silent},
      {Bug::b12, 259'200'500'000, 259'200'000'000,
       [](BuggyDesk& d) { return d.place(start + 500ms), d.deliver(), micros(d.at(far).view().completed_at); }},
      {Bug::b16a, 71, 72, [](BuggyDesk& d) { return from(d, on(3, 6, 17h)); }, in_new_york()},
      {Bug::b16b, 72, 71, [](BuggyDesk& d) { return from(d, on(3, 6, 17h)); }},
      {Bug::b17, 72, 96, [](BuggyDesk& d) { return from(d, on(3, 5, 7h + 30min)); }, in_new_york()},
      {Bug::b18, 72, 73, [](BuggyDesk& d) { return from(d, on(10, 29, 5h + 30min)); }, in_new_york()},
      {Bug::b22, not_yet, 120, [](BuggyDesk& d) { return delivered(d), d.modify(), ends(d); }},
      {Bug::b23, 1, 2, [](BuggyDesk& d) { return delivered(d), d.accept(), completions(d); }},
      {Bug::b24, 132, not_yet, second_review},
      {Bug::b25, 132, 120, second_review},
      {Bug::b26, 132, not_yet, second_review},
      {Bug::b29, not_yet, 120, [](BuggyDesk& d) { return d.place(start + 48h), d.save_draft(), ends(d); }},
      {Bug::b30, 120, not_yet, [](BuggyDesk& d) { return delivered(d), d.restart(start + 30h, start + 31h), ends(d); }},
      {Bug::b32, 130, not_yet, down_over_the_deadline},
      {Bug::b33, 1, 3, [](BuggyDesk& d) { return down_over_the_deadline(d), completions(d); }},
      {Bug::b36, 0, 1,
       [](BuggyDesk& d) {
         for (std::uint64_t id = 1; id < 100'000; ++id) {
           d.engine.reset({OrderId{id}, 1});
           d.of(id).now = start;
           delivered(d);
           if (d.engine.next_timer() == never) return Fact{1};
         }
         return Fact{0};
       }},
      {Bug::b57, 1, 2, [](BuggyDesk& d) { return delivered(d), d.at(start + 120h + 5ms).accept(), payments(d); }},
      {Bug::b59, 130, not_yet,
       [](BuggyDesk& d) {
         delivered(d);
         d.of(2).place(start + 58h);
         d.deliver();
         d.of(1).accept();
         return ends(d.of(2));
       }},
      {Bug::b60, 1, 2, [](BuggyDesk& d) { return delivered(d), d.accept(), d.accept(), payments(d); }},
      {Bug::b62, 1, 2, [](BuggyDesk& d) { return d.of(8), delivered(d), payments(d); }},
      {Bug::b65, 1, 0, [](BuggyDesk& d) { return down_over_the_deadline(d), payments(d); }},
      {Bug::b68, 1000, 0, [](BuggyDesk& d) { return forty_days(d), last(d, EvidenceKind::payment).amount_cents; }},
      {Bug::b69, 120, not_yet, silent},
      {Bug::b70a, 1, 0,
       [](BuggyDesk& d) { return extended_early(d), static_cast<Fact>(d.count(Notice::review_extended, seller)); }},
      {Bug::b70b, 1, 2,
       [](BuggyDesk& d) { return extended_early(d), static_cast<Fact>(d.count(Notice::review_extended, seller)); }},
      {Bug::b70c, 130, 120,
       [](BuggyDesk& d) { return delivered(d), d.extend(10h), hours(last(d, EvidenceKind::notification).deadline); }},
      {Bug::b73, 0, 1, [](BuggyDesk& d) { return delivered(d), d.modify(), d.accept(), payments(d); }},
      {Bug::b74, 432'000'000'000, 432'000'000'001,
       [](BuggyDesk& d) { return delivered(d), micros(d.at(far).view().completed_at); }},
      {Bug::b75, as_fact(Refusal::file_too_large), ok,
       [](BuggyDesk& d) { return d.place(start + 48h), refusal(d.upload(5'000'000'001)); }},
      {Bug::s01, as_fact(Refusal::not_found), ok, [](BuggyDesk& d) { return delivered(d), refusal(d.view(stranger)); }},
      {Bug::s02, as_fact(Refusal::not_found), as_fact(Refusal::forbidden),
       [](BuggyDesk& d) { return delivered(d), refusal(d.view(stranger)); }},
      {Bug::s03, as_fact(Refusal::forbidden), ok,
       [](BuggyDesk& d) { return delivered(d), refusal(d.ask(seller, OperationKind::accept)); }},
      {Bug::s04, as_fact(Refusal::unauthenticated), ok,
       [](BuggyDesk& d) { return delivered(d), refusal(d.view(UserId::nobody)); }},
      {Bug::s05, 1, 2,
       [](BuggyDesk& d) {
         return d.place(start + 48h), d.with_key(1).upload(1), d.with_key(1).upload(1),
                d.save_draft(words, 2).refusal == Refusal::none ? Fact{2} : Fact{1};
       }},
      {Bug::s06, 130, 140,
       [](BuggyDesk& d) {
         delivered(d);
         d.with_key(1).extend(10h);
         d.restart(start + 30h, start + 31h);
         d.with_key(1).extend(10h);
         return ends(d);
       }},
      {Bug::s07, 1, 2, [](BuggyDesk& d) { return d.place(start + 48h), static_cast<Fact>(d.save_draft().version); }},
      {Bug::s08, 1, 0, [](BuggyDesk& d) { return silent(d), static_cast<Fact>(d.count(Notice::completed, buyer)); }},
      {Bug::s09, 0, 1, [](BuggyDesk& d) { return delivered(d), static_cast<Fact>(d.count(Notice::delivered, seller)); }},
      {Bug::s10, 0, 1,
       [](BuggyDesk& d) { return d.place(start + 48h), d.save_draft(), static_cast<Fact>(d.count(Notice::delivered, buyer)); }},
      {Bug::s11, 3, 2, [](BuggyDesk& d) { return delivered(d), d.modify(), static_cast<Fact>(d.count(EvidenceKind::event)); }},
      {Bug::s12, 1000, 999, [](BuggyDesk& d) { return silent(d), last(d, EvidenceKind::payment).amount_cents; }},
      {Bug::s13, 1, 2, [](BuggyDesk& d) { return silent(d), static_cast<Fact>(last(d, EvidenceKind::payment).to); }},
      {Bug::s14, 2, 1, [](BuggyDesk& d) { return silent(d), static_cast<Fact>(d.view().completed_by); }},
      {Bug::s15, 1, 2, [](BuggyDesk& d) { return silent(d), d.accept(), static_cast<Fact>(d.count(Notice::completed, buyer)); }},
      {Bug::s16, 1, 0, [](BuggyDesk& d) { return silent(d), payments(d); }},
      {Bug::s17, 120, not_yet, [](BuggyDesk& d) { return delivered(d), hours(last(d, EvidenceKind::notification).deadline); }},
      {Bug::s18, ok, as_fact(Refusal::wrong_state),
       [](BuggyDesk& d) { return delivered(d), refusal(d.at(start + 120h - 1s).accept()); }},
      {Bug::s19, ok, as_fact(Refusal::invalid), [](BuggyDesk& d) { return delivered(d), refusal(d.extend(240h)); }},
      {Bug::s20, ok, as_fact(Refusal::file_too_large),
       [](BuggyDesk& d) { return d.place(start + 48h), refusal(d.upload(5'000'000'000)); }},
      {Bug::s21, ok, as_fact(Refusal::confirmation_required),
       [](BuggyDesk& d) { return d.place(start + 48h), refusal(d.deliver()); }},
      {Bug::s22, as_fact(Refusal::confirmation_required), ok,
       [](BuggyDesk& d) {
         d.place(start + 48h);
         Operation op = BuggyDesk::delivery();
         op.links = 0;
         return refusal(d.ask(op));
       }},
      {Bug::s23, as_fact(Refusal::not_final_work), as_fact(Refusal::description_required),
       [](BuggyDesk& d) {
         d.place(start + 48h);
         Operation op = BuggyDesk::delivery();
         op.text = TextId::blank;
         op.content = Content::draft;
         return refusal(d.ask(op));
       }},
      {Bug::s24, as_fact(Refusal::not_final_work), ok,
       [](BuggyDesk& d) {
         d.place(start + 48h);
         Operation op = BuggyDesk::delivery();
         op.content = Content::work_sample;
         return refusal(d.ask(op));
       }},
      {Bug::s25, as_fact(Refusal::limit_reached), ok,
       [](BuggyDesk& d) { return delivered(d), d.extend(1h), refusal(d.extend(1h)); },
       [] {
         Policy policy;
         policy.max_extensions = 1;
         return policy;
       }()},
      {Bug::s26, 120, not_yet, [](BuggyDesk& d) { return delivered(d), d.ask(buyer, OperationKind::contact_support), ends(d); }},
      {Bug::s27, 132, 142,
       [](BuggyDesk& d) {
         delivered(d);
         d.extend(10h);
         d.modify();
         d.at(start + 60h).deliver_modified();
         return ends(d);
       }},
      {Bug::s28, 432'000'000'000, 432'001'000'000,
       [](BuggyDesk& d) { return d.place(start + 48h), micros(d.deliver().deadline); }},
      {Bug::s29, ok, as_fact(Refusal::invalid),
       [](BuggyDesk& d) {
         d.place(start + 48h);
         d.save_draft(words, 0, 1);
         Operation op = BuggyDesk::delivery();
         op.use_draft = true;
         op.content = Content::draft;
         d.ask(op);
         op.content = Content::final_work;
         return refusal(d.ask(op));
       }},
      {Bug::s30, 0, 1, [](BuggyDesk& d) { return d.place(start + 48h), static_cast<Fact>(d.at(start + 48h).view().late); }},
  };
  return table;
}

// One walk with the bugs given.
template <class E>
std::string trace(std::uint64_t walk, BugSet bugs) {
  Choices choose(5, walk);
  const Policy policy = random_policy(choose);
  return trace_of(E(policy, OrderRange{OrderId{1}, 4}, bugs), policy, choose);
}

}  // namespace

TEST_CASE("every seeded bug changes its own scenario, as said, and every bug of the engine alone has one") {
  std::set<Bug> met;
  for (const Row& row : rows()) {
    INFO("bug " << all_bugs()[static_cast<std::size_t>(row.bug)].id);
    BuggyDesk right(row.policy);
    CHECK(row.scenario(right) == row.right);
    BuggyDesk wrong(row.policy, only(row.bug));
    CHECK(row.scenario(wrong) == row.wrong);
    met.insert(row.bug);
  }
  CHECK(met.size() == static_cast<std::size_t>(Bug::b19));  // the others are timed_test.cpp's
}

TEST_CASE("with no bug on, the seeded engine is the engine") {
  for (std::uint64_t walk = 0; walk < 1500; ++walk)
    if (trace<SeededEngine>(walk, {}) != trace<Engine>(walk, {})) FAIL("walk " << walk);
}

TEST_CASE("every bug alone runs through random walks without tripping over the engine's own checks") {
  for (const BugInfo& info : all_bugs())
    for (std::uint64_t walk = 0; walk < 40; ++walk) trace<SeededEngine>(walk, only(info.bug));
}

TEST_CASE("bugs are found by their ids, and the ids are one each") {
  std::set<std::string_view> ids;
  for (const BugInfo& info : all_bugs()) {
    CHECK(bug_named(info.id) == info.bug);
    CHECK_FALSE(info.what.empty());
    CHECK_FALSE(info.needs.empty());
    ids.insert(info.id);
  }
  CHECK(ids.size() == all_bugs().size());
  CHECK_FALSE(bug_named("B00").has_value());
  CHECK_FALSE(bug_named("b05").has_value());
  CHECK_FALSE(bug_named("").has_value());
}

TEST_CASE("docs/bugs.md lists exactly the bugs there are, in the same words") {
  std::ifstream file{DUEPROCESS_SOURCE_DIR "/docs/bugs.md"};
  REQUIRE(file);
  std::vector<std::string> documented, seeded;
  for (std::string line; std::getline(file, line);) {
    // | id | what | source | needs |, up to the heading of those not seeded.
    if (line.rfind("## Not seeded", 0) == 0) break;
    if (line.rfind("| B", 0) != 0 && line.rfind("| S", 0) != 0) continue;
    std::vector<std::string> cells;
    std::istringstream in{line.substr(1)};
    for (std::string cell; std::getline(in, cell, '|');) {
      const auto first = cell.find_first_not_of(' '), end = cell.find_last_not_of(' ');
      cells.push_back(first == std::string::npos ? "" : cell.substr(first, end - first + 1));
    }
    REQUIRE(cells.size() >= 4);
    CHECK_FALSE(cells[2].empty());
    documented.push_back(cells[0] + " | " + cells[1] + " | " + cells[3]);
  }
  for (const BugInfo& info : all_bugs())
    seeded.push_back(std::string{info.id} + " | " + std::string{info.what} + " | " + std::string{info.needs});
  CHECK(documented == seeded);
}
