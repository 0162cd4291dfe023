// The command line as words in, a request out.

#include "harness/main/command_line.hpp"

#include <stdlib.h>

#include <filesystem>
#include <fstream>

#include "catch.hpp"
#include "harness/main/load.hpp"

using namespace dueprocess;
namespace fs = std::filesystem;

namespace {

using Words = std::vector<std::string>;

template <class Wanted>
Wanted asked(const Words& words) {
  Request request = parse_command_line(words);
  if (const auto* reply = std::get_if<Reply>(&request)) INFO(reply->text);
  REQUIRE(std::holds_alternative<Wanted>(request));
  return std::get<Wanted>(std::move(request));
}

/// What is told about a command line that is wrong.
std::string refused(const Words& words) {
  const auto reply = asked<Reply>(words);
  CHECK(reply.is_error);
  return reply.text;
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

struct Folder {
  Folder() {
    std::string name = (fs::temp_directory_path() / "dueprocess-test-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()));
    path = name;
  }
  ~Folder() { fs::remove_all(path); }
  void add(const std::string& name) const { std::ofstream{path / name} << "name: x\n"; }
  fs::path path;
};

}  // namespace

TEST_CASE("run takes everything it offers") {
  const auto run = asked<RunRequest>(
      {"run",   "--set",      "a.b=c=d",   "smoke",  "--threads",      "3",          "--seed",   "18446744073709551615",
       "--bug", "B05",        "--out",     "o",      "--set=x=[1, 2]", "--one-cell", "--strict", "--bug",
       "B07",   "--no-color", "--summary", "compact"});
  CHECK(run.scenario.scenario == "smoke");
  CHECK(run.scenario.overrides == std::vector<std::pair<std::string, std::string>>{{"a.b", "c=d"}, {"x", "[1, 2]"}});
  CHECK(run.scenario.seed == 18'446'744'073'709'551'615u);
  CHECK(run.scenario.bugs == Words{"B05", "B07"});
  CHECK(run.scenario.strict);
  CHECK(run.threads == 3);
  CHECK(run.one_cell);
  CHECK(run.out == "o");
  CHECK(run.summary == SummaryKind::compact);
  CHECK_FALSE(run.colour);
}

TEST_CASE("run asks for nothing that was not asked for") {
  const auto run = asked<RunRequest>({"run", "x.yaml"});
  CHECK_FALSE(run.scenario.seed.has_value());
  CHECK(run.scenario.overrides.empty());
  CHECK(run.threads == 0);
  CHECK(run.out.empty());
  CHECK(run.summary == SummaryKind::full);
  CHECK(run.colour);
  CHECK(run.progress);
}

TEST_CASE("quiet is neither summary nor progress") {
  const auto run = asked<RunRequest>({"run", "x.yaml", "-q"});
  CHECK(run.summary == SummaryKind::none);
  CHECK_FALSE(run.progress);
}

TEST_CASE("a value of --set is taken as it is, brackets and all") {
  for (const std::string value : {"[a, b]", "{x: 1}", "", "a,b", "'q'", "\"q\"", "-1", "--x"}) {
    INFO(value);
    CHECK(asked<RunRequest>({"run", "s", "--set", "p=" + value}).scenario.overrides.at(0).second == value);
  }
}

TEST_CASE("replay wants a scenario and an order") {
  const auto replay = asked<ReplayRequest>({"replay", "smoke", "--order", "17", "--seed", "3", "--set", "a=b", "--bug", "B01a"});
  CHECK(replay.order == 17);
  CHECK(replay.scenario.seed == 3u);
  CHECK(has(refused({"replay", "smoke"}), "--order is required"));
  CHECK(has(refused({"replay", "--order", "1"}), "SCENARIO is required"));
  CHECK(has(refused({"replay", "smoke", "--order", "0"}), "expected a whole number from 1"));
}

TEST_CASE("the other commands") {
  CHECK(asked<ValidateRequest>({"validate", "x.yaml", "--strict", "--set", "a=b"}).scenario.strict);
  CHECK(asked<SchemaRequest>({"validate", "--schema"}).what == SchemaOf::scenario);
  CHECK(has(refused({"validate"}), "SCENARIO is required"));
  asked<BugsRequest>({"bugs"});
  CHECK(asked<SchemaRequest>({"schema", "result"}).what == SchemaOf::result);
  CHECK(asked<SchemaRequest>({"schema", "scenario"}).what == SchemaOf::scenario);
  CHECK(has(refused({"schema", "orders"}), "scenario"));
}

TEST_CASE("without a command there is help, and it is an error") { CHECK(has(refused({}), "run")); }

TEST_CASE("help and version are no errors, and every command's help has an example") {
  CHECK_FALSE(asked<Reply>({"--version"}).is_error);
  CHECK(asked<Reply>({"--version"}).text.starts_with("dueprocess "));
  CHECK_FALSE(asked<Reply>({"--help"}).is_error);
  for (const char* command : {"run", "validate", "replay", "bugs", "schema"}) {
    INFO(command);
    const auto help = asked<Reply>({command, "--help"});
    CHECK_FALSE(help.is_error);
    CHECK(has(help.text, "Example"));
    CHECK(has(asked<Reply>({"--help"}).text, command));
  }
}

TEST_CASE("a command that is not there is answered with the nearest") {
  CHECK(has(refused({"rnu", "smoke"}), "there is no command \"rnu\"; did you mean \"run\"?"));
}

TEST_CASE("an option that is not there is an error") { CHECK(has(refused({"run", "smoke", "--thread", "2"}), "--thread")); }

TEST_CASE("numbers are decimal digits and within their bounds") {
  for (const std::string wrong : {"-1", "+1", "0x10", "1e3", "1.0", " 1", "x", "18446744073709551616"}) {
    INFO(wrong);
    CHECK(has(refused({"run", "smoke", "--seed=" + wrong}), "--seed"));
  }
  CHECK(asked<RunRequest>({"run", "smoke", "--seed", "010"}).scenario.seed == 10u);
  CHECK(has(refused({"run", "smoke", "--threads", "0"}), "from 1 to 1024"));
  CHECK(has(refused({"run", "smoke", "--threads", "1025"}), "from 1 to 1024"));
}

TEST_CASE("a --set without a value, and a summary of no known kind, are errors") {
  CHECK(has(refused({"run", "smoke", "--set", "a.b"}), "path=value"));
  CHECK(has(refused({"run", "smoke", "--set", "=b"}), "path=value"));
  CHECK(has(refused({"run", "smoke", "--summary", "short"}), "full, compact or none"));
}

TEST_CASE("a scenario is a file, or a name of a shipped one, and a file goes first") {
  const Folder near, far;
  near.add("smoke.yaml");
  far.add("smoke.yaml");
  far.add("year.yaml");
  const Words folders{near.path.string(), far.path.string()};
  CHECK(find_scenario("smoke", folders).path == near.path / "smoke.yaml");
  CHECK(find_scenario("smoke.yaml", folders).path == near.path / "smoke.yaml");
  CHECK(find_scenario("year", folders).path == far.path / "year.yaml");
  const std::string file = (far.path / "smoke.yaml").string();
  CHECK(find_scenario(file, folders).path == file);
}

TEST_CASE("a scenario that is nowhere is told with every place that was tried") {
  const Folder near, far;
  far.add("year.yaml");
  const ScenarioPlace place = find_scenario("yaer", {near.path.string(), far.path.string()});
  CHECK(place.path.empty());
  CHECK(place.tried == Words{"yaer", (near.path / "yaer.yaml").string(), (far.path / "yaer.yaml").string()});
  CHECK(place.names == Words{"year"});
  CHECK(find_scenario("./smoke", {near.path.string()}).tried == Words{"./smoke"});  // a path, not a name
  CHECK(find_scenario("", {near.path.string()}).path.empty());
  CHECK(find_scenario(near.path.string(), {}).path.empty());  // a folder is no scenario
}
