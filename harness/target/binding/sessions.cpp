// Who asks: names, passwords, logins. A user logs in when he first asks for something, and once for all who wait for it.
#include "harness/target/binding/http_target_impl.hpp"

#include <algorithm>
#include <charconv>

#include "harness/target/binding/spell.hpp"

namespace dueprocess {

namespace {

/// The value of a cookie that an answer sets; empty: it sets none of this name.
std::string_view cookie_of(std::string_view head, std::string_view name) {
  for (std::size_t at = 0; at < head.size();) {
    const std::size_t end = std::min(head.find("\r\n", at), head.size());
    std::string_view line = head.substr(at, end - at);
    at = end + 2;
    constexpr std::string_view field = "set-cookie:";
    if (line.size() < field.size()) continue;
    bool same = true;
    for (std::size_t i = 0; i < field.size(); ++i)
      same = same && (line[i] | (line[i] >= 'A' && line[i] <= 'Z' ? 0x20 : 0)) == field[i];
    if (!same) continue;
    line.remove_prefix(field.size());
    while (line.starts_with(' ')) line.remove_prefix(1);
    if (line.starts_with(name) && line.substr(name.size()).starts_with('='))
      return line.substr(name.size() + 1, line.find(';') == line.npos ? line.npos : line.find(';') - name.size() - 1);
  }
  return {};
}

}  // namespace

std::string HttpTarget::Impl::user_name(std::uint32_t user) const {
  if (user == observer) return rules.observer.user;
  std::string name = rules.users.before;
  binding::append_number(name, user);
  return name + rules.users.after;
}

UserId HttpTarget::Impl::user_named(std::string_view name) const {
  if (rules.login.id.given) {
    const auto found = by_user_id.find(std::string{name});
    return found == by_user_id.end() ? UserId::nobody : UserId{found->second};
  }
  const UserNames& names = rules.users;
  if (name.size() <= names.before.size() + names.after.size() || !name.starts_with(names.before) || !name.ends_with(names.after))
    return UserId::nobody;
  name.remove_prefix(names.before.size());
  name.remove_suffix(names.after.size());
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  return error == std::errc{} && end == name.data() + name.size() ? UserId{number} : UserId::nobody;
}

HttpTarget::Impl::Session& HttpTarget::Impl::session_of(std::uint32_t user) {
  const auto [found, made] = sessions.try_emplace(user);
  Session& session = found->second;
  if (!made) return session;
  session.name = user_name(user);
  if (user == observer) {
    session.password = rules.observer.password;
    session.registered = true;
  } else {
    binding::Facts who;
    who.user = session.name;
    who.number = user;
    who.run = options.run;
    password.append(session.password, who, nullptr);
    session.registered = !rules.login.registers;
  }
  binding::append_base64(session.basic, session.name + ":" + session.password);
  return session;
}

bool HttpTarget::Impl::ready(std::uint32_t user, std::uint32_t slot) {
  if (user == nobody || !rules.login.given) return true;
  Session& session = session_of(user);
  if (session.registered && !rules.login.requests) session.state = SessionState::ready;
  if (session.state == SessionState::ready) return true;
  session.waiting.push_back(id_of(slot, calls[slot].generation));
  if (session.state == SessionState::none) log_in(user);
  return false;
}

void HttpTarget::Impl::log_in(std::uint32_t user) {
  Session& session = session_of(user);
  session.state = SessionState::on_its_way;
  const std::uint32_t slot = take_slot(session.registered ? CallKind::login : CallKind::registration);
  calls[slot].user = user;
  dispatch(slot);
}

void HttpTarget::Impl::take_registration(const Call& call, const http::Answer& answer) {
  Session& session = session_of(call.user);
  const bool there = answer.failure == Failure::none &&
                     ((answer.status >= 200 && answer.status < 300) ||
                      std::ranges::find(rules.login.registered_already, answer.status) != rules.login.registered_already.end());
  trace(answer, "register", there ? "ok" : "no user was made", {});
  if (!there) return session_ended(call.user, answer.failure == Failure::none ? Failure::unreadable : answer.failure);
  session.registered = true;
  if (rules.login.requests) return log_in(call.user);
  session_ended(call.user, Failure::none);
}

void HttpTarget::Impl::take_login(const Call& call, const http::Answer& answer) {
  Session& session = session_of(call.user);
  ++counts.logins;
  ++session.login;
  bool well = answer.failure == Failure::none && answer.status >= 200 && answer.status < 300;
  std::string_view lacks;
  if (well) {
    login_reader->read(answer);
    if (!rules.login.token_cookie.empty()) {
      session.token = cookie_of(answer.head, rules.login.token_cookie);
      if (session.token.empty()) lacks = "login.cookie";
    } else if (rules.login.token.given) {
      session.token = login_reader->told(0, answer).text;
      if (session.token.empty()) lacks = "login.token";
    }
    if (rules.login.id.given) {
      session.id = login_reader->told(1, answer).text;
      if (session.id.empty()) lacks = "login.id";
      if (call.user != observer) by_user_id.insert_or_assign(session.id, call.user);
    }
    well = lacks.empty();
  }
  trace(answer, "login", well ? "ok" : answer.failure != Failure::none ? "no answer" : "not logged in", lacks);
  if (!well) ++counts.logins_failed;
  session_ended(call.user, well ? Failure::none : answer.failure == Failure::none ? Failure::unreadable : answer.failure);
}

/// Whoever waited goes on, or is told that it went wrong: nothing of what they asked for was sent.
void HttpTarget::Impl::session_ended(std::uint32_t user, Failure failure) {
  Session& session = session_of(user);
  session.state = failure == Failure::none ? SessionState::ready : SessionState::none;
  for (const std::uint64_t id : std::exchange(session.waiting, {})) {
    const auto slot = static_cast<std::uint32_t>(id);
    if (calls[slot].generation != id >> 32 || calls[slot].kind == CallKind::idle) continue;
    if (failure == Failure::none) {
      go_on(id);
    } else if (calls[slot].kind == CallKind::operation) {
      reply_unsent(slot, failure);
    } else {
      const Call call = calls[slot];
      free_slot(slot);
      const std::string problem = "cannot log in as " + session_of(user).name + ": " + std::string{name_of(failure)};
      if (call.kind == CallKind::clock_advance)
        call.advanced(problem, never);
      else if (on_open)
        opened(problem);
      else
        drained(problem);
    }
  }
}

}  // namespace dueprocess
