// dueprocess serve: the reference service.

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>

#include "harness/main/commands.hpp"
#include "harness/main/load.hpp"
#include "harness/main/output.hpp"
#include "harness/service/data_file.hpp"
#include "harness/service/json_text.hpp"
#include "harness/service/real_time.hpp"
#include "harness/service/server.hpp"
#include "harness/service/webhooks.hpp"
#include "harness/target/http/run_clock.hpp"
#include "scenarios/language/read_policy.hpp"
#include "sim/engine/timed_engine.hpp"

namespace dueprocess {
namespace {

constexpr std::size_t spare_descriptors = 64;  // the data file, log, listening, uploads being kept

std::string time_text(Instant t) {
  std::string text;
  service::append_plain_instant(text, t);
  return text;
}

/// What the request asks for, made ready; a problem was told.
struct Setting {
  service::DeskOptions desk;
  service::ServerOptions server;
  std::string secret;
  bool good = true;

  void problem(const std::string& text) {
    print_error("dueprocess: " + text + "\n");
    good = false;
  }
};

/// The first line of a file of secrets.
bool first_line(const std::string& path, std::string& line) {
  std::ifstream file{path};
  return std::getline(file, line) && !line.empty();
}

bool is_loopback(const std::string& address) { return address == "::1" || address.starts_with("127."); }

void set_policy(const ServeRequest& request, Setting& setting) {
  Policy& policy = setting.desk.policy;
  if (!request.policy.empty()) {
    const std::vector<Mistake> mistakes = read_policy_file(request.policy, policy);
    for (const Mistake& mistake : mistakes) {
      print_error(to_string(mistake) + "\n");
      if (mistake.severity == Severity::error) setting.good = false;
    }
  } else if (!request.scenario.empty()) {
    ScenarioRequest wanted;
    wanted.scenario = request.scenario;
    const std::optional<Loaded> loaded = load(wanted);
    if (!loaded) {
      setting.good = false;
      return;
    }
    policy = loaded->scenario.policy;
  }
  if (request.speed == 1) return;
  if (policy.days == DayRule::calendar) setting.problem("--speed: calendar days cannot be scaled; only elapsed ones can");
  // Nothing becomes nothing: a period shorter than the clock can tell is a microsecond.
  const auto scaled = [&](Duration d) { return std::max(d / request.speed, Duration{d > Duration{0} ? 1 : 0}); };
  policy.review_period = scaled(policy.review_period);
  policy.extension_min = scaled(policy.extension_min);
  policy.extension_max = scaled(policy.extension_max);
}

void set_operator(const ServeRequest& request, Setting& setting) {
  std::string& password = setting.desk.operator_password;
  if (!request.operator_password_file.empty()) {
    if (!first_line(request.operator_password_file, password))
      setting.problem(fmt::format("{}: no password could be read from it", request.operator_password_file));
  } else if (const char* given = std::getenv("DUEPROCESS_OPERATOR_PASSWORD"); given && *given) {
    password = given;
  } else if (is_loopback(request.address)) {
    password = "operator";
  }
}

Setting set_up(const ServeRequest& request) {
  Setting setting;
  for (const std::string& id : request.bugs) {
    const std::optional<Bug> bug = bug_named(id);
    if (bug && bug != Bug::b61 && (needs_timer_plan(*bug) || bug == Bug::s36))
      setting.problem(fmt::format("the bug {} is one of the engine in process alone: its timers' plan, or its keys", id));
    else if (bug)
      setting.desk.bugs.set(static_cast<std::size_t>(*bug));
    else
      setting.problem(fmt::format("there is no bug \"{}\"; dueprocess bugs lists them", id));
  }
  set_policy(request, setting);
  set_operator(request, setting);
  if (!request.webhook_secret_file.empty() && !first_line(request.webhook_secret_file, setting.secret))
    setting.problem(fmt::format("{}: no secret could be read from it", request.webhook_secret_file));
  setting.desk.virtual_clock = request.virtual_clock;
  setting.desk.sweeps = request.sweep != Duration{0};
  setting.desk.password_rounds = request.password_rounds;
  if (!request.virtual_clock) setting.desk.real_time = [offset = request.clock_offset] { return service::real_time() + offset; };

  service::ServerOptions& server = setting.server;
  server.address = request.address;
  server.port = request.port;
  server.threads = request.threads;
  server.certificate = request.certificate;
  server.key = request.key;
  server.sweep_s = static_cast<double>(us_of(request.sweep)) / 1e6;
  server.real_timers = !request.virtual_clock;
  server.handler.declared_uploads = request.declared_uploads;
  server.handler.keep_files = request.keep_files;
  server.limits.connections = request.connections;
  return setting;
}

bool can_keep_files(const std::string& folder) {
  if (folder.empty()) return true;
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (!error && access(folder.c_str(), W_OK) == 0) return true;
  print_error(fmt::format("dueprocess: {}: uploads cannot be kept there\n", folder));
  return false;
}

std::string clock_text(const ServeRequest& request) {
  if (request.virtual_clock) return "virtual clock";
  std::string text = "wall clock";
  if (request.speed != 1) text += fmt::format(", periods divided by {}", request.speed);
  if (request.clock_offset != Duration{0}) text += fmt::format(", {} us ahead of the machine's", us_of(request.clock_offset));
  if (request.sweep != Duration{0}) text += fmt::format(", timers late: a sweep every {} us", us_of(request.sweep));
  return text;
}

/// The rules under which a data file's entries were made: carried out under others they would come to something else.
std::string rules_text(const ServeRequest& request, const Policy& p) {
  const auto number_or = [](std::uint32_t n) { return n == unlimited ? std::string{"unlimited"} : std::to_string(n); };
  constexpr std::string_view anchors[] = {"later", "due_date", "delivery"};
  std::vector<std::string> bugs = request.bugs;
  std::sort(bugs.begin(), bugs.end());
  return fmt::format(
      "clock {}, review_period {} us from {}, days {}, max_file_size {}, extensions_carry_over {}, max_modifications {}, "
      "extensions "
      "{} to {} us, max_extensions {}, after_deadline {}, timers {}, bugs [{}]",
      request.virtual_clock ? "virtual" : "wall", us_of(p.review_period), anchors[static_cast<std::size_t>(p.review_anchor)],
      p.days == DayRule::calendar ? "calendar(" + p.zone + ")" : "elapsed", p.max_file_size, p.extensions_carry_over,
      number_or(p.max_modifications), us_of(p.extension_min), us_of(p.extension_max), number_or(p.max_extensions),
      p.after_deadline == AfterDeadline::strict ? "strict" : "until_fired", request.sweep == Duration{0} ? "exact" : "swept",
      fmt::join(bugs, " "));
}

void say_hello(const ServeRequest& request, const std::string& url, bool operator_can_log_in) {
  if (request.quiet) return;
  print_error(fmt::format("serve: {}; {} thread(s); {}; {}{}\n", url, request.threads, clock_text(request),
                          request.data.empty() ? "in memory" : "kept in " + request.data,
                          request.bugs.empty() ? "" : fmt::format("; seeded bugs {}", fmt::join(request.bugs, ", "))));
  if (!operator_can_log_in)
    print_error("serve: the operator cannot log in: give --operator-password-file or DUEPROCESS_OPERATOR_PASSWORD\n");
}

void say_goodbye(const ServeRequest& request, service::Desk& desk, const service::Server& server) {
  if (request.quiet) return;
  const service::DeskCounts counts = desk.counts();
  print_error(fmt::format("serve: stopped at {}; {} requests, {} orders, {} users, {} auto-completions, latest {} us late\n",
                          time_text(counts.now), server.requests(), counts.orders, counts.users, counts.fired,
                          counts.late_us_max));
}

}  // namespace

ExitCode serve_command(const ServeRequest& request) {
  Setting setting = set_up(request);
  if (!setting.good) return ExitCode::usage;
  if (!can_keep_files(request.keep_files)) return ExitCode::output;
  const std::size_t files = http::raise_file_limit(request.connections + spare_descriptors);
  if (files < request.connections + spare_descriptors && !request.quiet)
    print_error(fmt::format("dueprocess: only {} files may be open at a time, so fewer connections than {}\n", files,
                            request.connections));
  if (files > spare_descriptors) setting.server.limits.connections = std::min(request.connections, files - spare_descriptors);

  service::Desk desk{setting.desk};
  service::DataFile file;
  if (!request.data.empty()) {
    const auto replay = [&desk](std::string_view entry) { return desk.replay(entry); };
    const std::string problem = file.open(request.data, rules_text(request, setting.desk.policy), request.sync_full, replay);
    if (!problem.empty()) {
      print_error("dueprocess: " + problem + "\n");
      return ExitCode::output;
    }
  }
  std::optional<service::Webhooks> webhooks;
  if (!request.webhook.empty()) {
    webhooks.emplace(desk, desk.the_operator(), request.webhook, setting.secret);
    if (!webhooks->problem().empty()) {
      print_error(fmt::format("dueprocess: --webhook: {}\n", webhooks->problem()));
      return ExitCode::usage;
    }
    setting.server.on_news = [&webhooks] { webhooks->wake(); };
  }
  const auto facts = [&](service::ServiceFacts& told) {
    told.has_journal = !request.data.empty();
    told.journal_entries = file.kept();
    told.journal_commits = file.commits();
    if (webhooks) webhooks->tell(told);
  };
  service::Server server{desk, setting.server, request.data.empty() ? nullptr : &file, facts};
  if (!server.problem().empty()) {
    print_error("dueprocess: " + server.problem() + "\n");
    return ExitCode::target_unusable;
  }
  const service::Cursor before = static_cast<service::Cursor>(desk.counts().seen);
  std::atomic<bool> lost{false};
  if (!request.data.empty()) {
    desk.attach(file);
    file.start(
        before,
        [&] {
          server.wake();
          if (webhooks) webhooks->wake();
        },
        [&](const std::string& problem) {
          print_error("dueprocess: nothing more can be kept: " + problem + "\n");
          lost = true;
          server.stop();
        });
  }
  if (webhooks) webhooks->start(before);

  const std::string host = request.address.find(':') == std::string::npos ? request.address : "[" + request.address + "]";
  const std::string url = fmt::format("{}://{}:{}", request.certificate.empty() ? "http" : "https", host, server.port());
  if (!write_asked(request.ready_file, url + "\n")) {
    file.close();
    return ExitCode::output;
  }
  if (!print_out("listening on " + url + "\n")) {
    file.close();
    return ExitCode::output;
  }
  say_hello(request, url, !setting.desk.operator_password.empty());
  server.run();
  if (webhooks) webhooks->stop();
  file.close();
  say_goodbye(request, desk, server);
  return lost ? ExitCode::output : ExitCode::ok;
}

}  // namespace dueprocess
