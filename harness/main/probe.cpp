// dueprocess probe: one order through every operation of a binding, call by call: what was sent, what came, what was understood.

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <string>
#include <vector>

#include "harness/main/commands.hpp"
#include "harness/main/load_binding.hpp"
#include "harness/main/output.hpp"
#include "harness/target/binding/http_target.hpp"
#include "reports/terminal.hpp"

namespace dueprocess {
namespace {

constexpr std::size_t body_shown = 2000;

/// What must not be seen is not seen, wherever it stands.
std::string masked(std::string_view text, const std::vector<std::string_view>& secrets) {
  std::string shown{text};
  for (const std::string_view secret : secrets)
    for (std::size_t at = 0; (at = shown.find(secret, at)) != std::string::npos;) shown.replace(at, secret.size(), "***");
  return shown;
}

std::string indented(std::string_view text) {
  std::string shown;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::string line{text.substr(at, end - at)};
    std::erase_if(line, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
    if (!line.empty()) shown += "    " + line + "\n";
    at = end + 1;
  }
  return shown;
}

std::string shortened(std::string_view text) {
  if (text.size() <= body_shown) return std::string{text};
  return fmt::format("{}... ({} bytes more)", text.substr(0, body_shown), text.size() - body_shown);
}

/// Walks the steps one after the other and prints what happens.
class Probe final : public LiveSink {
 public:
  Probe(const Binding& binding, const ProbeRequest& request, const http::Endpoint& endpoint)
      : binding_(binding),
        style_(style_of(STDOUT_FILENO, request.colour)),
        target_(loop_, endpoint, binding, options(request), clock_, *this) {
    plan(request);
  }

  ExitCode run() {
    target_.open([this](const std::string& problem) {
      if (!problem.empty()) return end("dueprocess: " + problem + "\n");
      next();
    });
    loop_.run();
    if (!problem_.empty()) {
      print_error(problem_);
      return ExitCode::target_unusable;
    }
    std::string text = fmt::format("\n{} of {} operations understood as meant", understood_, asked_);
    for (const std::string& name : unsupported_)
      text += fmt::format("{}{}", &name == unsupported_.data() ? "; unsupported: " : ", ", name);
    text += "\n";
    if (const HttpTargetCounts& counts = target_.counts(); binding_.observe.by != Watching::polling) {
      text += fmt::format("{} pieces of evidence of this order, {} of others, {} not understood{}\n", evidence_,
                          counts.evidence_foreign, counts.evidence_unreadable,
                          counts.evidence_lacks.empty() ? "" : fmt::format(" (observe.items.{})", counts.evidence_lacks));
      if (evidence_ == 0) hint("observe: nothing of this order was shown. Who reads it (observer), and where does `list` point?");
    }
    if (!print_out(text)) return ExitCode::output;
    return understood_ == asked_ && target_.counts().evidence_unreadable == 0 ? ExitCode::ok : ExitCode::violated;
  }

  void replied(std::uint64_t, const LiveObservation& reply) override {
    const OperationKind kind = reply.observation.operation.kind;
    const Answer& answer = reply.observation.answer;
    const bool well = reply.failure == Failure::none && answer.outcome == Outcome::ok;
    understood_ += well;
    if (kind == OperationKind::place_order && !well) {
      if (reply.failure == Failure::no_connection || reply.failure == Failure::tls)
        return end(fmt::format("dueprocess: the target cannot be reached: {}\n", name_of(reply.failure)));
      print_out("    without an order there is nothing more to try\n");
      steps_.clear();
    }
    next();
  }

  void witnessed(const LiveEvidence& seen) override {
    ++evidence_;
    static constexpr std::string_view kinds[] = {"event", "notification", "payment"};
    const Evidence& e = seen.evidence;
    std::string text = fmt::format("  evidence: {}", kinds[static_cast<std::size_t>(e.kind)]);
    if (e.kind == EvidenceKind::event) text += fmt::format(" {} -> {}", name_of(e.from), name_of(e.state));
    if (e.kind == EvidenceKind::notification) text += fmt::format(" {} to user {}", name_of(e.notice), number(e.to));
    if (e.kind == EvidenceKind::payment) text += fmt::format(" of {} cents to user {}", e.amount_cents, number(e.to));
    print_out(text + "\n");
  }

 private:
  HttpTargetOptions options(const ProbeRequest& request) {
    HttpTargetOptions options;
    options.clock = LiveClock::wall;
    options.run = text_of_this_run();
    options.texts = {"", " ", "words of a probe", "probe.txt"};
    options.client.tls.insecure = request.insecure;
    options.client.tls.ca_file = request.ca;
    options.client.retry.attempts = 2;
    options.client.answer_timeout_ns = 10'000'000'000;
    options.trace = [this](const CallTrace& call) { show(call); };
    return options;
  }

