#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>

#include "harness/service/connection.hpp"

namespace dueprocess::service {

namespace ssl = boost::asio::ssl;

struct TlsIdentity::Impl {
  ssl::context context{ssl::context::tls_server};
};

TlsIdentity::TlsIdentity(const std::string& certificate, const std::string& key, std::string& problem)
    : impl_(std::make_unique<Impl>()) {
  boost::system::error_code error;
  ssl::context& context = impl_->context;
  context.set_options(ssl::context::default_workarounds | ssl::context::no_sslv2 | ssl::context::no_sslv3 |
                          ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1 | ssl::context::single_dh_use,
                      error);
  // Idle connections give their buffers back.
  SSL_CTX_set_mode(context.native_handle(), SSL_MODE_RELEASE_BUFFERS);
  context.use_certificate_chain_file(certificate, error);
  if (error) {
    problem = "the certificate " + certificate + " cannot be used: " + error.message();
    return;
  }
  context.use_private_key_file(key, ssl::context::pem, error);
  if (error || SSL_CTX_check_private_key(context.native_handle()) != 1)
    problem = "the key " + key + " cannot be used" + (error ? ": " + error.message() : ": it is not the certificate's");
}
TlsIdentity::~TlsIdentity() = default;

std::shared_ptr<AnyConnection> TlsIdentity::make_connection(Worker& worker, Socket socket) {
  return std::make_shared<Connection<ssl::stream<Socket>>>(worker, ssl::stream<Socket>{std::move(socket), impl_->context});
}

}  // namespace dueprocess::service
