#include <array>
#include <cmath>
#include <filesystem>
#include <map>
#include <numbers>

#include "analysis/text.hpp"
#include "tests/scenarios/process.hpp"

using namespace peloton;
using namespace peloton::test;

namespace {

/// Eigenvalues 1 and 4: L = 4. No noise, constant times, messages that take none: with n workers every gradient after the first round is
/// n − 1 updates old.
const char* const kQuadratic = R"({
  "name": "quadratic", "precision": "float64", "wire_dtype": "float64",
  "cluster": {"workers": 2, "compute": {"distribution": "constant", "value": "1 ms"}, "network": {"model": "none"}},
  "task": {"model": {"kind": "quadratic", "eigenvalues": [1, 4], "initial": "ones"}},
  "algorithm": {"name": "sync_sgd", "learning_rate": 0.1},
  "measure": {"updates": 500},
  "stop": {"updates": 4000}})";

/// The cells of a table by the name of their column, row after row.
std::vector<std::map<std::string, std::string>> table_of(const std::string& text) {
  CsvReader in(text);
  std::vector<std::string> head;
  in.next(head);
  std::vector<std::map<std::string, std::string>> rows;
  for (std::vector<std::string> cells; in.next(cells);) {
    rows.emplace_back();
    for (std::size_t i = 0; i < cells.size(); ++i) rows.back()[head[i]] = cells[i];
  }
  return rows;
}

struct Search {
  TemporaryDirectory folder;
  Search() { write_file((folder.path() / "s.json").string(), kQuadratic); }
  Outcome run(const std::string& flags) const { return shell(folder, "peloton sweep s.json --bisect algorithm.learning_rate " + flags); }
  std::string csv(const std::string& path = "runs/quadratic.bisect") const {
    return read_file((folder.path() / path / "stability.csv").string());
  }
};

void check_limit(const std::map<std::string, std::string>& row, double limit, double tolerance) {
  INFO(limit);
  const double stable = std::stod(row.at("largest_stable"));
  const double unstable = std::stod(row.at("smallest_unstable"));
  CHECK(stable <= limit * 1.001);
  CHECK(unstable >= limit * 0.999);
  CHECK(unstable <= stable * (1 + tolerance));
}

}  // namespace

TEST_CASE("the largest stable step of gradient descent is 2 / L", "[scenarios][bisect]") {
  // Oracle: closed form, for one worker and for several, who all compute the same gradient.
  const Search search;
  const Outcome outcome = search.run("--vary cluster.workers=1,3 --tolerance 0.5%");
  INFO(outcome.err);
  REQUIRE(outcome.code == 0);
  const auto rows = table_of(search.csv());
  REQUIRE(rows.size() == 2);
  for (const auto& row : rows) check_limit(row, 2.0 / 4, 0.005);
  CHECK(rows[1].at("cluster.workers") == "3");
}

TEST_CASE("a delay of n − 1 updates lowers the largest stable step", "[scenarios][bisect]") {
  // Oracle: closed form. x(k + 1) = x(k) − η L x(k − τ) is stable below η L = 2 sin(π / (2 (2 τ + 1))): 2, 1, 0.445 for τ = 0, 1, 3.
  const Search search;
  const Outcome outcome = search.run("--set algorithm.name=async_sgd --vary cluster.workers=1,2,4 --quiet");
  INFO(outcome.err);
  REQUIRE(outcome.code == 0);
  const auto rows = table_of(search.csv());
  REQUIRE(rows.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) {
    const double delay = std::array{0.0, 1.0, 3.0}[i];
    check_limit(rows[i], 2.0 / 4 * std::sin(std::numbers::pi / (2 * (2 * delay + 1))), 0.01);
  }
}

TEST_CASE("a search goes on with a finer tolerance, and ends as if it had been made at once", "[scenarios][bisect]") {
  const Search search;
  REQUIRE(search.run("--tolerance 10% --repeat 2").code == 0);
  const Outcome finer = search.run("--tolerance 1% --repeat 2 --jobs 1");
  CHECK_THAT(finer.err, Catch::Matchers::ContainsSubstring("runs are known already"));
  REQUIRE(search.run("--tolerance 1% --repeat 2 --jobs 2 --out fresh").code == 0);
  CHECK(search.csv() == search.csv("fresh"));
  const Outcome again = search.run("--tolerance 1% --repeat 2");
  CHECK_THAT(again.out, Catch::Matchers::ContainsSubstring("\n0 runs\n"));
}

TEST_CASE("a search between two values says when the limit lies outside", "[scenarios][bisect]") {
  const Search search;
  CHECK_THAT(search.run("--between 0.01,0.02 --out a").out, Catch::Matchers::ContainsSubstring("stable at every value tried"));
  CHECK_THAT(search.run("--between 0.6,2 --out b").out, Catch::Matchers::ContainsSubstring("unstable at every value tried"));
  const Outcome inside = search.run("--between 0.3,2 --out c");
  CHECK(inside.code == 0);
  check_limit(table_of(search.csv("c")).at(0), 0.5, 0.01);
}

TEST_CASE("a search that cannot be is refused before anything runs", "[scenarios][bisect]") {
  const Search search;
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"--between 2,1", "--between: LOW must be below HIGH, got \"2,1\""},
      {"--between 1", "--between: must be LOW,HIGH, got \"1\""},
      {"--between 0,1", "--between: must be a positive number, got \"0\""},
      {"--tolerance 0", "--tolerance: must be a share from 1e-9 to 1, got \"0\""},
      {"--list", "--list: does not go with --bisect"},
      {"--set 'algorithm.learning_rate={\"kind\": \"inverse_time\"}'", "must be a positive number in the scenario to start from"},
  };
  for (const auto& [flags, expected] : cases) {
    INFO(flags);
    const Outcome outcome = search.run(flags);
    CHECK(outcome.code == 2);
    CHECK_THAT(outcome.err, Catch::Matchers::ContainsSubstring(expected));
    CHECK_FALSE(std::filesystem::exists(search.folder / "runs/quadratic.bisect/stability.csv"));
  }
  const Outcome unknown = shell(search.folder, "peloton sweep s.json --bisect algorithm.learning_rat --between 1,2 --out unknown");
  CHECK(unknown.code == 2);
  CHECK_THAT(unknown.err,
             Catch::Matchers::ContainsSubstring("--bisect: /algorithm/learning_rat: unknown key (did you mean \"learning_rate\"?)"));
  CHECK_FALSE(std::filesystem::exists(search.folder / "unknown"));
  const Outcome without = shell(search.folder, "peloton sweep s.json --repeat 2 --tolerance 1%");
  CHECK(without.code == 2);
  CHECK_THAT(without.err, Catch::Matchers::ContainsSubstring("--tolerance: needs --bisect PATH"));
}

TEST_CASE("the trials of one search are not taken for another's", "[scenarios][bisect]") {
  const Search search;
  REQUIRE(search.run("--tolerance 50%").code == 0);
  const Outcome other = search.run("--tolerance 50% --set stop.updates=2000");
  CHECK(other.code == 2);
  CHECK_THAT(other.err, Catch::Matchers::ContainsSubstring("scenario.stop.updates: 4000 → 2000"));
  // Where the search starts is not what it finds.
  CHECK(search.run("--tolerance 50% --set algorithm.learning_rate=0.3").code == 0);
  const Outcome run = shell(search.folder, "peloton run s.json --out runs/quadratic.bisect");
  CHECK(run.code == 2);
  CHECK_THAT(run.err, Catch::Matchers::ContainsSubstring("holds a search by bisection"));
}
