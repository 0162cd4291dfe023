// Passwords and tokens. Nothing here is ever printed; a password is kept only as a salted hash, and on disk a token only as a
// digest.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "harness/service/asking.hpp"

namespace dueprocess::service {

struct PasswordHash {
  std::array<std::uint8_t, 16> salt{};
  std::array<std::uint8_t, 32> hash{};
};

using Token = std::array<std::uint8_t, 16>;  // 128 random bits; on the wire 32 hexadecimal digits

/// PBKDF2 with HMAC-SHA-256.
PasswordHash hash_password(std::string_view password, const std::array<std::uint8_t, 16>& salt, unsigned rounds);
bool is_password(std::string_view password, const PasswordHash&, unsigned rounds);
std::array<std::uint8_t, 16> fresh_salt();

Token fresh_token();
std::string token_text(const Token&);
std::optional<Token> token_of(std::string_view text);

Digest sha256(std::string_view bytes);
void append_hex(std::string& to, const std::uint8_t* bytes, std::size_t count);

/// A SHA-256 that grows with what comes.
class RunningDigest {
 public:
  RunningDigest();
  ~RunningDigest();
  RunningDigest(const RunningDigest&) = delete;
  RunningDigest& operator=(const RunningDigest&) = delete;
  void add(std::string_view bytes);
  Digest end();

 private:
  void* context_;
};

}  // namespace dueprocess::service
