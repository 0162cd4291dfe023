#include "harness/main/command_line.hpp"

#include <fmt/format.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <map>
#include <sstream>

#include "harness/main/compare_words.hpp"
#include "harness/main/option_words.hpp"
#include "harness/main/prove_words.hpp"
#include "harness/main/serve_words.hpp"
#include "harness/main/version.hpp"
#include "reports/gaps.hpp"
#include "scenarios/language/names.hpp"

namespace dueprocess {
namespace {

constexpr const char* examples = R"(Examples:
  dueprocess run smoke                                         a shipped scenario, the summary on the terminal
  dueprocess run scenarios/library/marketplace-week.yaml --out out/week
  dueprocess validate my.yaml                                  every mistake, and what the scenario will do
  dueprocess replay smoke --seed 7 --order 42                  one order's timeline
  dueprocess shrink smoke --bug B22                            the smallest scenario that still fails
  dueprocess run smoke --history smoke.ndjson.zst              everything observed, in a file
  dueprocess check smoke.ndjson.zst                            the file judged again
  dueprocess prove my.yaml                                     which seeded bugs it would find, and what it lacks
  dueprocess compare out/base out/new                          did it get worse, and is that noise?

Exit codes: 0 ok, 1 violated or an expectation missed, 2 unknown, 3 target unusable, 64 bad usage or scenario,
70 internal error, 74 output could not be written, 130 and 143 interrupted.
)";

constexpr const char* run_examples = R"(Examples:
  dueprocess run smoke
  dueprocess run marketplace-week --seed 7 --threads 2 --out out/week       writes out/week/result.json
  dueprocess run my.yaml --set orders.arrive.rate=50/s --set sellers.count=200
  dueprocess run real-orders --set orders.replay.file=orders.csv --strict
  dueprocess run smoke --bug B05                                            the oracle must find it: exit code 1
  dueprocess run smoke --history smoke.ndjson.zst                           for dueprocess check
  dueprocess run my.yaml --repeat 10 --out out/base                         out/base/1/result.json ..., for dueprocess compare
  dueprocess run rules --target http://127.0.0.1:8080 --clock stamped       a live service with a test clock
  dueprocess run marketplace-week --target https://shop.example --binding shop.yaml --clock wall --speed 86400
)";

constexpr const char* validate_examples = R"(Examples:
  dueprocess validate my.yaml
  dueprocess validate marketplace-week --set orders.arrive.rate=50/s
  dueprocess validate --schema > scenario.schema.json                       for editors
  dueprocess validate --binding my-service.yaml                             a binding, rather than a scenario
)";

constexpr const char* replay_examples = R"(Examples:
  dueprocess replay smoke --order 42
  dueprocess replay my.yaml --seed 7 --order 1234 --set sellers.count=200 --bug B05
  dueprocess replay smoke --order 42 --svg order-42.svg                     a picture too
Exit code 1 when the order breaks a rule.
)";

constexpr const char* shrink_examples = R"(Examples:
  dueprocess shrink smoke --bug B22                             the smallest case, on standard output
  dueprocess shrink deadline-huggers --bug B74 --invariant G4 --out g4.yaml
  dueprocess run g4.yaml --bug B74                              fails; without the bug it passes
  dueprocess shrink rules --target http://127.0.0.1:8080 --clock stamped --for 2m
Exit codes: 0 a case was written, 2 nothing is violated, or nothing that a case shows (standard error says which).
)";

constexpr const char* conform_examples = R"(Examples:
  dueprocess conform                                            every sequence of up to four steps, against the engine
  dueprocess conform --depth 5 --json conform.json --junit conform.xml
  dueprocess conform --bug B74                                  what is broken, with the shortest sequence as a case
  dueprocess conform --depth 2 --target http://127.0.0.1:8080   a live service with a test clock
Exit codes: 0 nothing is broken, 1 something is.
)";

