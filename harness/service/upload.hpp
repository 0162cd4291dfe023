// An upload on its way: counted, digested, and written to a file if files are kept. Nothing is left of one that breaks off.
#pragma once

#include <string>

#include "harness/service/asking.hpp"
#include "harness/service/secrets.hpp"

namespace dueprocess::service {

class Upload {
 public:
  /// `folder` empty: the bytes are not kept.
  explicit Upload(const std::string& folder);
  ~Upload();
  Upload(const Upload&) = delete;
  Upload& operator=(const Upload&) = delete;

  /// False: they could not be written.
  bool add(std::string_view bytes);
  /// Ends the digest.
  Digest end() { return digest_.end(); }
  /// The bytes stay, under this name. False: they could not be written.
  bool keep(const std::string& name);

  Ask ask;                     // to be performed once it is whole
  std::int64_t declared = -1;  // by a query parameter: the body is to be empty
  std::int64_t bytes = 0;

 private:
  std::string folder_, path_;  // path_ empty: there is no file
  int descriptor_ = -1;
  RunningDigest digest_;
};

}  // namespace dueprocess::service
