#include "reports/atomic_file.hpp"

#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "catch.hpp"

using namespace dueprocess;
namespace fs = std::filesystem;

namespace {

/// A folder of its own that is gone afterwards.
struct Folder {
  Folder() {
    std::string name = (fs::temp_directory_path() / "dueprocess-test-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()));
    path = name;
  }
  ~Folder() { fs::remove_all(path); }
  std::string file(const char* name) const { return (path / name).string(); }
  std::size_t entries() const { return static_cast<std::size_t>(std::distance(fs::directory_iterator{path}, {})); }
  fs::path path;
};

std::string contents(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

/// While it lives no file of this process may grow past `bytes`, which is what a full disk looks like to whoever writes.
struct FullDisk {
  explicit FullDisk(rlim_t bytes) {
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before);
    rlimit less = before;
    less.rlim_cur = bytes;
    setrlimit(RLIMIT_FSIZE, &less);
  }
  ~FullDisk() { setrlimit(RLIMIT_FSIZE, &before); }
  rlimit before{};
};

}  // namespace

TEST_CASE("a file is written whole, and nothing is left beside it") {
  const Folder folder;
  CHECK_FALSE(write_whole_file(folder.file("a.json"), "one"));
  CHECK(contents(folder.file("a.json")) == "one");
  CHECK_FALSE(write_whole_file(folder.file("a.json"), "two"));
  CHECK(contents(folder.file("a.json")) == "two");
  CHECK(folder.entries() == 1);
}

TEST_CASE("a full disk leaves the file that was there, and no half-written one") {
  const Folder folder;
  REQUIRE_FALSE(write_whole_file(folder.file("a.json"), "old"));
  std::optional<std::string> problem;
  {
    const FullDisk full{1'000};
    problem = write_whole_file(folder.file("a.json"), std::string(100'000, 'x'));
  }
  REQUIRE(problem);
  CHECK(problem->find("cannot write") == 0);
  CHECK(problem->find("a.json: File too large") != std::string::npos);
  CHECK(contents(folder.file("a.json")) == "old");
  CHECK(folder.entries() == 1);
}

TEST_CASE("a folder that is not there is a problem in words") {
  const Folder folder;
  const auto problem = write_whole_file(folder.file("none/a.json"), "x");
  REQUIRE(problem);
  CHECK(problem->find("No such file or directory") != std::string::npos);
}

TEST_CASE("a folder in the file's place is a problem, and stays") {
  const Folder folder;
  fs::create_directories(folder.path / "a.json" / "inside");
  CHECK(write_whole_file(folder.file("a.json"), "x"));
  CHECK(folder.entries() == 1);
}

TEST_CASE("a folder is made with those above it, and may be there already") {
  const Folder folder;
  CHECK_FALSE(prepare_folder(folder.file("a/b/c")));
  CHECK_FALSE(prepare_folder(folder.file("a/b/c")));
  CHECK(fs::is_directory(folder.path / "a/b/c"));
  CHECK(fs::is_empty(folder.path / "a/b/c"));
}

TEST_CASE("a folder that cannot be made or written to is told before the run") {
  const Folder folder;
  std::ofstream{folder.file("plain")} << "x";
  CHECK(prepare_folder(folder.file("plain")));
  CHECK(prepare_folder(folder.file("plain/below")));
  CHECK(prepare_folder("/proc/nothing-can-be-made-here"));
  if (geteuid() != 0) {  // to root every folder is writable
    fs::permissions(folder.path, fs::perms::owner_read | fs::perms::owner_exec);
    CHECK(prepare_folder(folder.path.string()));
    fs::permissions(folder.path, fs::perms::owner_all);
  }
}
