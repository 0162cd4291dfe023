// The inside of HttpTarget, shared by its files: calls (http_target.cpp), orders and operations (operations.cpp), sessions
// (sessions.cpp), the service's time (service_clock.cpp), evidence (watching.cpp).
#pragma once

#include "harness/target/binding/answer_reader.hpp"
#include "harness/target/binding/evidence_reader.hpp"
#include "harness/target/binding/http_target.hpp"
#include "harness/target/binding/renderer.hpp"
#include "harness/target/http/event_stream.hpp"

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <optional>
#include <set>
#include <unordered_map>

namespace dueprocess {

/// Answered, and with a status of success.
inline bool is_ok(const http::Answer& answer) {
  return answer.failure == Failure::none && answer.status >= 200 && answer.status < 300;
}

namespace http {
class WebhookReceiver;
}

struct HttpTarget::Impl final : http::Sink {
  // ------------------------------------------------------------------------------------------ calls

  enum class CallKind : std::uint8_t {
    idle,
    operation,
    registration,
    login,
    clock_read,
    clock_set,
    clock_advance,
    page,
    stream,
    subscribe
  };

  static constexpr std::uint32_t nobody = 0, observer = UINT32_MAX;  // as users
  static constexpr std::uint64_t no_key = 0;

  /// A request being prepared or on its way. Slots are used again; `generation` tells a slot's uses apart.
  struct Call {
    CallKind kind = CallKind::idle;
    std::uint32_t generation = 0;
    std::uint32_t user = nobody;
    std::uint32_t login_used = 0;  // which login of his it was sent under
    bool logged_in_again = false;
    std::uint16_t attempts = 0;      // of earlier requests for the same operation
    HarnessTime first_sent_ns = -1;  // of those
    std::uint64_t placing = 0;       // place_order: its number among the placings
    std::uint64_t own_key = 0;       // made here, for operations without one
    Asked asked;
    Instant to{};             // clock
    Advanced advanced;        // clock_advance
    bool holds_back = false;  // page: the service may wait
    bool sent = false;        // taken by the client
  };

  std::uint32_t take_slot(CallKind);
  void free_slot(std::uint32_t);
  static constexpr std::uint64_t id_of(std::uint32_t slot, std::uint32_t generation) {
    return std::uint64_t{generation} << 32 | slot;
  }
  /// Fills in who asks, renders, sends; waits in the backlog when the client takes no more.
  void dispatch(std::uint32_t slot);
  void answered(const http::Answer&) override;
  bool arrived(std::uint64_t id, unsigned status, std::string_view bytes) override;
  void send_backlog();
  /// A call that waited for something goes on, unless it was given up meanwhile.
  void go_on(std::uint64_t id);
  void soon(std::function<void()>);
  void trace(const http::Answer&, std::string_view what, std::string_view understood, std::string_view lacks);
  void look_whether_empty();

  // ------------------------------------------------------------------------------------------ operations (operations.cpp)

  enum class Placing : std::uint8_t { none, on_its_way, placed, refused, unanswered };
  struct Order {
    Placing placing = Placing::none;
    bool forgotten = false, finished = false, aging = false;
    std::uint64_t placing_key = no_key;  // of the placing that counts
    std::string id;
    std::vector<std::string> attachments;  // uploaded since the last delivery
    // what an operation under a key named, so that its repetition is word for word the same
    std::uint64_t last_key = no_key;
    std::vector<std::string> last_attachments;
    std::vector<std::uint64_t> waiting;  // calls that wait for the placing
  };

  void start(std::uint32_t slot);
  void render_operation(Call&);
  void take_operation(Call&, std::uint32_t slot, const http::Answer&);
  void take_effects(const Call&, const binding::ReadAnswer&);
  /// Answers without asking the service.
  void reply_unsent(std::uint32_t slot, Failure);
  void reply(std::uint32_t slot, LiveObservation&);
  void placed(std::uint64_t number, Order&, Placing, std::string_view id);
  /// Frees what is kept of orders that nobody asks about and no evidence is waited for, two looks after that was so.
  void look_whether_done(std::uint64_t number, Order&);
  void age();

  // ------------------------------------------------------------------------------------------ sessions (sessions.cpp)

  enum class SessionState : std::uint8_t { none, on_its_way, ready };
  struct Session {
    SessionState state = SessionState::none;
    bool registered = false;
    std::uint32_t login = 0;  // how many there were
    std::string name, password, token, id, basic;
    std::vector<std::uint64_t> waiting;  // calls
  };

