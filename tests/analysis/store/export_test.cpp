#include "analysis/store/export.hpp"

#include <fstream>
#include <sstream>

#include "analysis/store/read_sweep.hpp"
#include "tests/analysis/store/small_sweep.hpp"
#include "tests/test.hpp"

using namespace peloton;
using namespace peloton::test;

namespace {

std::string contents(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return std::move(text).str();
}

/// Commits the points in this order and exports.
void make_sweep(const std::filesystem::path& folder, const std::vector<std::size_t>& points) {
  OutputDirectory out(folder, OutputDirectory::Owner::sweep);
  SweepStore store(store_of(folder), small_sweep());
  for (const std::size_t point : points) store.commit(small_point(point));
  export_sweep(store_of(folder), out);
  out.publish();
}

std::string line(const std::string& text, std::size_t number) {
  std::istringstream in(text);
  std::string out;
  for (std::size_t i = 0; i <= number; ++i) std::getline(in, out);
  return out;
}

}  // namespace

TEST_CASE("the tables have a row per point and per measurement", "[analysis][store][export]") {
  // Hand computation: point 3 has levels (0, 1), repeat 1, seed 2; its second measurement is at 2^53 + 1 ns.
  const TemporaryDirectory folder;
  make_sweep(folder.path(), {0, 1, 2, 3, 4, 5, 6, 7});
  const std::string points = contents(folder / "points.csv");
  CHECK(line(points, 0).starts_with("point,cluster.workers,algorithm,repeat,seed,status,virtual_seconds,updates,"));
  CHECK(line(points, 4) == "3,2,\"b, the other\",1,2,diverged,3.1,10,,,,,1,,,,3,,,,,,,,,,,");
  CHECK(std::count(points.begin(), points.end(), '\n') == 9);
  const std::string measurements = contents(folder / "measurements.csv");
  CHECK(line(measurements, 0).starts_with("point,cluster.workers,algorithm,repeat,seed,time,updates,"));
  CHECK(line(measurements, 8).starts_with("3,2,\"b, the other\",1,2,9007199.254740993,7,0,0,0,,1,2,3,4,0,nan,inf,0.1,-0,,,,12,"));
  CHECK(std::count(measurements.begin(), measurements.end(), '\n') == 17);
  const Json third = Json::parse(line(contents(folder / "points.jsonl"), 3));
  CHECK(third["point"] == 3);
  CHECK(third["axes"] == Json::parse(R"({"cluster.workers": 2, "algorithm": {"name": "b", "x": 1}})"));
  CHECK(third["summary"] == small_point(3).point.summary);
}

TEST_CASE("the order of commits leaves no trace in the tables", "[analysis][store][export]") {
  const TemporaryDirectory one;
  const TemporaryDirectory two;
  make_sweep(one.path(), {0, 1, 2, 3, 4, 5, 6, 7});
  make_sweep(two.path(), {7, 2, 5});
  make_sweep(two.path(), {6, 4, 3, 1, 0});
  for (const char* file : {"points.csv", "measurements.csv", "points.jsonl"}) CHECK(contents(one / file) == contents(two / file));
}

TEST_CASE("tables of a sweep that is not whole say so by their names, and give way to the whole ones", "[analysis][store][export]") {
  const TemporaryDirectory folder;
  make_sweep(folder.path(), {0, 1, 2});
  CHECK(std::filesystem::exists(folder / "points.partial.csv"));
  CHECK_FALSE(std::filesystem::exists(folder / "points.csv"));
  make_sweep(folder.path(), {3, 4, 5, 6, 7});
  CHECK(std::filesystem::exists(folder / "points.csv"));
  CHECK_FALSE(std::filesystem::exists(folder / "points.partial.csv"));
  CHECK_FALSE(std::filesystem::exists(folder / "measurements.partial.csv"));
}
