// Drives the HTTP client alone: distinct requests, every answer's fields taken out, every latency recorded. What it costs is
// compared with wrk's by tests/bench/client_against_wrk.py; other modes look at memory.
//
//   drive_client URL [connections] [seconds]            closed loop, one request in flight a connection
//   drive_client URL --idle CONNECTIONS                 opens so many, asks once on each, and says what one costs in memory
#include <sys/resource.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>

#include "harness/record/histogram.hpp"
#include "harness/target/http/client.hpp"

namespace {

using namespace dueprocess::http;
using dueprocess::Failure;
using dueprocess::Histogram;

std::uint64_t cpu_us() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto us = [](const timeval& time) {
    return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000 + static_cast<std::uint64_t>(time.tv_usec);
  };
  return us(usage.ru_utime) + us(usage.ru_stime);
}

std::uint64_t resident_bytes() {
  std::ifstream status{"/proc/self/statm"};
  std::uint64_t all = 0, resident = 0;
  status >> all >> resident;
  return resident * 4096;
}

/// One pass over JSON text: how many of the members that are asked of an order it has, each with its value cut out.
std::uint64_t members_of_interest(std::string_view json) {
  std::uint64_t found = 0;
  const char* at = json.data();
  const char* const end = at + json.size();
  while (at < end && (at = static_cast<const char*>(std::memchr(at, '"', static_cast<std::size_t>(end - at)))) != nullptr) {
    const char* const name = ++at;
    at = static_cast<const char*>(std::memchr(at, '"', static_cast<std::size_t>(end - at)));
    if (at == nullptr || ++at == end || *at != ':') continue;
    const std::string_view text{name, static_cast<std::size_t>(at - name - 1)};
    if (text != "id" && text != "state" && text != "version" && text != "deadline" && text != "completed_at") continue;
    const char* value = ++at;
    while (value < end && *value != ',' && *value != '}') ++value;
    found += value > at;
    at = value;
  }
  return found;
}

class Driver : public Sink {
 public:
  Driver(boost::asio::io_context& on, const Endpoint& endpoint, const ClientOptions& options)
      : loop{on}, client{on, endpoint, options, clock, *this} {}

  void ask() {
    if (over) return;
    const std::uint64_t id = ++last;
    char digits[20];
    const std::string_view number{digits,
                                  static_cast<std::size_t>(std::to_chars(digits, digits + sizeof digits, id).ptr - digits)};
    body.assign(R"({"seller":"u)").append(number);
    body.append(R"(","due_at":"2026-03-05T12:00:00.)")
        .append(std::string_view{"000000"}.substr(0, 6))
        .append(R"(Z","price_cents":)");
    body.append(number).append(
        R"(,"note":"Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut"})");
    fields.assign(
        "Authorization: Bearer 0123456789abcdef0123456789abcdef\r\nContent-Type: application/json\r\nIdempotency-Key: k");
    fields.append(number).append("\r\n");
    if (!client.send(
            {.id = id, .method = "POST", .target = "/v1/orders", .fields = fields, .body = {.bytes = body}, .replayable = true}))
      std::abort();
  }

  void answered(const Answer& answer) override {
    if (answer.failure != Failure::none || answer.status != 200) {
      ++failed;
      std::fprintf(stderr, "%s %u\n", std::string{answer.why}.c_str(), answer.status);
    } else {
      understood += members_of_interest(answer.body);
      latency.record(answer.answered_ns - answer.sent_ns);
    }
    ++done;
    if (asks_again)
      ask();
    else if (client.in_flight() == 0)
      loop.stop();
  }

  RunClock clock;
  boost::asio::io_context& loop;
  Client client;
  Histogram latency;
  std::string body, fields;
  std::uint64_t last = 0, done = 0, failed = 0, understood = 0;
  bool over = false, asks_again = true;
};

