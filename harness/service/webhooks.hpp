// Posts the feed to an address, in order: {"events":[...]} as /v1/events gives them, at most a hundred a call, one call at a
// time.
//
// A call that is not answered with 2xx is made again, after a wait that doubles up to half a minute, until it is taken: nothing
// is skipped, unless so many wait that the oldest are left out and counted. Signed, when there is a secret, by
// `X-Dueprocess-Signature: sha256=` and the hexadecimal HMAC-SHA256 of the body.
// Its own thread; the desk outlives it.
#pragma once

#include <memory>
#include <string>

#include "harness/service/desk.hpp"
#include "harness/service/metrics.hpp"

namespace dueprocess::service {

class Webhooks {
 public:
  static constexpr std::uint32_t waiting_max = 1'000'000;

  Webhooks(Desk&, UserId the_operator, const std::string& url, std::string secret);
  ~Webhooks();
  Webhooks(const Webhooks&) = delete;
  Webhooks& operator=(const Webhooks&) = delete;

  const std::string& problem() const;  // the address cannot be called at all
  /// Begins with what comes after this.
  void start(Cursor after);
  /// From any thread.
  void wake();
  /// Gives what waits a moment to be taken.
  void stop();
  void tell(ServiceFacts&) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace dueprocess::service
