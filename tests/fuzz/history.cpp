// Any bytes as a history: lines are taken or told, none is lost; what is taken as a record is written as it was read.
#include "harness/history/check.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

using namespace dueprocess;

namespace {

/// A file in memory, by a path.
class MemoryFile {
 public:
  MemoryFile(const std::uint8_t* data, std::size_t size) : descriptor_(memfd_create("history", MFD_CLOEXEC)) {
    if (descriptor_ < 0 || write(descriptor_, data, size) != static_cast<ssize_t>(size)) std::abort();
  }
  ~MemoryFile() { close(descriptor_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

 private:
  int descriptor_;
};

void hold_to_itself(const Record& record) {
  char text[record_room];
  const char* end = record.kind == RecordKind::operation
                        ? (record.live ? write_record(text, record.operation) : write_record(text, record.operation.observation))
                        : (record.live ? write_record(text, record.evidence, record.at)
                                       : write_record(text, record.evidence.evidence, record.at));
  if (end - text > static_cast<std::ptrdiff_t>(record_room)) std::abort();
  LineScan scan;
  Record again;
  if (!read_record(scan, {text, static_cast<std::size_t>(end - text - 1)}, again).empty()) std::abort();
  if (again.kind != record.kind || again.live != record.live) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const MemoryFile file{data, size};
  {
    HistoryReader reader{file.path()};
    if (!reader.problem().empty()) return 0;
    Record record;
    for (HistoryReader::Got got = reader.next(record); got != HistoryReader::Got::end; got = reader.next(record)) {
      const bool told = !reader.trouble().empty();
      if (told != (got == HistoryReader::Got::broken)) std::abort();
      if (!told && (record.kind == RecordKind::operation || record.kind == RecordKind::evidence)) hold_to_itself(record);
    }
  }
  HistoryReader reader{file.path()};
  CheckOptions options;
  options.policy = reader.header().policy;
  options.policy.days = DayRule::elapsed;  // the zone is the command's to look at
  options.tolerances = reader.header().tolerances;
  options.orders_max = 1u << 16;
  const CheckOutcome outcome = check_history(reader, options);
  const Tally& tally = outcome.tally;
  if (outcome.facts.problems.size() > HistoryFacts::problems_max || outcome.facts.operations + outcome.facts.evidence > size)
    std::abort();
  if (tally.orders_violated > 0 && tally.violations_total() == 0) std::abort();
  return 0;
}
