#include "harness/target/http/connection.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <climits>

namespace dueprocess::http {

namespace {

Io of_system(ssize_t result) {
  if (result > 0) return {Io::End::some, static_cast<std::size_t>(result)};
  if (result == 0) return {Io::End::closed};
  if (errno == EAGAIN || errno == EINTR) return {Io::End::blocked};
  return {Io::End::failed, 0, errno};
}

Io of_tls(SSL* ssl, int result, int own_direction) {
  const int system_error = errno;
  const int error = SSL_get_error(ssl, result);
  if (error == own_direction) return {Io::End::blocked};
  switch (error) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
      return {Io::End::crossed};
    case SSL_ERROR_ZERO_RETURN:
      return {Io::End::closed};
    case SSL_ERROR_SYSCALL:
      ERR_clear_error();
      return {Io::End::failed, 0, system_error};
    default:
      ERR_clear_error();
      return {Io::End::failed};
  }
}

}  // namespace

Io Connection::read(char* data, std::size_t size) {
  if (ssl == nullptr) return of_system(::recv(socket.native_handle(), data, size, 0));
  std::size_t got = 0;
  const int result = SSL_read_ex(ssl.get(), data, size, &got);
  return result == 1 ? Io{Io::End::some, got} : of_tls(ssl.get(), result, SSL_ERROR_WANT_READ);
}

Io Connection::write(const char* data, std::size_t size) {
  if (ssl == nullptr) return of_system(::send(socket.native_handle(), data, size, MSG_NOSIGNAL));
  std::size_t sent = 0;
  const int result = SSL_write_ex(ssl.get(), data, size, &sent);
  return result == 1 ? Io{Io::End::some, sent} : of_tls(ssl.get(), result, SSL_ERROR_WANT_WRITE);
}

void Connection::shut(bool reset) {
  if (ssl != nullptr && state != State::shaking_hands && !reset && !unwritable) SSL_shutdown(ssl.get());
  ssl.reset();
  ERR_clear_error();
  boost::system::error_code ignored;
  if (reset) socket.set_option(boost::asio::socket_base::linger{true, 0}, ignored);
  socket.close(ignored);
  state = State::closed;
  waits_readable = waits_writable = false;
  ++generation;
  answers = 0;
  rest.clear(), head.clear(), body.clear();
}

}  // namespace dueprocess::http
