// Any bytes as a file of orders: rows are taken or told, none is lost; what is taken keeps the promises of a replay.
#include "scenarios/language/csv.hpp"
#include "scenarios/language/replay.hpp"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dueprocess;
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  CsvReader reader{text};
  CsvReader::Row row;
  std::uint64_t rows = 0;
  for (std::uint32_t line = 0; reader.next(row); ++rows) {
    if (row.line <= line || row.fields.empty()) std::abort();
    line = row.line;
  }

  ReadOptions options;
  options.environment = false;
  Reading reading{"fuzz.yaml", options};
  ReplayText replay;
  const Node file;
  replay.file_node = &file;
  ReplayOrders orders = read_replay(reading, replay, text, "orders.csv");
  if (reading.errors() == 0 && (orders.rows + 1 != rows || orders.orders.size() + orders.rows_skipped != orders.rows))
    std::abort();
  number_people(orders);
  Instant last = Instant::min();
  for (const ReplayOrder& order : orders.orders) {
    if (order.placed < last || order.due <= order.placed || order.seller >= orders.sellers || order.buyer >= orders.buyers ||
        order.price_cents <= 0)
      std::abort();
    last = order.placed;
  }
  return 0;
}
