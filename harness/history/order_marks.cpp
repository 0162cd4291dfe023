#include "harness/history/order_marks.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "harness/oracle/digest.hpp"

namespace dueprocess {

std::vector<std::uint64_t> history_marks(HistoryReader& reader, std::string& problem) {
  std::vector<std::uint64_t> marks;
  bool ended = false;
  const auto add = [&](OrderId order, std::uint64_t hash) {
    if (order == OrderId::none || number(order) > marked_orders_max) return;
    if (number(order) >= marks.size()) marks.resize(std::max<std::size_t>(number(order) + 1, marks.size() * 2));
    marks[number(order)] += hash;
  };
  Record record;
  for (;;) {
    const HistoryReader::Got got = reader.next(record);
    if (got == HistoryReader::Got::end) break;
    if (got == HistoryReader::Got::broken) {
      if (problem.empty()) problem = fmt::format("line {}: {}", reader.line(), reader.trouble());
      continue;
    }
    if (record.kind == RecordKind::operation)
      add(record.operation.observation.operation.order, judging::hash_of(record.operation.observation));
    else if (record.kind == RecordKind::evidence)
      add(record.evidence.evidence.order, judging::hash_of(record.evidence.evidence, record.at));
    else if (record.kind == RecordKind::end)
      ended = true;
  }
  if (problem.empty() && !ended) problem = reader.trouble().empty() ? "it has no last record: it was cut off" : reader.trouble();
  return marks;
}

std::uint64_t first_difference(const std::vector<std::uint64_t>& a, const std::vector<std::uint64_t>& b) {
  const auto mark = [](const std::vector<std::uint64_t>& marks, std::size_t order) {
    return order < marks.size() ? marks[order] : 0;
  };
  for (std::size_t order = 0; order < std::max(a.size(), b.size()); ++order)
    if (mark(a, order) != mark(b, order)) return order;
  return 0;
}

}  // namespace dueprocess