  void plan(const ProbeRequest& request) {
    const UserId buyer{request.buyer}, seller{request.seller};
    const auto add = [&](OperationKind kind, UserId by) -> Operation& {
      Operation operation;
      operation.kind = kind;
      operation.by = by;
      operation.order = OrderId{1};
      steps_.push_back(operation);
      return steps_.back();
    };
    Operation& place = add(OperationKind::place_order, buyer);
    place.seller = seller;
    place.price_cents = 4'990;
    add(OperationKind::list_orders, buyer);
    add(OperationKind::view_order, buyer);
    Operation& upload = add(OperationKind::upload, seller);
    upload.text = TextId{3};
    upload.bytes = 1000;
    const bool uploads = target_.abilities().can(OperationKind::upload);
    const auto deliver = [&](OperationKind kind, bool files) {
      Operation& delivery = add(kind, seller);
      delivery.text = TextId::first_real;
      delivery.attachments = files && uploads ? 1 : 0;
      delivery.links = 1;
    };
    deliver(OperationKind::save_draft, true);
    add(OperationKind::open_draft, seller);
    deliver(OperationKind::deliver, true);
    add(OperationKind::request_modification, buyer).text = TextId::first_real;
    deliver(OperationKind::deliver_modified, false);
    add(OperationKind::extend_review, buyer).extend_by_us = 86'400'000'000;
    add(OperationKind::contact_support, seller).text = TextId::first_real;
    add(OperationKind::accept, buyer);
    add(OperationKind::view_order, seller);
    std::ranges::reverse(steps_);
  }

  void next() {
    while (!steps_.empty() && !target_.abilities().can(steps_.back().kind)) {
      unsupported_.emplace_back(name_of(steps_.back().kind));
      steps_.pop_back();
    }
    if (steps_.empty())
      return target_.drain([this](const std::string& problem) { end(problem.empty() ? "" : "dueprocess: " + problem + "\n"); });
    Asked asked;
    asked.operation = steps_.back();
    steps_.pop_back();
    if (asked.operation.kind == OperationKind::place_order) {
      const Instant now = target_.service_time().stamp != never
                              ? target_.service_time().stamp
                              : std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
      asked.operation.due_at = now + std::chrono::hours{72};
    }
    asked.intended_ns = clock_.now();
    ++asked_;
    target_.perform(asked);
  }

  void end(const std::string& problem) {
    problem_ = problem;
    target_.close([this](const std::string&) { loop_.stop(); });
  }

  void show(const CallTrace& call) {
    const http::Answer& answer = *call.answer;
    std::string text =
        fmt::format("\n{}  {} {}\n", inked(call.what, Ink::heading, style_), call.method, masked(call.target, call.secrets));
    text += indented(masked(call.fields, call.secrets));
    text += indented(masked(shortened(call.body), call.secrets));
    if (call.file_bytes) text += fmt::format("    and {} bytes of a file\n", call.file_bytes);
    if (answer.failure != Failure::none) {
      text += fmt::format("  came: {}: {}\n", name_of(answer.failure), answer.why);
    } else {
      text += fmt::format("  came: {}, after {:.1f} ms\n", answer.status,
                          static_cast<double>(answer.answered_ns - answer.sent_ns) / 1e6);
      text += indented(masked(shortened(answer.body), call.secrets));
    }
    if (!call.understood.empty()) text += fmt::format("  understood: {}\n", call.understood);
    print_out(text);
    tell_hints(call);
  }

  void tell_hints(const CallTrace& call) {
    const http::Answer& answer = *call.answer;
    if (answer.failure != Failure::none) return;
    if (!call.lacks.empty()) return hint(lacking(call));
    const bool info = call.understood.starts_with("info");
    if (!info) return;
    if (answer.status >= 300 && answer.status < 400) return hint("a redirect is not followed: give the path that it leads to");
    hint(fmt::format("{}status {} has no meaning: list it under answers.statuses, or the code in its body under answers.codes",
                     answer.status >= 500 ? "the service failed; if this is how it refuses, " : "", answer.status));
  }

  static std::string lacking(const CallTrace& call) {
    if (call.lacks == "JSON") return "the body is not JSON";
    const bool is_login = call.what == "login", is_clock = call.what.starts_with("clock"), is_feed = call.what == "feed";
    const std::string key =
        is_login || is_clock ? std::string{call.lacks} : (is_feed ? "observe.items." : "answers.") + std::string{call.lacks};
    return fmt::format("{}: its pointer finds nothing in this body, or a word or number that is not understood (`names`, `as`)",
                       key);
  }

  void hint(const std::string& text) { print_out(fmt::format("  {}\n", inked("hint: " + text, Ink::doubtful, style_))); }

  const Binding& binding_;
  TextStyle style_;
  boost::asio::io_context loop_{BOOST_ASIO_CONCURRENCY_HINT_UNSAFE};
  http::RunClock clock_;
  HttpTarget target_;
  std::vector<Operation> steps_;
  std::vector<std::string> unsupported_;
  unsigned asked_ = 0, understood_ = 0;
  std::uint64_t evidence_ = 0;
  std::string problem_;
};

}  // namespace

ExitCode probe_command(const ProbeRequest& request) {
  const std::optional<Binding> binding = load_binding(request.binding);
  if (!binding) return ExitCode::usage;
  std::string problem;
  const std::optional<http::Endpoint> endpoint = http::read_endpoint(request.target, problem);
  if (!endpoint) {
    print_error(fmt::format("dueprocess: --target: {}\n", problem));
    return ExitCode::usage;
  }
  return Probe{*binding, request, *endpoint}.run();
}

}  // namespace dueprocess
