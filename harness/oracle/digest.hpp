// A run's digest: the sum over everything observed of a 64-bit hash of it. A sum, so that it does not matter who saw what first;
// 64x64 -> 128 bit multiplications folded together, so that any changed bit changes about half of the hash.
//
// Only what the operation's kind uses is hashed. How many orders a list showed is left out: it depends on which orders the
// cell holds, and a digest is the same however the run was cut up.
#pragma once

#include "harness/record/observation.hpp"
#include "sim/kernel/int128.hpp"

#include <cstdint>

namespace dueprocess::judging {

inline std::uint64_t fold(std::uint64_t a, std::uint64_t b) {
  const auto product = static_cast<UInt128>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

namespace salt {  // odd constants with about as many ones as zeros: the first digits of pi, e and their like
inline constexpr std::uint64_t a = 0x243f6a8885a308d3, b = 0x13198a2e03707345, c = 0xa4093822299f31d1, d = 0x082efa98ec4e6c89;
inline constexpr std::uint64_t e = 0x452821e638d01377, f = 0xbe5466cf34e90c6d, g = 0xc0ac29b7c97c50dd, h = 0x3f84d5b5b5470917;
}  // namespace salt

/// Which of an operation's arguments a kind uses.
struct Uses {
  std::uint64_t seller_text, counts, amount, due, manner;
};
inline constexpr std::uint64_t all_bits = ~std::uint64_t{0}, text_bits = 0xFFFF'FFFF'0000'0000;
inline constexpr Uses uses_of[operation_kind_count] = {
    {0x0000'0000'FFFF'FFFF, 0, all_bits, all_bits, 0},  // place_order
    {0, 0, 0, 0, 0},                                    // list_orders
    {0, 0, 0, 0, 0},                                    // view_order
    {text_bits, all_bits, 0, 0, 0},                     // save_draft
    {0, 0, 0, 0, 0},                                    // open_draft
    {text_bits, 0, all_bits, 0, 0},                     // upload
    {text_bits, all_bits, 0, 0, all_bits},              // deliver
    {text_bits, all_bits, 0, 0, all_bits},              // deliver_modified
    {0, 0, 0, 0, 0},                                    // accept
    {text_bits, 0, 0, 0, 0},                            // request_modification
    {0, 0, all_bits, 0, 0},                             // extend_review
    {text_bits, 0, 0, 0, 0},                            // contact_support
};

/// Who asks for what: everything but when and with which key.
inline std::uint64_t hash_of(const Operation& op) {
  const Uses& uses = uses_of[static_cast<unsigned>(op.kind)];
  const std::uint64_t who = number(op.by) | std::uint64_t{static_cast<std::uint8_t>(op.kind)} << 32;
  const std::uint64_t manner = (std::uint64_t{static_cast<std::uint8_t>(op.content)} << 40 |
                                std::uint64_t{op.confirm_no_file} << 48 | std::uint64_t{op.use_draft} << 49) &
                               uses.manner;
  const std::uint64_t seller_text =
      (number(op.seller) | std::uint64_t{static_cast<std::uint32_t>(op.text)} << 32) & uses.seller_text;
  const std::uint64_t counts = (std::uint64_t{op.attachments} | std::uint64_t{op.links} << 16) & uses.counts;
  const std::uint64_t amount = static_cast<std::uint64_t>(op.price_cents) & uses.amount;
  const std::uint64_t due = static_cast<std::uint64_t>(us_of(op.due_at)) & uses.due;
  return fold(number(op.order) ^ salt::a, (who | manner) ^ salt::b) ^
         fold(seller_text ^ salt::c, (counts | due) ^ salt::d ^ amount * salt::e);
}

inline std::uint64_t hash_of(const Observation& o, std::uint64_t operation_hash) {
  const Answer& a = o.answer;
  const std::uint64_t small = a.version | std::uint64_t{static_cast<std::uint8_t>(a.outcome)} << 32 |
                              std::uint64_t{static_cast<std::uint8_t>(a.refusal)} << 36 |
                              std::uint64_t{static_cast<std::uint8_t>(a.state)} << 44 |
                              std::uint64_t{static_cast<std::uint8_t>(a.completed_by)} << 48 | std::uint64_t{a.late} << 52;
  const auto word = [](Instant t) { return static_cast<std::uint64_t>(us_of(t)); };
  const std::uint64_t when = fold(word(o.answered) ^ salt::e, word(o.sent) ^ salt::f ^ word(o.intended) * salt::g);
  const std::uint64_t what = fold(word(a.deadline) ^ salt::g, word(a.completed_at) ^ salt::h ^ word(a.stamp) * salt::a);
  return fold(operation_hash ^ when ^ salt::b, what ^ small ^ number(o.operation.key) * salt::c);
}

inline std::uint64_t hash_of(const Evidence& e, Instant seen) {
  const auto word = [](Instant t) { return static_cast<std::uint64_t>(us_of(t)); };
  const std::uint64_t small =
      e.version | std::uint64_t{static_cast<std::uint8_t>(e.kind)} << 32 |
      std::uint64_t{static_cast<std::uint8_t>(e.notice)} << 36 | std::uint64_t{static_cast<std::uint8_t>(e.from)} << 44 |
      std::uint64_t{static_cast<std::uint8_t>(e.state)} << 48 | std::uint64_t{static_cast<std::uint8_t>(e.completed_by)} << 52;
  const std::uint64_t one = fold(number(e.order) ^ salt::h, word(e.at) ^ salt::g ^ word(seen) * salt::f);
  const std::uint64_t two =
      fold(word(e.deadline) ^ salt::e, static_cast<std::uint64_t>(e.amount_cents) ^ salt::d ^ number(e.to) * salt::c);
  return fold(one ^ salt::b, two ^ small);
}

}  // namespace dueprocess::judging