  Session& session_of(std::uint32_t user);
  /// True: he is logged in. False: the call waits for it, and is started again then.
  bool ready(std::uint32_t user, std::uint32_t slot);
  void log_in(std::uint32_t user);
  void take_registration(const Call&, const http::Answer&);
  void take_login(const Call&, const http::Answer&);
  void session_ended(std::uint32_t user, Failure);
  std::string user_name(std::uint32_t user) const;
  UserId user_named(std::string_view) const;

  // ------------------------------------------------------------------------------------------ the service's time
  // (service_clock.cpp)

  void open_clock();
  void take_clock_read(const http::Answer&);
  void take_clock_set(const http::Answer&);
  void take_advance(const Call&, const http::Answer&);
  void opened(const std::string& problem);
  std::string problem_of(const http::Answer&, std::string_view what) const;

  // ------------------------------------------------------------------------------------------ evidence (watching.cpp)

  struct Held {
    LiveEvidence seen;
    std::string order, to;
    std::uint64_t placings = 0;  // those begun when it was held
  };

  void open_watching();
  void read_page();
  void take_page(const Call&, const http::Answer&);
  void take_stream_end(const http::Answer&);
  void take_subscription(const http::Answer&);
  void open_stream();
  void settle();
  binding::Page take_items(std::string_view body, const http::Answer*, HarnessTime seen_ns);
  void give(Order&, std::uint64_t number, LiveEvidence&, std::string_view to);
  void give_held(std::string_view id);
  void drop_held();
  void drained(const std::string& problem);

  // ------------------------------------------------------------------------------------------ state

  Impl(boost::asio::io_context&, const http::Endpoint&, const Binding&, HttpTargetOptions, http::RunClock, LiveSink&);
  ~Impl() override;

  boost::asio::io_context& loop;
  Binding rules;  // its small parts; requests are compiled
  HttpTargetOptions options;
  http::RunClock clock;
  LiveSink& sink;
  Abilities able;
  HttpTargetCounts counts;

  std::array<std::optional<binding::Renderer>, operation_kind_count> renderers;
  std::array<std::optional<binding::AnswerReader>, operation_kind_count> readers;
  std::optional<binding::Renderer> declared_upload, registration, login, clock_read, clock_set, clock_advance, page_request,
      subscription;
  binding::CompiledHeaders identity, key_header, stamp_header;
  binding::CompiledText password;
  bool seller_logs_in = false;
  std::optional<binding::SmallReader> login_reader, clock_reader, read_reader;
  std::optional<binding::EvidenceReader> evidence;

  std::deque<Call> calls;  // a deque: references stay good while it grows
  std::vector<std::uint32_t> free_calls;
  std::deque<std::uint64_t> backlog;  // calls that the client did not take yet
  std::size_t operations_on_their_way = 0;
  binding::Rendered rendered;
  binding::Facts facts;
  std::string key_buffer, seller_name, hook_url;
  struct Asking {
    std::string method, target, fields, body;
    std::uint64_t file_bytes = 0;
    std::vector<std::string> secrets;
  };
  std::unordered_map<std::uint64_t, Asking> traced;  // only with a trace
  std::uint64_t keys_made = 0, placings_made = 0;

  std::unordered_map<std::uint64_t, Order> orders;
  std::unordered_map<std::string_view, std::uint64_t> by_id;  // views into `orders`
  std::set<std::uint64_t> placings;                           // on their way
  std::vector<std::uint64_t> aging, aged;                     // orders to be let go of
  std::unordered_map<std::uint32_t, Session> sessions;
  std::unordered_map<std::string, std::uint32_t> by_user_id;  // only where a login tells ids

  Done on_open;
  ServiceTime service_time;
  bool closed = false;
  Done when_empty;

  std::string cursor;
  std::vector<Done> draining, draining_next;  // by the look under way; by the next one
  std::uint64_t page_call = 0;                // 0: none on its way
  bool page_holds_back = false;
  HarnessTime looked_ns = 0;  // the last look that showed all there was, when it was sent
  std::deque<Held> held;
  http::EventStreamReader stream_reader;
  boost::asio::steady_timer timer;  // settling, or the pause after a look that failed
  struct Hooks;
  std::shared_ptr<Hooks> hooks;

  std::unique_ptr<http::Client> client;  // last: it calls back
  std::shared_ptr<bool> alive = std::make_shared<bool>(true);
};

}  // namespace dueprocess
