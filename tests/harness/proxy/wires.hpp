// Both ends of a proxied connection in one test's hands: plain blocking sockets on loopback, nothing waits longer than ten
// seconds.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace dueprocess::test {

inline constexpr int patience_ms = 10'000;

class Wire {
 public:
  explicit Wire(int file) : file_(file) {}
  ~Wire() { close(); }
  Wire(Wire&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
  Wire& operator=(Wire&&) = delete;

  static Wire to(std::uint16_t port) {
    Wire wire{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    const sockaddr_in address = loopback(port);
    if (::connect(wire.file_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
      throw std::runtime_error{"cannot connect"};
    const int on = 1;
    ::setsockopt(wire.file_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return wire;
  }
  static sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
  }

  /// False: the other end is gone.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t count = ::send(file_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count < 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
  }
  /// What is taken at once; nothing: no room.
  std::size_t send_some(std::string_view bytes) {
    const ssize_t count = ::send(file_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    return count < 0 ? 0 : static_cast<std::size_t>(count);
  }
  bool is_writable(int within_ms) const {
    pollfd waited{file_, POLLOUT, 0};
    return ::poll(&waited, 1, within_ms) > 0;
  }
  /// So many bytes, or as many as came before the end.
  std::string receive(std::size_t count) {
    std::string bytes;
    while (bytes.size() < count && is_readable(patience_ms)) {
      char buffer[4096];
      const ssize_t got = ::recv(file_, buffer, std::min(sizeof buffer, count - bytes.size()), 0);
      if (got <= 0) {
        ending_ = got == 0 ? "end" : errno == ECONNRESET ? "reset" : "error";
        break;
      }
      bytes.append(buffer, static_cast<std::size_t>(got));
    }
    return bytes;
  }
  /// How it ended: "end" (in good order), "reset", or "nothing" came for a long time. Bytes before it are thrown away.
  std::string ending() {
    while (ending_.empty() && is_readable(patience_ms)) receive(4096);
    return ending_.empty() ? "nothing" : ending_;
  }
  bool is_readable(int within_ms) const {
    pollfd waited{file_, POLLIN, 0};
    return ::poll(&waited, 1, within_ms) > 0;
  }
  bool is_silent_for(int ms) const { return !is_readable(ms); }
  void close() {
    if (file_ >= 0) ::close(std::exchange(file_, -1));
  }
  void reset() {
    const linger hard{1, 0};
    ::setsockopt(file_, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    close();
  }
  void end_sending() { ::shutdown(file_, SHUT_WR); }

 private:
  int file_;
  std::string ending_;
};

class Listener {
 public:
  Listener() : file_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address = Wire::loopback(0);
    socklen_t length = sizeof address;
    if (::bind(file_, reinterpret_cast<const sockaddr*>(&address), length) != 0 || ::listen(file_, 100) != 0 ||
        ::getsockname(file_, reinterpret_cast<sockaddr*>(&address), &length) != 0)
      throw std::runtime_error{"cannot listen"};
    port_ = ntohs(address.sin_port);
  }
  ~Listener() { ::close(file_); }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  std::uint16_t port() const { return port_; }
  bool is_called_within(int ms) const {
    pollfd waited{file_, POLLIN, 0};
    return ::poll(&waited, 1, ms) > 0;
  }
  Wire accept() {
    if (!is_called_within(patience_ms)) throw std::runtime_error{"nobody connects"};
    return Wire{::accept4(file_, nullptr, nullptr, SOCK_CLOEXEC)};
  }

 private:
  int file_;
  std::uint16_t port_ = 0;
};

}  // namespace dueprocess::test
