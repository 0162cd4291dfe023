#include "harness/proxy/shell.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>

#include "scenarios/language/values.hpp"

namespace dueprocess {
namespace {

constexpr off_t output_kept = 4096;

class File {
 public:
  explicit File(int number) : number_(number) {}
  ~File() {
    if (number_ >= 0) ::close(number_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int number() const { return number_; }
  bool is_open() const { return number_ >= 0; }

 private:
  int number_;
};

/// A file without a name. A pipe would end a service that the command left in the background, at its first word after we let go.
int nameless_file() {
  std::string name = "/tmp/dueprocess-command-XXXXXX";
  const int file = mkostemp(name.data(), O_CLOEXEC | O_APPEND);
  if (file >= 0) unlink(name.c_str());
  return file;
}

int timer_of(Duration limit) {
  const int timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
  itimerspec when{};
  when.it_value.tv_sec = us_of(limit) / 1'000'000;
  when.it_value.tv_nsec = us_of(limit) % 1'000'000 * 1000;
  if (when.it_value.tv_sec == 0 && when.it_value.tv_nsec == 0) when.it_value.tv_nsec = 1;
  if (timer >= 0) timerfd_settime(timer, 0, &when, nullptr);
  return timer;
}

/// In a process group of its own, with the signals as they are by default and no files but the three. 0, or what is wrong.
int spawn(const std::string& command, int output, pid_t& process) {
  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&files);
  posix_spawnattr_init(&attributes);
  posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&files, output, 1);
  posix_spawn_file_actions_adddup2(&files, output, 2);
  posix_spawn_file_actions_addclosefrom_np(&files, 3);
  sigset_t all, none;
  sigfillset(&all);
  sigemptyset(&none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  std::string shell = "sh", option = "-c", line = command;
  std::array<char*, 4> arguments{shell.data(), option.data(), line.data(), nullptr};
  const int problem = posix_spawn(&process, "/bin/sh", &files, &attributes, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&files);
  posix_spawnattr_destroy(&attributes);
  return problem;
}

std::string end_of(const File& file) {
  const off_t size = lseek(file.number(), 0, SEEK_END);
  std::string text(static_cast<std::size_t>(std::clamp<off_t>(size, 0, output_kept)), '\0');
  const ssize_t count = pread(file.number(), text.data(), text.size(), std::max<off_t>(size - output_kept, 0));
  text.resize(static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
  return text;
}

CommandEnd could_not(std::string why) { return {"could not be run: " + std::move(why), {}, true}; }

}  // namespace

Recall::Recall() : file_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}
Recall::~Recall() {
  if (file_ >= 0) ::close(file_);
}
void Recall::call() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = ::write(file_, &one, sizeof one);
}

CommandEnd run_by_shell(const std::string& command, Duration limit, const Recall& recall) {
  const File output{nameless_file()}, timer{timer_of(limit)};
  if (!output.is_open() || !timer.is_open()) return could_not(strerror(errno));
  pid_t process = 0;
  if (const int problem = spawn(command, output.number(), process); problem != 0) return could_not(strerror(problem));
  const File ended{static_cast<int>(syscall(SYS_pidfd_open, process, 0))};

  std::string killed;
  std::array<pollfd, 3> waited{pollfd{ended.number(), POLLIN, 0}, pollfd{timer.number(), POLLIN, 0},
                               pollfd{recall.file(), POLLIN, 0}};
  while (ended.is_open() && poll(waited.data(), waited.size(), -1) < 0 && errno == EINTR) {
  }
  if (waited[0].revents == 0) {
    killed = waited[2].revents != 0 ? "killed, as the run ended"
                                    : fmt::format("killed after {}, its time limit", duration_text(limit));
    ::kill(-process, SIGKILL);
  }
  int status = 0;
  while (waitpid(process, &status, 0) < 0 && errno == EINTR) {
  }

  CommandEnd end;
  end.output = end_of(output);
  end.failed = !killed.empty() || !WIFEXITED(status) || WEXITSTATUS(status) != 0;
  if (!killed.empty())
    end.how = killed;
  else if (WIFEXITED(status))
    end.how = fmt::format("ended with {}", WEXITSTATUS(status));
  else
    end.how = fmt::format("killed by signal {}", WTERMSIG(status));
  return end;
}

}  // namespace dueprocess
