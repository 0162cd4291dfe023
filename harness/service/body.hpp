// Reads the JSON body of a request by the members that its route takes. What is wrong is told in words, not thrown.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "harness/service/asking.hpp"
#include "harness/service/routes.hpp"

namespace dueprocess::service {

/// What bodies hold beside an operation's arguments.
struct BodyWords {
  std::string user, password;
  Instant instant = never;
};

/// One a thread; its memory is used again.
class BodyReader {
 public:
  BodyReader();
  ~BodyReader();
  /// Fills `ask` and `words`; ask.problem says what is wrong with it. An empty body is an empty object.
  void read(const Route&, std::string_view json, Ask&, BodyWords&);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace dueprocess::service