constexpr const char* check_examples = R"(Examples:
  dueprocess run marketplace-week --history week.ndjson.zst
  dueprocess check week.ndjson.zst                                          the same verdict, and the same exit codes
  dueprocess check week.ndjson.zst --set policy.review_period=4d            what another policy would have said
  dueprocess check week.ndjson.zst --lateness-max 1min --out out/tolerant
  dueprocess check week.ndjson.zst --order 42                               one order's timeline; 1 when it breaks a rule
  dueprocess check --map real-orders orders.csv                             what can be said of a log from elsewhere
An incomplete or damaged history is judged as far as it goes: what it shows broken is violated, the rest unknown.
)";

constexpr const char* bugs_examples = R"(Example:
  dueprocess bugs
  dueprocess run smoke --bug B05 --bug B74
)";

constexpr const char* probe_examples = R"(Examples:
  dueprocess probe --target http://127.0.0.1:8080
  dueprocess probe --binding my-service.yaml --target https://staging.example.org --buyer 7 --seller 8
Tokens and passwords are shown as ***. Exit codes: 0 all was understood, 1 something was not, 3 the target could not be used.
)";

constexpr const char* schema_examples = R"(Examples:
  dueprocess schema scenario > scenario.schema.json
  dueprocess schema result   > result.schema.json
  dueprocess schema history  > history.schema.json
  dueprocess schema binding  > binding.schema.json
)";

/// Names of situations with commas between them.
std::vector<std::string> situations_of(const std::string& text) {
  std::vector<std::string> names;
  std::istringstream words{text};
  for (std::string name; std::getline(words, name, ',');) {
    const auto known = situations();
    if (name != "all" && std::find(known.begin(), known.end(), name) == known.end())
      throw CLI::ValidationError("--require-coverage",
                                 fmt::format("there is no situation \"{}\": all, or some of {}", name, fmt::join(known, ", ")));
    names.push_back(name);
  }
  return names;
}

class Line {
 public:
  Line() {
    app_.set_help_flag("-h,--help", "show this and end");
    app_.set_version_flag("--version", version_text());
    app_.footer(examples);
    app_.require_subcommand(1);
    app_.get_formatter()->column_width(34);
    add_run();
    add_validate();
    add_replay();
    add_shrink();
    add_conform();
    add_check();
    serve_ = add("serve", "The reference service: the engine behind HTTP", serve_examples);
    serve_words_.add_to(*serve_);
    add_probe();
    prove_ = add("prove", "Which seeded bugs would these scenarios find?", prove_examples);
    prove_words_.add_to(*prove_);
    compare_ = add("compare", "Did it get worse, and is that noise? Two results, or two sets of repeated ones", compare_examples);
    compare_words_.add_to(*compare_);
    bugs_ = add("bugs", "List the bugs that can be seeded in the engine", bugs_examples);
    add_schema();
  }

  Request parse(std::vector<std::string> arguments) {
    if (arguments.empty()) return Reply{app_.help(), true};
    if (auto reply = unknown_command(arguments.front())) return *reply;
    try {
      std::reverse(arguments.begin(), arguments.end());  // CLI11 takes them from the back
      app_.parse(std::move(arguments));
      return request();
    } catch (const CLI::ParseError& problem) {
      std::ostringstream out, error;
      const bool is_error = app_.exit(problem, out, error) != 0;
      return Reply{is_error ? "dueprocess: " + error.str() : out.str(), is_error};
    }
  }

 private:
  CLI::App* add(const std::string& name, const std::string& what, const char* footer) {
    CLI::App* command = app_.add_subcommand(name, what);
    command->footer(footer);
    names_.push_back(name);
    return command;
  }

