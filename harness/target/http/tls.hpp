// TLS over a socket that never blocks: OpenSSL reads and writes the descriptor itself, the event loop only waits for it.
#pragma once

#include <openssl/ossl_typ.h>

#include <memory>
#include <string>

#include "harness/target/http/client.hpp"

namespace dueprocess::http {

struct SslFree {
  void operator()(SSL*) const;
  void operator()(SSL_CTX*) const;
};
using Ssl = std::unique_ptr<SSL, SslFree>;

/// What all connections to an endpoint share: the certificates trusted and whether they are asked for.
class TlsContext {
 public:
  /// `problem` is set if the CA file cannot be read.
  TlsContext(const TlsOptions&, const std::string& host, std::string& problem);
  /// A client's side of a connection over the (connected, non-blocking) descriptor, which stays the caller's. The certificate has
  /// to be the host's, by name or address.
  Ssl open(int descriptor) const;

 private:
  std::unique_ptr<SSL_CTX, SslFree> context_;
  std::string host_;
  bool insecure_;
};

/// Why the hand-shake failed, in words.
std::string tls_problem(const SSL*);

}  // namespace dueprocess::http
