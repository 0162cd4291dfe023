#include "sim/market/traits.hpp"

#include <algorithm>
#include <numeric>

namespace dueprocess {
namespace {

const Moment no_moment{};

/// The chance as a number of 2^32: exact, since its probability is such a number over a power of two.
std::uint64_t weight_of(Chance chance) { return static_cast<std::uint64_t>(chance.probability() * 4294967296.0); }

}  // namespace

SellerTraits::SellerTraits(const SellerPersona& persona)
    : delivers(persona.delivers),
      revises_after(persona.revises_after),
      drafts(persona.drafts),
      files(persona.files),
      file_size(persona.file_size),
      corrects_after(persona.corrects_after),
      abandons(persona.abandons),
      opens_draft(persona.opens_draft),
      delivers_draft(persona.delivers_draft),
      links(persona.links),
      forgets_file(persona.forgets_file),
      confirms_no_file(persona.confirms_no_file),
      oversize(persona.oversize),
      blank_description(persona.blank_description),
      work_sample(persona.work_sample),
      parallel(persona.parallel),
      handy(opens_draft.possible() || delivers_draft.possible() || links.possible()),
      hapless(forgets_file.possible() || oversize.possible() || blank_description.possible() || work_sample.possible()),
      habits(persona.habits) {}

BuyerTraits::BuyerTraits(const BuyerPersona& persona)
    : silent(!persona.decides),
      decides(persona.decides ? *persona.decides : no_moment),
      accepts(weight_of(persona.accepts)),
      modifies(weight_of(persona.modifies)),
      extends(weight_of(persona.extends)),
      modification_rounds(persona.modification_rounds),
      extend_by(persona.extend_by),
      extensions(persona.extensions),
      habits(persona.habits) {}

Choice BuyerTraits::choose(std::uint32_t bits, bool may_modify, bool may_extend) const {
  const std::uint64_t all = std::uint64_t{1} << 32;
  const std::uint64_t named = std::min(all, accepts + modifies + extends);
  std::uint64_t total = all - named + accepts;
  if (may_modify) total += modifies;
  if (may_extend) total += extends;
  std::uint64_t at = total >= all ? bits : pick(bits, total);
  if (at < accepts) return Choice::accept;
  at -= accepts;
  if (may_modify) {
    if (at < modifies) return Choice::modify;
    at -= modifies;
  }
  return may_extend && at < extends ? Choice::extend : Choice::silence;
}

Casting::Casting(std::uint64_t seed, std::uint32_t purpose, const std::vector<double>& shares)
    : key_(Draws(seed, 0, purpose, 0).u64(0)) {
  const double total = std::accumulate(shares.begin(), shares.end(), 0.0);
  double sum = 0;
  for (std::size_t i = 0; i + 1 < shares.size(); ++i) {
    sum += shares[i];
    edges_.push_back(static_cast<std::uint64_t>(sum / total * 4294967296.0));
  }
  edges_.push_back(~std::uint64_t{0});
  for (std::uint64_t first = 0; first < std::uint64_t{1} << 32; first += std::uint64_t{1} << (32 - guide_bits)) {
    std::size_t persona = 0;
    while (first >= edges_[persona]) ++persona;
    guide_.push_back(persona);
  }
}

std::size_t Casting::looked_up(std::uint32_t person) const { return (*this)(person); }

}  // namespace dueprocess
