// The journal in a SQLite file: every answered operation survives the death of the process.
//
// The file holds what was asked, not what came of it: a start carries the entries out again, one after the other, and so comes to
// the same state, the same versions and the same cursors (docs/decisions/0005). One thread writes, as many entries as have come
// meanwhile in one transaction; who answers waits for its own.
//
//   DataFile file;
//   if (const auto problem = file.open(path, settings, sync_full, replay); !problem.empty()) ...
//   desk.attach(file);
//   file.start(on_kept, on_failure);     ... file.close();
//
// WAL mode, locked for as long as it is open: a second process is refused.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "harness/service/journal.hpp"

namespace dueprocess::service {

class DataFile final : public Journal {
 public:
  DataFile();
  ~DataFile() override;

  /// `settings` say under what rules the entries were made: a file made under others is refused. `replay` is given each entry in
  /// turn; false stops. Empty: it is open; else why not.
  std::string open(const std::string& path, const std::string& settings, bool sync_full,
                   const std::function<bool(std::string_view)>& replay);
  /// `seen`: the feed's length so far. `on_kept` and `on_failure` are called on the writing thread.
  void start(std::uint32_t seen, std::function<void()> on_kept, std::function<void(const std::string&)> on_failure);
  /// Writes what is left and closes.
  void close();

  std::uint64_t write(std::string_view entry, std::uint32_t seen) override;
  std::uint64_t kept() const override;
  std::uint32_t kept_seen() const override;
  std::uint64_t commits() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace dueprocess::service
