#include "harness/target/http/event_stream.hpp"

#include <charconv>

namespace dueprocess::http {

bool EventStreamReader::take(std::string_view bytes, const std::function<void(const StreamEvent&)>& event) {
  for (std::size_t i = 0; i < bytes.size();) {
    if (after_cr_) {  // \r\n is one end of line, also when a piece ends between the two
      after_cr_ = false;
      if (bytes[i] == '\n') {
        ++i;
        continue;
      }
    }
    const std::size_t end = bytes.find_first_of("\r\n", i);
    const std::size_t stop = end == std::string_view::npos ? bytes.size() : end;
    if (line_.size() + data_.size() + (stop - i) > most_bytes_) return false;
    line_.append(bytes, i, stop - i);
    if (end == std::string_view::npos) break;
    after_cr_ = bytes[end] == '\r';
    i = end + 1;
    std::string_view text = line_;
    if (!begun_ && text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
    begun_ = true;
    line(text, event);
    line_.clear();
  }
  return true;
}

void EventStreamReader::line(std::string_view text, const std::function<void(const StreamEvent&)>& event) {
  if (text.empty()) {
    last_id_ = pending_id_;
    if (has_data_) {
      data_.pop_back();  // the last line's \n
      event({.id = last_id_, .kind = kind_.empty() ? std::string_view{"message"} : kind_, .data = data_});
    }
    data_.clear(), kind_.clear();
    has_data_ = false;
    return;
  }
  const std::size_t colon = text.find(':');
  if (colon == 0) return;  // a comment
  const std::string_view name = text.substr(0, colon);
  std::string_view value = colon == std::string_view::npos ? std::string_view{} : text.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (name == "data") {
    data_.append(value).push_back('\n');
    has_data_ = true;
  } else if (name == "event") {
    kind_ = value;
  } else if (name == "id") {
    if (value.find('\0') == std::string_view::npos) pending_id_ = value;
  } else if (name == "retry") {
    std::int64_t ms = 0;
    const auto [stop, error] = std::from_chars(value.data(), value.data() + value.size(), ms);
    if (!value.empty() && error == std::errc{} && stop == value.data() + value.size() && ms >= 0) retry_ms_ = ms;
  }
}

void EventStreamReader::restart() {
  line_.clear(), data_.clear(), kind_.clear();
  pending_id_ = last_id_;
  has_data_ = after_cr_ = begun_ = false;
}

}  // namespace dueprocess::http
