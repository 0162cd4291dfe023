#include "harness/target/http/signature.hpp"

#include "catch.hpp"

namespace dueprocess::http {
namespace {

TEST_CASE("Signatures are HMAC-SHA256: RFC 4231's test cases 1 and 2") {
  CHECK(hmac_sha256_hex(std::string(20, '\x0b'), "Hi There") ==
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  CHECK(hmac_sha256_hex("Jefe", "what do ya want for nothing?") ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST_CASE("A signature matches its bytes under its secret, and nothing else") {
  const std::string right = hmac_sha256_hex("secret", "body");
  CHECK(signature_matches("secret", "body", right));
  CHECK(signature_matches("secret", "body", "sha256=" + right));
  std::string upper = right;
  for (char& c : upper)
    if (c >= 'a') c = static_cast<char>(c - 'a' + 'A');
  CHECK(signature_matches("secret", "body", upper));
  CHECK_FALSE(signature_matches("secret", "bodY", right));
  CHECK_FALSE(signature_matches("secreT", "body", right));
  CHECK_FALSE(signature_matches("secret", "body", right.substr(1)));
  CHECK_FALSE(signature_matches("secret", "body", right + "0"));
  CHECK_FALSE(signature_matches("secret", "body", ""));
}

}  // namespace
}  // namespace dueprocess::http
