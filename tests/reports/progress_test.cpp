#include "reports/progress.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "catch.hpp"
#include "reports/format.hpp"

using namespace dueprocess;
using namespace std::chrono_literals;

namespace {

ProgressSample halfway() {
  ProgressSample sample;
  sample.virtual_now = instant_at(1'772'409'600'000'000);
  sample.orders_done = 5'000;
  sample.orders_total = 10'000;
  sample.events = 40'000;
  sample.elapsed = 10s;
  return sample;
}

/// What is there to read, or comes soon.
std::string next_from(int descriptor) {
  pollfd wanted{descriptor, POLLIN, 0};
  REQUIRE(poll(&wanted, 1, 10'000) == 1);
  char some[512];
  const ssize_t count = read(descriptor, some, sizeof some);
  REQUIRE(count > 0);
  return {some, static_cast<std::size_t>(count)};
}

}  // namespace

TEST_CASE("the progress line tells date, orders, speed and when it will be done") {
  CHECK(progress_text(halfway(), 4'000, {}) ==
        "████████          50%  2026-03-02  5,000 of 10,000 orders  4,000 events/s  ETA 11s");
}

TEST_CASE("violations come first, so that no terminal is too narrow for them") {
  ProgressSample sample = halfway();
  sample.violations = 3;
  CHECK(progress_text(sample, 4'000, {.width = 60}).starts_with("3 violations  ████"));
  CHECK(columns_of(progress_text(sample, 4'000, {.width = 60})) == 59);
}

TEST_CASE("a run that was asked to stop says so instead of when it will be done") {
  ProgressSample sample = halfway();
  sample.stopping = true;
  CHECK(progress_text(sample, 4'000, {}).ends_with("  stopping"));
}

TEST_CASE("before it is known how many orders there will be the run is being prepared") {
  CHECK(progress_text({}, 0, {}) == "preparing");
}

TEST_CASE("off a terminal no progress is drawn and nobody is asked for it") {
  int ends[2];
  REQUIRE(pipe2(ends, O_NONBLOCK) == 0);
  bool asked = false;
  {
    ProgressLine line{ends[1], {}, [&] {
                        asked = true;
                        return ProgressSample{};
                      }};
    line.stop();
  }
  char byte = 0;
  CHECK(read(ends[0], &byte, 1) == -1);
  CHECK_FALSE(asked);
  close(ends[0]);
  close(ends[1]);
}

TEST_CASE("on a terminal the line is drawn, and gone when it stops") {
  const int terminal = posix_openpt(O_RDWR | O_NOCTTY);
  REQUIRE(terminal >= 0);
  REQUIRE(grantpt(terminal) == 0);
  REQUIRE(unlockpt(terminal) == 0);
  const int user = open(ptsname(terminal), O_RDWR | O_NOCTTY);
  REQUIRE(user >= 0);
  setenv("TERM", "xterm", 1);
  std::string drawn;
  {
    ProgressLine line{user, {}, halfway};
    while (drawn.find("5,000 of 10,000 orders") == std::string::npos) drawn += next_from(terminal);
    line.stop();
    drawn += next_from(terminal);
  }
  CHECK(drawn.ends_with("\r\x1b[K"));
  close(user);
  close(terminal);
}
