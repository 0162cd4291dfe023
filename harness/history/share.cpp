#include "harness/history/share.hpp"

#include <cassert>
#include <utility>

#include "harness/history/piece_compressor.hpp"

namespace dueprocess {

HistoryShare::HistoryShare(HistoryFile& file)
    : file_(file),
      piece_(std::make_unique_for_overwrite<char[]>(piece_size + 2 * record_room)),
      compressor_(file.compresses() ? std::make_unique<PieceCompressor>() : nullptr) {}

HistoryShare::~HistoryShare() { flush(); }

void HistoryShare::in(OrderRange cell) {
  if (cell.first == cell_.first && cell.count == cell_.count) return;
  cell_ = cell;
  told_ = false;
}

char* HistoryShare::room() {
  assert(cell_.first != OrderId::none);
  if (!std::exchange(told_, true)) {
    const char* end = write_cell_begin(piece_.get() + used_, cell_);
    used_ = static_cast<std::size_t>(end - piece_.get());
  }
  return piece_.get() + used_;
}

void HistoryShare::advance(const char* end) {
  used_ = static_cast<std::size_t>(end - piece_.get());
  if (used_ >= piece_size) flush();
}

void HistoryShare::flush() {
  if (used_ == 0) return;
  std::string_view bytes{piece_.get(), std::exchange(used_, 0)};
  if (compressor_) bytes = compressor_->frame(bytes.data(), bytes.size());
  file_.write_piece(bytes, std::exchange(operations_, 0), std::exchange(evidence_, 0));
  told_ = false;
}

}  // namespace dueprocess
