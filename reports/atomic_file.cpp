#include "reports/atomic_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>

namespace dueprocess {
namespace {

std::string complaint(const std::string& path, int error) {
  return fmt::format("cannot write {}: {}", path, std::generic_category().message(error));
}

/// A new file in the folder of `path`, gone again unless it is renamed to `path`.
class Draft {
 public:
  explicit Draft(const std::string& path) : path_(path), name_(path + ".XXXXXX") {
    descriptor_ = mkostemp(name_.data(), O_CLOEXEC);
    if (descriptor_ < 0) {
      error_ = errno;
      name_.clear();
    }
  }
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;
  ~Draft() {
    if (descriptor_ >= 0) close(descriptor_);
    if (!name_.empty()) unlink(name_.c_str());
  }

  int error() const { return error_; }  // of making it; 0: made

  /// 0, or errno of what failed. REQUIRES: made.
  int write_and_rename(std::string_view contents) {
    while (!contents.empty()) {
      const ssize_t written = write(descriptor_, contents.data(), contents.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return errno;
      contents.remove_prefix(static_cast<std::size_t>(written));
    }
    // mkostemp makes files only their owner may read; a result is as readable as any file made here.
    const mode_t mask = umask(0);
    umask(mask);
    if (fchmod(descriptor_, 0666 & ~mask) != 0) return errno;
    if (fsync(descriptor_) != 0) return errno;
    if (close(std::exchange(descriptor_, -1)) != 0) return errno;
    if (rename(name_.c_str(), path_.c_str()) != 0) return errno;
    name_.clear();
    return 0;
  }

 private:
  std::string path_, name_;
  int descriptor_ = -1;
  int error_ = 0;
};

/// The rename itself lasts only when the folder is on the disk too. A folder that cannot be synced is no failure: the
/// file is whole either way.
void sync_folder(const std::string& path) {
  const std::filesystem::path folder = std::filesystem::path{path}.parent_path();
  const int descriptor = open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  fsync(descriptor);
  close(descriptor);
}

}  // namespace

std::optional<std::string> write_whole_file(const std::string& path, std::string_view contents) {
  Draft draft{path};
  if (const int error = draft.error()) return complaint(path, error);
  if (const int error = draft.write_and_rename(contents)) return complaint(path, error);
  sync_folder(path);
  return std::nullopt;
}

std::optional<std::string> prepare_folder(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) return fmt::format("cannot make the folder {}: {}", path, error.message());
  const std::string probe = (std::filesystem::path{path} / "result.json").string();
  if (const int making = Draft{probe}.error()) return complaint(probe, making);
  return std::nullopt;
}

}  // namespace dueprocess
