// Everything the service let be seen, in one order: history events, notifications, payments. A cursor is a place in it.
//
// Each piece is kept once, in blocks that never move; who may see it is a list of cursors a user, and the pieces of one order
// are chained. Not thread-safe: the desk's lock guards it.
#pragma once

#include <memory>
#include <vector>

#include "sim/workflow/answer.hpp"

namespace dueprocess::service {

using Cursor = std::uint32_t;  // from 1; 0: before everything

class Feed {
 public:
  struct Piece {
    Evidence what;
    Cursor next_of_order = 0;
  };

  /// Its cursor. `before`: the order's last piece so far, which is chained to it.
  Cursor append(const Evidence& evidence, Cursor before) {
    if (size_ % block == 0) blocks_.push_back(std::make_unique<Piece[]>(block));
    blocks_[size_ / block][size_ % block] = {evidence, 0};
    const auto cursor = static_cast<Cursor>(++size_);
    if (before != 0) of(before).next_of_order = cursor;
    return cursor;
  }
  /// REQUIRES: 0 < cursor <= last().
  const Piece& at(Cursor cursor) const { return blocks_[(cursor - 1) / block][(cursor - 1) % block]; }
  Cursor last() const { return static_cast<Cursor>(size_); }

 private:
  static constexpr std::size_t block = 4096;
  Piece& of(Cursor cursor) { return blocks_[(cursor - 1) / block][(cursor - 1) % block]; }

  std::vector<std::unique_ptr<Piece[]>> blocks_;
  std::size_t size_ = 0;
};

}  // namespace dueprocess::service
