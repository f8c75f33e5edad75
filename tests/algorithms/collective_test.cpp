#include "algorithms/collective.hpp"

#include <set>

#include "tests/algorithms/harness.hpp"

using namespace peloton;
using namespace peloton::test;

namespace {

/// A star of 8 Mbit/s and 1 ms a link: α = 2 ms, a byte takes 1 µs.
const char* const kStar = R"({
  "name": "collective", "cluster": {"workers": 8, "topology": {"kind": "star", "bandwidth": "8 Mbps", "latency": "1 ms"}},
  "algorithm": {"name": "collective", "operation": "ring_all_reduce", "size": "80 kB"}})";

/// The rows of collective.csv.
std::vector<std::vector<std::string>> rows(const std::vector<std::string>& settings) {
  Run run(scenario_of(kStar, settings), execution_of());
  while (run.advance()) {}
  REQUIRE(run.tables().size() == 1);
  CHECK(run.tables()[0].name == "collective");
  return run.tables()[0].rows;
}

std::string seconds(const std::string& operation) { return rows({"algorithm.operation=" + operation}).at(0).at(8); }

std::string error_of(const std::vector<std::string>& settings) {
  try {
    Run run(scenario_of(kStar, settings), execution_of());
  } catch (const InputError& e) {
    return e.what();
  }
  return "none";
}

}  // namespace

TEST_CASE("collectives among eight workers on a star take their closed forms", "[algorithms][collective]") {
  // n = 8, M = 80 kB = 80 ms over β, α = 2 ms, three rounds to a tree:
  CHECK(seconds("ring_all_reduce") == "0.168000000");              // 2 · 7 (α + M/8 β) = 14 · 12 ms
  CHECK(seconds("halving_doubling_all_reduce") == "0.152000000");  // 6 α + 2 (1 − 1/8) M/β = 12 + 140 ms
  CHECK(seconds("tree_all_reduce") == "0.492000000");              // 6 (α + M/β)
  CHECK(seconds("two_level_all_reduce:4") == "0.412000000");       // 4 (α + M/β) + 2 (α + M/2 β) = 328 + 84 ms
  CHECK(seconds("ring_reduce_scatter") == "0.084000000");          // 7 (α + M/8 β)
  CHECK(seconds("ring_all_gather") == "0.574000000");              // 7 (α + M/β)
  CHECK(seconds("bruck_all_gather") == "0.566000000");             // 3 α + 7 M/β
  CHECK(seconds("tree_broadcast:3") == "0.246000000");             // 3 (α + M/β)
  CHECK(seconds("tree_reduce:5") == "0.246000000");
  CHECK(seconds("flat_broadcast") == "0.562000000");  // seven at once share the root's link: α + 7 M/β
  CHECK(seconds("flat_reduce") == "0.562000000");
  CHECK(seconds("elected_broadcast") == "0.252028000");                                // 3 α + 7 · 4 B/β, then 3 (α + M/β)
  CHECK(seconds(R"({"name":"elected_broadcast","gather":"ring"})") == "0.260028000");  // 7 (α + 4 B/β), then the same
}

TEST_CASE("collective.csv has a row for each repetition", "[algorithms][collective]") {
  // Hand computation: three trees of 246 ms, one after another; the root has its vector at once. 80 kB in 246 ms: 2.6 Mbit/s.
  const auto table = rows({"algorithm.operation=tree_broadcast:2", "algorithm.repeat=3"});
  REQUIRE(table.size() == 3);
  CHECK(table[1] == std::vector<std::string>{"1", "tree_broadcast", "2", "8", "80000", "0.246000000", "0.246000000", "0.492000000",
                                             "0.246000000", "2601626.0162601625"});
  CHECK(table[2][7] == "0.738000000");
}

TEST_CASE("an elected broadcast has a root of its own in each repetition", "[algorithms][collective]") {
  // Invariants: a function of the seed; over 40 draws among 8 workers every one leads (a worker is left out with probability 0.04).
  const auto roots = [](const std::string& seed) {
    std::vector<std::string> out;
    for (const auto& row : rows({"algorithm.operation=elected_broadcast", "algorithm.repeat=40", "seed=" + seed})) out.push_back(row[2]);
    return out;
  };
  const std::vector<std::string> one = roots("1");
  CHECK(one == roots("1"));
  CHECK(one != roots("2"));
  const std::set<std::string> leaders(one.begin(), one.end());
  CHECK(leaders.size() == 8);
}

TEST_CASE("vectors are cut between elements only", "[algorithms][collective]") {
  // Hand computation: 20 bytes in elements of 4 over a ring of 8: five chunks of one element, three empty: 14 (α + 4 B/β) for those who
  // wait for a chunk in every step; in elements of 20 bytes one chunk of all: 14 (α + 20 B/β) on its way.
  CHECK(rows({"algorithm.size=20"}).at(0).at(8) == "0.028056000");
  CHECK(rows({"algorithm.size=20", "algorithm.element=20"}).at(0).at(8) == "0.028280000");
}

TEST_CASE("a collective that cannot be is refused", "[algorithms][collective]") {
  CHECK(error_of({"algorithm.operation=tree_broadcast:8"}) == "test: /algorithm/operation/root: must be a worker, 0 … 7, got 8");
  CHECK(error_of({"algorithm.size=10"}) == "test: /algorithm/size: must be a multiple of \"element\" (4 bytes), got 10 bytes");
  CHECK(error_of({"algorithm.operation=two_level_all_reduce"}) ==
        "test: /algorithm/operation: needs \"group_size\": worker w0 stands in no rack of the topology");
  CHECK(error_of({R"(cluster={"topology":{"kind":"explicit","nodes":["a","b"],"links":[{"name":"l","between":["a","b"]}]}})"}) ==
        "test: /algorithm/operation: takes place among workers: \"cluster\" needs the key \"workers\"");
}
