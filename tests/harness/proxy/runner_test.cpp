// Faults at their instants, in virtual and in wall time, and the commands among them.
#include <signal.h>

#include <cstdlib>
#include <fstream>

#include "catch.hpp"
#include "harness/proxy/fault_runner.hpp"
#include "harness/proxy/shell.hpp"
#include "harness/target/http/run_clock.hpp"
#include "wires.hpp"

using namespace dueprocess;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;
using test::Listener;
using test::Wire;

namespace {

constexpr Instant start = instant_at(1'000'000'000'000);
const std::string small_request = "GET / HTTP/1.1\r\n\r\n";

FaultPlan window(FaultKind kind, Instant from, Instant to) {
  FaultPlan plan;
  plan.kind = kind;
  plan.from = from;
  plan.to = to;
  return plan;
}
FaultPlan command(std::string text, Instant at, Duration limit = seconds{10}) {
  FaultPlan plan = window(FaultKind::command, at, at);
  plan.command = std::move(text);
  plan.time_limit = limit;
  return plan;
}

struct Running {
  explicit Running(std::vector<FaultPlan> plans) {
    FaultRunnerOptions options;
    options.host = "127.0.0.1";
    options.port = listener.port();
    runner = std::make_unique<FaultRunner>(std::move(plans), start, options, http::monotonic_ns());
    REQUIRE(runner->start().empty());
  }
  /// Does a request get through the proxy?
  bool gets_through() {
    Wire client = Wire::to(runner->port()), service = listener.accept();
    client.send(small_request);
    return service.receive(small_request.size()) == small_request;
  }
  Listener listener;
  std::unique_ptr<FaultRunner> runner;
};

/// A folder of its own, gone afterwards.
struct Folder {
  Folder() {
    char name[] = "/tmp/dueprocess-faults-XXXXXX";
    path = mkdtemp(name);
  }
  ~Folder() { std::system(("rm -rf " + path).c_str()); }
  std::string text(const std::string& file) const {
    std::ifstream in{path + "/" + file};
    return {std::istreambuf_iterator<char>{in}, {}};
  }
  std::string path;
};

/// Waits until the process is gone, or is nobody's any more.
bool is_gone(pid_t process) {
  for (int i = 0; i < 1000; ++i) {
    if (kill(process, 0) != 0) return true;
    std::ifstream in{"/proc/" + std::to_string(process) + "/stat"};
    std::string all{std::istreambuf_iterator<char>{in}, {}};
    if (all.find(") Z ") != all.npos) return true;
    poll(nullptr, 0, 10);
  }
  return false;
}

}  // namespace

TEST_CASE("in virtual time windows begin and end when their instants are reached, in order") {
  Running run{
      {window(FaultKind::reset, start + hours{1}, start + hours{2}), window(FaultKind::cut, start + hours{3}, start + hours{3})}};
  FaultRunner& faults = *run.runner;
  CHECK(run.gets_through());
  CHECK(faults.next_change() == start + hours{1});
  faults.reach(start + hours{1} - Duration{1});
  CHECK(run.gets_through());
  faults.reach(start + hours{1});
  CHECK_FALSE(run.gets_through());
  CHECK(faults.next_change() == start + hours{2});
  faults.reach(start + hours{2});
  CHECK(run.gets_through());
  Wire open_client = Wire::to(faults.port()), open_service = run.listener.accept();
  faults.reach(start + hours{100});
  CHECK(open_client.ending() == "end");
  CHECK(faults.next_change() == never);
  faults.finish();
  const auto records = faults.records();
  REQUIRE(records.size() == 2);
  CHECK(records[0].what == "reset of requests and answers");
  CHECK(records[0].from == start + hours{1});
  CHECK(records[0].struck >= 1);
  CHECK(records[0].from_ns < records[0].to_ns);
  CHECK(records[0].to_ns <= records[1].from_ns);
  CHECK(records[1].to_ns != never_ns);
}

TEST_CASE("at one instant what ends ends before what begins") {
  FaultPlan hole = window(FaultKind::black_hole, start + hours{1}, start + hours{2});
  FaultPlan reset = window(FaultKind::reset, start + hours{2}, start + hours{3});
  Running run{{reset, hole}};
  run.runner->reach(start + hours{2});
  Wire client = Wire::to(run.runner->port()), service = run.listener.accept();
  client.send(small_request);
  CHECK(client.ending() == "reset");
  CHECK(run.runner->records()[1].to_ns <= run.runner->records()[0].from_ns);
}

TEST_CASE("a fault of the whole run is on from the start, and off when the run finishes") {
  Running run{{window(FaultKind::reset, Instant::min(), never)}};
  CHECK_FALSE(run.gets_through());
  CHECK(run.runner->next_change() == never);
  run.runner->finish();
  CHECK(run.gets_through());
  const auto records = run.runner->records();
  CHECK(records[0].from == start);
  CHECK(records[0].to == never);
  CHECK(records[0].to_ns != never_ns);
}

