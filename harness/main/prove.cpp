// dueprocess prove: which seeded bugs would these scenarios find?

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <thread>

#include "harness/drive/hunt.hpp"
#include "harness/main/commands.hpp"
#include "harness/main/interrupt.hpp"
#include "harness/main/load.hpp"
#include "harness/main/machine.hpp"
#include "harness/main/output.hpp"
#include "reports/atomic_file.hpp"
#include "reports/format.hpp"
#include "reports/proof.hpp"
#include "scenarios/language/names.hpp"
#include "scenarios/language/read.hpp"
#include "sim/market/plan.hpp"

namespace dueprocess {
namespace {

constexpr std::uint64_t shipped_orders_max = 100'000;  // larger profiles are for other questions than which bugs there are

struct Profile {
  std::string name;
  Scenario scenario;
  RunSettings settings;
  std::uint64_t orders = 0;
};

Profile profile_of(Loaded loaded) {
  Profile profile;
  profile.name = loaded.settings.scenario;
  profile.orders = MarketPlan{loaded.scenario.market, loaded.scenario.seed}.order_count();
  profile.scenario = std::move(loaded.scenario);
  profile.settings = std::move(loaded.settings);
  return profile;
}

/// Every shipped scenario that runs in process, without what was not asked for; the smallest first.
std::vector<Profile> shipped_profiles(const ProveRequest& request, bool& good) {
  std::vector<Profile> profiles;
  for (const std::string& name : find_scenario({}, scenario_folders()).names) {
    const ReadResult glance = read_scenario_file(find_scenario(name, scenario_folders()).path, {});
    // A replay needs a file that only its user has, faults need a live target.
    if (!glance.ok() || !glance.scenario.faults.empty() || glance.scenario.market.orders.count > shipped_orders_max) continue;
    std::optional<Loaded> loaded = load({name, request.overrides, request.seed, {}, false});
    if (loaded)
      profiles.push_back(profile_of(std::move(*loaded)));
    else
      good = false;
  }
  std::stable_sort(profiles.begin(), profiles.end(), [](const Profile& a, const Profile& b) { return a.orders < b.orders; });
  if (profiles.empty()) print_error("dueprocess: no shipped scenario was found\n");
  good = good && !profiles.empty();
  return profiles;
}

std::vector<Profile> asked_profiles(const ProveRequest& request, bool& good) {
  std::vector<Profile> profiles;
  for (const std::string& name : request.scenarios) {
    std::optional<Loaded> loaded = load({name, request.overrides, request.seed, {}, false});
    if (!loaded || !compose({}, *loaded)) {
      good = false;
      continue;
    }
    if (!loaded->scenario.bugs.empty()) {
      print_error(fmt::format("{}: error: bugs: prove seeds them itself, one at a time\n", loaded->scenario.file));
      good = false;
    }
    profiles.push_back(profile_of(std::move(*loaded)));
  }
  return profiles;
}

std::vector<ProvenBug> asked_bugs(const ProveRequest& request, bool& good) {
  std::vector<ProvenBug> bugs;
  const auto add = [&](const BugInfo& info) {
    bugs.push_back({std::string{info.id}, std::string{info.what}, std::string{info.needs}, {}});
  };
  if (request.bugs.empty())
    for (const BugInfo& info : all_bugs()) add(info);
  std::vector<std::string> known;
  for (const BugInfo& info : all_bugs()) known.emplace_back(info.id);
  std::set<std::string> seen;
  for (const std::string& id : request.bugs) {
    // B09 is B09a and B09b.
    bool any = false;
    for (const BugInfo& info : all_bugs()) {
      const bool fits = info.id == id || (info.id.size() == id.size() + 1 && info.id.starts_with(id) && info.id.back() >= 'a');
      if (fits && seen.insert(std::string{info.id}).second) add(info);
      any = any || fits;
    }
    if (any) continue;
    print_error(fmt::format("dueprocess: there is no bug \"{}\"{} (dueprocess bugs lists them)\n", id, suggestion(id, known)));
    good = false;
  }
  return bugs;
}

/// Why the run as a whole is not ok: the verdict that `dueprocess run` would have given.
std::vector<std::string> reasons_of(const Profile& profile, Tally tally) {
  return make_result(profile.scenario, profile.settings, std::move(tally), {}).reasons;
}

/// On a terminal a line that is drawn anew; elsewhere a line a profile.
class ProveProgress {
 public:
  explicit ProveProgress(bool wanted) : wanted_(wanted), terminal_(is_terminal(STDERR_FILENO)) {}
  ~ProveProgress() { erase(); }
  ProveProgress(const ProveProgress&) = delete;
  ProveProgress& operator=(const ProveProgress&) = delete;

  void show(const std::string& profile, std::size_t done, std::size_t jobs, std::size_t found) {
    if (!wanted_) return;
    const std::string text = fmt::format("{}: {} of {} bugs tried, {} found so far", profile, done, jobs, found);
    if (terminal_)
      print_error("\r\x1b[K" + text);
    else if (done == jobs)
      print_error(text + "\n");
    drawn_ = terminal_;
  }

 private:
  void erase() {
    if (drawn_) print_error("\r\x1b[K");
  }
  bool wanted_, terminal_, drawn_ = false;
};

class Proving {
 public:
  Proving(const ProveRequest& request, std::vector<ProvenBug> bugs)
      : everything_(request.all_profiles),
        threads_(request.threads != 0 ? request.threads : processors()),
        progress_(request.progress) {
    proof_.bugs = std::move(bugs);
  }

