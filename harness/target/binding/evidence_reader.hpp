// Items of a feed, a stream or a webhook understood: a page of JSON in, pieces of evidence out.
#pragma once

#include "harness/target/binding/answer_reader.hpp"
#include "scenarios/language/binding.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace dueprocess::binding {

/// An item. What it points to lives until the callback returns.
struct Item {
  Evidence evidence;       // without `order` and `to`, which are the harness's own names
  std::string_view order;  // the service's id of the order
  std::string_view to;     // the service's word for the user; empty: not told
  std::string_view cursor;
};

struct Page {
  bool is_json = false;
  std::uint32_t items = 0;       // all of them
  std::uint32_t unreadable = 0;  // evidence that could not be understood
  std::string_view lacks;        // what the last of those lacked: the binding's key for it
  std::string next;              // the cursor after the page; empty: not told
};

class EvidenceReader {
 public:
  explicit EvidenceReader(const ObserveBinding&);
  /// `answer`: for a next cursor that is told in a header; null: there is none.
  Page read(std::string_view body, const http::Answer* answer, const std::function<void(const Item&)>& item);

 private:
  /// The binding's key for what the item lacks; empty: it was understood, or is none that counts (`counts` says).
  std::string_view understand(Item&, bool& counts) const;

  ItemRules rules_;
  bool events_, notices_, payments_;
  std::vector<std::string> wanted_, wanted_items_;
  FieldReader next_, kind_, order_, at_, from_, state_, version_, deadline_, to_, amount_, notice_, completed_by_, cursor_;
  BodyReader body_;
};

}  // namespace dueprocess::binding
