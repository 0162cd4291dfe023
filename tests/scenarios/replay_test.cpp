#include "reading.hpp"
#include "scenarios/language/describe.hpp"

#include <filesystem>
#include <fstream>

using namespace dueprocess;
using namespace std::chrono_literals;

namespace {

constexpr auto header = "order,buyer,seller,placed_at,due_at,delivered_at,answered_at,score,price\n";

/// A CSV file in a folder of its own, gone at the end.
class Folder {
 public:
  explicit Folder(const std::string& csv)
      : path_(std::filesystem::temp_directory_path() /
              ("dueprocess-replay-" + std::to_string(reinterpret_cast<std::uintptr_t>(this)))) {
    std::filesystem::create_directories(path_);
    std::ofstream{path_ / "orders.csv", std::ios::binary} << csv;
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  ReadOptions options(bool strict = false) const {
    ReadOptions options = sealed();
    options.directory = path_.string();
    options.strict = strict;
    return options;
  }

 private:
  std::filesystem::path path_;
};

const std::string plain = "orders: {replay: {file: orders.csv}}\n";

Scenario replayed(const std::string& rows, const std::string& text = plain) {
  const Folder folder{header + rows};
  return scenario_of(text, folder.options());
}

}  // namespace

TEST_CASE("rows become orders by time, with people numbered from 0") {
  const Scenario s = replayed(
      "o2,b2,s1,2017-03-02T10:00:00Z,2017-03-09T00:00:00Z,2017-03-05 12:00:00,2017-03-06T01:02:03.000004Z,2,59.50\n"
      "o1,b1,s2,2017-03-01T10:00:00Z,2017-03-08T00:00:00Z,,,,\n"
      "o3,b1,s1,2017-03-03,2017-03-08,2017-03-04,2017-03-05,5,10\n");
  CHECK(s.market.orders.count == 3);
  CHECK(s.market.sellers == 2);
  CHECK(s.market.buyers == 2);
  CHECK(s.replay_rows == 3);
  CHECK(s.replay_rows_skipped == 0);
  CHECK(s.starts == Instant{std::chrono::sys_days{std::chrono::year{2017} / 3 / 1}});
  const auto& orders = s.market.orders.replay;
  REQUIRE(orders.size() == 3);
  CHECK(s.ends == orders[2].placed + 1us);
  CHECK(orders[0].line == 3);
  CHECK(orders[0].seller == 0);
  CHECK(orders[0].delivered == never);
  CHECK(orders[0].answered == never);
  CHECK(orders[0].satisfied);
  CHECK(orders[0].price_cents == 5000);
  CHECK(orders[1].seller == 1);
  CHECK(orders[1].delivered == orders[1].placed + 74h);
  CHECK_FALSE(orders[1].satisfied);
  CHECK(orders[1].price_cents == 5950);
  CHECK(orders[2].buyer == 0);
  CHECK(orders[2].satisfied);
  CHECK(s.market.orders.answers_from_file);
}

TEST_CASE("a broken row is left out, counted and told by its line") {
  const std::string rows =
      "o1,b1,s1,2017-03-01T10:00:00Z,2017-03-08T00:00:00Z,,,,\n"
      "o2,b1,s1,2017-02-30T10:00:00Z,2017-03-08T00:00:00Z,,,,\n"
      "o3,b1,s1,,2017-03-08T00:00:00Z,,,,\n"
      "o4,b1,s1,2017-03-09T10:00:00Z,2017-03-08T00:00:00Z,,,,\n"
      "o5,b1\n"
      "o6,b1,s1,2017-03-01T10:00:00Z,2017-03-08T00:00:00Z,,,\xff,\n"
      "o7,b1,b1,2017-03-01T10:00:00Z,2017-03-08T00:00:00Z,,,,\n"
      "o8,b1,s1,2017-03-01T10:00:00Z,2017-03-08T00:00:00Z,,,good,\n"
      "o9,b1,s1,2017-03-01T10:00:00Z,2017-03-08T00:00:00Z,,,,-3\n"
      "o10,b1,s1,2017-03-01T10:00:00Z,2017-03-08T00:00:00Z,2017-02-01,,,\n";
  const Scenario s = replayed(rows);
  CHECK(s.market.orders.count == 1);
  CHECK(s.replay_rows == 10);
  CHECK(s.replay_rows_skipped == 9);
  REQUIRE(s.replay_problems.size() == 9);
  CHECK(s.replay_problems[0].ends_with("orders.csv:3: placed: \"2017-02-30T10:00:00Z\": February 2017 has 28 days"));
  CHECK(s.replay_problems[1].ends_with("orders.csv:4: placed is empty"));
  CHECK(s.replay_problems[2].ends_with("orders.csv:5: due 2017-03-08T00:00:00Z is not after placed 2017-03-09T10:00:00Z"));
  CHECK(s.replay_problems[3].ends_with("orders.csv:6: only 2 columns: placed is missing"));
  CHECK(s.replay_problems[4].ends_with("orders.csv:7: bytes that are not UTF-8 text"));
  CHECK(s.replay_problems[5].ends_with("orders.csv:8: buyer and seller are the same: b1"));
  CHECK(s.replay_problems[6].ends_with("orders.csv:9: score: \"good\" is not a count: expected a whole number"));
  CHECK(s.replay_problems[7].ends_with("orders.csv:10: price: \"-3\" is not an amount above 0"));
  CHECK(s.replay_problems[8].ends_with("orders.csv:11: delivered 2017-02-01 is before placed 2017-03-01T10:00:00Z"));
  const std::string told = describe_scenario(s, 100);
  CHECK(told.find("9 left out") != told.npos);
  CHECK(told.find("placed is empty") != told.npos);

  const Folder folder{header + rows};
  CHECK(mistakes_of(plain, folder.options(true)).size() == 9);
}

TEST_CASE("columns may have other names, a wrong one is told with the nearest") {
  const Folder folder{"id,who,shop,ordered,promised\n1,a,b,2017-03-01,2017-03-08\n"};
  const std::string right =
      "orders: {replay: {file: orders.csv, columns: {buyer: who, seller: shop, placed: ordered, due: promised}, satisfied_from: "
      "4, answers: personas}}\n";
  const Scenario s = scenario_of(right, folder.options());
  CHECK(s.market.orders.count == 1);
  CHECK_FALSE(s.market.orders.answers_from_file);
  const std::string wrong =
      "orders: {replay: {file: orders.csv, columns: {buyer: who, seller: shop, placed: orderd, due: promised, score: stars}}}\n";
  const auto told = mistakes_of(wrong, folder.options());
  CHECK(is_told(
      told, "s.yaml:1:81: error: orders.replay.file: the file has no column \"orderd\" (for placed); did you mean \"ordered\"?"));
  CHECK(is_told(told, "the file has no column \"stars\" (for score)"));
  CHECK(is_told(mistakes_of(plain, folder.options()), "the file has no column \"placed_at\" (for placed)"));
}

TEST_CASE("only orders placed between starts and ends are played") {
  const Scenario s = replayed(
      "o1,b1,s1,2017-03-01T10:00:00Z,2017-03-08,,,,\n"
      "o2,b2,s2,2017-03-02T10:00:00Z,2017-03-09,,,,\n"
      "o3,b3,s3,2017-03-03T10:00:00Z,2017-03-09,,,,\n",
      plain + "starts: 2017-03-02\nends: 1d\n");
  CHECK(s.market.orders.count == 1);
  CHECK(s.market.sellers == 1);
  CHECK(s.market.buyers == 1);
  CHECK(s.replay_rows_outside == 2);
  CHECK(s.replay_rows_skipped == 0);
}

TEST_CASE("a replay that cannot be is told") {
  const auto told = [](const std::string& csv, const std::string& text = plain) {
    const Folder folder{csv};
    return mistakes_of(text, folder.options());
  };
  CHECK(is_told(told(""), "is empty: not even a header"));
  CHECK(is_told(told(header), "has no usable row"));
  CHECK(is_told(told(std::string(header) + "x\n"), "has no usable row: "));
  CHECK(is_told(mistakes_of(plain),
                "s.yaml:1:25: error: orders.replay.file: cannot read \"orders.csv\": No such file or directory"));
  CHECK(is_told(mistakes_of("orders: {replay: {file: .}}\n"), "is a directory"));
  CHECK(is_told(mistakes_of("orders: {replay: {}}\n"), "\"file\" is missing"));
  CHECK(
      is_told(mistakes_of("orders: {replay: {file: \"\"}}\n"), "which file? Give its path, as in --set orders.replay.file=PATH"));
  CHECK(is_told(told(header, "orders: {replay: {file: orders.csv}, due_in: 3d}\n"),
                "a replay brings its own orders: due_in has no meaning beside it"));
  CHECK(is_told(told(header, plain + "sellers: {count: 5}\n"), "a replay takes its people from the file: no count beside it"));
}
