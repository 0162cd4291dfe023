// Signed webhooks: HMAC-SHA256 over what was agreed upon, as hexadecimal digits.
#pragma once

#include <string>
#include <string_view>

namespace dueprocess::http {

/// 64 lower-case hexadecimal digits.
std::string hmac_sha256_hex(std::string_view secret, std::string_view bytes);

/// Whether `signature` (digits of either case, with or without a `sha256=` before them) is that of `bytes`. Takes the same time
/// wherever the first wrong digit is.
bool signature_matches(std::string_view secret, std::string_view bytes, std::string_view signature);

}  // namespace dueprocess::http
