// A run's digest: the sum over everything observed of a 64-bit hash of it. A sum, so that it does not matter who saw what first.
//
//   hash = fold(who and what, when and how much)        fold(a, b): the two halves of the 128-bit product a x b, xor'ed
//
// Each side is a sum of words, each times an odd constant of its own: whatever changes in one field changes its side, and the
// product of the two ties them together, so that two orders which exchange a deadline are not what they were. Instants that lie
// close together share a word, times 1, 2 and 4.
//
// Only what the operation's kind uses is hashed. How many orders a list showed is left out: it depends on which orders the
// cell holds, and a digest is the same however the run was cut up.
#pragma once

#include "harness/record/observation.hpp"
#include "sim/kernel/int128.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace dueprocess::judging {

inline std::uint64_t fold(std::uint64_t a, std::uint64_t b) {
  const auto product = static_cast<UInt128>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

namespace salt {  // odd constants with about as many ones as zeros: the first digits of pi, e and their like
inline constexpr std::uint64_t a = 0x243f6a8885a308d3, b = 0x13198a2e03707345, c = 0xa4093822299f31d1, d = 0x082efa98ec4e6c89;
inline constexpr std::uint64_t e = 0x452821e638d01377, f = 0xbe5466cf34e90c6d, g = 0xc0ac29b7c97c50dd, h = 0x3f84d5b5b5470917;
}  // namespace salt

// The structs are read as they lie, eight bytes at a time: putting their small fields together by shifts costs more than all the
// hashing.
static_assert(std::endian::native == std::endian::little,
              "a digest is compared between machines: on a big-endian one, turn the words round");
static_assert(offsetof(Operation, kind) == offsetof(Operation, by) + 4 &&
              offsetof(Operation, use_draft) == offsetof(Operation, by) + 7 &&
              offsetof(Operation, text) == offsetof(Operation, seller) + 4 &&
              offsetof(Operation, links) == offsetof(Operation, attachments) + 2);
static_assert(offsetof(Answer, late) == offsetof(Answer, outcome) + 4 && sizeof(Answer) == offsetof(Answer, outcome) + 8);
static_assert(offsetof(Evidence, version) == offsetof(Evidence, to) + 4 &&
              offsetof(Evidence, completed_by) == offsetof(Evidence, kind) + 4 &&
              sizeof(Evidence) == offsetof(Evidence, kind) + 8);

template <class Field>
inline std::uint64_t eight_bytes_at(const Field& field) {
  std::uint64_t bytes;
  std::memcpy(&bytes, &field, sizeof bytes);
  return bytes;
}
inline std::uint64_t word(Instant t) { return static_cast<std::uint64_t>(us_of(t)); }

/// Which of an operation's arguments a kind uses.
struct Uses {
  std::uint64_t manner;  // who and what always; content, confirmation, use of the draft
  std::uint64_t names;   // seller, text
  std::uint64_t amount;
  std::uint64_t due;
  std::uint64_t counts;  // attachments, links
};
inline constexpr std::uint64_t all_of_it = ~std::uint64_t{0}, who_and_what = 0x0000'00FF'FFFF'FFFF, the_seller = 0xFFFF'FFFF,
                               the_text = 0xFFFF'FFFF'0000'0000;
inline constexpr Uses uses_of[operation_kind_count] = {
    {who_and_what, the_seller, all_of_it, all_of_it, 0},  // place_order
    {who_and_what, 0, 0, 0, 0},                           // list_orders
    {who_and_what, 0, 0, 0, 0},                           // view_order
    {who_and_what, the_text, 0, 0, all_of_it},            // save_draft
    {who_and_what, 0, 0, 0, 0},                           // open_draft
    {who_and_what, the_text, all_of_it, 0, 0},            // upload
    {all_of_it, the_text, 0, 0, all_of_it},               // deliver
    {all_of_it, the_text, 0, 0, all_of_it},               // deliver_modified
    {who_and_what, 0, 0, 0, 0},                           // accept
    {who_and_what, the_text, 0, 0, 0},                    // request_modification
    {who_and_what, 0, all_of_it, 0, 0},                   // extend_review
    {who_and_what, the_text, 0, 0, 0},                    // contact_support
};

/// An operation as three words, all but its order, its key and its time.
struct AskedWords {
  std::uint64_t manner, names, amounts;
  explicit AskedWords(const Operation& op) {
    const Uses& uses = uses_of[static_cast<unsigned>(op.kind)];
    std::uint32_t counts;
    std::memcpy(&counts, &op.attachments, sizeof counts);
    manner = eight_bytes_at(op.by) & uses.manner;
    names = eight_bytes_at(op.seller) & uses.names;
    // Only place_order uses two of these three.
    amounts = (counts & uses.counts) ^ (static_cast<std::uint64_t>(op.price_cents) & uses.amount) ^
              std::rotl(word(op.due_at) & uses.due, 32);
  }
};

/// Is it likely the same operation again? For one order; keys and times left out.
inline std::uint32_t likeness(const Operation& op) {
  const AskedWords asked{op};
  return static_cast<std::uint32_t>((asked.manner * salt::a + asked.names * salt::b + asked.amounts * salt::c) >> 32) | 1;
}

[[gnu::always_inline]] inline std::uint64_t hash_of(const Observation& o) {
  const AskedWords asked{o.operation};
  const Answer& a = o.answer;
  const std::uint64_t told = (eight_bytes_at(a.outcome) << 24) + a.version;  // outcome, refusal, state, completed_by, late
  const std::uint64_t when = word(o.answered) + 2 * word(o.sent) + 4 * word(o.intended);
  const std::uint64_t deadlines = word(a.deadline) + 2 * word(a.completed_at) + 4 * word(a.stamp);
  const std::uint64_t what = number(o.operation.order) * salt::a + asked.manner + asked.names * salt::b + told * salt::c;
  const std::uint64_t how = when * salt::d + deadlines * salt::e + asked.amounts * salt::f + number(o.operation.key);
  return fold(what ^ salt::g, how ^ salt::h);
}

inline constexpr std::uint64_t evidence_small_fields = 0xFF'FFFF'FFFF;  // kind, notice, from, state, completed_by

inline std::uint64_t hash_of(const Evidence& e, Instant seen) {
  const std::uint64_t when = word(e.at) + 2 * word(seen);
  const std::uint64_t what = number(e.order) * salt::b + (eight_bytes_at(e.kind) & evidence_small_fields) +
                             static_cast<std::uint64_t>(e.amount_cents) * salt::c;
  const std::uint64_t how = when * salt::e + word(e.deadline) * salt::d + eight_bytes_at(e.to);
  return fold(what ^ salt::h, how ^ salt::g);
}

}  // namespace dueprocess::judging