  void add_run() {
    run_ = add("run", "Drive a scenario, judge every order, report", run_examples);
    run_words_.add_to(*run_)->required();
    run_words_.add_seed_and_bugs(*run_);
    run_->add_option("--out", out_, "write DIR/result.json; without it only the summary is printed")->type_name("DIR");
    run_->add_option("--history", history_,
                     "write everything observed to FILE, for dueprocess check; compressed (zstd) when its name ends in .zst")
        ->type_name("FILE");
    run_->add_option("--repeat", repeat_, "so many runs, into DIR/1, DIR/2, ... of --out, for dueprocess compare")
        ->type_name("N");
    run_->add_option("--repeat-seeds", repeat_seeds_, "same, or next: seed, seed + 1, ...; default: same")->type_name("WHICH");
    run_->add_option("--shrink", run_shrink_, "where there is a violation: shrink it to FILE, as dueprocess shrink does")
        ->type_name("FILE");
    run_->add_option("--threads", threads_,
                     "threads that simulate; default: one a processor. The result is the same with any number")
        ->type_name("N");
    live_.add_to(*run_);
    run_->add_flag("--require-coverage{all}", required_coverage_,
                   "an ok verdict is unknown if a situation was never met: =herds,restarts ... or any; 'Not met' lists them")
        ->type_name("[=NAMES]");
    run_->add_flag("--one-cell", one_cell_, "the whole market in one cell, as for a target that couples everything");
    run_->add_option("--summary", summary_, "full, compact or none; default: full")->type_name("KIND");
    run_->add_flag("-q,--quiet", quiet_, "no summary and no progress: only the exit code, and errors");
    run_->add_flag("--no-color,--no-colour", no_colour_, "no colours (nor with NO_COLOR set, nor off a terminal)");
  }

  void add_validate() {
    validate_ = add("validate", "Every mistake of a scenario, and what it will do", validate_examples);
    validate_words_.add_to(*validate_);
    validate_->add_option("--seed", validate_words_.seed, "instead of the scenario's seed")->type_name("N");
    validate_
        ->add_option("--binding", validate_binding_, "a binding (a file, or the name of a shipped one) instead of a scenario")
        ->type_name("FILE");
    validate_->add_flag("--schema", schema_flag_, "print the JSON Schema of scenarios instead");
  }

  void add_replay() {
    replay_ = add("replay", "Simulate one order's cell again and show the order's timeline", replay_examples);
    replay_words_.add_to(*replay_)->required();
    replay_words_.add_seed_and_bugs(*replay_);
    replay_->add_option("--order", order_, "the order, by its number in the run (reports name it)")->type_name("ID")->required();
    replay_->add_option("--svg", svg_, "the timeline as a picture too, into FILE")->type_name("FILE");
    replay_->add_flag("--no-color,--no-colour", no_colour_, "no colours");
  }

  void add_shrink() {
    shrink_ = add("shrink", "Turn a violation into the smallest scenario that shows it", shrink_examples);
    shrink_words_.add_to(*shrink_)->required();
    shrink_words_.add_seed_and_bugs(*shrink_);
    shrink_->add_option("--invariant", shrink_request_.invariant, "which (T4); default: that of the first violation")
        ->type_name("ID");
    shrink_->add_option("--order", order_, "of this order, by its number in the run")->type_name("ID");
    shrink_->add_option("--for", shrink_for_, "so long at most; then the smallest there is by then; default: 30s")
        ->type_name("DURATION");
    shrink_->add_option("--out", shrink_request_.out, "the scenario's file; default: standard output")->type_name("FILE");
    shrink_->add_flag("--one-cell", shrink_request_.one_cell, "the whole market in one cell");
    shrink_live_.add_to(*shrink_);
    shrink_->add_flag("-q,--quiet", shrink_request_.quiet, "only the scenario, the exit code, and errors");
  }

