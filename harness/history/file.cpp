#include "harness/history/file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include "harness/history/piece_compressor.hpp"

namespace dueprocess {
namespace {

std::string complaint(const std::string& path, int error) {
  return fmt::format("cannot write {}: {}", path, std::generic_category().message(error));
}

}  // namespace

// ------------------------------------------------------------------------------------------ the file

HistoryFile::HistoryFile(std::string path, const HistoryHeader& header)
    : path_(std::move(path)), compresses_(path_.ends_with(".zst")) {
  descriptor_ = open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (descriptor_ < 0) {
    problem_ = complaint(path_, errno);
    return;
  }
  const std::string line = header_line(header);
  if (compresses_) {
    PieceCompressor compressor;
    const std::string_view frame = compressor.frame(line.data(), line.size());
    write(frame.data(), frame.size());
  } else {
    write(line.data(), line.size());
  }
}

HistoryFile::~HistoryFile() {
  if (descriptor_ >= 0) close(descriptor_);
}

std::optional<std::string> HistoryFile::problem() const {
  const std::lock_guard lock{mutex_};
  return problem_.empty() ? std::nullopt : std::optional{problem_};
}

void HistoryFile::write(const char* bytes, std::size_t size) {
  if (problem()) return;
  while (size > 0) {
    const ssize_t written = ::write(descriptor_, bytes, size);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return give_up(complaint(path_, errno));
    bytes += written;
    size -= static_cast<std::size_t>(written);
    bytes_ += static_cast<std::uint64_t>(written);
  }
}

void HistoryFile::write_piece(std::string_view bytes, std::uint64_t operations, std::uint64_t evidence) {
  const std::lock_guard lock{writing_};
  write(bytes.data(), bytes.size());
  counts_.operations += operations;
  counts_.evidence += evidence;
}

void HistoryFile::give_up(std::string why) {
  const std::lock_guard lock{mutex_};
  if (problem_.empty()) problem_ = std::move(why);
  turned_.notify_all();
}

bool HistoryFile::is_turn_of(std::uint32_t index) {
  const std::lock_guard lock{mutex_};
  return turn_ == index || !problem_.empty();
}

void HistoryFile::wait_for_turn(std::uint32_t index) {
  std::unique_lock lock{mutex_};
  turned_.wait(lock, [&] { return turn_ == index || !problem_.empty(); });
}

void HistoryFile::pass_turn(std::uint32_t index, const Counts& counts) {
  const std::lock_guard lock{mutex_};
  counts_.operations += counts.operations;
  counts_.evidence += counts.evidence;
  passed_.push_back(index);
  for (auto found = std::find(passed_.begin(), passed_.end(), turn_); found != passed_.end();
       found = std::find(passed_.begin(), passed_.end(), turn_)) {
    passed_.erase(found);
    ++turn_;
  }
  turned_.notify_all();
}

void HistoryFile::skip(std::uint32_t index) { pass_turn(index, {}); }

void HistoryFile::finish(HistoryEnd end, const std::vector<CaseFailureRecord>& failures, const std::vector<FaultSpan>& faults) {
  if (problem()) return;
  std::string text;
  for (const FaultSpan& fault : faults) text += record_text(fault);
  for (const CaseFailureRecord& failed : failures) text += record_text(failed);
  end.operations = counts_.operations;
  end.evidence = counts_.evidence;
  char record[record_room];
  text.append(record, static_cast<std::size_t>(write_record(record, end) - record));
  if (compresses_) {
    PieceCompressor compressor;
    const std::string_view frame = compressor.frame(text.data(), text.size());
    write(frame.data(), frame.size());
  } else {
    write(text.data(), text.size());
  }
  if (problem()) return;
  // A pipe cannot be forced to the disk, and need not be.
  if (fsync(descriptor_) != 0 && errno != EINVAL && errno != EROFS) return give_up(complaint(path_, errno));
  if (close(std::exchange(descriptor_, -1)) != 0) give_up(complaint(path_, errno));
}

// ------------------------------------------------------------------------------------------ a cell

HistoryCell::HistoryCell(HistoryFile& file)
    : file_(file),
      piece_(std::make_unique_for_overwrite<char[]>(HistoryFile::piece_size + record_room)),
      compressor_(file.compresses() ? std::make_unique<PieceCompressor>() : nullptr) {}

HistoryCell::~HistoryCell() {
  if (!open_) return;
  file_.give_up("the run ended in the middle of a cell");
}

void HistoryCell::begin(std::uint32_t index, OrderRange orders) {
  assert(!open_);
  open_ = true;
  index_ = index;
  counts_ = {};
  has_turn_ = file_.is_turn_of(index_);
  advance(write_cell_begin(room(), orders));
}

void HistoryCell::end(Instant horizon) {
  assert(open_);
  advance(write_cell_end(room(), horizon));
  if (used_ > 0) seal();
  if (!has_turn_) {
    file_.wait_for_turn(index_);
    write_held();
  }
  file_.pass_turn(index_, counts_);
  open_ = false;
}

void HistoryCell::append(const FaultSpan& fault) {
  const std::string text = record_text(fault);
  if (used_ + text.size() > HistoryFile::piece_size) seal();
  if (text.size() > HistoryFile::piece_size) return file_.give_up("a fault plan of more than a megabyte");
  std::memcpy(room(), text.data(), text.size());
  advance(room() + text.size());
}

/// The piece is as long as it is to be: it goes to the file, or waits.
void HistoryCell::seal() {
  if (used_ == 0) return;
  const std::size_t size = std::exchange(used_, 0);
  if (!compressor_) return let_go(piece_.get(), size);
  const std::string_view frame = compressor_->frame(piece_.get(), size);
  let_go(frame.data(), frame.size());
}

void HistoryCell::let_go(const char* bytes, std::size_t size) {
  if (!has_turn_ && held_.size() + size > HistoryFile::held_max) file_.wait_for_turn(index_);
  has_turn_ = has_turn_ || file_.is_turn_of(index_);
  if (!has_turn_) {
    held_.insert(held_.end(), bytes, bytes + size);
    return;
  }
  write_held();
  file_.write(bytes, size);
}

void HistoryCell::write_held() {
  has_turn_ = true;
  file_.write(held_.data(), held_.size());
  held_.clear();
}

}  // namespace dueprocess
