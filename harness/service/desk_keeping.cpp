// Time, the feed, and what is written down.
#include <algorithm>
#include <cassert>

#include "harness/service/desk_impl.hpp"

namespace dueprocess::service {

constexpr Instant usual_start{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2}};

Desk::Impl::Impl(DeskOptions o) : options(std::move(o)), engine(make_engine(options.policy, options.bugs, options.orders_max)) {
  assert(options.virtual_clock || options.real_time);
  if (options.virtual_clock) clock = usual_start;
  the_operator = people.find_or_make(operator_name);
  if (!options.operator_password.empty())
    people.of(the_operator).password = hash_password(options.operator_password, fresh_salt(), options.password_rounds);
}

Instant Desk::Impl::real_now() {
  if (options.virtual_clock) return clock;
  return last_real = std::max(last_real, options.real_time());
}

/// Takes over what the engine let be seen. `fired_at`: by a timer, which really fired then.
void Desk::Impl::drain(Instant fired_at) {
  std::vector<Evidence>& seen = engine->evidence();
  if (seen.empty()) return;
  for (Evidence& piece : seen) {
    if (fired_at != never) {
      late_us_max = std::max(late_us_max, static_cast<std::uint64_t>(us_of(fired_at - std::min(piece.at, fired_at))));
      piece.at = std::max(piece.at, fired_at);
    }
    Slot& slot = slots[number(piece.order) - 1];
    const Cursor cursor = feed.append(piece, slot.last_piece);
    if (slot.first_piece == 0) slot.first_piece = cursor;
    slot.last_piece = cursor;
    if (piece.kind == EvidenceKind::event) {
      people.of(slot.buyer).sees.push_back(cursor);
      people.of(slot.seller).sees.push_back(cursor);
    } else {
      people.of(piece.to).sees.push_back(cursor);
    }
  }
  seen.clear();
  if (journal) return;  // shown when it is kept
  shown.store(feed.last(), std::memory_order_release);
  if (on_news) on_news();
}

std::uint64_t Desk::Impl::fire_by(Instant now) {
  std::uint64_t count = 0;
  for (; engine->next_timer() <= now; ++count) {
    engine->fire_next();
    drain(options.virtual_clock ? never : now);
  }
  if (count == 0) return 0;
  fired += count;
  if (!journal || options.virtual_clock) return count;
  scratch.assign(1, static_cast<char>(EntryKind::fired));
  EntryWriter{scratch}.number(static_cast<std::uint64_t>(us_of(now)));
  write_down(scratch);
  return count;
}

std::uint64_t Desk::Impl::turn_clock(Instant to) {
  clock = to;
  const std::uint64_t count = fire_by(to);
  if (!journal) return count;
  scratch.assign(1, static_cast<char>(EntryKind::clock));
  EntryWriter{scratch}.number(static_cast<std::uint64_t>(us_of(to)));
  write_down(scratch);
  return count;
}

void Desk::Impl::fire_own(OrderId order, Instant now) {
  if (!options.virtual_clock || !slot_of(order)) return;  // wall: fire_by() has done it, or the sweep will
  const Cursor before = feed.last();
  engine->fire_own(order, now);
  drain();
  if (feed.last() == before) return;
  ++fired;
  if (!journal) return;
  scratch.assign(1, static_cast<char>(EntryKind::own_timer));
  EntryWriter out{scratch};
  out.number(number(order));
  out.number(static_cast<std::uint64_t>(us_of(now)));
  write_down(scratch);
}

bool Desk::Impl::may_turn_the_clock(UserId by, Told& told) {
  told.now = options.virtual_clock ? clock : real_now();
  if (by == UserId::nobody)
    told.refusal = Refusal::unauthenticated;
  else if (!options.virtual_clock)
    told.trouble = Trouble::wrong_clock;
  else if (by != the_operator)
    told.trouble = Trouble::not_operator;
  return told.good();
}

void Desk::Impl::tell_clock(ClockTold& told) const {
  told.told.now = clock;
  told.told.position = position;
  told.next_deadline = engine->next_timer();
}

void Desk::Impl::clock_backwards(ClockTold& told) const {
  told.told.refusal = Refusal::invalid;
  told.told.detail = "the test clock does not go back";
}