  void add_conform() {
    conform_ = add("conform", "Every short history of an order over the instants that matter, judged", conform_examples);
    conform_->add_option("--depth", conform_depth_, "so many steps at most; default: 4, live 2")->type_name("K");
    conform_->add_option("--bug", conform_request_.bugs, "seed this bug in the engine; may be given again")
        ->type_name("ID")
        ->allow_extra_args(false);
    conform_
        ->add_option("--policy", conform_request_.policy_file, "a YAML file with the policy, or a scenario whose policy it is")
        ->type_name("FILE");
    conform_->add_option("--set", conform_sets_, "change one knob of the policy: policy.KNOB=VALUE; may be given again")
        ->type_name("PATH=VALUE")
        ->allow_extra_args(false);
    conform_->add_option("--for", conform_for_, "so long at most; what was left out is said")->type_name("DURATION");
    conform_->add_option("--json", conform_request_.json, "write what was covered and found to FILE")->type_name("FILE");
    conform_->add_option("--junit", conform_request_.junit, "write a test a rule to FILE")->type_name("FILE");
    conform_live_.add_to(*conform_);
    conform_->add_flag("-q,--quiet", conform_request_.quiet, "only the exit code, and errors");
    conform_->add_flag("--no-color,--no-colour", no_colour_, "no colours");
  }

  void add_check() {
    check_ = add("check", "Judge a recorded history, or an event log of another system", check_examples);
    check_->add_option("FILE", check_file_, "a history (run --history), compressed or not; - is standard input")
        ->type_name("")
        ->required();
    check_
        ->add_option("--map", mapping_, "the file is an event log of another system; this YAML file says where its events stand")
        ->type_name("FILE");
    check_->add_option("--set", check_sets_, "change one knob of the recorded policy: policy.KNOB=VALUE; may be given again")
        ->type_name("PATH=VALUE")
        ->allow_extra_args(false);
    check_->add_option("--policy", policy_file_, "a YAML file with another policy, or a scenario whose policy it is")
        ->type_name("FILE");
    check_->add_option("--lateness-max", lateness_max_, "how late an auto-completion may be (L), such as 1min")->type_name("D");
    check_->add_option("--recovery-bound", recovery_bound_, "how long after a downtime what fell due in it may be done")
        ->type_name("D");
    check_->add_option("--payment-bound", payment_bound_, "how long after its completion an order may be paid")->type_name("D");
    check_->add_option("--notice-bound", notice_bound_, "how long after its cause a notice or an event may come")->type_name("D");
    check_->add_option("--order", order_, "show this order's timeline, and nothing else")->type_name("ID");
    check_->add_option("--out", out_, "write DIR/result.json; without it only the summary is printed")->type_name("DIR");
    check_->add_option("--summary", summary_, "full, compact or none; default: full")->type_name("KIND");
    check_->add_flag("-q,--quiet", quiet_, "no summary: only the exit code, and errors");
    check_->add_flag("--no-color,--no-colour", no_colour_, "no colours");
  }

  void add_probe() {
    probe_ = add("probe", "Walk one order through every operation of a binding, call by call", probe_examples);
    probe_
        ->add_option("--binding", probe_request_.binding, "a binding: a file, or the name of a shipped one; default: dueprocess")
        ->type_name("FILE");
    probe_->add_option("--target", probe_request_.target, "where the service listens")->type_name("URL")->required();
    probe_->add_option("--buyer", probe_buyer_, "the number of the user who buys; default: 1")->type_name("N");
    probe_->add_option("--seller", probe_seller_, "the number of the user who sells; default: 2")->type_name("N");
    probe_->add_option("--ca", probe_request_.ca, "certificates to trust, instead of the system's")->type_name("PEM");
    probe_->add_flag("--insecure", probe_request_.insecure, "take any certificate");
    probe_->add_flag("--no-color,--no-colour", no_colour_, "no colours");
  }

  void add_schema() {
    schema_ = add("schema", "Print the JSON Schema of scenarios, bindings, result files or histories", schema_examples);
    schema_->add_option("WHAT", schema_of_, "scenario, binding, result or history")
        ->type_name("")
        ->required()
        ->check(CLI::IsMember(std::vector<std::string>{"scenario", "binding", "result", "history"}));
  }

