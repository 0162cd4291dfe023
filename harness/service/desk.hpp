// The service's state: the engine, and everything that the engine only counts: names, texts, files, keys, the feed.
//
// Threads: every function may be called from any thread; one lock guards all of it and is held for the length of one operation
// (below a microsecond), of one page of a list or of the timers that are due. Instants: the test clock's, a request's own
// (stamped), or real time; see docs/http-api.md.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "harness/service/asking.hpp"
#include "harness/service/feed.hpp"
#include "harness/service/journal.hpp"
#include "sim/engine/bugs.hpp"
#include "sim/workflow/policy.hpp"

namespace dueprocess::service {

struct DeskOptions {
  Policy policy;  // periods scaled already
  BugSet bugs;
  bool virtual_clock = false;
  bool sweeps = false;                 // wall: timers fire in sweep() alone
  std::function<Instant()> real_time;  // wall
  unsigned password_rounds = 1000;
  std::uint64_t orders_max = std::uint64_t{1} << 25;  // memory comes with the orders
  std::string operator_password;
};

inline constexpr std::string_view operator_name = "operator";

struct ListAsk {
  UserId by = UserId::nobody;
  Instant at = never;
  bool buys = true, sells = true;
  OrderState status = OrderState::none;  // none: any
  std::uint32_t after = 0, limit = 50;
};
struct ListTold {
  Told told;
  std::vector<OrderView> orders;
  std::uint64_t total = 0;
  std::uint32_t next = 0;  // 0: there are no more
};

struct PieceView {
  Cursor cursor = 0;
  Evidence what;
  std::string_view to;  // lives as long as the service
};
enum class PiecesOf : std::uint8_t { feed, history, payments };
struct PiecesAsk {
  UserId by = UserId::nobody;
  Instant at = never;
  PiecesOf what = PiecesOf::feed;
  OrderId order = OrderId::none;  // history; payments: none for all
  Cursor after = 0;
  std::uint32_t limit = 100;
};
struct PiecesTold {
  Told told;
  std::vector<PieceView> pieces;
  Cursor next = 0;    // where to go on
  bool more = false;  // there are some behind it already
};

struct ClockTold {
  Told told;
  std::uint64_t fired = 0;
  Instant next_deadline = never;
};

struct LoginTold {
  Told told;
  std::string token;
};

struct DeskCounts {
  std::uint64_t orders = 0, users = 0, seen = 0, fired = 0, keys = 0, late_us_max = 0;
  Instant now = never, next_deadline = never;
};

class Desk {
 public:
  explicit Desk(DeskOptions);
  ~Desk();
  Desk(const Desk&) = delete;
  Desk& operator=(const Desk&) = delete;

  /// nobody: it is no valid token.
  UserId user_of(std::string_view token);
  bool is_operator(UserId) const;
  UserId the_operator() const;

  void login(std::string_view user, std::string_view password, LoginTold&);
  void perform(const Ask&, Told&);
  /// Whether an upload's bytes are worth taking (`amount`: what is declared of them, 0: nothing). Good: take them, then
  /// perform().
  void before_upload(const Ask&, Told&);
  void list(const ListAsk&, ListTold&);
  void pieces(const PiecesAsk&, PiecesTold&);
  /// Whether pieces() of the feed would give any.
  bool is_news(UserId, Cursor after);

  void read_clock(UserId, ClockTold&);
  void set_clock(UserId, Instant, ClockTold&);
  void advance(UserId, Instant to, ClockTold&);

  /// Wall: fires what is due and gives the instant of the next timer. Sweeps: likewise, whatever the period.
  Instant fire_due();
  DeskCounts counts();

  // --- what is kept -------------------------------------------------------------------------------------------------

  /// Carries out an entry that was kept. Before attach(). False: it is none of this desk's.
  bool replay(std::string_view entry);
  /// The process was down since the last entry: what is due now fires as after a restart. From now on everything is written down.
  void attach(Journal&);
  std::uint64_t position() const;
  /// How much of the feed may be shown.
  Cursor shown() const;
  /// Wall: called, with the desk's lock held, when a timer is due before the one that fire_due() told of last.
  void on_earlier_timer(std::function<void()>);
  /// Called, with the desk's lock held, when the feed has grown; not when there is a journal, which knows what may be shown.
  void on_news(std::function<void()>);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace dueprocess::service
