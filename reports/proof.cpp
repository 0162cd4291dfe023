#include "reports/proof.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "reports/format.hpp"
#include "reports/json_writer.hpp"

namespace dueprocess {
namespace {

constexpr std::size_t proof_id_width = 6, proof_profile_width = 22, proof_by_width = 12;

std::string proof_escaped(std::string_view text) {
  std::string out;
  for (const char c : text) switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
  return out;
}

std::string proof_joined(const std::vector<std::string>& parts) { return fmt::format("{}", fmt::join(parts, "; ")); }

/// What found it in that profile, the first first: "T1 N3".
std::string proof_finders(const ProvenBug& bug, const std::string& profile) {
  std::string text;
  for (const ProofEntry& entry : bug.entries)
    if (entry.profile == profile && !entry.invariant.empty()) text += (text.empty() ? "" : " ") + entry.invariant;
  return text;
}

std::string after_orders(std::uint64_t orders) { return orders == 0 ? "the whole run" : counted(orders, "order"); }

std::string proof_row(const ProvenBug& bug, const TextStyle& style) {
  if (!bug.found()) {
    const std::string indent(proof_id_width, ' ');
    return inked(padded(bug.id, proof_id_width), Ink::bad, style) +
           wrapped("not found: " + bug.what, style.width - proof_id_width, indent).substr(proof_id_width) + "\n" +
           inked(wrapped("needs " + bug.needs, style.width - proof_id_width, indent), Ink::doubtful, style) + "\n";
  }
  const ProofEntry& first = bug.first();
  return inked(padded(bug.id, proof_id_width), Ink::good, style) + padded(proof_finders(bug, first.profile), proof_by_width) +
         " " + padded(first.profile, proof_profile_width) + " after " + after_orders(first.orders_until_found) + "\n";
}

}  // namespace

bool ProvenBug::found() const {
  return std::any_of(entries.begin(), entries.end(), [](const ProofEntry& entry) { return !entry.invariant.empty(); });
}

const ProofEntry& ProvenBug::first() const {
  return *std::find_if(entries.begin(), entries.end(), [](const ProofEntry& entry) { return !entry.invariant.empty(); });
}

std::uint64_t Proof::found() const {
  return static_cast<std::uint64_t>(std::count_if(bugs.begin(), bugs.end(), [](const ProvenBug& bug) { return bug.found(); }));
}

bool Proof::clean() const {
  return std::all_of(profiles.begin(), profiles.end(), [](const CleanProfile& profile) { return profile.reasons.empty(); });
}

std::string proof_text(const Proof& proof, const TextStyle& style) {
  std::string text = inked("WITHOUT A BUG", Ink::heading, style) + "\n\n";
  for (const CleanProfile& profile : proof.profiles)
    text += (profile.reasons.empty() ? inked("  ok  ", Ink::good, style) : inked("  !!  ", Ink::bad, style)) +
            padded(profile.name, proof_profile_width) + " " + padded_left(counted(profile.orders, "order"), 16) +
            (profile.reasons.empty() ? "" : "  " + proof_joined(profile.reasons)) + "\n";
  text += "\n" + inked("SEEDED BUGS", Ink::heading, style) + "\n\n";
  std::vector<const ProvenBug*> survivors;
  for (const ProvenBug& bug : proof.bugs) {
    if (bug.found())
      text += proof_row(bug, style);
    else
      survivors.push_back(&bug);
  }
  if (!survivors.empty()) {
    text += "\n" + inked("NOT FOUND", Ink::heading, style) + "\n\n";
    for (const ProvenBug* bug : survivors) text += proof_row(*bug, style);
  }
  std::string score =
      fmt::format("SCORE: {} of {} bugs found ({})", proof.found(), proof.seeded(), percent_text(proof.found(), proof.seeded()));
  if (!proof.clean()) score += ", and something where there is no bug";
  if (proof.interrupted) score += ", interrupted";
  const bool good = proof.clean() && !proof.interrupted && proof.found() == proof.seeded();
  return text + "\n" + inked(score, good ? Ink::good : Ink::bad, style) + "\n";
}

std::string proof_json(const Proof& proof) {
  JsonWriter json;
  json.open_object();
  json.key("seeded").number(proof.seeded());
  json.key("found").number(proof.found());
  json.key("matrix").open_array();
  for (const ProvenBug& bug : proof.bugs)
    for (const ProofEntry& entry : bug.entries) {
      const bool found = !entry.invariant.empty();
      json.open_object();
      json.key("bug").text(bug.id);
      json.key("found").flag(found);
      found ? json.key("invariant").text(entry.invariant) : json.key("invariant").null();
      found&& entry.orders_until_found != 0 ? json.key("orders_until_found").number(entry.orders_until_found)
                                            : json.key("orders_until_found").null();
      json.key("profile").text(entry.profile);
      json.close();
    }
  json.close();
  json.close();
  return json.take();
}

std::string proof_junit(const Proof& proof) {
  std::string tests;
  std::uint64_t failures = 0;
  const auto test = [&](const std::string& group, const std::string& name, const std::string& failure,
                        const std::string& detail) {
    tests += fmt::format("  <testcase classname=\"dueprocess.prove.{}\" name=\"{}\"", group, proof_escaped(name));
    if (failure.empty()) {
      tests += detail.empty() ? "/>\n" : fmt::format("><system-out>{}</system-out></testcase>\n", proof_escaped(detail));
      return;
    }
    ++failures;
    tests += fmt::format("><failure message=\"{}\">{}</failure></testcase>\n", proof_escaped(failure), proof_escaped(detail));
  };
  for (const CleanProfile& profile : proof.profiles) test("clean", profile.name, proof_joined(profile.reasons), "");
  for (const ProvenBug& bug : proof.bugs)
    if (bug.found())
      test("bugs", bug.id + ": " + bug.what, "",
           fmt::format("{} in {} after {}", bug.first().invariant, bug.first().profile,
                       after_orders(bug.first().orders_until_found)));
    else
      test("bugs", bug.id + ": " + bug.what, "not found", "needs " + bug.needs);
  return fmt::format(
             "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"dueprocess prove\" tests=\"{}\" failures=\"{}\">\n",
             proof.profiles.size() + proof.bugs.size(), failures) +
         tests + "</testsuite>\n";
}

}  // namespace dueprocess
