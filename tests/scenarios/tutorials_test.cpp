#include <algorithm>
#include <filesystem>
#include <map>

#include "analysis/text.hpp"
#include "scenarios/load.hpp"
#include "tests/scenarios/process.hpp"

using namespace peloton;
using namespace peloton::test;

namespace {

namespace fs = std::filesystem;

/// The numbered scenarios of tutorials/, in their order.
std::vector<fs::path> numbered_tutorials() {
  std::vector<fs::path> out;
  for (const auto& entry : fs::directory_iterator(std::string(PELOTON_SOURCE_DIR) + "/scenarios/tutorials"))
    if (std::isdigit(static_cast<unsigned char>(entry.path().filename().string().front())) != 0) out.push_back(entry.path());
  std::sort(out.begin(), out.end());
  return out;
}

/// A folder that looks to the tutorials' commands as the repository does.
void make_house(const TemporaryDirectory& folder) {
  fs::create_directory_symlink(std::string(PELOTON_SOURCE_DIR) + "/scenarios", folder.path() / "scenarios");
}

std::string data_folder() { return fs::absolute(data_path("mnist/train-images-idx3-ubyte.gz")).parent_path().parent_path().string(); }

/// Runs the command on the last line of a tutorial's description.
Outcome follow(const TemporaryDirectory& folder, const fs::path& tutorial) {
  const std::string command = read_json(tutorial.string()).at("description").back().get<std::string>();
  INFO(command);
  REQUIRE(command.starts_with("./peloton "));
  return shell(folder, "PELOTON_DATA='" + data_folder() + "' \"$PELOTON\"" + command.substr(std::string("./peloton").size()));
}

/// A CSV file by columns.
std::map<std::string, std::vector<std::string>> columns_of(const fs::path& file) {
  const std::string text = read_file(file.string());
  CsvReader in(text);
  std::vector<std::string> head;
  std::vector<std::string> cells;
  std::map<std::string, std::vector<std::string>> out;
  in.next(head);
  while (in.next(cells))
    for (std::size_t i = 0; i < head.size(); ++i) out[head[i]].push_back(cells[i]);
  return out;
}

/// Virtual seconds to the target by two axes of points.csv; infinite where it was not reached.
double seconds_at(std::map<std::string, std::vector<std::string>>& points, const std::map<std::string, std::string>& where) {
  for (std::size_t i = 0; i < points["status"].size(); ++i) {
    const bool here = std::all_of(where.begin(), where.end(), [&](const auto& w) { return points.at(w.first)[i] == w.second; });
    if (here) return points["status"][i] == "target" ? std::stod(points["virtual_seconds"][i]) : std::numeric_limits<double>::infinity();
  }
  FAIL("no such point");
  return 0;
}

}  // namespace

TEST_CASE("every tutorial has five lines of explanation, the last one a command that works", "[scenarios][tutorials]") {
  const std::vector<fs::path> tutorials = numbered_tutorials();
  CHECK(tutorials.size() >= 5);
  for (const fs::path& tutorial : tutorials) {
    INFO(tutorial.string());
    const Json scenario = read_json(tutorial.string());
    CHECK(scenario.at("name") == tutorial.stem().string());
    CHECK(scenario.at("description").size() == 5);
    if (read_file(tutorial.string()).find("mnist/") != std::string::npos) continue;  // below, with what it shows
    const TemporaryDirectory folder;
    make_house(folder);
    const Outcome outcome = follow(folder, tutorial);
    INFO(outcome.err);
    CHECK(outcome.code == 0);
    CHECK_FALSE(outcome.out.empty());
  }
}

