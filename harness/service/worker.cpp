#include "harness/service/worker.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>

#include "harness/service/real_time.hpp"

namespace dueprocess::service {

Worker::Worker(Desk& desk, const ServerOptions& o, Journal* kept_in, ServerFacts& facts)
    : options(o), journal(kept_in), handler(desk, o.handler, metrics, facts) {
  tick();
}

void Worker::add(std::shared_ptr<AnyConnection> connection) {
  connection->place = connections_.size();
  connections_.push_back(connection);
  connection_count.store(connections_.size(), std::memory_order_relaxed);
  metrics.connections_opened.add();
  connection->start();
}

void Worker::remove(AnyConnection& connection) {
  unwait(connection);
  wheel.clear(connection);
  const std::size_t place = connection.place;
  if (place >= connections_.size() || connections_[place].get() != &connection) return;
  const std::shared_ptr<AnyConnection> removed = std::move(connections_[place]);
  if (place + 1 < connections_.size()) {
    connections_[place] = std::move(connections_.back());
    connections_[place]->place = place;
  }
  connections_.pop_back();
  connection_count.store(connections_.size(), std::memory_order_relaxed);
  metrics.connections_closed.add();
  if (stopping && connections_.empty()) {
    timer_.cancel();
    work_.reset();
  }
}

void Worker::wait(AnyConnection& connection) {
  waiting_.push_back(&connection);
  anybody_waits_.store(true);
}

void Worker::unwait(AnyConnection& connection) {
  if (!waiting_.empty()) std::erase(waiting_, &connection);
}

void Worker::wake() {
  if (!anybody_waits_.load() || waking_.exchange(true)) return;
  boost::asio::post(loop, [this] { wake_waiting(); });
}

void Worker::wake_waiting() {
  waking_.store(false);
  if (waiting_.empty()) {
    anybody_waits_.store(false);
    // Somebody may have begun to wait, and woken nobody, in between: there is one thread here, so nobody has.
    return;
  }
  const std::vector<AnyConnection*> looking = waiting_;
  for (AnyConnection* connection : looking)
    if (std::find(waiting_.begin(), waiting_.end(), connection) != waiting_.end()) connection->look_again();
}

void Worker::stop() {
  if (stopping) return;
  stopping = true;
  const std::vector<std::shared_ptr<AnyConnection>> all = connections_;
  for (const std::shared_ptr<AnyConnection>& connection : all) connection->stop();
  if (!connections_.empty()) return;
  timer_.cancel();
  work_.reset();
}

void Worker::tick() {
  date = "Date: " + http_date(real_time()) + "\r\n";
  wheel.advance(clock.now(), [](http::Deadline& deadline) { static_cast<AnyConnection&>(deadline).over_time(); });
  if (stopping && connections_.empty()) return;
  timer_.expires_after(std::chrono::milliseconds{50});
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) tick();
  });
}

}  // namespace dueprocess::service