int closed_loop(const Endpoint& endpoint, std::size_t connections, double seconds) {
  boost::asio::io_context loop{BOOST_ASIO_CONCURRENCY_HINT_UNSAFE};
  ClientOptions options;
  options.connections = connections;
  Driver driver{loop, endpoint, options};
  if (!driver.client.problem().empty()) return std::fprintf(stderr, "%s\n", driver.client.problem().c_str()), 3;
  boost::asio::steady_timer timer{loop};
  timer.expires_after(std::chrono::microseconds{static_cast<std::int64_t>(seconds * 1e6)});
  std::uint64_t memory_early = 0;
  boost::asio::steady_timer early{loop};
  early.expires_after(std::chrono::microseconds{static_cast<std::int64_t>(seconds * 1e5)});
  early.async_wait([&](const boost::system::error_code&) { memory_early = resident_bytes(); });
  std::uint64_t memory_late = 0;
  timer.async_wait([&](const boost::system::error_code&) {
    memory_late = resident_bytes();
    driver.over = true;
    loop.stop();
  });
  const std::uint64_t cpu_before = cpu_us();
  for (std::size_t i = 0; i < connections; ++i) driver.ask();
  loop.run();
  const std::uint64_t cpu = cpu_us() - cpu_before;
  const Counts& counts = driver.client.counts();
  std::printf(
      "{\"requests\": %llu, \"cpu_us\": %llu, \"failed\": %llu, \"understood\": %llu, \"p50_us\": %.1f, \"p99_us\": %.1f, "
      "\"connections\": %llu, \"resident_early\": %llu, \"resident_late\": %llu}\n",
      static_cast<unsigned long long>(driver.done), static_cast<unsigned long long>(cpu),
      static_cast<unsigned long long>(driver.failed), static_cast<unsigned long long>(driver.understood),
      static_cast<double>(driver.latency.quantile(500'000)) / 1e3, static_cast<double>(driver.latency.quantile(990'000)) / 1e3,
      static_cast<unsigned long long>(counts.connections), static_cast<unsigned long long>(memory_early),
      static_cast<unsigned long long>(memory_late));
  return driver.failed == 0 ? 0 : 1;
}

int many_connections(const Endpoint& endpoint, std::size_t connections) {
  boost::asio::io_context loop{BOOST_ASIO_CONCURRENCY_HINT_UNSAFE};
  if (raise_file_limit(connections + 100) < connections + 100) return std::fprintf(stderr, "not so many files may be open\n"), 3;
  ClientOptions options;
  options.connections = connections;
  options.in_flight = connections;
  options.connecting = 64;
  Driver driver{loop, endpoint, options};
  const std::uint64_t before = resident_bytes();
  driver.asks_again = false;
  driver.client.connect(connections);
  while (driver.client.connections() < connections && driver.client.counts().connections_failed == 0) loop.run_one();
  const std::uint64_t opened = driver.client.connections(), after = resident_bytes();
  for (int round = 0; round < 3; ++round) {
    for (std::size_t i = 0; i < connections; ++i) driver.ask();  // all at a time: each has a connection of its own
    loop.restart();
    loop.run();
  }
  const std::uint64_t used = resident_bytes();
  std::printf(
      "{\"open\": %llu, \"answered\": %llu, \"failed\": %llu, \"opened\": %llu, \"bytes_each_idle\": %llu, \"bytes_each_used\": "
      "%llu}\n",
      static_cast<unsigned long long>(opened), static_cast<unsigned long long>(driver.done),
      static_cast<unsigned long long>(driver.failed), static_cast<unsigned long long>(driver.client.counts().connections),
      static_cast<unsigned long long>((after - before) / std::max<std::uint64_t>(opened, 1)),
      static_cast<unsigned long long>((used - before) / std::max<std::uint64_t>(opened, 1)));
  return driver.failed == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  std::string problem;
  const std::optional<Endpoint> endpoint = argc > 1 ? read_endpoint(argv[1], problem) : std::nullopt;
  if (!endpoint)
    return std::fprintf(stderr, "drive_client URL [connections] [seconds] | URL --idle CONNECTIONS\n%s\n", problem.c_str()), 64;
  if (argc > 3 && std::string_view{argv[2]} == "--idle") return many_connections(*endpoint, std::strtoul(argv[3], nullptr, 10));
  return closed_loop(*endpoint, argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 64, argc > 3 ? std::strtod(argv[3], nullptr) : 5);
}
