// Services whose certificate is right, and others. Certificates are made here, with OpenSSL; the service is its plain blocking
// server side on a thread of its own.
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include <netinet/in.h>

#include "catch.hpp"
#include "tests/harness/target/http/asking.hpp"

namespace dueprocess::http {
namespace {

using namespace testing;

template <auto Free>
struct FreedBy {
  template <class T>
  void operator()(T* what) const {
    Free(what);
  }
};
using Key = std::unique_ptr<EVP_PKEY, FreedBy<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, FreedBy<X509_free>>;

struct Identity {
  Key key;
  Certificate certificate;
};

/// For `names` (as in subjectAltName), valid from and to so many seconds from now; signed by `by`, or by itself.
Identity make(const std::string& names, long from, long to, const Identity* by = nullptr) {
  Identity made{Key{EVP_EC_gen("P-256")}, Certificate{X509_new()}};
  X509* const certificate = made.certificate.get();
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), by == nullptr ? 1 : 2);
  X509_gmtime_adj(X509_getm_notBefore(certificate), from);
  X509_gmtime_adj(X509_getm_notAfter(certificate), to);
  X509_set_pubkey(certificate, made.key.get());
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(by == nullptr ? "authority" : "service"), -1, -1, 0);
  X509_set_issuer_name(certificate, X509_get_subject_name(by == nullptr ? certificate : by->certificate.get()));
  const auto extend = [&](int id, const char* value) {
    X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, nullptr, id, value);
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
  };
  extend(NID_basic_constraints, by == nullptr ? "critical,CA:TRUE" : "CA:FALSE");
  if (!names.empty()) extend(NID_subject_alt_name, names.c_str());
  X509_sign(certificate, (by == nullptr ? made : *by).key.get(), EVP_sha256());
  return made;
}

/// Answers every request on every connection with "{}" until the test is over.
class TlsServer {
 public:
  explicit TlsServer(const Identity& identity) : context_{SSL_CTX_new(TLS_server_method())} {
    SSL_CTX_use_certificate(context_.get(), identity.certificate.get());
    SSL_CTX_use_PrivateKey(context_.get(), identity.key.get());
    listening_ = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    REQUIRE(::bind(listening_, reinterpret_cast<sockaddr*>(&address), size) == 0);
    REQUIRE(::listen(listening_, 10) == 0);
    ::getsockname(listening_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread{[this] { serve(); }};
  }
  ~TlsServer() {
    ::shutdown(listening_, SHUT_RDWR);
    thread_.join();
    ::close(listening_);
  }
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;
  std::string url(const std::string& host) const { return "https://" + host + ":" + std::to_string(port_); }

 private:
  void serve() {
    for (;;) {
      const int connection = ::accept(listening_, nullptr, nullptr);
      if (connection < 0) return;
      const timeval bound{5, 0};
      ::setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &bound, sizeof bound);
      std::unique_ptr<SSL, FreedBy<SSL_free>> ssl{SSL_new(context_.get())};
      SSL_set_fd(ssl.get(), connection);
      if (SSL_accept(ssl.get()) == 1) talk(ssl.get());
      ssl.reset();
      ::close(connection);
    }
  }
  static void talk(SSL* ssl) {
    std::string heard;
    char piece[16 * 1024];
    for (int size = 0; (size = SSL_read(ssl, piece, sizeof piece)) > 0;) {
      heard.append(piece, static_cast<std::size_t>(size));
      const std::size_t head = heard.find("\r\n\r\n");
      if (head == std::string::npos) continue;
      const std::size_t length = heard.find("Content-Length: ");
      const std::size_t body = length > head ? 0 : std::stoul(heard.substr(length + 16));
      if (heard.size() < head + 4 + body) continue;
      heard.clear();
      const std::string text = answer(200, std::to_string(body));
      SSL_write(ssl, text.data(), static_cast<int>(text.size()));
    }
  }

  std::unique_ptr<SSL_CTX, FreedBy<SSL_CTX_free>> context_;
  int listening_ = -1;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

/// The authority's certificate as a file for --ca.
class CaFile {
 public:
  explicit CaFile(const Identity& authority) {
    static unsigned number = 0;
    path_ = std::filesystem::temp_directory_path() /
            ("dueprocess-ca-" + std::to_string(::getpid()) + "-" + std::to_string(++number) + ".pem");
    std::unique_ptr<BIO, FreedBy<BIO_vfree>> memory{BIO_new(BIO_s_mem())};
    PEM_write_bio_X509(memory.get(), authority.certificate.get());
    char* text = nullptr;
    const long size = BIO_get_mem_data(memory.get(), &text);
    std::ofstream{path_}.write(text, size);
  }
  ~CaFile() { std::filesystem::remove(path_); }
  CaFile(const CaFile&) = delete;
  CaFile& operator=(const CaFile&) = delete;
  std::string path() const { return path_; }

