#include "harness/service/desk.hpp"

#include "harness/service/desk_impl.hpp"

namespace dueprocess::service {

Desk::Desk(DeskOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}
Desk::~Desk() = default;

UserId Desk::user_of(std::string_view text) {
  const std::optional<Token> token = token_of(text);
  if (!token) return UserId::nobody;
  const std::lock_guard lock{impl_->mutex};
  return impl_->people.by_token(*token);
}

UserId Desk::the_operator() const { return impl_->the_operator; }
bool Desk::is_operator(UserId user) const { return user == impl_->the_operator; }

void Desk::login(std::string_view user, std::string_view password, LoginTold& told) {
  told.told.clear();
  told.token.clear();
  if (!People::is_name(user) || password.empty()) {
    told.told.refusal = Refusal::invalid;
    told.told.detail = "a user is named by letters, digits and . _ - @ +, at most 64, and has a password";
    return;
  }
  // Hashing takes long, so it is done without the lock; a second first login may come in between, so it is looked at again.
  for (;;) {
    std::optional<PasswordHash> known;
    {
      const std::lock_guard lock{impl_->mutex};
      if (const UserId found = impl_->people.find(user); found != UserId::nobody) known = impl_->people.of(found).password;
      if (!known && user == operator_name) {  // nobody becomes the operator by asking first
        told.told.trouble = Trouble::wrong_password;
        return;
      }
    }
    const unsigned rounds = impl_->options.password_rounds;
    if (known && !is_password(password, *known, rounds)) {
      told.told.trouble = Trouble::wrong_password;
      return;
    }
    const PasswordHash hash = known ? *known : hash_password(password, fresh_salt(), rounds);
    const Token token = fresh_token();
    const std::string_view bytes{reinterpret_cast<const char*>(token.data()), token.size()};
    const Digest digest = sha256(bytes);

    const std::lock_guard lock{impl_->mutex};
    if (const UserId found = impl_->people.find(user); !known && found != UserId::nobody && impl_->people.of(found).password)
      continue;
    if (!impl_->take_login(user, hash, digest)) {
      told.told.trouble = Trouble::unavailable;
      told.told.detail = "there are too many users";
      return;
    }
    told.token = token_text(token);
    told.told.position = impl_->position;
    return;
  }
}

void Desk::perform(const Ask& ask, Told& told) {
  told.clear();
  const std::lock_guard lock{impl_->mutex};
  impl_->perform(ask, told);
  told.position = impl_->position;
  impl_->watch_timers();
}

void Desk::read_clock(UserId by, ClockTold& told) {
  told.told.clear();
  told.fired = 0;
  const std::lock_guard lock{impl_->mutex};
  if (!impl_->may_turn_the_clock(by, told.told)) return;
  impl_->tell_clock(told);
}

void Desk::set_clock(UserId by, Instant to, ClockTold& told) {
  told.told.clear();
  told.fired = 0;
  const std::lock_guard lock{impl_->mutex};
  if (!impl_->may_turn_the_clock(by, told.told)) return;
  if (to < impl_->clock && !impl_->slots.empty()) return impl_->clock_backwards(told);
  told.fired = impl_->turn_clock(to);
  impl_->tell_clock(told);
}

void Desk::advance(UserId by, Instant to, ClockTold& told) {
  told.told.clear();
  told.fired = 0;
  const std::lock_guard lock{impl_->mutex};
  if (!impl_->may_turn_the_clock(by, told.told)) return;
  if (to < impl_->clock) return impl_->clock_backwards(told);
  told.fired = impl_->turn_clock(to);
  impl_->tell_clock(told);
}

Instant Desk::fire_due() {
  const std::lock_guard lock{impl_->mutex};
  impl_->fire_by(impl_->real_now());
  return impl_->armed = impl_->engine->next_timer();
}

DeskCounts Desk::counts() {
  const std::lock_guard lock{impl_->mutex};
  DeskCounts counts;
  counts.orders = impl_->slots.size();
  counts.users = impl_->people.count();
  counts.seen = impl_->feed.last();
  counts.fired = impl_->fired;
  counts.keys = impl_->remembered.size();
  counts.late_us_max = impl_->late_us_max;
  counts.now = impl_->options.virtual_clock ? impl_->clock : impl_->real_now();
  counts.next_deadline = impl_->engine->next_timer();
  return counts;
}

bool Desk::replay(std::string_view entry) {
  const std::lock_guard lock{impl_->mutex};
  return impl_->replay(entry);
}

void Desk::attach(Journal& journal) {
  const std::lock_guard lock{impl_->mutex};
  impl_->come_back(journal);
}

std::uint64_t Desk::position() const {
  const std::lock_guard lock{impl_->mutex};
  return impl_->position;
}

Cursor Desk::shown() const { return impl_->journal ? impl_->journal->kept_seen() : impl_->shown.load(std::memory_order_acquire); }

void Desk::on_earlier_timer(std::function<void()> call) {
  const std::lock_guard lock{impl_->mutex};
  impl_->on_earlier_timer = std::move(call);
}

void Desk::on_news(std::function<void()> call) {
  const std::lock_guard lock{impl_->mutex};
  impl_->on_news = std::move(call);
}

}  // namespace dueprocess::service
