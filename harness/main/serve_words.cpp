#include "harness/main/serve_words.hpp"

#include <fmt/format.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "harness/main/option_words.hpp"
#include "scenarios/language/values.hpp"

namespace dueprocess {

const char* const serve_examples = R"(Examples:
  dueprocess serve                                                 memory, the machine's clock, at 127.0.0.1:8080
  dueprocess serve --clock virtual --listen 127.0.0.1:0            a test clock; the port is told on the first line
  dueprocess serve --clock wall --speed 86400 --data orders.db     a day a second, kept in a file
  dueprocess serve --bug B05                                       with a seeded bug (dueprocess bugs lists them)
The operator's password: --operator-password-file, or DUEPROCESS_OPERATOR_PASSWORD; "operator" where only this machine listens.
)";

namespace {

[[noreturn]] void wrong(const std::string& option, const std::string& expected, const std::string& text) {
  throw CLI::ValidationError(option, fmt::format("expected {}, not \"{}\"", expected, text));
}

Duration length(const std::string& option, const std::string& text, bool positive) {
  const Parsed<Duration> parsed = parse_duration(text);
  if (!parsed.ok() || (positive && parsed.value <= Duration{0})) wrong(option, "a duration such as 5s", text);
  return parsed.value;
}

}  // namespace

void ServeWords::add_to(CLI::App& command) {
  command.add_option("--listen", listen, "address and port; port 0: any that is free. Default: 127.0.0.1:8080")
      ->type_name("HOST:PORT");
  command.add_option("--threads", threads, "threads that answer; default: 1")->type_name("N");
  command.add_option("--clock", clock, "wall or virtual; default: wall. A virtual one is turned by /v1/test-clock")
      ->type_name("KIND");
  command.add_option("--speed", speed, "wall: every period of the policy is divided by N")->type_name("N");
  command
      .add_option("--clock-offset", clock_offset, "wall: the service's clock is so far ahead of the machine's; may be negative")
      ->type_name("DURATION");
  command.add_option("--timers", timers, "exact, or sweep:PERIOD: late on purpose. Default: exact")->type_name("HOW");
  command.add_option("--data", data, "keep everything in this SQLite file; default: in memory alone")->type_name("FILE");
  command.add_option("--sync", sync, "full: an answer survives a power cut too; process: a crash of the process. Default: full")
      ->type_name("HOW");
  command.add_option("--cert", certificate, "TLS: the certificate chain, PEM")->type_name("FILE");
  command.add_option("--key", key, "TLS: its key, PEM")->type_name("FILE");
  command.add_option("--policy", policy, "a YAML file with the policy's knobs")->type_name("FILE");
  command.add_option("--scenario", scenario, "the policy of this scenario, a file or a shipped one's name")->type_name("NAME");
  command.add_option("--keep-files", keep_files, "keep uploaded files in this folder; default: only size and digest")
      ->type_name("DIR");
  command.add_flag("--declared-uploads", declared_uploads, "take an upload's size as declared by ?declared_size=, without bytes");
  command.add_option("--webhook", webhook, "post events, notifications and payments to this address")->type_name("URL");
  command.add_option("--webhook-secret-file", webhook_secret_file, "sign them with the secret in this file")->type_name("FILE");
  command.add_option("--operator-password-file", operator_password_file, "the operator's password is this file's first line")
      ->type_name("FILE");
  command.add_option("--password-rounds", password_rounds, "of PBKDF2 for users' passwords; default: 1000")->type_name("N");
  command.add_option("--connections", connections, "connections at a time; default: 16000")->type_name("N");
  command.add_option("--ready-file", ready_file, "write the service's address there once it listens")->type_name("FILE");
  command.add_option("--bug", bugs, "seed this bug in the engine (dueprocess bugs lists them); may be given again")
      ->type_name("ID")
      ->allow_extra_args(false);
  command.add_flag("-q,--quiet", quiet, "nothing on standard error but problems");
}

ServeRequest ServeWords::request() const {
  ServeRequest request;
  const std::size_t colon = listen.rfind(':');
  if (colon == std::string::npos || colon == 0) wrong("--listen", "an address and a port, such as 127.0.0.1:8080", listen);
  request.address = listen.substr(0, colon);
  if (request.address.front() == '[' && request.address.back() == ']')
    request.address = request.address.substr(1, request.address.size() - 2);
  request.port = whole_number<std::uint16_t>("--listen", listen.substr(colon + 1), 0, 65535);
  request.threads = whole_number<unsigned>("--threads", threads, 1, 256);
  if (clock != "wall" && clock != "virtual") wrong("--clock", "wall or virtual", clock);
  request.virtual_clock = clock == "virtual";
  request.speed = whole_number<std::int64_t>("--speed", speed, 1, 1'000'000'000);
  if (!clock_offset.empty()) request.clock_offset = length("--clock-offset", clock_offset, false);
  if (timers.starts_with("sweep:"))
    request.sweep = length("--timers", timers.substr(6), true);
  else if (timers != "exact")
    wrong("--timers", "exact, or sweep:PERIOD such as sweep:5s", timers);
  if (request.virtual_clock && (request.speed != 1 || request.sweep != Duration{0} || request.clock_offset != Duration{0}))
    throw CLI::ValidationError("--clock virtual", "--speed, --clock-offset and --timers are for the wall clock");
  if (sync != "full" && sync != "process") wrong("--sync", "full or process", sync);
  request.data = data;
  request.sync_full = sync == "full";
  if (certificate.empty() != key.empty()) throw CLI::ValidationError("--cert", "--cert and --key go together");
  request.certificate = certificate;
  request.key = key;
  if (!policy.empty() && !scenario.empty()) throw CLI::ValidationError("--policy", "either --policy or --scenario");
  request.policy = policy;
  request.scenario = scenario;
  request.keep_files = keep_files;
  request.declared_uploads = declared_uploads;
  if (!webhook_secret_file.empty() && webhook.empty())
    throw CLI::ValidationError("--webhook-secret-file", "there is no --webhook to sign for");
  request.webhook = webhook;
  request.webhook_secret_file = webhook_secret_file;
  request.operator_password_file = operator_password_file;
  if (!password_rounds.empty())
    request.password_rounds = whole_number<unsigned>("--password-rounds", password_rounds, 1, 10'000'000);
  if (!connections.empty()) request.connections = whole_number<std::uint64_t>("--connections", connections, 1, 1'000'000);
  request.ready_file = ready_file;
  request.bugs = bugs;
  request.quiet = quiet;
  return request;
}

}  // namespace dueprocess
