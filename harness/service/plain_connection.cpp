#include "harness/service/connection.hpp"

namespace dueprocess::service {

std::shared_ptr<AnyConnection> make_plain_connection(Worker& worker, Socket socket) {
  return std::make_shared<Connection<Socket>>(worker, std::move(socket));
}

}  // namespace dueprocess::service
