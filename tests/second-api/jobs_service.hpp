// Another marketplace's API over the same rules, to try bindings on: jobs rather than orders, camelCase, milliseconds of the
// epoch (with decimals, so that a microsecond can be told), other words for everything, users with ids of their own, errors all
// under 400 but for four, a journal to be polled and nothing that is pushed, a clock of its own that is moved by two calls.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sim/engine/engine.hpp"
#include "tests/second-api/small_server.hpp"

namespace dueprocess::testing {

class JobsService {
 public:
  explicit JobsService(const Policy&, BugSet bugs = {});
  HttpResponse answer(const HttpRequest&);

 private:
  struct Job {
    std::vector<std::string> files;  // since the last delivery
  };
  HttpResponse sign_in(const HttpRequest&);
  HttpResponse turn_clock(const HttpRequest&);
  HttpResponse journal(const HttpRequest&);
  HttpResponse job(const HttpRequest&, std::uint32_t person);
  HttpResponse carry_out(Operation&, const std::string& key);
  bool move_to(Instant);
  void keep_journal();
  void name_files(Operation&, const std::vector<std::string>& names) const;

  SeededEngine engine_;
  Instant now_ = Instant::min();
  std::uint64_t jobs_ = 0;
  std::map<std::string, std::uint32_t> people_, sessions_;
  std::vector<std::string> names_;
  std::map<std::uint64_t, Job> files_;
  std::map<std::string, std::pair<KeyId, OrderId>> keys_;
  std::uint64_t file_numbers_ = 0;
  std::vector<Evidence> journal_;
};

}  // namespace dueprocess::testing
