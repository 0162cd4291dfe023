#include "harness/history/lines.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>
#include <vector>

namespace dueprocess {
namespace {

constexpr std::size_t block = 256u << 10;
constexpr unsigned char zstd_magic[4] = {0x28, 0xB5, 0x2F, 0xFD};

struct FreeStream {
  void operator()(ZSTD_DStream* stream) const { ZSTD_freeDStream(stream); }
};

}  // namespace

struct LineSource::Impl {
  explicit Impl(const std::string& name) : path(name), raw(block) {
    descriptor = path == "-" ? STDIN_FILENO : open(path.c_str(), O_RDONLY | O_CLOEXEC);
    struct stat facts {};
    if (descriptor < 0 || fstat(descriptor, &facts) != 0)
      problem = fmt::format("cannot read {}: {}", path, std::generic_category().message(errno));
    else if (S_ISDIR(facts.st_mode))
      problem = fmt::format("cannot read {}: it is a folder", path);
    if (!problem.empty()) at_end = true;
  }
  ~Impl() {
    if (descriptor > STDIN_FILENO) close(descriptor);
  }

  /// Fills `raw` as far as it can be at once. False at the end.
  bool read_raw() {
    raw_at = 0;
    raw_size = 0;
    // Enough to tell by, though a pipe gives it byte by byte.
    const std::size_t wanted = bytes == 0 ? sizeof zstd_magic : 1;
    while (raw_size < wanted) {
      const ssize_t got = read(descriptor, raw.data() + raw_size, block - raw_size);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) problem = fmt::format("cannot read on in {}: {}", path, std::generic_category().message(errno));
      if (got <= 0) break;
      raw_size += static_cast<std::size_t>(got);
    }
    if (bytes == 0 && raw_size >= sizeof zstd_magic && std::memcmp(raw.data(), zstd_magic, sizeof zstd_magic) == 0) {
      stream.reset(ZSTD_createDStream());
      // Frames that would need more memory than any history of ours are refused.
      ZSTD_DCtx_setParameter(stream.get(), ZSTD_d_windowLogMax, 27);
    }
    bytes += raw_size;
    return raw_size != 0;
  }

  /// Puts more text behind what is in `text`. False at the end.
  bool read_more() {
    if (at_end) return false;
    if (text_at > 0) {
      std::memmove(text.data(), text.data() + text_at, text_size - text_at);
      text_size -= text_at;
      text_at = 0;
    }
    if (text.size() < text_size + block) text.resize(text_size + block);
    const bool more = (raw_at < raw_size || read_raw() || inside_frame) && take();
    at_end = !more;
    return more;
  }
  bool take() {
    if (!stream) {
      std::memcpy(text.data() + text_size, raw.data() + raw_at, raw_size - raw_at);
      text_size += raw_size - raw_at;
      raw_at = raw_size;
      return true;
    }
    ZSTD_outBuffer out{text.data(), text.size(), text_size};
    for (;;) {
      ZSTD_inBuffer in{raw.data(), raw_size, raw_at};
      const std::size_t rest = ZSTD_decompressStream(stream.get(), &out, &in);
      raw_at = in.pos;
      if (ZSTD_isError(rest)) {
        problem = fmt::format("{}: the compressed data is cut off or altered: {}", path, ZSTD_getErrorName(rest));
        const bool got = out.pos > text_size;
        text_size = out.pos;
        stop = true;
        return got;
      }
      inside_frame = rest != 0;
      if (out.pos > text_size) break;
      if (raw_at < raw_size) continue;
      if (!read_raw()) {
        if (inside_frame && problem.empty()) problem = fmt::format("{}: the compressed data is cut off", path);
        inside_frame = false;
        return false;
      }
    }
    text_size = out.pos;
    return true;
  }

  std::string path, problem;
  int descriptor = -1;
  std::vector<char> raw, text;
  std::size_t raw_at = 0, raw_size = 0;
  std::size_t text_at = 0, text_size = 0;
  std::unique_ptr<ZSTD_DStream, FreeStream> stream;
  std::uint64_t bytes = 0, lines = 0;
  bool inside_frame = false, at_end = false, stop = false, passing_over = false;
};

LineSource::LineSource(const std::string& path) : impl_(std::make_unique<Impl>(path)) {}
LineSource::~LineSource() = default;
const std::string& LineSource::problem() const { return impl_->problem; }
std::uint64_t LineSource::bytes_read() const { return impl_->bytes; }

bool LineSource::next(Line& line) {
  Impl& s = *impl_;
  std::size_t looked_at = 0;  // of the text that is there
  for (;;) {
    const char* begin = s.text.data() + s.text_at;
    const std::size_t size = s.text_size - s.text_at;
    const auto* end =
        size > looked_at ? static_cast<const char*>(std::memchr(begin + looked_at, '\n', size - looked_at)) : nullptr;
    if (end != nullptr) {
      line = {{begin, static_cast<std::size_t>(end - begin)}, ++s.lines, true, false};
      s.text_at += line.text.size() + 1;
      if (std::exchange(s.passing_over, false)) {
        --s.lines;  // only the rest of a line that was given before
        looked_at = 0;
        continue;
      }
      return true;
    }
    if (size >= line_max) {
      line = {{begin, size}, s.lines + 1, false, true};
      s.text_at = s.text_size;
      if (std::exchange(s.passing_over, true)) {
        looked_at = 0;
        continue;
      }
      ++s.lines;
      return true;
    }
    looked_at = size;
    if (s.stop) s.at_end = true;
    if (s.read_more()) continue;
    if (s.text_size == s.text_at || s.passing_over) return false;
    line = {{s.text.data() + s.text_at, s.text_size - s.text_at}, ++s.lines, false, false};
    s.text_at = s.text_size;
    return true;
  }
}

}  // namespace dueprocess
