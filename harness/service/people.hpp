// Users by name and by number, their passwords and tokens, the orders they are a party to and what they may see of the feed.
// Not thread-safe: the desk's lock guards it.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstring>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/service/feed.hpp"
#include "harness/service/secrets.hpp"
#include "sim/workflow/ids.hpp"

namespace dueprocess::service {

/// Somebody: logged in once, or named as a seller by a buyer before that.
struct Person {
  std::string name;
  std::optional<PasswordHash> password;    // none: never logged in yet
  std::vector<std::uint32_t> buys, sells;  // orders by number, in the order in which they were placed
  std::vector<Cursor> sees;                // of the feed, rising
  std::vector<Digest> tokens;              // the valid ones, oldest first
};

class People {
 public:
  static constexpr std::size_t count_max = 20'000'000;
  static constexpr std::size_t tokens_max = 16;  // a person; one more, and the oldest is worth nothing any more

  /// Letters, digits and . _ - @ +, at most 64: what a name is made of.
  static bool is_name(std::string_view);

  UserId find(std::string_view name) const;  // nobody: there is none
  /// Made if need be. nobody: there are too many. REQUIRES: is_name(name).
  UserId find_or_make(std::string_view name);
  /// REQUIRES: somebody.
  Person& of(UserId user) { return people_[number(user) - 1]; }
  const Person& of(UserId user) const { return people_[number(user) - 1]; }
  std::size_t count() const { return people_.size(); }

  void give_token(UserId, const Digest&);
  UserId by_token(const Token&);

 private:
  struct ByBytes {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    // These are random already.
    std::size_t operator()(const Token& token) const { return first_of(token.data()); }
    std::size_t operator()(const Digest& digest) const { return first_of(digest.data()); }
    static std::size_t first_of(const std::uint8_t* bytes) {
      std::size_t first;
      std::memcpy(&first, bytes, sizeof first);
      return first;
    }
  };

  std::deque<Person> people_;  // never moves: names are pointed to
  boost::unordered_flat_map<std::string_view, UserId, ByBytes> by_name_;
  boost::unordered_flat_map<Digest, UserId, ByBytes> by_digest_;
  boost::unordered_flat_map<Token, UserId, ByBytes> by_token_;  // those seen since the start, so that they are hashed once
};

}  // namespace dueprocess::service
