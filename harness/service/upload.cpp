#include "harness/service/upload.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

namespace dueprocess::service {

Upload::Upload(const std::string& folder) : folder_(folder) {
  if (folder.empty()) return;
  std::string path = folder + "/.upload-XXXXXX";
  descriptor_ = mkostemp(path.data(), O_CLOEXEC);
  if (descriptor_ >= 0) path_ = path;
}

Upload::~Upload() {
  if (descriptor_ >= 0) close(descriptor_);
  if (!path_.empty()) unlink(path_.c_str());
}

bool Upload::add(std::string_view piece) {
  digest_.add(piece);
  bytes += static_cast<std::int64_t>(piece.size());
  if (folder_.empty()) return true;
  while (!piece.empty()) {
    const ssize_t written = descriptor_ >= 0 ? write(descriptor_, piece.data(), piece.size()) : -1;
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    piece.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

bool Upload::keep(const std::string& name) {
  if (folder_.empty()) return true;
  if (descriptor_ < 0 || fdatasync(descriptor_) != 0 || rename(path_.c_str(), (folder_ + "/" + name).c_str()) != 0) return false;
  path_.clear();
  return true;
}

}  // namespace dueprocess::service
