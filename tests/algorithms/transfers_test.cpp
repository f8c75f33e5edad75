#include "algorithms/transfers.hpp"

#include <fmt/format.h>

#include <fstream>

#include "tests/algorithms/harness.hpp"
#include "tests/sim/compute/kolmogorov_smirnov.hpp"

using namespace peloton;
using namespace peloton::test;

namespace {

/// Two nodes, a link of 8 Mbit/s, 1 ms.
std::string scenario_json(const std::string& algorithm) {
  return R"({"name": "t", "seed": 1, "cluster": {"topology": {"kind": "explicit", "nodes": ["a", "b", "alone"],
      "links": [{"name": "wire", "between": ["a", "b"], "bandwidth": "8 Mbps", "latency": "1 ms"}]}},
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

template <FixedString Tag, class... Ts>
std::vector<std::string> kinds_of(const OneOf<Tag, Ts...>&) {
  return {std::string(Ts::kind)...};
}

/// Nodes a, b and c in a row, as a file of two kinds and as declared.
const char* const kGraphml = R"(<graphml><graph edgedefault="undirected"><node id="a"/><node id="b"/><node id="c"/>
  <edge source="a" target="b"/><edge source="b" target="c"/></graph></graphml>)";
const char* const kMatrix = "0 4 6\n4 0 2\n6 2 0\n";
const char* const kExplicit = R"({"kind": "explicit", "nodes": ["a", "b", "c"], "links": [
  {"name": "l", "between": ["a", "b"], "bandwidth": "8 Mbps"}, {"name": "m", "between": ["b", "c"], "bandwidth": "8 Mbps"}]})";

std::string topology_json(std::string_view kind) {
  if (kind == ExplicitTopology::kind) return kExplicit;
  if (kind == GraphmlTopology::kind) return R"({"kind": "graphml", "path": "row.graphml", "bandwidth": "8 Mbps"})";
  if (kind == LatencyMatrixTopology::kind) return R"({"kind": "latency_matrix", "path": "row.txt", "unit": "ms", "bandwidth": "8 Mbps"})";
  if (kind == ErdosRenyiTopology::kind) return R"({"kind": "erdos_renyi", "probability": 0.5, "bandwidth": "8 Mbps"})";
  return fmt::format(R"({{"kind": "{}", "bandwidth": "8 Mbps"}})", kind);
}

struct Ends {
  std::string from = "w0";
  std::string to = "w5";
  bool workers = true;  // they are workers, of whom the scenario says how many
};

Ends ends_of(std::string_view topology) {
  if (topology == LatencyMatrixTopology::kind) return {"h0", "h2", false};
  if (topology == ExplicitTopology::kind || topology == GraphmlTopology::kind) return {"a", "c", false};
  return {};
}

/// Three transfers: two that meet, and one the other way. Sizes 8 Mbit, 4 Mbit, 8 Mbit.
Json transfers_between(const Ends& ends) {
  const auto flow = [](const char* at, const std::string& from, const std::string& to, const char* size) {
    return Json{{"at", at}, {"from", from}, {"to", to}, {"size", size}};
  };
  Json out{{"name", "t"}};
  out["algorithm"] = {
      {"name", "transfers"},
      {"flows",
       {flow("0 s", ends.from, ends.to, "1 MB"), flow("0.5 s", ends.from, ends.to, "0.5 MB"), flow("0 s", ends.to, ends.from, "1 MB")}}};
  if (ends.workers) out["cluster"]["workers"] = 8;
  return out;
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

TEST_CASE("transfers arrive on every topology over every network, and on changing links", "[algorithms][transfers]") {
  // Bounds (all links 8 Mbit/s): nobody is faster than alone, latency + bits / bandwidth; 2.5 s of bits over at most 8 links in a row, each
  // stored and forwarded, end within 20 s. Messages that take no time arrive when they start. A cut of one second that meets a transfer
  // adds that second at least.
  const TemporaryDirectory folder;
  std::ofstream(folder / "row.graphml") << kGraphml;
  std::ofstream(folder / "row.txt") << kMatrix;
  Execution execution = execution_of();
  execution.data_folder = folder.path().string();
  for (const std::string& topology : kinds_of(TopologySpec{})) {
    const Ends ends = ends_of(topology);
    for (const std::string& network : kinds_of(NetworkModel{})) {
      for (const bool cut : {false, true}) {
        if (cut && network == NoneNetwork::kind) continue;  // refused: it has no links
        CAPTURE(topology, network, cut);
        Json scenario = transfers_between(ends);
        scenario["cluster"]["topology"] = Json::parse(topology_json(topology));
        scenario["cluster"]["network"] = {{"model", network}};
        if (cut) scenario["cluster"]["network"]["links"] = Json::parse(R"([{"links": ["*"], "cuts": [{"at": "0.25 s", "for": "1 s"}]}])");
        Run run(scenario_of(scenario.dump()), execution);
        while (run.advance()) {}
        REQUIRE(run.summary().status == RunStatus::finished);
        const Table table = run.tables().front();
        REQUIRE(table.rows.size() == 3);
        for (const auto& row : table.rows) {
          const PathCost path = run.topology().cost(run.topology().node(row[1], {}), run.topology().node(row[2], {}));
          const double start = std::stod(row[4]);
          const double taken = std::stod(row[5]) - start;
          const double alone = path.latency.seconds() + 8 * std::stod(row[3]) / path.bandwidth;
          if (network == NoneNetwork::kind) {
            REQUIRE(taken == 0);
            continue;
          }
          REQUIRE(taken >= alone + (cut && start == 0 ? 1 : 0) - 1e-9);
          REQUIRE(taken <= 20);
        }
      }
    }
  }
}
