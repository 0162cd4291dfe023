// R16: idempotency keys.
#include "catch.hpp"
#include "sim/engine/keys.hpp"
#include "walk.hpp"

#include <map>
#include <utility>

using namespace dueprocess;
using namespace dueprocess::test;

TEST_CASE("R16 a retry gets the first answer word for word and has no second effect") {
  Desk desk;
  desk.place(start + 48h);
  desk.deliver();
  const Answer first = desk.at(start + 1h).with_key(1).extend(5h);
  const std::size_t seen = desk.seen().size();
  CHECK(parts(desk.at(start + 2h).with_key(1).extend(5h)) == parts(first));
  CHECK(desk.seen().size() == seen);
  CHECK(desk.view().deadline == start + 125h);
  CHECK(parts(desk.at(start + 500h).with_key(1).extend(5h)) == parts(first));  // also when the order is long completed
  CHECK(first.stamp == start + 1h);
}

TEST_CASE("R16 a refusal is remembered too, until another key asks") {
  Desk desk;
  desk.place(start + 48h);
  const Answer refused = desk.with_key(1).accept();
  CHECK(refused.refusal == Refusal::wrong_state);
  desk.deliver();
  CHECK(parts(desk.with_key(1).accept()) == parts(refused));
  CHECK(desk.with_key(2).accept().outcome == Outcome::ok);
}

TEST_CASE("R16 a key used for anything else is invalid, and the first answer stays") {
  Desk desk;
  desk.of(2).place(start + 48h);
  desk.of(1).place(start + 48h);
  desk.deliver();
  const Answer first = desk.with_key(1).extend(5h);
  const Answer other = desk.with_key(1).extend(6h);
  CHECK(other.refusal == Refusal::invalid);
  CHECK(other.state == OrderState::delivered);  // a party is told
  CHECK(other.version == 3);
  CHECK(desk.with_key(1).accept().refusal == Refusal::invalid);
  CHECK(desk.of(2).with_key(1).extend(5h).refusal == Refusal::invalid);
  CHECK(desk.of(1).with_key(1).ask(buyer, OperationKind::list_orders).refusal == Refusal::invalid);
  CHECK(parts(desk.with_key(1).extend(5h)) == parts(first));
}

TEST_CASE("R16 keys are each user's own, and nobody has none") {
  Desk desk;
  desk.place(start + 48h);
  desk.with_key(1).deliver();
  CHECK(desk.with_key(1).accept().outcome == Outcome::ok);
  CHECK(desk.with_key(2).view(UserId::nobody).refusal == Refusal::unauthenticated);
  CHECK(desk.with_key(2).accept().refusal == Refusal::wrong_state);  // not taken by what nobody asked
}

TEST_CASE("R16 a stranger's conflicting key tells nothing of the order") {
  Desk desk;
  desk.place(start + 48h);
  CHECK(desk.with_key(1).view(stranger).refusal == Refusal::not_found);
  const Answer answer = desk.with_key(1).ask(stranger, OperationKind::accept);
  CHECK(answer.refusal == Refusal::invalid);
  CHECK(answer.state == OrderState::none);
}

TEST_CASE("R16 every argument makes another operation, what the kind does not use does not") {
  const auto conflict = [](Operation a, Operation b) {
    Desk desk;
    desk.place(start + 48h);
    desk.upload(1);
    desk.with_key(1).ask(a);
    return desk.with_key(1).ask(b).refusal == Refusal::invalid;
  };
  const Operation delivery = Desk::delivery();
  Operation other = delivery;
  CHECK_FALSE(conflict(delivery, other));
  other.text = TextId::blank;
  CHECK(conflict(delivery, other));
  other = delivery;
  other.attachments = 1;
  CHECK(conflict(delivery, other));
  other = delivery;
  other.links = 2;
  CHECK(conflict(delivery, other));
  other = delivery;
  other.content = Content::draft;
  CHECK(conflict(delivery, other));
  other = delivery;
  other.confirm_no_file = true;
  CHECK(conflict(delivery, other));
  other = delivery;
  other.use_draft = true;
  CHECK(conflict(delivery, other));
  other = delivery;
  other.kind = OperationKind::deliver_modified;
  CHECK(conflict(delivery, other));

  Operation upload;
  upload.by = seller;
  upload.kind = OperationKind::upload;
  upload.bytes = 5;
  other = upload;
  other.bytes = 6;
  CHECK(conflict(upload, other));
  other = upload;
  other.text = words;
  CHECK(conflict(upload, other));

  Operation list;
  list.by = seller;
  list.kind = OperationKind::list_orders;
  other = list;
  other.order = OrderId{2};
  CHECK_FALSE(conflict(list, other));
}

