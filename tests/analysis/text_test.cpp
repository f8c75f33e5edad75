#include "analysis/text.hpp"

#include <cstdlib>
#include <limits>

#include "analysis/metrics.hpp"
#include "tests/test.hpp"

using namespace peloton;

TEST_CASE("reals are written in the shortest form that reads back", "[analysis][text]") {
  CHECK(real_text(0.1) == "0.1");
  CHECK(real_text(1.0 / 3) == "0.3333333333333333");
  for (const double x : {1e-300, 123456789.125, -2.5e17, std::numeric_limits<double>::denorm_min()})
    CHECK(std::strtod(real_text(x).c_str(), nullptr) == x);
  CHECK(real_text(std::optional<double>()).empty());
}

TEST_CASE("CSV cells are quoted where RFC 4180 asks for it", "[analysis][text]") {
  CHECK(csv_line({"a", "b,c", "say \"x\"", ""}) == "a,\"b,c\",\"say \"\"x\"\"\",\n");
}

TEST_CASE("a metrics row has a cell for every column; times carry nine decimals", "[analysis][metrics]") {
  MetricsRow row;
  row.time = Time{12'000'000'050};
  row.bits = {1, 2, 3, 4};
  row.staleness_max = 7;
  row.worker_loss_worst10 = 2.5;
  const std::vector<std::string> cells = metrics_cells(row);
  const std::vector<std::string> columns = metrics_columns();
  REQUIRE(cells.size() == columns.size());
  CHECK(cells[0] == "12.000000050");
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i] == "bits_peer") CHECK(cells[i] == "3");
    if (columns[i] == "staleness_max") CHECK(cells[i] == "7");
    if (columns[i] == "loss") CHECK(cells[i].empty());
    if (columns[i] == "worker_loss_worst10") CHECK(cells[i] == "2.5");
    if (columns[i] == "worker_loss_mean") CHECK(cells[i].empty());
  }
}

TEST_CASE("CSV reads back what was written, line breaks and empty cells included", "[analysis][text]") {
  const std::vector<std::vector<std::string>> records = {
      {"a", "b,c", "say \"x\"", ""}, {"", "two\nlines", "\"", "z"}, {"1", "2", "3", "4"}};
  std::string text;
  for (const auto& record : records) text += csv_line(record);
  CsvReader in(text);
  std::vector<std::string> cells;
  for (const auto& record : records) {
    REQUIRE(in.next(cells));
    CHECK(cells == record);
  }
  CHECK(in.line() == 3);
  CHECK_FALSE(in.next(cells));
}

TEST_CASE("lines of other systems are CSV too", "[analysis][text]") {
  CsvReader in("a,b\r\n\"c\",\r\nlast,");
  std::vector<std::string> cells;
  REQUIRE(in.next(cells));
  CHECK(cells == std::vector<std::string>{"a", "b"});
  REQUIRE(in.next(cells));
  CHECK(cells == std::vector<std::string>{"c", ""});
  REQUIRE(in.next(cells));
  CHECK(cells == std::vector<std::string>{"last", ""});
  CHECK_FALSE(in.next(cells));
}

TEST_CASE("metrics.csv reads back exactly; older files have fewer columns", "[analysis][metrics]") {
  MetricsRow row;
  row.time = Time{12'000'000'050};
  row.bits = {1, 2, 3, std::uint64_t{1} << 63U};
  row.loss = 1.0 / 3;
  row.accuracy = std::numeric_limits<double>::infinity();
  row.staleness_max = 7;
  row.twin_loss_gap = -0.25;
  const std::string text = metrics_csv({MetricsRow(), row});
  const std::vector<MetricsRow> rows = parse_metrics_csv(text, "metrics.csv");
  REQUIRE(rows.size() == 2);
  CHECK(metrics_csv(rows) == text);
  CHECK(rows[1].time == row.time);
  CHECK(metric(rows[1], "loss") == 1.0 / 3);
  CHECK(metric(rows[1], "time") == 12.00000005);
  CHECK_FALSE(metric(rows[1], "test_loss"));

  CHECK(parse_metrics_csv("time,loss\n0.500000000,2\n", "old.csv").at(0).loss == 2.0);
  CHECK_THROWS_WITH(parse_metrics_csv("time,loss\n0.500000000,two\n", "bad.csv"), "bad.csv: line 2: loss: must be a number, got \"two\"");
  CHECK_THROWS_WITH(parse_metrics_csv("time,loss\n0.5\n", "bad.csv"), "bad.csv: line 2: must have 2 cells, got 1");
  CHECK_THROWS_WITH(parse_metrics_csv("", "bad.csv"), "bad.csv: is no metrics.csv of peloton");
}