bool Desk::Impl::take_login(std::string_view user, const PasswordHash& hash, const Digest& token) {
  const UserId who = people.find_or_make(user);
  if (who == UserId::nobody) return false;
  if (who != the_operator) people.of(who).password = hash;
  people.give_token(who, token);
  if (!journal) return true;
  scratch.assign(1, static_cast<char>(EntryKind::login));
  EntryWriter out{scratch};
  out.text(user);
  out.raw(hash.salt.data(), hash.salt.size());
  out.raw(hash.hash.data(), hash.hash.size());
  out.raw(token.data(), token.size());
  write_down(scratch);
  return true;
}

void Desk::Impl::write_down(std::string_view entry) { position = journal->write(entry, feed.last()); }

void Desk::Impl::write_down_operation(const Ask& ask, Instant now) {
  if (!journal) return;
  scratch.assign(1, static_cast<char>(EntryKind::operation));
  EntryWriter out{scratch};
  out.number(number(ask.by));
  out.number(static_cast<std::uint64_t>(us_of(now)));
  out.text(ask.key);
  append_arguments(scratch, ask);
  if (ask.kind == OperationKind::upload) out.raw(ask.digest.data(), ask.digest.size());
  write_down(scratch);
}

bool Desk::Impl::replay(std::string_view entry) {
  assert(!journal);
  if (entry.empty()) return false;
  const auto kind = static_cast<EntryKind>(entry[0]);
  EntryReader in{entry.substr(1)};
  const auto instant = [&in] { return instant_at(static_cast<std::int64_t>(in.number())); };
  const auto known = [this](UserId user) { return user == UserId::nobody || number(user) <= people.count(); };
  switch (kind) {
    case EntryKind::operation: {
      Ask ask;
      ask.by = UserId{static_cast<std::uint32_t>(in.number())};
      const Instant now = instant();
      ask.key = in.text();
      read_arguments(in, ask);
      if (ask.kind == OperationKind::upload) in.raw(ask.digest.data(), ask.digest.size());
      if (!in.at_end() || !known(ask.by)) return false;
      Told told;
      perform_at(ask, now, told);
      if (!ask.key.empty() && !has(Bug::s05) && !(has(Bug::b08) && ask.kind == OperationKind::extend_review)) {
        std::string key, arguments;
        EntryWriter{key}.number(number(ask.by));
        key += ask.key;
        append_arguments(arguments, ask);
        keys.emplace(std::move(key), static_cast<std::uint32_t>(remembered.size()));
        remembered.push_back({std::move(arguments), told});
      }
      last_real = last_written = std::max(last_written, now);
      return true;
    }
    case EntryKind::fired: {
      const Instant now = instant();
      if (!in.at_end()) return false;
      last_real = last_written = std::max(last_written, now);
      fire_by(now);
      return true;
    }
    case EntryKind::clock: {
      const Instant to = instant();
      if (!in.at_end()) return false;
      turn_clock(to);
      return true;
    }
    case EntryKind::own_timer: {
      const OrderId order{in.number()};
      const Instant now = instant();
      if (!in.at_end()) return false;
      fire_own(order, now);
      return true;
    }
    case EntryKind::login: {
      const std::string_view user = in.text();
      PasswordHash hash;
      Digest token;
      in.raw(hash.salt.data(), hash.salt.size());
      in.raw(hash.hash.data(), hash.hash.size());
      in.raw(token.data(), token.size());
      return in.at_end() && People::is_name(user) && take_login(user, hash, token);
    }
    case EntryKind::restart: {
      const Instant down = instant(), back = instant();
      if (!in.at_end() || back < down) return false;
      last_real = last_written = std::max(last_written, back);
      engine->restart(down, back);
      drain(options.virtual_clock ? never : back);
      if (has(Bug::s06)) keys.clear();
      return true;
    }
  }
  return false;
}

void Desk::Impl::come_back(Journal& to) {
  assert(!journal);
  const bool lived = !slots.empty() || people.count() > 1;
  shown.store(feed.last(), std::memory_order_release);
  journal = &to;
  if (!lived) return;
  // Without seeded bugs a restart is nothing special: what is due fires, late. With them the engine goes through its own.
  const Instant back = options.virtual_clock ? clock : real_now();
  const Instant down = options.virtual_clock ? clock : std::min(last_written, back);
  if (options.bugs.none()) {
    fire_by(back);
    return;
  }
  engine->restart(down, back);
  drain(options.virtual_clock ? never : back);
  if (has(Bug::s06)) keys.clear();
  scratch.assign(1, static_cast<char>(EntryKind::restart));
  EntryWriter out{scratch};
  out.number(static_cast<std::uint64_t>(us_of(down)));
  out.number(static_cast<std::uint64_t>(us_of(back)));
  write_down(scratch);
}

}  // namespace dueprocess::service
