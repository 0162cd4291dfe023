#include "harness/main/version.hpp"

namespace dueprocess {

std::string version_number() { return DUEPROCESS_VERSION; }
std::string version_text() { return "dueprocess " + version_number(); }
std::string compiler_text() {
#if defined(__clang__)
  return "clang++ " __clang_version__;
#else
  return "g++ " __VERSION__;
#endif
}
std::string build_type_text() { return DUEPROCESS_BUILD_TYPE; }

}  // namespace dueprocess
