#include "harness/main/declared_uploads.hpp"

#include <utility>

#include "harness/live/loop.hpp"
#include "harness/target/target.hpp"

namespace dueprocess {
namespace {

/// An order is placed, a file told to it, and that is all.
class UploadTrial final : private LiveSink {
 public:
  UploadTrial(const http::Endpoint& endpoint, const Binding& binding, HttpTargetOptions options)
      : target_(loop_.context(), endpoint, binding, std::move(options), http::RunClock{loop_.began_ns()}, *this) {}

  /// Whether the upload was refused as invalid.
  bool is_refused(const Operation& place, const Operation& upload) {
    upload_ = upload;
    target_.open([this, place](const std::string& problem) {
      if (!problem.empty()) return close();
      ask(place);
    });
    loop_.run();
    return refused_;
  }

 private:
  void ask(const Operation& operation) {
    Asked asked;
    asked.operation = operation;
    asked.intended_ns = loop_.now();
    target_.perform(asked);
  }

  void replied(std::uint64_t, const LiveObservation& seen) override {
    const Answer& answer = seen.observation.answer;
    if (seen.observation.operation.kind == OperationKind::place_order && answer.outcome == Outcome::ok) return ask(upload_);
    refused_ = seen.observation.operation.kind == OperationKind::upload && answer.outcome == Outcome::refused &&
               answer.refusal == Refusal::invalid;
    close();
  }
  void witnessed(const LiveEvidence&) override {}

  void close() {
    target_.close([this](const std::string&) { loop_.stop(); });
  }

  Loop loop_{http::monotonic_ns()};
  Operation upload_;
  bool refused_ = false;
  HttpTarget target_;
};

}  // namespace

void require_declared_uploads(const http::Endpoint& endpoint, const Binding& binding, HttpTargetOptions options, UserId buyer,
                              UserId seller, Instant due_at) {
  if (options.clock == LiveClock::stamped) options.clock = LiveClock::barrier;  // at whatever instant the service's clock shows
  options.run += "d";                                                           // no key of the run's own is used up
  options.texts = {"", " ", "trial.txt"};
  Operation place;
  place.kind = OperationKind::place_order;
  place.order = OrderId{1};
  place.by = buyer;
  place.seller = seller;
  place.price_cents = 500;
  place.due_at = due_at;
  Operation upload;
  upload.kind = OperationKind::upload;
  upload.order = place.order;
  upload.by = seller;
  upload.text = TextId::first_real;
  upload.bytes = 1;
  if (UploadTrial{endpoint, binding, std::move(options)}.is_refused(place, upload))
    throw TargetProblem{
        "the service takes no upload whose size is only told (--declared-uploads): it refused one as invalid. Start it so that "
        "it does (dueprocess serve --declared-uploads), or run without --declared-uploads: then the bytes are sent"};
}

}  // namespace dueprocess
