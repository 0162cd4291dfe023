#include "harness/service/data_file.hpp"

#include <sqlite3.h>

#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace dueprocess::service {
namespace {

constexpr int application_id = 0x44756550;  // "DueP"
constexpr int schema_version = 1;

class Statement {
 public:
  Statement(sqlite3* database, const char* sql) { sqlite3_prepare_v2(database, sql, -1, &statement_, nullptr); }
  ~Statement() { sqlite3_finalize(statement_); }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  bool ready() const { return statement_ != nullptr; }
  int step() { return sqlite3_step(statement_); }
  void again() { sqlite3_reset(statement_); }
  void bind(int at, std::int64_t value) { sqlite3_bind_int64(statement_, at, value); }
  void bind_blob(int at, std::string_view value) {
    sqlite3_bind_blob64(statement_, at, value.data(), value.size(), SQLITE_STATIC);
  }
  std::int64_t integer(int column) { return sqlite3_column_int64(statement_, column); }
  std::string_view blob(int column) {
    const auto* const bytes = static_cast<const char*>(sqlite3_column_blob(statement_, column));
    return {bytes ? bytes : "", static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
  }

 private:
  sqlite3_stmt* statement_ = nullptr;
};

}  // namespace

struct DataFile::Impl {
  struct Entry {
    std::string bytes;
    std::uint32_t seen;
  };

  bool run(const char* sql) { return sqlite3_exec(database, sql, nullptr, nullptr, nullptr) == SQLITE_OK; }
  std::int64_t pragma(const char* sql) {
    Statement statement{database, sql};
    return statement.ready() && statement.step() == SQLITE_ROW ? statement.integer(0) : -1;
  }

  std::string told(const std::string& what) const { return path + ": " + what; }
  std::string why() const {
    const int code = sqlite3_errcode(database);
    if (code == SQLITE_BUSY || code == SQLITE_LOCKED) return told("another process has it open");
    if (code == SQLITE_NOTADB) return told("not a data file of dueprocess serve (nor any SQLite file)");
    return told(sqlite3_errmsg(database));
  }

