// Any bytes as what a client sends: the reader of requests and every route, without sockets. Whatever comes ends in an answer
// that is whole, or in waiting for more; and the service goes on.
#include <cstdlib>

#include "harness/service/handler.hpp"
#include "harness/service/request_parser.hpp"
#include "harness/service/upload.hpp"

namespace {

using namespace dueprocess;
using namespace dueprocess::service;

struct NoFacts final : ServerFacts {
  std::string metrics() override { return "# EOF\n"; }
};

DeskOptions options() {
  DeskOptions made;
  made.virtual_clock = true;
  made.password_rounds = 1;
  made.orders_max = 1000;
  made.operator_password = "operator";
  return made;
}

void expect(bool held) {
  if (!held) std::abort();
}

/// Three people with tokens, an order between two of them.
struct Bench {
  Bench() : handler{desk, handler_options, metrics, facts} {
    for (const char* name : {"operator", "u1", "u2"}) {
      LoginTold told;
      desk.login(name, name == std::string_view{"operator"} ? "operator" : "secret", told);
      tokens.push_back("Bearer " + told.token);
    }
    Ask ask;
    ask.kind = OperationKind::place_order;
    ask.by = desk.user_of(std::string_view{tokens[1]}.substr(7));
    ask.seller = "u2";
    ask.amount = 5;
    ask.due_at = desk.counts().now + std::chrono::hours{48};
    Told told;
    desk.perform(ask, told);
    expect(told.good());
  }

  /// The bytes of one request are taken off; false: there is none.
  bool take(std::string_view& bytes) {
    const auto step = parser.take_head(bytes, 16 * 1024);
    if (step != RequestParser::Step::done) {
      expect(step == RequestParser::Step::more || !parser.why().empty());
      return false;
    }
    RequestHead head = parser.head();
    // "Bearer @1" stands for a token, which the fuzzer could not guess.
    if (head.authorization.starts_with("Bearer @") && head.authorization.size() == 9)
      head.authorization = tokens[static_cast<unsigned char>(head.authorization[8]) % tokens.size()];
    bytes.remove_prefix(parser.head_size());
    if (handler.refuse_early(head, reply)) return check(), false;
    std::unique_ptr<Upload> upload;
    const bool uploads = handler.is_upload(head);
    if (uploads) {
      upload = handler.open_upload(head, reply);
      if (!upload) return check(), false;
    }
    std::string body;
    if (head.chunked) {
      // Cut as the network cuts: what came is offered again with a little more behind it.
      for (std::size_t here = 1; here <= bytes.size() && !parser.body_done() && !parser.body_bad();) {
        const std::size_t used = parser.take_chunked(bytes.substr(0, here));
        body += parser.piece();
        bytes.remove_prefix(used);
        here = here - used + 1 + bytes.size() % 3;
      }
      if (!parser.body_done()) return false;
    } else {
      const std::uint64_t length = head.length.value_or(0);
      if (length > bytes.size()) return false;
      body = bytes.substr(0, static_cast<std::size_t>(length));
      bytes.remove_prefix(static_cast<std::size_t>(length));
    }
    if (upload) {
      if (handler.add_upload(*upload, body, reply)) {
        reply.clear();
        handler.close_upload(*upload, reply);
      }
    } else {
      handler.handle(head, body, reply);
      if (reply.waiting.seconds > 0) {
        const Waiting waiting = reply.waiting;
        expect(handler.events_again(waiting, true, reply));
      }
    }
    check();
    return head.keep_alive;
  }

  void check() const {
    expect(reply.status >= 200 && reply.status < 600 && reply.status != 500);
    expect(reply.waiting.stream || !reply.body.empty());
  }

  Desk desk{options()};
  HandlerOptions handler_options;
  ThreadMetrics metrics;
  NoFacts facts;
  Handler handler;
  RequestParser parser;
  Reply reply;
  std::vector<std::string> tokens;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Bench bench;
  std::string_view bytes{reinterpret_cast<const char*>(data), size};
  while (!bytes.empty() && bench.take(bytes)) {
  }
  return 0;
}
