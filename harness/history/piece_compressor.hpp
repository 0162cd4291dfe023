// One zstd frame, with a checksum, of each piece of a file: of one that was cut off all but the last piece can be read.
#pragma once

#include <zstd.h>

#include <cassert>
#include <memory>
#include <string_view>
#include <vector>

namespace dueprocess {

class PieceCompressor {
 public:
  PieceCompressor() : context_(ZSTD_createCCtx()) {
    ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_compressionLevel, level);
    ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_checksumFlag, 1);
  }
  /// Valid until the next call.
  std::string_view frame(const char* bytes, std::size_t size) {
    out_.resize(ZSTD_compressBound(size));
    const std::size_t got = ZSTD_compress2(context_.get(), out_.data(), out_.size(), bytes, size);
    assert(!ZSTD_isError(got));
    return {out_.data(), got};
  }

 private:
  static constexpr int level = 1;  // several times smaller for a few nanoseconds a record; higher ones cost more than simulating
  struct FreeContext {
    void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
  };
  std::unique_ptr<ZSTD_CCtx, FreeContext> context_;
  std::vector<char> out_;
};

}  // namespace dueprocess
