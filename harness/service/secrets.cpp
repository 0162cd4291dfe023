#include "harness/service/secrets.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <stdexcept>

namespace dueprocess::service {
namespace {

void fill_randomly(std::uint8_t* bytes, std::size_t count) {
  if (RAND_bytes(bytes, static_cast<int>(count)) != 1) throw std::runtime_error("the system gives no random bytes");
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

}  // namespace

PasswordHash hash_password(std::string_view password, const std::array<std::uint8_t, 16>& salt, unsigned rounds) {
  PasswordHash made;
  made.salt = salt;
  if (PKCS5_PBKDF2_HMAC(password.data(), static_cast<int>(password.size()), salt.data(), static_cast<int>(salt.size()),
                        static_cast<int>(rounds), EVP_sha256(), static_cast<int>(made.hash.size()), made.hash.data()) != 1)
    throw std::runtime_error("a password could not be hashed");
  return made;
}

bool is_password(std::string_view password, const PasswordHash& kept, unsigned rounds) {
  const PasswordHash told = hash_password(password, kept.salt, rounds);
  return CRYPTO_memcmp(told.hash.data(), kept.hash.data(), kept.hash.size()) == 0;
}

std::array<std::uint8_t, 16> fresh_salt() {
  std::array<std::uint8_t, 16> salt;
  fill_randomly(salt.data(), salt.size());
  return salt;
}

Token fresh_token() {
  Token token;
  fill_randomly(token.data(), token.size());
  return token;
}

void append_hex(std::string& to, const std::uint8_t* bytes, std::size_t count) {
  constexpr std::string_view digits = "0123456789abcdef";
  for (std::size_t i = 0; i < count; ++i) {
    to += digits[bytes[i] >> 4];
    to += digits[bytes[i] & 15];
  }
}

std::string token_text(const Token& token) {
  std::string text;
  append_hex(text, token.data(), token.size());
  return text;
}

std::optional<Token> token_of(std::string_view text) {
  Token token;
  if (text.size() != 2 * token.size()) return std::nullopt;
  for (std::size_t i = 0; i < token.size(); ++i) {
    const int high = hex_value(text[2 * i]), low = hex_value(text[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    token[i] = static_cast<std::uint8_t>(high << 4 | low);
  }
  return token;
}

Digest sha256(std::string_view bytes) {
  RunningDigest digest;
  digest.add(bytes);
  return digest.end();
}

RunningDigest::RunningDigest() : context_(EVP_MD_CTX_new()) {
  if (!context_ || EVP_DigestInit_ex(static_cast<EVP_MD_CTX*>(context_), EVP_sha256(), nullptr) != 1)
    throw std::runtime_error("no SHA-256 here");
}
RunningDigest::~RunningDigest() { EVP_MD_CTX_free(static_cast<EVP_MD_CTX*>(context_)); }
void RunningDigest::add(std::string_view bytes) {
  EVP_DigestUpdate(static_cast<EVP_MD_CTX*>(context_), bytes.data(), bytes.size());
}
Digest RunningDigest::end() {
  Digest digest;
  EVP_DigestFinal_ex(static_cast<EVP_MD_CTX*>(context_), digest.data(), nullptr);
  return digest;
}

}  // namespace dueprocess::service
