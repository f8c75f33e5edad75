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
