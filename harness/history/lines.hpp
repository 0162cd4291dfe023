// The lines of a file that may be compressed (zstd, told by its first bytes, not by its name), in bounded memory.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace dueprocess {

class LineSource {
 public:
  /// A longer line is given cut off, and `too_long` says so: what is behind it is passed over.
  static constexpr std::size_t line_max = 16u << 20;

  /// Opens the file; `problem` says when it could not. "-" is standard input.
  explicit LineSource(const std::string& path);
  ~LineSource();
  LineSource(const LineSource&) = delete;
  LineSource& operator=(const LineSource&) = delete;

  /// Empty: all well so far. Else why the file could not be opened, or where reading it had to end (an error of the disk,
  /// compressed data cut off or altered): the lines before that were given.
  const std::string& problem() const;

  struct Line {
    std::string_view text;     // without its line end; valid until the next call
    std::uint64_t number = 0;  // 1-based
    bool ended = false;        // by a line end; the last one of a file that was cut off is not
    bool too_long = false;
  };
  /// False: at the end. Empty lines are given too.
  bool next(Line&);

  std::uint64_t bytes_read() const;  // of the file, as it lies on the disk

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace dueprocess
