#include "harness/target/http/tls.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include <cerrno>

namespace dueprocess::http {

namespace {

/// OpenSSL's own socket BIO writes in a way that raises SIGPIPE when the other side is gone; this one does not.
int descriptor_of(BIO* bio) { return *static_cast<const int*>(BIO_get_data(bio)); }

int bio_write(BIO* bio, const char* data, int size) {
  BIO_clear_retry_flags(bio);
  const ssize_t sent = ::send(descriptor_of(bio), data, static_cast<std::size_t>(size), MSG_NOSIGNAL);
  if (sent < 0 && (errno == EAGAIN || errno == EINTR)) BIO_set_retry_write(bio);
  return static_cast<int>(sent);
}

int bio_read(BIO* bio, char* data, int size) {
  BIO_clear_retry_flags(bio);
  const ssize_t got = ::recv(descriptor_of(bio), data, static_cast<std::size_t>(size), 0);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) BIO_set_retry_read(bio);
  if (got == 0) BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
  return static_cast<int>(got);
}

long bio_control(BIO* bio, int command, long, void*) {
  switch (command) {
    case BIO_CTRL_FLUSH:
      return 1;
    case BIO_CTRL_EOF:
      return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0 ? 1 : 0;
    default:
      return 0;
  }
}

int bio_create(BIO* bio) { return BIO_set_init(bio, 1), 1; }

int bio_destroy(BIO* bio) {
  delete static_cast<int*>(BIO_get_data(bio));
  return 1;
}

const BIO_METHOD* quiet_socket() {
  static const std::unique_ptr<BIO_METHOD, decltype(&BIO_meth_free)> method = [] {
    std::unique_ptr<BIO_METHOD, decltype(&BIO_meth_free)> made{BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket"),
                                                               BIO_meth_free};
    BIO_meth_set_write(made.get(), bio_write);
    BIO_meth_set_read(made.get(), bio_read);
    BIO_meth_set_ctrl(made.get(), bio_control);
    BIO_meth_set_create(made.get(), bio_create);
    BIO_meth_set_destroy(made.get(), bio_destroy);
    return made;
  }();
  return method.get();
}

bool is_address(const std::string& host) {
  ASN1_OCTET_STRING* const address = a2i_IPADDRESS(host.c_str());
  ASN1_OCTET_STRING_free(address);
  return address != nullptr;
}

}  // namespace

void SslFree::operator()(SSL* ssl) const { SSL_free(ssl); }
void SslFree::operator()(SSL_CTX* context) const { SSL_CTX_free(context); }

TlsContext::TlsContext(const TlsOptions& options, const std::string& host, std::string& problem)
    : context_{SSL_CTX_new(TLS_client_method())}, host_{host}, insecure_{options.insecure} {
  SSL_CTX* const context = context_.get();
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_verify(context, insecure_ ? SSL_VERIFY_NONE : SSL_VERIFY_PEER, nullptr);
  if (options.ca_file.empty())
    SSL_CTX_set_default_verify_paths(context);
  else if (SSL_CTX_load_verify_locations(context, options.ca_file.c_str(), nullptr) != 1)
    problem = "no certificates can be read from " + options.ca_file;
  ERR_clear_error();
}

Ssl TlsContext::open(int descriptor) const {
  Ssl ssl{SSL_new(context_.get())};
  BIO* const bio = BIO_new(quiet_socket());
  BIO_set_data(bio, new int{descriptor});
  SSL_set_bio(ssl.get(), bio, bio);
  if (is_address(host_)) {
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl.get()), host_.c_str());
  } else {
    SSL_set1_host(ssl.get(), host_.c_str());
    SSL_set_tlsext_host_name(ssl.get(), host_.c_str());
  }
  SSL_set_connect_state(ssl.get());
  return ssl;
}

std::string tls_problem(const SSL* ssl) {
  const long verified = SSL_get_verify_result(ssl);
  std::string text;
  if (verified != X509_V_OK && (SSL_get_verify_mode(ssl) & SSL_VERIFY_PEER) != 0) {
    text = std::string{"certificate: "} + X509_verify_cert_error_string(verified);
  } else {
    const unsigned long error = ERR_peek_last_error();
    const char* const reason = error == 0 ? nullptr : ERR_reason_error_string(error);
    text = reason == nullptr ? "closed during the TLS hand-shake" : std::string{"TLS: "} + reason;
  }
  ERR_clear_error();
  return text;
}

}  // namespace dueprocess::http
