#include "sim/topology/latency_matrix_file.hpp"

#include <algorithm>
#include <fstream>

#include "tests/test.hpp"

using namespace peloton;
using peloton::test::data_path;
using peloton::test::TemporaryDirectory;

namespace {

LatencyMatrixFile read(const std::string& text) {
  const TemporaryDirectory folder;
  std::ofstream(folder / "m") << text;
  return read_latency_matrix({"m", (folder / "m").string()});
}

LatencyMatrixFile published(const std::string& path) { return read_latency_matrix({path, data_path(path).string()}); }

}  // namespace

TEST_CASE("published matrices have their published sizes and first values", "[sim][topology][latency_matrix][data]") {
  SKIP_WITHOUT("traces/aws-latency/p50.json");
  const LatencyMatrixFile aws = published("traces/aws-latency/p50.json");
  CHECK(aws.size == 33);
  CHECK(aws.names[0] == "ca-central-1");
  CHECK(aws.values[0] == 4.008);  // its own diagonal is not zero
  CHECK(aws.values[static_cast<std::size_t>(std::find(aws.names.begin(), aws.names.end(), "us-east-1") - aws.names.begin())] == 16.312);
  const LatencyMatrixFile planetlab = published("traces/planetlab-rtt/PlanetLabData_1");
  CHECK(planetlab.size == 490);
  CHECK(planetlab.values[1] == 0.175);
  CHECK(planetlab.values[490] == 0.175);
  const LatencyMatrixFile seattle = published("traces/planetlab-rtt/SeattleData_1");
  CHECK(seattle.size == 99);
  CHECK(seattle.names.empty());
  CHECK(seattle.values[1] == 0.17);
  // The data folder's table: 3755 of 4851 pairs differ between the two directions.
  int differing = 0;
  for (std::size_t i = 0; i < 99; ++i)
    for (std::size_t j = i + 1; j < 99; ++j) differing += seattle.values[i * 99 + j] != seattle.values[j * 99 + i] ? 1 : 0;
  CHECK(differing == 3755);
}

TEST_CASE("matrices are read with any separator, empty lines skipped, and from JSON", "[sim][topology][latency_matrix]") {
  const std::vector<double> expected = {0, 1.5, 2, 0};
  CHECK(read("0\t1.5\n2\t0\n").values == expected);
  CHECK(read("0, 1.5\r\n\r\n2, 0").values == expected);
  CHECK(read("0 1.5\n2 0").values == expected);
  CHECK(read(R"({"b": {"a": 1.5, "b": 0}, "a": {"b": 2}})").values == expected);
  CHECK(read(R"(  {"data": {"b": {"a": 1.5}, "a": {"b": 2}}, "unit": "ms"})").names == std::vector<std::string>{"b", "a"});
}

TEST_CASE("malformed matrices are refused with their place", "[sim][topology][latency_matrix]") {
  const auto refused = [](const std::string& text, const std::string& message) {
    CHECK_THROWS_WITH(read(text), Catch::Matchers::ContainsSubstring("m: " + message));
  };
  refused("", "must hold a matrix, got nothing");
  refused("0 1\n1 0 2\n", "line 2: must have 2 numbers as the first row, got 3");
  refused("0 1\n", "must be a square matrix, got 1 rows of 2 numbers");
  refused("0 1\n1 0\n2 2\n", "line 3: must be a square matrix, got more rows than its 2 columns");
  refused("0 1\n-1 0\n", "line 2, column 1: must be a number ≥ 0, got \"-1\"");
  refused("0 1\n1 nan\n", "line 2, column 2: must be a number ≥ 0, got \"nan\"");
  refused("0 1ms\n1 0\n", "line 1, column 2: must be a number ≥ 0, got \"1ms\"");
  refused(R"({"a": {"a": 0, "b": 1}, "b": {"b": 0}})", "/b: needs a number for each of the 2 places, \"a\" is missing");
  refused(R"({"a": {"b": 0}})", "/a/b: must be a row, too");
  refused(R"({"a": {"a": 0, "b": "1"}, "b": {"a": 1}})", "/a/b: must be a number, got \"1\"");
  refused(R"({"a": {"b": -1}, "b": {"a": 1}})", "/a/b: must be a number ≥ 0, got -1");
  refused(R"({"data": []})", "/data: must be an object of rows, got []");
  CHECK_THROWS_WITH(read("{"), Catch::Matchers::ContainsSubstring("m: is not JSON: "));
}
