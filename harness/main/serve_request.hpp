// What `dueprocess serve` is asked to be.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/kernel/time.hpp"

namespace dueprocess {

struct ServeRequest {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8080;  // 0: any that is free
  unsigned threads = 1;
  bool virtual_clock = false;
  std::int64_t speed = 1;
  Duration clock_offset{0};
  Duration sweep{0};  // 0: timers fire when they are due
  std::string data;   // empty: memory
  bool sync_full = true;
  std::string certificate, key;
  std::string policy, scenario;  // at most one of them
  std::string keep_files;
  std::string webhook, webhook_secret_file;
  std::string operator_password_file;
  unsigned password_rounds = 1000;
  std::size_t connections = 16'000;
  std::string ready_file;
  std::vector<std::string> bugs;
  bool declared_uploads = false;
  bool quiet = false;
};

}  // namespace dueprocess
