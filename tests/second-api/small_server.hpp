// A small HTTP/1.1 server for test services: keep-alive, whole requests with a length, one handler. For loopback and friends
// only.
#pragma once

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <functional>
#include <memory>
#include <string>

namespace dueprocess::testing {

struct HttpRequest {
  std::string method, target, head, body;
  std::string field(std::string name) const {
    std::string lower = head;
    const auto small = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    std::ranges::transform(lower, lower.begin(), small);
    std::ranges::transform(name, name.begin(), small);
    const std::size_t at = lower.find("\r\n" + name + ":");
    if (at == std::string::npos) return {};
    std::size_t begin = at + name.size() + 3;
    while (head[begin] == ' ') ++begin;
    return head.substr(begin, head.find("\r\n", begin) - begin);
  }
};

struct HttpResponse {
  int status = 200;
  std::string body;
};

class SmallServer {
 public:
  using Handler = std::function<HttpResponse(const HttpRequest&)>;

  SmallServer(boost::asio::io_context& loop, Handler handler, std::uint16_t port = 0)
      : acceptor_(loop, {boost::asio::ip::address_v4::loopback(), port}),
        handler_(std::make_shared<Handler>(std::move(handler))) {
    accept();
  }
  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

 private:
  using Socket = boost::asio::ip::tcp::socket;

  struct Talk : std::enable_shared_from_this<Talk> {
    Talk(Socket s, std::shared_ptr<Handler> h) : socket(std::move(s)), handler(std::move(h)) {
      socket.set_option(boost::asio::ip::tcp::no_delay{true});
    }
    void hear() {
      boost::asio::async_read_until(socket, boost::asio::dynamic_buffer(in), "\r\n\r\n",
                                    [self = shared_from_this()](const boost::system::error_code& error, std::size_t length) {
                                      if (!error) self->heard_head(length);
                                    });
    }
    void heard_head(std::size_t length) {
      request = {};
      request.head = in.substr(0, length);
      const std::size_t space = request.head.find(' ');
      request.method = request.head.substr(0, space);
      request.target = request.head.substr(space + 1, request.head.find(' ', space + 1) - space - 1);
      const std::string given = request.field("content-length");
      const std::size_t body = given.empty() ? 0 : std::stoul(given);
      in.erase(0, length);
      const std::size_t missing = body > in.size() ? body - in.size() : 0;
      boost::asio::async_read(socket, boost::asio::dynamic_buffer(in), boost::asio::transfer_exactly(missing),
                              [self = shared_from_this(), body](const boost::system::error_code& error, std::size_t) {
                                if (!error) self->answer(body);
                              });
    }
    void answer(std::size_t body) {
      request.body = in.substr(0, body);
      in.erase(0, body);
      const HttpResponse response = (*handler)(request);
      out = "HTTP/1.1 " + std::to_string(response.status) +
            " X\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(response.body.size()) + "\r\n\r\n" +
            response.body;
      boost::asio::async_write(socket, boost::asio::buffer(out),
                               [self = shared_from_this()](const boost::system::error_code& error, std::size_t) {
                                 if (!error) self->hear();
                               });
    }
    Socket socket;
    std::shared_ptr<Handler> handler;
    HttpRequest request;
    std::string in, out;
  };

  void accept() {
    acceptor_.async_accept([this](const boost::system::error_code& error, Socket socket) {
      if (error) return;
      std::make_shared<Talk>(std::move(socket), handler_)->hear();
      accept();
    });
  }

  boost::asio::ip::tcp::acceptor acceptor_;
  std::shared_ptr<Handler> handler_;
};

}  // namespace dueprocess::testing
