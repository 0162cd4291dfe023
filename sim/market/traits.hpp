// Personas made ready for the hot path: what is constant is known beforehand, what is impossible is never drawn.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/kernel/int128.hpp"
#include "sim/market/purposes.hpp"
#include "sim/market/setup.hpp"

namespace dueprocess {

/// A distribution whose constants cost nothing. The distribution outlives it.
class Amount {
 public:
  explicit Amount(const Distribution& distribution)
      : distribution_(&distribution), low_(distribution.min()), constant_(distribution.is_constant()) {}
  std::int64_t operator()(std::uint64_t bits) const { return constant_ ? low_ : (*distribution_)(bits); }
  bool constant() const { return constant_; }
  bool always_zero() const { return constant_ && low_ == 0; }
  /// Cut to [low, high]: counts that must fit a small field.
  template <typename Count>
  Count count(std::uint64_t bits, Count high) const {
    const std::int64_t value = (*this)(bits);
    return value <= 0 ? Count{0} : value >= high ? high : static_cast<Count>(value);
  }

 private:
  const Distribution* distribution_;
  std::int64_t low_;
  bool constant_;
};

/// `amount` parts per billion of `span`, rounded down in magnitude, exactly.
constexpr std::int64_t share_of(std::int64_t span, std::int64_t parts) {
  constexpr std::int64_t billion = 1'000'000'000;
  const std::int64_t whole = span / billion, rest = span % billion;
  if (parts > -9'000'000'000 && parts < 9'000'000'000) return whole * parts + rest * parts / billion;
  return whole * parts + static_cast<std::int64_t>(static_cast<Int128>(rest) * parts / billion);
}

struct MomentTraits {
  explicit MomentTraits(const Moment& moment) : anchor(moment.anchor), fraction(moment.fraction_of_due), amount(moment.amount) {}
  /// How far from the anchor. `span`: due - placed.
  std::int64_t distance(std::uint64_t bits, std::int64_t span) const {
    const std::int64_t value = amount(bits);
    return fraction ? share_of(span, value) : value;
  }
  Anchor anchor;
  bool fraction;
  Amount amount;
};

struct HabitTraits {
  explicit HabitTraits(const Habits& habits)
      : looks(habits.looks),
        repeats_after(habits.repeats_after),
        lists(habits.lists),
        double_clicks(habits.double_clicks),
        retries_with_key(habits.retries_with_key),
        seeks_support(habits.seeks_support),
        intrudes(habits.intrudes),
        clicks_or_lists(lists.possible() || double_clicks.possible()),
        extras(!looks.always_zero() || seeks_support.possible() || intrudes.possible()) {}
  Amount looks, repeats_after;
  Chance lists, double_clicks, retries_with_key, seeks_support, intrudes;
  bool clicks_or_lists;  // at his main operations
  bool extras;           // ever does anything beside its main operations
};

struct SellerTraits {
  explicit SellerTraits(const SellerPersona& persona);
  MomentTraits delivers;
  Amount revises_after, drafts, files, file_size, corrects_after;
  Chance abandons, opens_draft, delivers_draft, links, forgets_file, confirms_no_file, oversize, blank_description, work_sample;
  std::uint32_t parallel;
  bool handy;    // any of: opens_draft, delivers_draft, links
  bool hapless;  // any of: forgets_file, oversize, blank_description, work_sample
  HabitTraits habits;
};

enum class Choice : std::uint8_t { accept, modify, extend, silence };

struct BuyerTraits {
  explicit BuyerTraits(const BuyerPersona& persona);
  /// One draw over the weights of what is still open to the buyer; the others' weights fall to all that is left in proportion.
  Choice choose(std::uint32_t bits, bool may_modify, bool may_extend) const;

  bool silent;
  MomentTraits decides;
  std::uint64_t accepts, modifies, extends;  // of 2^32
  Amount modification_rounds, extend_by, extensions;
  HabitTraits habits;
};

/// Which persona a person is: a function of his number alone, so that he is the same in every cell. Without a table: two million
/// people would not stay in cache.
class Casting {
 public:
  static constexpr std::uint8_t too_many = 255;

  Casting(std::uint64_t seed, std::uint32_t purpose, const std::vector<double>& shares);
  std::size_t operator()(std::uint32_t person) const {
    const std::uint64_t bits = mixed(key_ + person * 0x9E37'79B9'7F4A'7C15ull) >> 32;
    std::size_t persona = guide_[bits >> (32 - guide_bits)];
    while (bits >= edges_[persona]) ++persona;
    return persona;
  }
  /// In one byte, for those who keep it.
  std::uint8_t brief(std::uint32_t person) const {
    return static_cast<std::uint8_t>(std::min<std::size_t>((*this)(person), too_many));
  }
  std::size_t from_brief(std::uint8_t brief, std::uint32_t person) const {
    if (brief == too_many) [[unlikely]]
      return looked_up(person);
    return brief;
  }

 private:
  [[gnu::cold, gnu::noinline]] std::size_t looked_up(std::uint32_t person) const;

  std::uint64_t key_;
  static constexpr unsigned guide_bits = 8;
  std::vector<std::uint64_t> edges_;  // upper edges of all personas, of 2^32; the last is never reached
  std::vector<std::size_t> guide_;    // by the first bits: the first persona it can be
};

}  // namespace dueprocess