  std::optional<Reply> unknown_command(const std::string& word) const {
    if (word.starts_with("-") || std::find(names_.begin(), names_.end(), word) != names_.end()) return std::nullopt;
    return Reply{fmt::format("dueprocess: there is no command \"{}\"{}\nCommands: {}. dueprocess --help says more.\n", word,
                             suggestion(word, names_), fmt::join(names_, ", ")),
                 true};
  }

  Request request() {
    if (run_->parsed()) return run_request();
    if (validate_->parsed()) return validate_request();
    if (replay_->parsed()) {
      ReplayRequest request{replay_words_.request(), 0, !no_colour_, svg_};
      request.order = whole_number<std::uint64_t>("--order", order_, 1, UINT64_MAX);
      return request;
    }
    if (shrink_->parsed()) return shrink_request();
    if (conform_->parsed()) return conform_request();
    if (check_->parsed()) return check_request();
    if (serve_->parsed()) return serve_words_.request();
    if (probe_->parsed()) return probe_request();
    if (prove_->parsed()) return prove_words_.request();
    if (compare_->parsed()) return compare_words_.request();
    if (bugs_->parsed()) return BugsRequest{};
    return SchemaRequest{schema_of_ == "result"    ? SchemaOf::result
                         : schema_of_ == "binding" ? SchemaOf::binding
                         : schema_of_ == "history" ? SchemaOf::history
                                                   : SchemaOf::scenario};
  }

  RunRequest run_request() const {
    RunRequest request;
    request.scenario = run_words_.request();
    if (!threads_.empty()) request.threads = whole_number<unsigned>("--threads", threads_, 1, threads_max);
    request.one_cell = one_cell_;
    request.required_coverage = situations_of(required_coverage_);
    request.live = live_.request();
    request.out = out_;
    request.history = history_;
    request.shrink = run_shrink_;
    request.summary = summary_kind();
    request.colour = !no_colour_;
    request.progress = !quiet_;
    add_repeats(request);
    return request;
  }

  void add_repeats(RunRequest& request) const {
    if (!repeat_.empty()) request.repeat = whole_number<unsigned>("--repeat", repeat_, 1, 200);
    if (repeat_seeds_ != "same" && repeat_seeds_ != "next")
      throw CLI::ValidationError("--repeat-seeds", fmt::format("expected same or next, not \"{}\"", repeat_seeds_));
    request.next_seeds = repeat_seeds_ == "next";
    if (request.repeat == 1) return;
    if (out_.empty()) throw CLI::ValidationError("--repeat", "needs --out DIR: the runs go to DIR/1, DIR/2, ...");
    if (!history_.empty() || !run_shrink_.empty())
      throw CLI::ValidationError("--repeat", "writes no history and shrinks nothing: run once for that");
    if (request.live && request.live->clock != "wall")
      throw CLI::ValidationError("--repeat", "a test clock does not go back: with --target only in real time (--clock wall)");
  }

  ShrinkRequest shrink_request() const {
    ShrinkRequest request = shrink_request_;
    request.scenario = shrink_words_.request();
    request.live = shrink_live_.request();
    if (request.live && request.live->clock == "wall")
      throw CLI::ValidationError("--clock", "cases have exact instants and need a virtual clock: barrier or stamped");
    if (!order_.empty()) request.order = whole_number<std::uint64_t>("--order", order_, 1, UINT64_MAX);
    request.time_max = tolerance("--for", shrink_for_).value_or(request.time_max);
    return request;
  }

  ConformRequest conform_request() const {
    ConformRequest request = conform_request_;
    request.live = conform_live_.request();
    if (request.live && request.live->clock == "wall")
      throw CLI::ValidationError("--clock", "instants are exact and need a virtual clock: barrier or stamped");
    request.depth = request.live ? 2 : 4;
    if (!conform_depth_.empty()) request.depth = whole_number<unsigned>("--depth", conform_depth_, 1, 12);
    for (const std::string& set : conform_sets_) request.overrides.push_back(assignment(set));
    request.time_max = tolerance("--for", conform_for_);
    request.colour = !no_colour_;
    return request;
  }

