// From a request to its answer, without sockets: what connections call, and what the fuzz target drives. One a thread.
//
// A request with an upload's body goes through open_upload(), add_upload(), close_upload(), so that its bytes need no memory;
// every other one is whole and goes through handle(). What an answer waits for (news, or that something is kept) the connection
// waits for.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "harness/service/desk.hpp"
#include "harness/service/metrics.hpp"
#include "harness/service/routes.hpp"

namespace dueprocess::service {

/// What of a request's head is looked at. Views into the connection's bytes.
struct RequestHead {
  std::string_view method, target;
  std::string_view authorization, key, virtual_time, content_type, accept, last_event_id;
  std::optional<std::uint64_t> length;  // Content-Length
  bool chunked = false, expects_continue = false, keep_alive = true, has_host = false, http11 = true;
};

/// A subscriber to the feed who is waiting.
struct Waiting {
  UserId user = UserId::nobody;
  Cursor after = 0;
  std::uint32_t limit = 0;
  double seconds = 0;  // 0: not at all
  bool stream = false;
};

struct Reply {
  unsigned status = 200;
  std::string_view content_type = "application/json";
  std::string_view fields;  // further header lines, each with its \r\n; static
  std::string_view allow;   // Allow
  std::string body;
  const Route* route = nullptr;
  bool close = false;          // the connection is of no more use
  std::uint64_t position = 0;  // of the journal: answer once it is kept up to there
  Waiting waiting;             // seconds > 0: nothing to tell yet; stream: the body is a stream of events
  void clear();
};

struct HandlerOptions {
  bool declared_uploads = false;
  std::string keep_files;  // folder; empty: nothing but size and digest is kept
  std::size_t json_bytes = 64 * 1024;
  std::int64_t max_file_size = 5'000'000'000;  // only for messages
};

/// What the handler asks of the server around it.
class ServerFacts {
 public:
  virtual ~ServerFacts() = default;
  virtual std::string metrics() = 0;
};

class Upload;

class Handler {
 public:
  Handler(Desk&, const HandlerOptions&, ThreadMetrics&, ServerFacts&);
  ~Handler();
  Handler(const Handler&) = delete;
  Handler& operator=(const Handler&) = delete;

  /// A request whose body is whole. REQUIRES: not is_upload(head).
  void handle(const RequestHead&, std::string_view body, Reply&);
  /// What can be refused before the body is there; false: nothing, go on.
  bool refuse_early(const RequestHead&, Reply&);

  bool is_upload(const RequestHead&) const;
  /// Null: the reply says why not.
  std::unique_ptr<Upload> open_upload(const RequestHead&, Reply&);
  /// False: it is refused now, the reply says why.
  bool add_upload(Upload&, std::string_view bytes, Reply&);
  void close_upload(Upload&, Reply&);

  /// A waiting subscriber is looked after again. False: still nothing, and `at_once` is false.
  bool events_again(const Waiting&, bool at_once, Reply&);
  /// What has come for a stream, as server-sent events; moves waiting.after.
  void append_stream(Waiting&, std::string& to);

  void trouble(Trouble, Reply&, std::string_view detail = {});

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace dueprocess::service