 private:
  std::filesystem::path path_;
};

constexpr long day = 86'400;

ClientOptions trusting(const std::string& ca_file) {
  ClientOptions options = Asking::quick();
  options.tls.ca_file = ca_file;
  options.connect_timeout_ns = options.answer_timeout_ns = 5'000'000'000;
  return options;
}

TEST_CASE("A service with the right certificate is talked to, by address and by name, over a kept connection") {
  const Identity authority = make("", -day, day);
  const CaFile ca{authority};
  const TlsServer server{make("DNS:localhost,IP:127.0.0.1", -day, day, &authority)};
  for (const char* host : {"127.0.0.1", "localhost"}) {
    Asking asking{server.url(host), trusting(ca.path())};
    for (int i = 0; i < 3; ++i) {
      const Heard heard = asking.ask({.method = "POST", .target = "/", .body = {.bytes = "ab", .generated = 1'000'000}});
      INFO(heard.why);
      CHECK(heard.body == "1000002");
    }
    CHECK(asking.client.counts().connections == 1);
  }
}

TEST_CASE("A certificate that is not right is no connection to the service: nothing was sent, and it is said why") {
  const Identity authority = make("", -day, day), stranger = make("", -day, day);
  const CaFile ca{authority};
  struct Row {
    Identity identity;
    const char* why;
  };
  const Row rows[] = {
      {make("DNS:elsewhere.example", -day, day, &authority), "certificate: IP address mismatch"},
      {make("IP:127.0.0.1", -2 * day, -day, &authority), "certificate: certificate has expired"},
      {make("IP:127.0.0.1", day, 2 * day, &authority), "certificate: certificate is not yet valid"},
      {make("IP:127.0.0.1", -day, day, &stranger), "certificate: certificate signature failure"},
      {make("IP:127.0.0.1", -day, day), "certificate: self-signed certificate"},
  };
  for (const Row& row : rows) {
    const TlsServer server{row.identity};
    ClientOptions options = trusting(ca.path());
    options.retry.attempts = 3;
    Asking asking{server.url("127.0.0.1"), options};
    const Heard heard = asking.ask();
    CHECK(heard.failure == Failure::tls);
    CHECK(heard.unsent);
    CHECK(heard.attempts == 1);
    CHECK(heard.why == row.why);

    options.tls = {.insecure = true};
    Asking careless{server.url("127.0.0.1"), options};
    CHECK(careless.ask().status == 200);
  }
}

TEST_CASE("A name that the certificate does not have is refused too") {
  const Identity authority = make("", -day, day);
  const CaFile ca{authority};
  const TlsServer server{make("DNS:elsewhere.example", -day, day, &authority)};
  Asking asking{server.url("localhost"), trusting(ca.path())};
  CHECK(asking.ask().why == "certificate: hostname mismatch");
}

TEST_CASE("A CA file that is none is a problem, said at once") {
  ClientOptions options = trusting("/nowhere/ca.pem");
  Asking asking{"https://127.0.0.1:1", options};
  CHECK(asking.client.problem() == "no certificates can be read from /nowhere/ca.pem");
}

TEST_CASE("A service that does not speak TLS, or leaves while it shakes hands, is one outcome each") {
  boost::asio::io_context loop;
  ScriptedServer plain{loop};
  plain.plays({say("HTTP/1.1 400 Bad Request\r\n\r\n"), silence()});
  Asking asking{&loop, "https://127.0.0.1:" + std::to_string(plain.port())};
  CHECK(asking.ask().failure == Failure::tls);

  ScriptedServer leaving{loop};
  leaving.plays({shut()});
  Asking left{&loop, "https://127.0.0.1:" + std::to_string(leaving.port())};
  const Heard heard = left.ask();
  CHECK(heard.failure == Failure::no_connection);
  CHECK(heard.unsent);

  ScriptedServer silent{loop};
  silent.plays({silence()});
  Asking waited{&loop, "https://127.0.0.1:" + std::to_string(silent.port())};
  CHECK(waited.ask().failure == Failure::no_connection);
}

}  // namespace
}  // namespace dueprocess::http
