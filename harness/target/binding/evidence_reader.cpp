#include "harness/target/binding/evidence_reader.hpp"

#include "harness/target/binding/spell.hpp"

#include <algorithm>

namespace dueprocess::binding {

EvidenceReader::EvidenceReader(const ObserveBinding& observe)
    : rules_(observe.items),
      events_(observe.events),
      notices_(observe.notices),
      payments_(observe.payments),
      next_(observe.next, wanted_),
      kind_(rules_.kind, wanted_items_),
      order_(rules_.order, wanted_items_),
      at_(rules_.at, wanted_items_),
      from_(rules_.from, wanted_items_),
      state_(rules_.state, wanted_items_),
      version_(rules_.version, wanted_items_),
      deadline_(rules_.deadline, wanted_items_),
      to_(rules_.to, wanted_items_),
      amount_(rules_.amount, wanted_items_),
      notice_(rules_.notice, wanted_items_),
      completed_by_(rules_.completed_by, wanted_items_),
      cursor_(rules_.cursor, wanted_items_),
      body_(wanted_, true, rules_.list, wanted_items_) {}

std::string_view EvidenceReader::understand(Item& item, bool& counts) const {
  counts = false;
  const Told kind = kind_.told_item(body_);
  std::uint8_t which = 0;
  if (!kind.there) return "kind";
  if (!find_word(kind_.naming(), kind.text, which))
    return std::ranges::find(rules_.ignored, kind.text) == rules_.ignored.end() ? "kind" : std::string_view{};
  Evidence& e = item.evidence;
  e.kind = static_cast<EvidenceKind>(which);
  const bool shown = e.kind == EvidenceKind::event ? events_ : e.kind == EvidenceKind::notification ? notices_ : payments_;
  if (!shown) return {};
  counts = true;

  const Told order = order_.told_item(body_);
  if (!order.there) return "order";
  item.order = order.text;
  if (const Told at = at_.told_item(body_); at.there && !read_instant(at.text, at_.as(), e.at)) return "at";
  if (const Told told = version_.told_item(body_); told.there && !read_count(told.text, e.version)) return "version";
  if (const Told told = deadline_.told_item(body_); told.there && !read_instant(told.text, deadline_.as(), e.deadline))
    return "deadline";
  const auto word = [&](const FieldReader& field, auto& into) {
    const Told told = field.told_item(body_);
    std::uint8_t ours = 0;
    if (!told.there) return true;
    if (!find_word(field.naming(), told.text, ours)) return false;
    into = static_cast<std::remove_reference_t<decltype(into)>>(ours);
    return true;
  };
  if (e.kind == EvidenceKind::event) {
    if (!word(from_, e.from)) return "from";
    if (!word(state_, e.state) || e.state == OrderState::none) return "state";
  }
  if (e.kind != EvidenceKind::payment && !word(completed_by_, e.completed_by)) return "completed_by";
  if (e.kind == EvidenceKind::notification) {
    if (!notice_.told_item(body_).there || !word(notice_, e.notice)) return "notice";
  }
  if (e.kind == EvidenceKind::payment) {
    const Told amount = amount_.told_item(body_);
    if (!amount.there || !read_money(amount.text, amount_.as(), e.amount_cents)) return "amount";
  }
  if (e.kind != EvidenceKind::event) {
    const Told to = to_.told_item(body_);
    if (!to.there) return "to";
    item.to = to.text;
  }
  return {};
}

Page EvidenceReader::read(std::string_view body, const http::Answer* answer, const std::function<void(const Item&)>& item) {
  Page page;
  const std::function<void()> each = [&] {
    ++page.items;
    if (const Told cursor = cursor_.told_item(body_); cursor.there) page.next = cursor.text;
    Item one;
    bool counts = false;
    if (const std::string_view lacks = understand(one, counts); !lacks.empty()) {
      ++page.unreadable;
      page.lacks = lacks;
    } else if (counts) {
      item(one);
    }
  };
  page.is_json = body_.read(body, each);
  if (!page.is_json) return page;
  if (const Told next = next_.told(body_, answer); next.there) page.next = next.text;
  return page;
}

}  // namespace dueprocess::binding