  Proof run(const std::vector<Profile>& profiles) {
    for (const Profile& profile : profiles) {
      if (stopped()) break;
      std::vector<ProvenBug*> wanted;
      for (ProvenBug& bug : proof_.bugs)
        if (everything_ || !bug.found()) wanted.push_back(&bug);
      if (wanted.empty()) break;
      try_profile(profile, wanted);
    }
    proof_.interrupted = stopped();
    return std::move(proof_);
  }

 private:
  static bool stopped() { return InterruptWatch::stop().load(std::memory_order_relaxed); }

  void try_profile(const Profile& profile, const std::vector<ProvenBug*>& wanted) {
    CleanProfile clean{profile.name, profile.orders, {}};
    Hunted without = hunt(profile.scenario, {}, true, &InterruptWatch::stop());
    if (without.interrupted) return;
    clean.reasons = without.stalled.empty() ? reasons_of(profile, std::move(without.tally)) : std::vector{without.stalled};
    // An expectation that fails without a bug tells nothing of bugs.
    const bool expectations_tell = clean.reasons.empty();
    proof_.profiles.push_back(std::move(clean));

    std::vector<std::vector<ProofEntry>> entries(wanted.size());
    std::size_t done = 0;
    each_in_parallel(wanted.size(), [&](std::size_t i) {
      entries[i] = try_bug(profile, wanted[i]->id, expectations_tell);
      const std::scoped_lock lock{mutex_};
      found_ += !entries[i].empty() && !entries[i].front().invariant.empty() && !wanted[i]->found() ? 1 : 0;
      progress_.show(profile.name, ++done, wanted.size(), found_);
    });
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      if (!everything_) wanted[i]->entries.clear();  // where it is found, or was tried last
      wanted[i]->entries.insert(wanted[i]->entries.end(), entries[i].begin(), entries[i].end());
    }
  }

  std::vector<ProofEntry> try_bug(const Profile& profile, const std::string& id, bool expectations_tell) const {
    Hunted caught = hunt(profile.scenario, only(*bug_named(id)), everything_, &InterruptWatch::stop());
    if (caught.interrupted && !caught.found()) return {};
    if (!caught.found()) {
      const bool missed = expectations_tell && !reasons_of(profile, std::move(caught.tally)).empty();
      return {{profile.name, missed ? "expectation" : "", 0}};
    }
    std::vector<ProofEntry> entries;
    for (std::size_t i = 0; i < invariant_count; ++i)
      if (caught.first_order[i] != 0)
        entries.push_back({profile.name, std::string{name_of(static_cast<Invariant>(i))}, caught.first_order[i]});
    if (caught.first_case != 0) entries.push_back({profile.name, "case", caught.first_case});
    if (caught.stalled_at != 0) entries.push_back({profile.name, "stall", caught.stalled_at});
    std::stable_sort(entries.begin(), entries.end(),
                     [](const ProofEntry& a, const ProofEntry& b) { return a.orders_until_found < b.orders_until_found; });
    if (!everything_) entries.resize(1);
    return entries;
  }

  void each_in_parallel(std::size_t count, const std::function<void(std::size_t)>& work) {
    std::atomic<std::size_t> next{0};
    std::exception_ptr failure;
    const auto worker = [&] {
      try {
        for (std::size_t i = next++; i < count && !stopped(); i = next++) work(i);
      } catch (...) {
        const std::scoped_lock lock{mutex_};
        failure = std::current_exception();
      }
    };
    {
      std::vector<std::jthread> team;
      for (std::size_t i = 1; i < std::min<std::size_t>(threads_, count); ++i) team.emplace_back(worker);
      worker();
    }
    if (failure) std::rethrow_exception(failure);
  }

  bool everything_;
  unsigned threads_;
  ProveProgress progress_;
  std::mutex mutex_;
  std::size_t found_ = 0;
  Proof proof_;
};

/// Makes its folder and tries it, so that a long proof does not find out at its end.
bool can_be_written(const std::string& file) {
  if (file.empty() || file == "-") return true;
  const std::filesystem::path folder = std::filesystem::path{file}.parent_path();
  const auto problem = prepare_folder(folder.empty() ? "." : folder.string());
  if (problem) print_error("dueprocess: " + *problem + "\n");
  return !problem;
}

}  // namespace

ExitCode prove_command(const ProveRequest& request, const Composition& composition) {
  if (composition.target) {
    print_error(fmt::format("{}: bugs are seeded in the built-in engine of dueprocess, and this program drives its own\n",
                            composition.program));
    return ExitCode::usage;
  }
  bool good = true;
  std::vector<ProvenBug> bugs = asked_bugs(request, good);
  const std::vector<Profile> profiles =
      request.scenarios.empty() ? shipped_profiles(request, good) : asked_profiles(request, good);
  if (!good) return ExitCode::usage;
  if (!can_be_written(request.json) || !can_be_written(request.junit)) return ExitCode::output;

  const InterruptWatch watch;
  const Proof proof = Proving{request, std::move(bugs)}.run(profiles);
  bool written = write_or_print(request.json, proof_json(proof));
  written = write_or_print(request.junit, proof_junit(proof)) && written;
  if (!request.quiet && request.json != "-" && request.junit != "-")
    written = print_out(proof_text(proof, style_of(STDOUT_FILENO, request.colour))) && written;
  if (!written) return ExitCode::output;
  if (proof.interrupted) return InterruptWatch::signal() == SIGTERM ? ExitCode::terminated : ExitCode::interrupted;
  const bool enough = proof.found() * 100 >= proof.seeded() * request.at_least_percent;
  return proof.clean() && enough ? ExitCode::ok : ExitCode::violated;
}

}  // namespace dueprocess
