// The words of `dueprocess serve` on the command line.
#pragma once

#include <string>
#include <vector>

#include "harness/main/serve_request.hpp"

namespace CLI {
class App;
}

namespace dueprocess {

extern const char* const serve_examples;

struct ServeWords {
  void add_to(CLI::App&);
  /// Throws CLI::ValidationError.
  ServeRequest request() const;

  std::string listen = "127.0.0.1:8080", clock = "wall", speed = "1", clock_offset, timers = "exact", threads = "1";
  std::string data, sync = "full", certificate, key, policy, scenario, keep_files, webhook, webhook_secret_file;
  std::string operator_password_file, password_rounds, connections, ready_file;
  std::vector<std::string> bugs;
  bool declared_uploads = false, quiet = false;
};

}  // namespace dueprocess