TEST_CASE("R16 placing twice under one key places once, and another order under it is invalid") {
  Desk desk;
  const Answer first = desk.with_key(1).place(start + 48h);
  CHECK(parts(desk.at(start + 1h).with_key(1).place(start + 48h)) == parts(first));
  CHECK(desk.with_key(1).place(start + 49h).refusal == Refusal::invalid);
  CHECK(desk.of(2).with_key(1).place(start + 48h).refusal == Refusal::invalid);
  CHECK(desk.list(buyer) == 1);
}

TEST_CASE("R16 keys survive a restart") {
  Desk desk;
  desk.place(start + 48h);
  desk.deliver();
  const Answer first = desk.with_key(1).extend(5h);
  desk.restart(start + 1h, start + 2h);
  CHECK(parts(desk.with_key(1).extend(5h)) == parts(first));
  CHECK(desk.view().deadline == start + 125h);
}

TEST_CASE("the keys of a forgotten order go, those of others stay") {
  Desk desk;
  desk.of(1).place(start + 48h);
  desk.of(2).place(start + 48h);
  for (std::uint64_t key = 1; key <= 3; ++key) desk.of(1).with_key(key).view();
  desk.of(2).with_key(4).view();
  desk.with_key(5).ask(buyer, OperationKind::list_orders);
  desk.engine.forget(OrderId{1});
  CHECK(desk.of(2).with_key(2).view().outcome == Outcome::ok);
  CHECK(desk.with_key(4).accept().refusal == Refusal::invalid);
  CHECK(desk.with_key(5).accept().refusal == Refusal::invalid);
}

TEST_CASE("the key store remembers and forgets like a map, however many keys there are") {
  struct Entry {
    Operation operation;
    std::uint32_t version;
    bool bound;
  };
  for (std::uint64_t walk = 0; walk < 20; ++walk) {
    Choices choose(11, walk);
    KeyStore keys;
    std::map<std::pair<std::uint32_t, std::uint64_t>, Entry> model;
    for (std::uint32_t step = 0; step < 1500; ++step) {
      Operation op;
      op.by = UserId{1 + choose.of(3)};
      op.key = KeyId{choose.of(500)};
      op.order = OrderId{choose.of(40)};
      const auto known = model.find({number(op.by), number(op.key)});
      const KeyStore::Remembered* found = keys.find(op.by, op.key);
      REQUIRE((found == nullptr) == (known == model.end()));
      if (found) {
        CHECK(found->answer.version == known->second.version);
        CHECK(found->operation.order == known->second.operation.order);
      } else {
        Answer answer;
        answer.version = step;
        const bool bound = !choose.one_in(4);
        keys.remember(op, answer, bound);
        model[{number(op.by), number(op.key)}] = {op, step, bound};
      }
      if (choose.one_in(walk % 2 == 0 ? 10 : 400)) {
        const OrderId order{choose.of(40)};
        keys.forget(order);
        std::erase_if(model, [&](const auto& entry) { return entry.second.bound && entry.second.operation.order == order; });
      }
      if (choose.one_in(700)) {
        keys.clear();
        model.clear();
      }
    }
  }
}
