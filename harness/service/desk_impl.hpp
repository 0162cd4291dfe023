// The desk from inside: one struct, its functions by what they do in desk_operations.cpp, desk_reading.cpp and desk_keeping.cpp.
// Whoever calls one holds the lock.
#pragma once

#include <atomic>
#include <boost/unordered/unordered_flat_map.hpp>
#include <deque>
#include <mutex>

#include "harness/service/desk.hpp"
#include "harness/service/engine_seat.hpp"
#include "harness/service/entries.hpp"
#include "harness/service/people.hpp"

namespace dueprocess::service {

struct Desk::Impl {
  /// What a seller has laid beside an order: most orders have little of it.
  struct Papers {
    bool drafted = false;
    std::string draft_json;
    std::vector<std::uint64_t> files;  // attachments since the last delivery
  };
  /// What the engine does not know of an order, or does not tell.
  struct Slot {
    Instant due_at = never, placed_at = never, last = Instant::min();  // last: of an operation or a look at it
    std::int64_t price_cents = 0;
    UserId buyer = UserId::nobody, seller = UserId::nobody;
    Cursor first_piece = 0, last_piece = 0;
    std::unique_ptr<Papers> papers;
  };
  struct Attachment {
    std::string name;
    std::int64_t bytes = 0;
    Digest digest{};
  };
  /// The first answer to a key (R16).
  struct Remembered {
    std::string arguments;
    Told told;
  };

  static constexpr std::size_t files_max = 60'000;     // of an order, since its last delivery
  static constexpr std::size_t scanned_max = 200'000;  // pieces of the feed looked at for one page

  explicit Impl(DeskOptions);

  // desk_operations.cpp
  void perform(const Ask&, Told&);
  void perform_at(const Ask&, Instant now, Told&);
  void carry_out(const Ask&, Instant now, Told&);
  void before_upload(const Ask&, Told&);

  // desk_reading.cpp
  OrderView view_of(std::uint64_t order, const Answer&) const;
  Answer look_at(std::uint64_t order, Instant now);
  bool is_party(const Slot& slot, UserId user) const {
    return user != UserId::nobody && (user == slot.buyer || user == slot.seller);
  }
  void list(const ListAsk&, ListTold&);
  void pieces(const PiecesAsk&, PiecesTold&);

  // desk_keeping.cpp
  Instant real_now();
  std::uint64_t fire_by(Instant now);
  std::uint64_t turn_clock(Instant to);
  void fire_own(OrderId, Instant now);
  void drain(Instant fired_at = never);
  void watch_timers() {
    if (options.virtual_clock || options.sweeps || engine->next_timer() >= armed) return;
    armed = engine->next_timer();
    if (on_earlier_timer) on_earlier_timer();
  }
  bool may_turn_the_clock(UserId, Told&);
  void tell_clock(ClockTold&) const;
  void clock_backwards(ClockTold&) const;
  bool take_login(std::string_view user, const PasswordHash&, const Digest& token);
  void write_down(std::string_view entry);
  void write_down_operation(const Ask&, Instant now);
  bool replay(std::string_view entry);
  void come_back(Journal&);

  Slot* slot_of(OrderId order) {
    return number(order) == 0 || number(order) > slots.size() ? nullptr : &slots[number(order) - 1];
  }
  bool has(Bug bug) const { return options.bugs[static_cast<std::size_t>(bug)]; }
  /// The instant of a look at an order that has no instant of its own.
  Instant now_for(const Slot* slot) {
    if (!options.virtual_clock) return real_now();
    return slot ? std::max(clock, slot->last) : clock;
  }

  std::mutex mutex;
  DeskOptions options;
  std::unique_ptr<EngineSeat> engine;
  People people;
  std::deque<Slot> slots;              // order n is slots[n - 1]
  std::deque<Attachment> attachments;  // likewise
  Feed feed;
  std::deque<Remembered> remembered;
  boost::unordered_flat_map<std::string, std::uint32_t> keys;  // the user's number and his key
  UserId the_operator = UserId::nobody;

  Instant clock = Instant::min();      // virtual
  Instant last_real = Instant::min();  // wall: real time as told here never goes back
  Instant last_written = Instant::min();
  std::uint64_t fired = 0, late_us_max = 0;

  Journal* journal = nullptr;
  std::uint64_t position = 0;
  std::atomic<Cursor> shown{0};  // without a journal
  std::function<void()> on_news, on_earlier_timer;
  Instant armed = never;  // the timer that fire_due() told of last

  std::string scratch;  // keys and entries are put together here
};

}  // namespace dueprocess::service
