// Any bytes as a service's answers on one connection: the first byte says how they are cut into pieces, and that makes no
// difference.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "harness/target/http/answer_parser.hpp"
#include "harness/target/http/event_stream.hpp"

namespace {

using dueprocess::http::AnswerParser;
using Step = AnswerParser::Step;

constexpr std::size_t head_bytes = 512, body_bytes = 2048;

struct Read {
  std::string text;  // everything that was understood
  Step last = Step::more;
};

/// Of what turns out to be bad, a body over the limit say, more may have been told where it came in pieces.
bool same(const Read& a, const Read& b) {
  if (a.last != b.last) return false;
  return a.last == Step::bad ? a.text.starts_with(b.text) || b.text.starts_with(a.text) : a.text == b.text;
}

/// As a connection does it: what is not parsed yet comes again with more behind it. The closing of the connection comes last.
Read read(std::string_view bytes, std::size_t piece_bytes) {
  Read read;
  AnswerParser parser;
  parser.begin(head_bytes, body_bytes, false);
  std::string waiting;
  std::size_t body = 0;
  while (!bytes.empty()) {
    waiting.append(bytes.substr(0, piece_bytes));
    bytes.remove_prefix(std::min(piece_bytes, bytes.size()));
    for (bool more = true; more;) {
      read.last = parser.take(waiting);
      if (parser.used() > waiting.size()) std::abort();
      switch (read.last) {
        case Step::head:
          if (parser.head().size() > head_bytes || parser.head().data() != waiting.data()) std::abort();
          read.text.append(parser.head()).append(std::to_string(parser.status()));
          dueprocess::http::find_field(parser.head(), "Retry-After");
          break;
        case Step::piece:
          body += parser.piece().size();
          if (body > body_bytes || parser.piece().empty()) std::abort();
          read.text.append(parser.piece());
          break;
        case Step::done:
          read.text.append(parser.keeps_alive() ? "kept" : "closed");
          parser.begin(head_bytes, body_bytes, false);
          body = 0;
          break;
        case Step::more:
          if (waiting.size() - parser.used() > head_bytes) std::abort();
          more = false;
          break;
        case Step::bad:
          if (parser.why().empty()) std::abort();
          return read;
      }
      waiting.erase(0, parser.used());
    }
  }
  if (parser.head_done() || !waiting.empty()) read.last = parser.take_end();
  return read;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes{reinterpret_cast<const char*>(data) + 1, size - 1};
  const Read whole = read(bytes, SIZE_MAX);
  const Read cut = read(bytes, std::size_t{data[0] % 64U} + 1);
  if (!same(whole, cut)) std::abort();

  dueprocess::http::EventStreamReader events{256};
  std::size_t told = 0;
  events.take(bytes, [&](const dueprocess::http::StreamEvent& event) { told += event.data.size(); });
  if (told > size) std::abort();
  return 0;
}
