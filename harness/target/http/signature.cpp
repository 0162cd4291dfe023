#include "harness/target/http/signature.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>

namespace dueprocess::http {

std::string hmac_sha256_hex(std::string_view secret, std::string_view bytes) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), reinterpret_cast<const unsigned char*>(bytes.data()),
       bytes.size(), digest, &size);
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(2 * std::size_t{size});
  for (unsigned i = 0; i < size; ++i) {
    text.push_back(digits[digest[i] >> 4]);
    text.push_back(digits[digest[i] & 15]);
  }
  return text;
}

bool signature_matches(std::string_view secret, std::string_view bytes, std::string_view signature) {
  if (signature.starts_with("sha256=")) signature.remove_prefix(7);
  std::string told{signature};
  std::ranges::transform(told, told.begin(),
                         [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c + ('a' - 'A')) : c; });
  const std::string right = hmac_sha256_hex(secret, bytes);
  return told.size() == right.size() && CRYPTO_memcmp(told.data(), right.data(), right.size()) == 0;
}

}  // namespace dueprocess::http
