// Texts compared with approved ones. With DUEPROCESS_APPROVE=1 in the environment what differs becomes the approved text:
// look at `git diff` then.
#pragma once

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "catch.hpp"

namespace dueprocess {

inline void check_golden(const std::string& name, const std::string& text) {
  const std::string path = std::string{GOLDEN_FOLDER} + "/" + name;
  std::ifstream file{path, std::ios::binary};
  const std::string approved{std::istreambuf_iterator<char>{file}, {}};
  if (text == approved) return;
  if (std::getenv("DUEPROCESS_APPROVE")) {
    std::ofstream{path, std::ios::binary} << text;
    WARN("approved " << path);
    return;
  }
  INFO("differs from " << path << "; DUEPROCESS_APPROVE=1 approves it");
  CHECK(text == approved);
}

}  // namespace dueprocess