TEST_CASE("in wall time the runner keeps time by itself, speed included") {
  // A window of the scenario's hours, 50 ms from now on and 100 ms long.
  constexpr double speed = 3600 * 20;
  Running run{{window(FaultKind::reset, start + hours{1}, start + hours{3}), command("true", start + hours{3})}};
  const HarnessTime began = http::monotonic_ns();
  run.runner->run_by_wall(0, speed);
  const auto records = [&] { return run.runner->records(); };
  for (int i = 0; i < 1000 && (records()[1].to_ns == never_ns || records()[0].to_ns == never_ns); ++i) poll(nullptr, 0, 10);
  CHECK(records()[0].from_ns >= 50'000'000);
  CHECK(records()[0].to_ns >= 150'000'000);
  CHECK(records()[0].to_ns - records()[0].from_ns >= 80'000'000);
  CHECK(records()[1].from_ns >= 150'000'000);
  CHECK(http::monotonic_ns() - began < 20'000'000'000);
  CHECK(run.gets_through());
}

TEST_CASE("what the run does not come to does not happen, and the record says so") {
  const Folder folder;
  Running run{{command("touch " + folder.path + "/there", start + hours{1}),
               window(FaultKind::reset, start + hours{1}, start + hours{2})}};
  run.runner->run_by_wall(3'600'000'000'000, 1);
  run.runner->finish();
  for (const FaultRecord& record : run.runner->records()) CHECK(record.from_ns == never_ns);
  CHECK(access((folder.path + "/there").c_str(), F_OK) != 0);
}

TEST_CASE("a runner of commands alone has no proxy, and waits for each in virtual time") {
  const Folder folder;
  FaultRunner faults{{command("echo one >> " + folder.path + "/log", start + hours{1}),
                      command("echo two >> " + folder.path + "/log; echo said; false", start + hours{2})},
                     start,
                     {},
                     0};
  REQUIRE(faults.start().empty());
  CHECK(faults.port() == 0);
  faults.reach(start + hours{1});
  CHECK(folder.text("log") == "one\n");
  CHECK(faults.trouble().empty());
  faults.reach(start + hours{2});
  CHECK(folder.text("log") == "one\ntwo\n");
  const auto trouble = faults.trouble();
  REQUIRE(trouble.size() == 1);
  CHECK(trouble[0].find("ended with 1: said") != std::string::npos);
  CHECK(faults.trouble().empty());
  const auto records = faults.records();
  CHECK_FALSE(records[0].command_failed);
  CHECK(records[1].command_failed);
  CHECK(records[1].is_command);
  CHECK(records[1].output == "ended with 1:\nsaid\n");
}

TEST_CASE("a runner that goes away takes its commands with it") {
  const Folder folder;
  {
    FaultRunner faults{{command("echo $$ > " + folder.path + "/pid; sleep 1000", start, std::chrono::minutes{10})},
                       start,
                       {},
                       http::monotonic_ns()};
    REQUIRE(faults.start().empty());
    faults.run_by_wall(0, 1);
    for (int i = 0; i < 1000 && folder.text("pid").empty(); ++i) poll(nullptr, 0, 10);
  }
  CHECK(is_gone(std::stoi(folder.text("pid"))));
}

TEST_CASE("a command is killed at its time limit with everything it started") {
  const Folder folder;
  const Recall recall;
  const CommandEnd end =
      run_by_shell("echo begun; sleep 1000 & echo $! > " + folder.path + "/pid; sleep 1000", milliseconds{200}, recall);
  CHECK(end.failed);
  CHECK(end.how == "killed after 200ms, its time limit");
  CHECK(end.output == "begun\n");
  CHECK(is_gone(std::stoi(folder.text("pid"))));
}

TEST_CASE("what a command leaves in the background goes on after its end") {
  const Folder folder;
  const Recall recall;
  const CommandEnd end = run_by_shell("sleep 1000 & echo $! > " + folder.path + "/pid", seconds{10}, recall);
  CHECK_FALSE(end.failed);
  CHECK(end.how == "ended with 0");
  const pid_t left = std::stoi(folder.text("pid"));
  CHECK(kill(left, 0) == 0);
  kill(left, SIGKILL);
}

TEST_CASE("how a command ended is told, and the end of what it said") {
  const Recall recall;
  CHECK(run_by_shell("exit 3", seconds{10}, recall).how == "ended with 3");
  CHECK(run_by_shell("kill -9 $$", seconds{10}, recall).how == "killed by signal 9");
  CHECK(run_by_shell("no-such-command-anywhere", seconds{10}, recall).how == "ended with 127");
  const CommandEnd much =
      run_by_shell("i=0; while [ $i -lt 3000 ]; do echo line $i; i=$((i+1)); done; echo last >&2", seconds{10}, recall);
  CHECK(much.output.size() == 4096);
  CHECK(much.output.ends_with("line 2999\nlast\n"));
  CHECK(run_by_shell("cat; echo end", seconds{10}, recall).output == "end\n");  // an empty standard input
}

TEST_CASE("a command gets none of this process's files, and its signals as they are by default") {
  const Recall recall;
  const Listener listener;  // a file that must not be there
  const CommandEnd files = run_by_shell("ls /proc/self/fd | wc -l", seconds{10}, recall);
  CHECK(std::stoi(files.output) <= 4);  // the three, and the one by which ls looks
  signal(SIGPIPE, SIG_IGN);             // as the command line has it
  const std::string ignored = run_by_shell("grep SigIgn /proc/self/status", seconds{10}, recall).output;
  signal(SIGPIPE, SIG_DFL);
  CHECK((std::stoull(ignored.substr(8), nullptr, 16) >> (SIGPIPE - 1) & 1) == 0);
}

TEST_CASE("a recalled command ends at once") {
  Recall recall;
  recall.call();
  const CommandEnd end = run_by_shell("sleep 1000", std::chrono::minutes{10}, recall);
  CHECK(end.how == "killed, as the run ended");
}
