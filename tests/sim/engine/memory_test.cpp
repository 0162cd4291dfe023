// Memory follows the orders that live, and nothing is allocated once warm.
#include "catch.hpp"
#include "desk.hpp"
#include "sim/engine/order_counts.hpp"
#include "sim/engine/order_table.hpp"
#include "sim/engine/record.hpp"
#include "sim/engine/timers.hpp"
#include "walk.hpp"

#include <cstdlib>
#include <fstream>
#include <new>
#include <queue>

using namespace dueprocess;
using namespace dueprocess::test;

namespace {
std::size_t allocations = 0;
std::size_t allocated_bytes = 0;

void* counted(std::size_t size, std::size_t alignment) {
  ++allocations;
  allocated_bytes += size;
  void* memory = std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
  if (!memory) std::abort();
  return memory;
}
}  // namespace

void* operator new(std::size_t size) { return counted(size, alignof(std::max_align_t)); }
void* operator new(std::size_t size, std::align_val_t alignment) { return counted(size, static_cast<std::size_t>(alignment)); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return counted(size, alignof(std::max_align_t)); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }

namespace {

// Lives through `count` orders of the desk, some twenty at a time, keyed and listed now and then.
void live(Desk& desk, std::uint64_t first, std::uint64_t count) {
  for (std::uint64_t i = 0; i < count; ++i) {
    desk.at(desk.now + 5h).of(first + i).place(desk.now + 48h);
    desk.deliver();
    desk.with_key(i + 1).extend(2h);
    if (i % 3 == 0) desk.accept();
    if (i % 3 == 1) {
      desk.modify();
      desk.deliver_modified();
    }
    if (i % 7 == 0) desk.list(buyer);
    if (i >= 30) desk.engine.forget(OrderId{first + i - 30});
    desk.seen().clear();
  }
}

}  // namespace

TEST_CASE("once warm, a cell's life allocates nothing, the next cell's neither") {
  Desk desk;
  live(desk, 1, 1000);
  desk.engine.reset({OrderId{1001}, 1000});
  live(desk, 1001, 1000);
  desk.engine.reset({OrderId{2001}, 1000});
  const std::size_t before = allocations;
  live(desk, 2001, 1000);
  CHECK(allocations == before);
}

