#include "reports/summary.hpp"

#include <algorithm>

#include "catch.hpp"
#include "golden.hpp"
#include "made_up.hpp"
#include "reports/format.hpp"

using namespace dueprocess;

namespace {

std::string last_line(const std::string& text) {
  const std::size_t end = text.find_last_not_of('\n');
  return text.substr(text.rfind('\n', end) + 1, end - text.rfind('\n', end));
}

}  // namespace

TEST_CASE("the summary of a run in which much went wrong is as approved") {
  check_golden("bad_summary.txt", summary_text(made_up::result(made_up::bad_tally()), SummaryKind::full, "out/result.json", {}));
}

TEST_CASE("the summary of a good run is as approved") {
  check_golden("good_summary.txt", summary_text(made_up::result(made_up::good_tally()), SummaryKind::full, "", {}));
}

TEST_CASE("the compact summary of a run in which much went wrong is as approved") {
  check_golden("bad_summary_compact.txt",
               summary_text(made_up::result(made_up::bad_tally()), SummaryKind::compact, "out/result.json", {}));
}

TEST_CASE("rows of a replayed file that were left out are told with their reasons, in short summaries too") {
  Result result = made_up::result(made_up::good_tally());
  result.rows_skipped = 1;
  result.row_problems = {"orders.csv:27: only 2 columns: placed is missing"};
  for (const SummaryKind kind : {SummaryKind::full, SummaryKind::compact}) {
    const std::string text = summary_text(result, kind, "", {});
    CHECK(text.find("rows of the file left out") != std::string::npos);
    CHECK(text.find("orders.csv:27: only 2 columns: placed is missing") != std::string::npos);
  }
}

TEST_CASE("no summary is no text at all") {
  CHECK(summary_text(made_up::result(made_up::bad_tally()), SummaryKind::none, "", {}).empty());
}

TEST_CASE("expectations come first, the verdict last") {
  const std::string text = summary_text(made_up::result(made_up::bad_tally()), SummaryKind::full, "", {});
  CHECK(text.find("EXPECTATIONS") < text.find("CASES"));
  CHECK(text.find("CASES") < text.find("VIOLATIONS"));
  CHECK(text.find("VIOLATIONS") < text.find("ORDERS"));
  CHECK(last_line(text).find("VERDICT: violated (3 violations of the rules; 1 case failed; 2 expectations missed;") == 4);
}

TEST_CASE("there are no escape sequences without colours, and the same words with them") {
  const Result result = made_up::result(made_up::bad_tally());
  const std::string plain = summary_text(result, SummaryKind::full, "", {});
  std::string coloured = summary_text(result, SummaryKind::full, "", {.colour = true});
  CHECK(plain.find('\x1b') == std::string::npos);
  CHECK(coloured.find("\x1b[31m✗\x1b[0m") != std::string::npos);
  for (std::size_t at; (at = coloured.find('\x1b')) != std::string::npos;) coloured.erase(at, coloured.find('m', at) - at + 1);
  CHECK(coloured == plain);
}

TEST_CASE("a narrow terminal gets no wider lines than it must") {
  const std::string text = summary_text(made_up::result(made_up::good_tally()), SummaryKind::compact, "", {.width = 60});
  std::size_t widest = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    widest = std::max(widest, columns_of(std::string_view{text}.substr(at, end - at)));
    at = end + 1;
  }
  CHECK(widest <= 90);
}

TEST_CASE("the summary of a live run is as approved") {
  check_golden("live_summary.txt", summary_text(made_up::live_result(), SummaryKind::full, "", {}));
}