  std::string open(const std::string& settings, bool sync_full) {
    if (sqlite3_open_v2(path.c_str(), &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr) !=
        SQLITE_OK)
      return told(database ? sqlite3_errmsg(database) : "out of memory");
    sqlite3_busy_timeout(database, 0);
    // Locked from the first read on; the index of the WAL then lies in this process's memory.
    if (!run("PRAGMA locking_mode=EXCLUSIVE") || !run("PRAGMA journal_mode=WAL") || !run("BEGIN EXCLUSIVE")) return why();
    // An empty database is as good as no file.
    const std::int64_t made_by = pragma("PRAGMA application_id");
    const bool fresh = made_by == 0 && pragma("SELECT count(*) FROM sqlite_master") == 0;
    if (!fresh && made_by != application_id) return told("a SQLite file, but not of dueprocess serve");
    if (!fresh && pragma("PRAGMA user_version") != schema_version)
      return told("made by another version of dueprocess serve, whose form this one does not know");
    if (fresh) {
      const std::string set = "PRAGMA application_id=" + std::to_string(application_id) +
                              ";PRAGMA user_version=" + std::to_string(schema_version) +
                              ";CREATE TABLE settings(value BLOB NOT NULL);"
                              "CREATE TABLE entries(position INTEGER PRIMARY KEY,entry BLOB NOT NULL)";
      if (!run(set.c_str())) return why();
      Statement insert{database, "INSERT INTO settings VALUES(?)"};
      if (!insert.ready()) return why();
      insert.bind_blob(1, settings);
      if (insert.step() != SQLITE_DONE) return why();
    }
    if (!run("COMMIT")) return why();
    if (!run(sync_full ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL")) return why();
    Statement made{database, "SELECT value FROM settings"};
    if (!made.ready() || made.step() != SQLITE_ROW) return told("damaged: it does not say under what rules it was made");
    if (made.blob(0) != settings)
      return told("made under other rules: " + std::string{made.blob(0)} + "; asked for are: " + settings);
    return {};
  }

  std::string replay_all(const std::function<bool(std::string_view)>& replay) {
    Statement rows{database, "SELECT position,entry FROM entries ORDER BY position"};
    if (!rows.ready()) return why();
    int step = SQLITE_ROW;
    while ((step = rows.step()) == SQLITE_ROW) {
      if (rows.integer(0) != static_cast<std::int64_t>(position) + 1)
        return told("damaged: entry " + std::to_string(position + 1) + " is missing");
      ++position;
      if (!replay(rows.blob(1))) return told("damaged: entry " + std::to_string(position) + " makes no sense");
    }
    if (step != SQLITE_DONE) return told(std::string{"damaged: "} + sqlite3_errmsg(database));
    kept = position;
    return {};
  }

  bool commit(const std::vector<Entry>& entries) {
    if (!run("BEGIN IMMEDIATE")) return false;
    {
      Statement insert{database, "INSERT INTO entries VALUES(?,?)"};
      if (!insert.ready()) return false;
      std::int64_t at = static_cast<std::int64_t>(kept.load());
      for (const Entry& entry : entries) {
        insert.bind(1, ++at);
        insert.bind_blob(2, entry.bytes);
        if (insert.step() != SQLITE_DONE) return false;
        insert.again();
      }
    }
    return run("COMMIT");
  }

  void write_on() {
    std::vector<Entry> entries;
    for (;;) {
      {
        std::unique_lock lock{mutex};
        come.wait(lock, [this] { return closing || !waiting.empty(); });
        if (waiting.empty()) return;
        entries.swap(waiting);
      }
      if (!commit(entries)) {
        // Nothing more is answered: what cannot be kept must not be promised.
        failed = true;
        on_failure(why());
        return;
      }
      kept_seen = entries.back().seen;
      kept = kept.load() + entries.size();
      ++commits;
      entries.clear();
      on_kept();
    }
  }

  std::string path;
  sqlite3* database = nullptr;
  std::mutex mutex;
  std::condition_variable come;
  std::vector<Entry> waiting;  // to be written
  std::uint64_t position = 0;  // of the last entry given
  std::atomic<std::uint64_t> kept{0}, commits{0};
  std::atomic<std::uint32_t> kept_seen{0};
  std::function<void()> on_kept;
  std::function<void(const std::string&)> on_failure;
  bool closing = false;
  std::atomic<bool> failed{false};
  std::thread writer;
};

DataFile::DataFile() : impl_(std::make_unique<Impl>()) {}
DataFile::~DataFile() { close(); }

std::string DataFile::open(const std::string& path, const std::string& settings, bool sync_full,
                           const std::function<bool(std::string_view)>& replay) {
  impl_->path = path;
  if (std::string problem = impl_->open(settings, sync_full); !problem.empty()) return problem;
  return impl_->replay_all(replay);
}

void DataFile::start(std::uint32_t seen, std::function<void()> on_kept, std::function<void(const std::string&)> on_failure) {
  impl_->kept_seen = seen;
  impl_->on_kept = std::move(on_kept);
  impl_->on_failure = std::move(on_failure);
  impl_->writer = std::thread{[this] { impl_->write_on(); }};
}

void DataFile::close() {
  {
    const std::lock_guard lock{impl_->mutex};
    impl_->closing = true;
  }
  impl_->come.notify_one();
  if (impl_->writer.joinable()) impl_->writer.join();
  if (!impl_->database) return;
  sqlite3_close(impl_->database);
  impl_->database = nullptr;
}

std::uint64_t DataFile::write(std::string_view entry, std::uint32_t seen) {
  bool first = false;
  std::uint64_t position = 0;
  {
    const std::lock_guard lock{impl_->mutex};
    first = impl_->waiting.empty();
    impl_->waiting.push_back({std::string{entry}, seen});
    position = ++impl_->position;
  }
  if (first) impl_->come.notify_one();
  return position;
}

std::uint64_t DataFile::kept() const { return impl_->kept.load(); }
std::uint32_t DataFile::kept_seen() const { return impl_->kept_seen.load(); }
std::uint64_t DataFile::commits() const { return impl_->commits.load(); }

}  // namespace dueprocess::service
