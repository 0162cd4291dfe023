// Journal entries as bytes: a letter, then fields in a fixed order; numbers as 8 bytes, little end first, texts with their
// length.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace dueprocess::service {

/// What happened. The letters are in files: never change one.
enum class EntryKind : char { operation = 'O', fired = 'F', clock = 'C', login = 'L', restart = 'R', own_timer = 'T' };

class EntryWriter {
 public:
  explicit EntryWriter(std::string& to) : to_(to) {}
  void number(std::uint64_t value) {
    for (int shift = 0; shift < 64; shift += 8) to_ += static_cast<char>(value >> shift & 0xFF);
  }
  void byte(std::uint8_t value) { to_ += static_cast<char>(value); }
  void text(std::string_view value) {
    number(value.size());
    to_ += value;
  }
  void raw(const std::uint8_t* bytes, std::size_t count) { to_.append(reinterpret_cast<const char*>(bytes), count); }

 private:
  std::string& to_;
};

/// Reading past the end gives zeros and good() false.
class EntryReader {
 public:
  explicit EntryReader(std::string_view from) : from_(from) {}
  std::uint64_t number() {
    std::uint64_t value = 0;
    const std::string_view bytes = take(8);
    for (std::size_t i = 0; i < bytes.size(); ++i) value |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
    return value;
  }
  std::uint8_t byte() {
    const std::string_view bytes = take(1);
    return bytes.empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(bytes[0]);
  }
  std::string_view text() { return take(number()); }
  void raw(std::uint8_t* bytes, std::size_t count) {
    const std::string_view from = take(count);
    if (!from.empty()) std::memcpy(bytes, from.data(), count);
  }
  bool good() const { return good_; }
  bool at_end() const { return good_ && from_.empty(); }

 private:
  std::string_view take(std::uint64_t count) {
    if (count > from_.size()) {
      good_ = false;
      from_ = {};
      return {};
    }
    const std::string_view taken = from_.substr(0, count);
    from_.remove_prefix(count);
    return taken;
  }
  std::string_view from_;
  bool good_ = true;
};

struct Ask;
/// Everything of it but who asks, when, under which key, and an upload's digest: two requests are the same operation if this is
/// the same (R16).
void append_arguments(std::string& to, const Ask&);
void read_arguments(EntryReader&, Ask&);

}  // namespace dueprocess::service
