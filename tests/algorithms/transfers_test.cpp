#include "algorithms/transfers.hpp"

#include "tests/algorithms/harness.hpp"
#include "tests/sim/compute/kolmogorov_smirnov.hpp"

using namespace peloton;
using namespace peloton::test;

namespace {

/// Two nodes, a link of 8 Mbit/s, 1 ms.
std::string scenario_json(const std::string& algorithm) {
  return R"({"name": "t", "seed": 1, "cluster": {"topology": {"kind": "explicit", "nodes": ["a", "b", "alone"],
      "links": [{"between": ["a", "b"], "bandwidth": "8 Mbps", "latency": "1 ms"}]}},
      "algorithm": {"name": "transfers", )" +
         algorithm + "}}";
}

std::vector<std::vector<std::string>> rows(const std::string& algorithm, const std::vector<std::string>& settings = {}) {
  Run run(scenario_of(scenario_json(algorithm), settings), execution_of());
  while (run.advance()) {}
  CHECK(run.summary().status == RunStatus::finished);
  return run.tables().at(0).rows;
}

std::string error(const std::string& algorithm) {
  try {
    const Run run(scenario_of(scenario_json(algorithm)), execution_of());
  } catch (const InputError& e) {
    return e.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("a series of flows comes one after another, numbered after the single ones", "[algorithms][transfers]") {
  // Hand computation: 1 kB takes 1 ms of latency and 1 ms on an empty link. The series starts at 100 ms + 10 ms.
  const auto out = rows(R"("flows": [{"from": "b", "to": "a", "size": "1 kB"}],
                           "arrivals": [{"at": "100 ms", "every": "10 ms", "count": 3, "from": "a", "to": "b", "size": "1 kB"}])");
  REQUIRE(out.size() == 4);
  CHECK(out[0] == std::vector<std::string>{"0", "b", "a", "1000", "0.000000000", "0.002000000", "4000000"});
  CHECK(out[1] == std::vector<std::string>{"1", "a", "b", "1000", "0.110000000", "0.112000000", "4000000"});
  CHECK(out[3][4] == "0.130000000");
}

TEST_CASE("flows with exponential times between them are a Poisson process of their own seed and series", "[algorithms][transfers]") {
  // Kolmogorov–Smirnov on 5000 gaps with mean 1 ms: above 3 with probability 3e-8.
  const std::string series = R"({"every": "exponential:1ms", "count": 5000, "from": "a", "to": "b", "size": "1 B"})";
  const auto starts = [](const auto& table, std::size_t first) {
    std::vector<double> out;
    for (std::size_t i = first; i < first + 5000; ++i) out.push_back(std::stod(table[i][4]));
    return out;
  };
  const auto both = rows("\"arrivals\": [" + series + ", " + series + "]");
  const std::vector<double> x = starts(both, 0);
  std::vector<double> gaps{x[0]};
  for (std::size_t i = 1; i < x.size(); ++i) gaps.push_back(x[i] - x[i - 1]);
  CHECK(kolmogorov_smirnov(gaps, exponential(0.001)) < 3);
  CHECK(starts(both, 5000) != x);
  CHECK(starts(rows("\"arrivals\": [" + series + "]", {"seed=2"}), 0) != x);
}

TEST_CASE("series of flows are checked", "[algorithms][transfers]") {
  const auto one = [](const std::string& keys) { return error("\"arrivals\": [{" + keys + "}]"); };
  CHECK(error("\"flows\": []") == "test: /algorithm: needs \"flows\" or \"arrivals\", got neither");
  CHECK(one(R"("every": 1, "count": 1, "from": "a", "to": "c", "size": 1)").starts_with("test: /algorithm/arrivals/0/to: "));
  CHECK(one(R"("every": 1, "count": 1, "from": "a", "to": "alone", "size": 1)") ==
        "test: /algorithm/arrivals/0: no links lead from \"a\" to \"alone\"");
  CHECK(one(R"("every": 0, "count": 1, "from": "a", "to": "b", "size": 1)") == "test: /algorithm/arrivals/0/every: must be > 0, got 0");
  CHECK(one(R"("every": 1, "count": 0, "from": "a", "to": "b", "size": 1)") ==
        "test: /algorithm/arrivals/0/count: must be ≥ 1 and ≤ 10000000, got 0");
}