  CheckRequest check_request() const {
    CheckRequest request;
    request.file = check_file_;
    request.mapping = mapping_;
    request.policy_file = policy_file_;
    for (const std::string& set : check_sets_) request.overrides.push_back(assignment(set));
    request.lateness_max = tolerance("--lateness-max", lateness_max_);
    request.recovery_bound = tolerance("--recovery-bound", recovery_bound_);
    request.payment_bound = tolerance("--payment-bound", payment_bound_);
    request.notice_bound = tolerance("--notice-bound", notice_bound_);
    if (!order_.empty()) request.order = whole_number<std::uint64_t>("--order", order_, 1, UINT64_MAX);
    request.out = out_;
    request.summary = summary_kind();
    request.colour = !no_colour_;
    return request;
  }

  SummaryKind summary_kind() const {
    if (quiet_) return SummaryKind::none;
    static const std::map<std::string, SummaryKind> kinds{
        {"full", SummaryKind::full}, {"compact", SummaryKind::compact}, {"none", SummaryKind::none}};
    const auto kind = kinds.find(summary_);
    if (kind == kinds.end())
      throw CLI::ValidationError("--summary", fmt::format("expected full, compact or none, not \"{}\"", summary_));
    return kind->second;
  }

  Request validate_request() const {
    if (schema_flag_) return SchemaRequest{SchemaOf::scenario};
    if (validate_words_.scenario.empty() == validate_binding_.empty()) {
      if (validate_binding_.empty()) throw CLI::RequiredError("SCENARIO");
      throw CLI::ValidationError("--binding", "give a scenario or a binding, not both");
    }
    return ValidateRequest{validate_words_.request(), validate_binding_};
  }

  Request probe_request() {
    ProbeRequest request = probe_request_;
    if (!probe_buyer_.empty()) request.buyer = whole_number<std::uint32_t>("--buyer", probe_buyer_, 1, UINT32_MAX - 1);
    if (!probe_seller_.empty()) request.seller = whole_number<std::uint32_t>("--seller", probe_seller_, 1, UINT32_MAX - 1);
    if (request.buyer == request.seller) throw CLI::ValidationError("--seller", "nobody buys from himself");
    request.colour = !no_colour_;
    return request;
  }

  CLI::App app_{
      "Drives an order-delivery workflow with virtual sellers and buyers and judges whether every order completed at the "
      "right instant, exactly once.",
      "dueprocess"};
  std::vector<std::string> names_;
  CLI::App *run_ = nullptr, *validate_ = nullptr, *replay_ = nullptr, *check_ = nullptr, *bugs_ = nullptr, *schema_ = nullptr,
           *serve_ = nullptr, *probe_ = nullptr, *shrink_ = nullptr, *conform_ = nullptr, *prove_ = nullptr, *compare_ = nullptr;
  ServeWords serve_words_;
  ProveWords prove_words_;
  CompareWords compare_words_;
  ScenarioWords run_words_, validate_words_, replay_words_, shrink_words_;
  std::vector<std::string> check_sets_;
  std::string check_file_, mapping_, policy_file_, lateness_max_, recovery_bound_, payment_bound_, notice_bound_, history_;
  LiveWords live_, shrink_live_, conform_live_;
  std::string required_coverage_, repeat_, repeat_seeds_ = "same";
  std::string out_, threads_, summary_ = "full", order_, schema_of_;
  std::string validate_binding_, probe_buyer_, probe_seller_;
  ProbeRequest probe_request_;
  ShrinkRequest shrink_request_;
  ConformRequest conform_request_;
  std::vector<std::string> conform_sets_;
  std::string conform_depth_, conform_for_;
  std::string shrink_for_, run_shrink_, svg_;
  bool one_cell_ = false, quiet_ = false, no_colour_ = false, schema_flag_ = false;
};

}  // namespace

Request parse_command_line(const std::vector<std::string>& arguments) { return Line{}.parse(arguments); }

}  // namespace dueprocess
