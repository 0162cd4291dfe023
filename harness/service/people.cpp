#include "harness/service/people.hpp"

#include <algorithm>

namespace dueprocess::service {

bool People::is_name(std::string_view name) {
  constexpr std::size_t length_max = 64;
  return !name.empty() && name.size() <= length_max && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view{"._-@+"}.find(c) != std::string_view::npos;
  });
}

UserId People::find(std::string_view name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? UserId::nobody : found->second;
}

UserId People::find_or_make(std::string_view name) {
  if (const UserId known = find(name); known != UserId::nobody) return known;
  if (people_.size() >= count_max) return UserId::nobody;
  Person& person = people_.emplace_back();
  person.name = name;
  const auto user = UserId{static_cast<std::uint32_t>(people_.size())};
  by_name_.emplace(person.name, user);
  return user;
}

void People::give_token(UserId user, const Digest& digest) {
  std::vector<Digest>& tokens = of(user).tokens;
  if (tokens.size() >= tokens_max) {
    by_digest_.erase(tokens.front());
    boost::unordered::erase_if(by_token_, [&](const auto& entry) {
      return entry.second == user &&
             sha256({reinterpret_cast<const char*>(entry.first.data()), entry.first.size()}) == tokens.front();
    });
    tokens.erase(tokens.begin());
  }
  tokens.push_back(digest);
  by_digest_.emplace(digest, user);
}

UserId People::by_token(const Token& token) {
  if (const auto found = by_token_.find(token); found != by_token_.end()) return found->second;
  const auto kept = by_digest_.find(sha256({reinterpret_cast<const char*>(token.data()), token.size()}));
  if (kept == by_digest_.end()) return UserId::nobody;
  by_token_.emplace(token, kept->second);
  return kept->second;
}

}  // namespace dueprocess::service
