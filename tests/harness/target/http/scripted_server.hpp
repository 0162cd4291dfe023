// A service on loopback that does what a script says, byte for byte: the fixture of the client's tests. On the client's own loop,
// so a test is one thread and ends when what it waits for has happened.
//
//   ScriptedServer server{loop};
//   server.plays({hear(), say("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"), reset()});   // the first connection
//   server.plays({shut()});                                                                  // the second, and all after it
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace boost::asio {
class io_context;
}

namespace dueprocess::http::testing {

struct Step {
  enum class Kind { hear, hear_head, say, say_forever, drip, shut, reset, silence } kind;
  std::string text;
};
inline Step hear() { return {Step::Kind::hear, {}}; }            // a whole request
inline Step hear_head() { return {Step::Kind::hear_head, {}}; }  // its head alone
inline Step say(std::string text) { return {Step::Kind::say, std::move(text)}; }
inline Step say_forever(std::string text) { return {Step::Kind::say_forever, std::move(text)}; }  // until the other side closes
inline Step drip(std::string text) { return {Step::Kind::drip, std::move(text)}; }                // a byte every 2 ms
inline Step shut() { return {Step::Kind::shut, {}}; }
inline Step reset() { return {Step::Kind::reset, {}}; }
inline Step silence() { return {Step::Kind::silence, {}}; }  // nothing more, nothing read, not closed

/// An answer with a body and its length.
std::string answer(int status, const std::string& body, const std::string& fields = {});

class ScriptedServer {
 public:
  explicit ScriptedServer(boost::asio::io_context&, const std::string& address = "127.0.0.1", std::uint16_t port = 0);
  ~ScriptedServer();
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  /// For the next connection that has none yet; the last one is every later connection's too. At its end the connection is
  /// closed.
  void plays(std::vector<Step>);
  std::uint16_t port() const;
  std::string url() const;
  const std::vector<std::string>& requests() const;  // as heard
  std::size_t connections() const;
  void stop_listening();

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace dueprocess::http::testing
