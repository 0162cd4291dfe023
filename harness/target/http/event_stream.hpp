// The events in a text/event-stream, however it is cut into pieces (HTML standard, "Server-sent events").
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace dueprocess::http {

/// What `id` and `event` point to lives until the callback returns.
struct StreamEvent {
  std::string_view id{};    // the last one told, also by an earlier event
  std::string_view kind{};  // `event:`; "message" if it has none
  std::string_view data{};  // its lines joined by \n
};

class EventStreamReader {
 public:
  /// `most_bytes`: of one event.
  explicit EventStreamReader(std::size_t most_bytes = 1024 * 1024) : most_bytes_{most_bytes} {}
  /// Takes the next piece in; `event` is called for each event that it completes. False: one is over the limit, which is the
  /// stream's end.
  bool take(std::string_view bytes, const std::function<void(const StreamEvent&)>& event);
  const std::string& last_id() const { return last_id_; }  // for Last-Event-ID on reconnecting
  std::int64_t retry_ms() const { return retry_ms_; }      // what the service asked to wait before that; negative: nothing
  void restart();                                          // a new connection: keeps last_id and retry_ms

 private:
  void line(std::string_view text, const std::function<void(const StreamEvent&)>& event);

  std::size_t most_bytes_;
  std::string line_, data_, kind_, last_id_, pending_id_;
  bool has_data_ = false, after_cr_ = false, begun_ = false;
  std::int64_t retry_ms_ = -1;
};

}  // namespace dueprocess::http