TEST_CASE("a range of ten million orders of which thirty live takes the memory of its table and of those thirty") {
  constexpr std::uint64_t range = 10'000'000;
  OrderTable<OrderRecord> table({OrderId{1}, range});
  const std::size_t before = allocated_bytes;
  for (std::uint64_t id = 1; id <= 200'000; ++id) {
    table.find_or_make(OrderId{id}).state = OrderState::in_progress;
    if (id > 30) table.forget(OrderId{id - 30});
  }
  CHECK(allocated_bytes - before < 64'000);
  CHECK(table.find(OrderId{1}) == nullptr);
  CHECK(table.find(OrderId{199'999})->placed());
}

TEST_CASE("room for millions of orders takes no memory before there are any") {
  const auto resident_bytes = [] {
    std::ifstream pages{"/proc/self/statm"};
    std::size_t all = 0, resident = 0;
    pages >> all >> resident;
    return resident * 4096;
  };
  const std::size_t before = resident_bytes();
  OrderTable<OrderRecord> table({OrderId{1}, std::uint64_t{1} << 25});  // 67 MB of places
  table.find_or_make(OrderId{1}).version = 5;
  CHECK(resident_bytes() < before + 20'000'000);
  CHECK(table.find(OrderId{1})->version == 5);
  CHECK(table.find(OrderId{std::uint64_t{1} << 25}) == nullptr);
}

TEST_CASE("orders are counted in bounded memory, however many are placed before somebody asks") {
  OrderCounts counts;
  const std::size_t before = allocated_bytes;
  for (std::uint32_t i = 0; i < 1'000'000; ++i) counts.placed(seller, UserId{10 + i % 10});
  CHECK(allocated_bytes - before < 1'000'000);
  CHECK(counts.of(seller) == 1'000'000);
  CHECK(counts.of(UserId{10}) == 100'000);
  counts.placed(seller, buyer);
  CHECK(counts.of(seller) == 1'000'001);
}

TEST_CASE("a recycled chunk shows nothing of its earlier orders") {
  OrderTable<OrderRecord> table({OrderId{1}, 128});
  for (std::uint64_t id = 1; id <= 64; ++id) table.find_or_make(OrderId{id}).version = 5;
  for (std::uint64_t id = 1; id <= 64; ++id) {
    table.forget(OrderId{id});
    table.forget(OrderId{id});  // twice is once
  }
  OrderRecord& next = table.find_or_make(OrderId{65});
  CHECK_FALSE(next.placed());
  CHECK(next.version == 0);
  CHECK_FALSE(next.flags.forgotten);
}

TEST_CASE("a forgotten order is not found, its timer does not fire, and its neighbours live on") {
  Desk desk;
  for (std::uint64_t id = 1; id <= 3; ++id) {
    desk.of(id).place(start + std::chrono::hours{48 + static_cast<int>(id)});
    desk.deliver();
  }
  desk.engine.forget(OrderId{1});
  CHECK(desk.of(1).view().refusal == Refusal::not_found);
  CHECK(desk.engine.next_timer() == start + 122h);
  CHECK(desk.at(start + 122h).of(2).view().state == OrderState::completed);
}

TEST_CASE("a whole chunk forgotten with timers pending leaves no timer behind") {
  Desk desk;
  for (std::uint64_t id = 1; id <= 64; ++id) {
    desk.of(id).place(start + 48h);
    desk.deliver();
    desk.extend(std::chrono::hours{id});
  }
  for (std::uint64_t id = 1; id <= 64; ++id) desk.engine.forget(OrderId{id});
  CHECK(desk.engine.next_timer() == never);
  desk.of(65).place(start + 48h);  // takes over the chunk's memory
  desk.deliver();
  CHECK(desk.engine.next_timer() == start + 120h);
}

TEST_CASE("after a reset nothing of the earlier cell is left") {
  Desk desk;
  desk.place(start + 48h);
  desk.deliver();
  desk.with_key(1).extend(1h);
  desk.engine.reset({OrderId{500}, 10});
  desk.now = start - 1000h;  // another cell starts at its own time
  CHECK(desk.engine.next_timer() == never);
  CHECK(desk.seen().empty());
  CHECK(desk.of(1).view().refusal == Refusal::not_found);
  CHECK(desk.list(buyer) == 0);
  CHECK(desk.of(500).with_key(1).place(start).outcome == Outcome::ok);
  CHECK(desk.deliver().deadline == start + 72h);
}

TEST_CASE("cleared timers are empty, those that were armed early too") {
  Timers timers;
  timers.push(Event::make(start + 1h, 0, 1, 0));
  timers.push(Event::make(start + 2h, 0, 2, 0));
  timers.pop();  // thrown away ahead of the clock
  timers.push(Event::make(start + 30min, 0, 3, 0));
  CHECK(timers.top().entity() == 3);
  timers.clear();
  CHECK(timers.empty());
  timers.push(Event::make(start, 0, 4, 0));
  CHECK(timers.top().entity() == 4);
}

TEST_CASE("timers come out in order also when armed before what was thrown away") {
  for (std::uint64_t walk = 0; walk < 300; ++walk) {
    Choices choose(7, walk);
    Timers timers;
    std::priority_queue<Event, std::vector<Event>, std::greater<>> model;
    std::int64_t now = 0;
    for (int step = 0; step < 400; ++step) {
      if (model.empty() || choose.of(5) < 3) {
        const Event event = Event::make(instant_at(now + choose.of(50)), 0, choose.of(1000), 0);
        timers.push(event);
        model.push(event);
      } else if (choose.one_in(3)) {
        const Event later = Event::make(instant_at(model.top().at_us + choose.of(20)), 1, choose.of(1000), 0);
        timers.pop_push(later);
        model.pop();
        model.push(later);
      } else {
        timers.pop();
        if (choose.one_in(4)) now = model.top().at_us;  // fired; else thrown away ahead of the clock
        model.pop();
      }
      REQUIRE(timers.empty() == model.empty());
      if (!model.empty()) REQUIRE(timers.top() == model.top());
    }
  }
}
