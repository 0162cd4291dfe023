#include "tests/harness/target/http/scripted_server.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

namespace dueprocess::http::testing {

namespace {

using boost::asio::ip::tcp;
using Error = boost::system::error_code;

std::size_t length_in(const std::string& head) {
  const std::string name = "\r\nContent-Length: ";
  const std::size_t at = head.find(name);
  return at == std::string::npos ? 0 : std::stoul(head.substr(at + name.size()));
}

}  // namespace

std::string answer(int status, const std::string& body, const std::string& fields) {
  return "HTTP/1.1 " + std::to_string(status) + " Whatever\r\n" + fields + "Content-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + body;
}

struct ScriptedServer::Impl : std::enable_shared_from_this<Impl> {
  struct Player : std::enable_shared_from_this<Player> {
    Player(std::shared_ptr<Impl> of, tcp::socket on, std::vector<Step> what)
        : impl{std::move(of)}, socket{std::move(on)}, timer{socket.get_executor()}, script{std::move(what)} {}

    void next() {
      if (at == script.size()) return close();
      const Step& step = script[at];
      switch (step.kind) {
        case Step::Kind::hear:
        case Step::Kind::hear_head:
          return hear_head(step.kind == Step::Kind::hear);
        case Step::Kind::say:
          ++at;
          return write(step.text);
        case Step::Kind::say_forever:
          return write(step.text);
        case Step::Kind::drip:
          return drip();
        case Step::Kind::shut:
          return close();
        case Step::Kind::reset: {
          Error ignored;
          socket.set_option(boost::asio::socket_base::linger{true, 0}, ignored);
          return close();
        }
        case Step::Kind::silence:
          // Held until the server goes: its list of players keeps this one.
          return;
      }
    }

    void hear_head(bool body_too) {
      boost::asio::async_read_until(socket, boost::asio::dynamic_buffer(heard), "\r\n\r\n",
                                    [self = shared_from_this(), body_too](Error error, std::size_t size) {
                                      if (error) return self->close();
                                      self->hear_body(size, body_too);
                                    });
    }

    void hear_body(std::size_t head, bool body_too) {
      const std::size_t whole = head + (body_too ? length_in(heard.substr(0, head)) : 0);
      const std::size_t missing = whole > heard.size() ? whole - heard.size() : 0;
      boost::asio::async_read(socket, boost::asio::dynamic_buffer(heard), boost::asio::transfer_exactly(missing),
                              [self = shared_from_this(), whole](Error error, std::size_t) {
                                if (error) return self->close();
                                self->impl->requests.push_back(self->heard.substr(0, whole));
                                self->heard.erase(0, whole);
                                ++self->at;
                                self->next();
                              });
    }

    void write(const std::string& text) {
      boost::asio::async_write(socket, boost::asio::buffer(text), [self = shared_from_this()](Error error, std::size_t) {
        if (error) return self->close();
        self->next();
      });
    }

    void drip() {
      if (dripped == script[at].text.size()) {
        dripped = 0, ++at;
        return next();
      }
      timer.expires_after(std::chrono::milliseconds{2});
      timer.async_wait([self = shared_from_this()](Error error) {
        if (error) return;
        boost::asio::async_write(self->socket, boost::asio::buffer(self->script[self->at].text.data() + self->dripped++, 1),
                                 [self](Error failed, std::size_t) {
                                   if (failed) return self->close();
                                   self->drip();
                                 });
      });
    }

    void close() {
      Error ignored;
      socket.close(ignored);
      timer.cancel();
    }

    std::shared_ptr<Impl> impl;
    tcp::socket socket;
    boost::asio::steady_timer timer;
    std::vector<Step> script;
    std::size_t at = 0, dripped = 0;
    std::string heard;
  };

  Impl(boost::asio::io_context& loop, const tcp::endpoint& where)
      : acceptor{loop, where}, port{acceptor.local_endpoint().port()} {}

  void accept() {
    acceptor.async_accept([self = shared_from_this()](Error error, tcp::socket socket) {
      if (error) return;
      std::vector<Step> script;
      if (!self->scripts.empty()) script = self->scripts[std::min(self->connections, self->scripts.size() - 1)];
      ++self->connections;
      const auto player = std::make_shared<Player>(self, std::move(socket), std::move(script));
      self->players.push_back(player);
      player->next();
      self->accept();
    });
  }

  tcp::acceptor acceptor;
  std::uint16_t port;
  std::vector<std::vector<Step>> scripts;
  std::vector<std::shared_ptr<Player>> players;
  std::vector<std::string> requests;
  std::size_t connections = 0;
};

ScriptedServer::ScriptedServer(boost::asio::io_context& loop, const std::string& address, std::uint16_t port)
    : impl_{std::make_shared<Impl>(loop, tcp::endpoint{boost::asio::ip::make_address(address), port})} {
  impl_->accept();
}

ScriptedServer::~ScriptedServer() {
  stop_listening();
  for (const auto& player : impl_->players) player->close();
  impl_->players.clear();
}

void ScriptedServer::plays(std::vector<Step> script) { impl_->scripts.push_back(std::move(script)); }
std::uint16_t ScriptedServer::port() const { return impl_->port; }
std::string ScriptedServer::url() const { return "http://127.0.0.1:" + std::to_string(port()); }
const std::vector<std::string>& ScriptedServer::requests() const { return impl_->requests; }
std::size_t ScriptedServer::connections() const { return impl_->connections; }
void ScriptedServer::stop_listening() {
  Error ignored;
  impl_->acceptor.close(ignored);
}

}  // namespace dueprocess::http::testing