TEST_CASE("at a fixed step the time to a target is U-shaped in the workers, with a tuned step flat or falling", "[scenarios][tutorials]") {
  // Asynchronous SGD, constant times: n workers mean a staleness of n − 1. Oracle: the stability limit of a step on a curvature L with
  // a delay of τ updates, 2/L sin(π / (2 (2τ + 1))), falls as 1/τ: a fixed step passes it at some n, a tuned one follows it.
  SKIP_WITHOUT("mnist/train-images-idx3-ubyte.gz");
  const TemporaryDirectory folder;
  make_house(folder);
  const Outcome outcome = follow(folder, std::string(PELOTON_SOURCE_DIR) + "/scenarios/tutorials/02_delay_and_workers.json");
  INFO(outcome.err);
  REQUIRE(outcome.code == 0);
  auto points = columns_of(folder / "runs/02_delay_and_workers/points.csv");
  const std::vector<std::string> workers = {"1", "4", "16", "32", "64"};
  for (const std::string latency : {"0 s", "10 ms"}) {
    const auto seconds = [&](const std::string& n, const std::string& step) {
      return seconds_at(points, {{"cluster.topology.latency", latency}, {"cluster.workers", n}, {"algorithm.learning_rate", step}});
    };
    const auto fixed = [&](const std::string& n) { return seconds(n, "0.125"); };
    CHECK(fixed("4") < 0.5 * fixed("1"));
    CHECK(fixed("16") < fixed("4"));
    CHECK(fixed("32") > 1.5 * fixed("16"));
    CHECK(fixed("64") > fixed("32"));
    double before = std::numeric_limits<double>::infinity();
    for (const std::string& n : workers) {
      double best = std::numeric_limits<double>::infinity();
      for (const std::string step : {"0.015625", "0.03125", "0.0625", "0.125"}) best = std::min(best, seconds(n, step));
      CHECK(best < 1.15 * before);  // steps are powers of two: the best lies within a factor √2 of the tuned one
      before = best;
    }
  }
}

TEST_CASE("racks decide which all-reduce is fast", "[scenarios][tutorials]") {
  // M = 800 Mbit, n = 32, racks of g = 8, G = 4; β = 10 Gbit/s, α = 20 µs in a rack, 40 µs between racks. Closed forms: two levels
  // 2 · 3 (α + M/β) + 2 · 3 (2α + M/4β); scattered 2 · 7 (α + M/8β) + 2 · 3 (2α + M/32β), and halving–doubling 2 Σ (α + M/2^s β), s = 1 …
  // 5, whose last two rounds leave the rack; a tree 2 (3 (α + M/β) + 2 (2α + M/β)). A rack's link of 20 Gbit/s has room for two of the
  // eight messages that cross it at once, so scattered and halving–doubling take four times M/32β, and M/16β + M/32β, there.
  const TemporaryDirectory folder;
  make_house(folder);
  const Outcome outcome = follow(folder, std::string(PELOTON_SOURCE_DIR) + "/scenarios/tutorials/05_all_reduce.json");
  INFO(outcome.err);
  REQUIRE(outcome.code == 0);
  auto points = columns_of(folder / "runs/05_all_reduce/points.csv");
  // Points in order of the scenario: five operations for each of four clusters.
  REQUIRE(points["virtual_seconds"].size() == 20);
  const auto seconds = [&](std::size_t cluster, std::size_t operation) {
    return std::stod(points["virtual_seconds"][5 * cluster + operation]);
  };
  enum Cluster : std::size_t { wide, narrow, dealt };
  enum Operation : std::size_t { ring, halving_doubling, tree, two_level, scattered };
  CHECK(seconds(wide, halving_doubling) == Approx(0.15528).epsilon(1e-9));
  CHECK(seconds(narrow, halving_doubling) == Approx(0.20028).epsilon(1e-9));
  CHECK(seconds(wide, scattered) == Approx(0.15552).epsilon(1e-9));
  for (const Cluster cluster : {wide, narrow}) {
    CHECK(seconds(cluster, tree) == Approx(0.80028).epsilon(1e-9));
    CHECK(seconds(cluster, ring) == Approx(0.1564).epsilon(1e-9));  // 62 steps of M/32β, of which 54 inside a rack
  }
  for (const Cluster cluster : {wide, narrow, dealt}) CHECK(seconds(cluster, two_level) == Approx(0.60036).epsilon(1e-9));
  for (const Cluster cluster : {narrow, dealt}) CHECK(seconds(cluster, scattered) == Approx(0.20052).epsilon(1e-9));
  CHECK(seconds(dealt, ring) > 2 * seconds(narrow, ring));
  CHECK(seconds(dealt, scattered) < seconds(dealt, halving_doubling));
  CHECK(seconds(dealt, scattered) < seconds(dealt, ring));
}
