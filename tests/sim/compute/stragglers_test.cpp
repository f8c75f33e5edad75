#include "sim/compute/stragglers.hpp"

#include <cmath>
#include <set>

#include "tests/test.hpp"

using namespace peloton;

namespace {

const Place kPlace{"x.json", "/cluster/stragglers"};

std::vector<StragglerSpec> groups(const char* json) { return OptionType<std::vector<StragglerSpec>>::parse(Json::parse(json), kPlace); }

Stragglers stragglers(const char* json, std::size_t workers, std::uint64_t seed = 1) { return {groups(json), workers, seed, kPlace}; }

std::string error(const char* json, std::size_t workers) {
  try {
    stragglers(json, workers);
  } catch (const InputError& e) {
    return e.what();
  }
  return "no error";
}

/// The workers with this slowdown.
std::set<NodeId> slowed_by(const Stragglers& s, double slowdown, std::size_t workers) {
  std::set<NodeId> out;
  for (NodeId w = 0; w < workers; ++w) {
    REQUIRE(s.contains(w) == (s.slowdown(w) != 1));
    if (s.slowdown(w) == slowdown) out.insert(w);
  }
  return out;
}

bool holds(const std::set<NodeId>& all, const std::set<NodeId>& part) {
  return std::includes(all.begin(), all.end(), part.begin(), part.end());
}

}  // namespace

TEST_CASE("without groups nobody is a straggler", "[sim][compute][stragglers]") {
  const Stragglers s = stragglers("[]", 10);
  CHECK_FALSE(s.contains(9));
  CHECK(s.slowdown(9) == 1);
}

TEST_CASE("named workers are the stragglers", "[sim][compute][stragglers]") {
  const Stragglers s = stragglers(R"([{"workers": [0, 3], "slowdown": 5}, {"workers": [2], "slowdown": 0.5}])", 5);
  CHECK(slowed_by(s, 5, 5) == std::set<NodeId>{0, 3});
  CHECK(slowed_by(s, 0.5, 5) == std::set<NodeId>{2});
  CHECK(slowed_by(s, 1, 5) == std::set<NodeId>{1, 4});
}

TEST_CASE("a group may have the slowdown 1 and is still a group", "[sim][compute][stragglers]") {
  // A sweep over the slowdown starts at 1 and keeps its stragglers.
  const Stragglers s = stragglers(R"([{"workers": [1], "slowdown": 1}])", 3);
  CHECK(s.contains(1));
  CHECK_FALSE(s.contains(0));
}

TEST_CASE("a share is rounded to the nearest number of workers", "[sim][compute][stragglers]") {
  // Hand computation: round(share · n).
  const auto count = [](const char* json, std::size_t workers) { return slowed_by(stragglers(json, workers), 5, workers).size(); };
  CHECK(count(R"([{"share": "20%", "slowdown": 5}])", 10) == 2);
  CHECK(count(R"([{"share": "20%", "slowdown": 5}])", 12) == 2);  // 2.4
  CHECK(count(R"([{"share": "20%", "slowdown": 5}])", 13) == 3);  // 2.6
  CHECK(count(R"([{"share": 0.25, "slowdown": 5}])", 10) == 3);   // 2.5
  CHECK(count(R"([{"share": "1%", "slowdown": 5}])", 10) == 0);   // 0.1
  CHECK(count(R"([{"share": "100%", "slowdown": 5}])", 10) == 10);
  CHECK(count(R"([{"share": 0, "slowdown": 5}])", 10) == 0);
}

TEST_CASE("groups are disjoint", "[sim][compute][stragglers]") {
  // Named workers first, even when a share stands before them; 7 workers = 2 named + round(0.3 · 7) + round(0.4 · 7).
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const Stragglers s =
        stragglers(R"([{"share": 0.3, "slowdown": 2}, {"workers": [1, 5], "slowdown": 3}, {"share": 0.4, "slowdown": 4}])", 7, seed);
    CHECK(slowed_by(s, 2, 7).size() == 2);
    CHECK(slowed_by(s, 3, 7) == std::set<NodeId>{1, 5});
    CHECK(slowed_by(s, 4, 7).size() == 3);
  }
}

TEST_CASE("shares of all workers survive their rounding", "[sim][compute][stragglers]") {
  // Two halves of three workers: round(1.5) = 2 each, and the second group gets the one that is left.
  const Stragglers halves = stragglers(R"([{"share": 0.5, "slowdown": 2}, {"share": 0.5, "slowdown": 3}])", 3);
  CHECK(slowed_by(halves, 2, 3).size() == 2);
  CHECK(slowed_by(halves, 3, 3).size() == 1);

  // 1 %, 7 % and 92 % are all, although 0.1 + 0.7 + 9.2 is more than 10 in floating point; rounded: 0 + 1 + 9 workers.
  const Stragglers parts =
      stragglers(R"([{"share": "1%", "slowdown": 2}, {"share": "7%", "slowdown": 3}, {"share": "92%", "slowdown": 4}])", 10);
  CHECK(slowed_by(parts, 2, 10).empty());
  CHECK(slowed_by(parts, 3, 10).size() == 1);
  CHECK(slowed_by(parts, 4, 10).size() == 9);
}

TEST_CASE("a larger share holds the smaller one under the same seed", "[sim][compute][stragglers]") {
  // Invariant behind sweeps over the share.
  const std::set<NodeId> fifth = slowed_by(stragglers(R"([{"share": 0.2, "slowdown": 5}])", 50), 5, 50);
  const std::set<NodeId> half = slowed_by(stragglers(R"([{"share": 0.5, "slowdown": 5}])", 50), 5, 50);
  CHECK(holds(half, fifth));
  CHECK(fifth == slowed_by(stragglers(R"([{"share": 0.2, "slowdown": 9}])", 50), 9, 50));
  CHECK(fifth != slowed_by(stragglers(R"([{"share": 0.2, "slowdown": 5}])", 50, 2), 5, 50));
}

TEST_CASE("every worker is picked with the same probability", "[sim][compute][stragglers]") {
  // Over 4000 seeds each of 10 workers is picked binomial(4000, 0.3) times: mean 1200, standard deviation 29. Six standard deviations
  // fail for one of ten workers with probability 2e-8.
  std::vector<int> picked(10);
  for (std::uint64_t seed = 0; seed < 4000; ++seed)
    for (const NodeId w : slowed_by(stragglers(R"([{"share": 0.3, "slowdown": 5}])", 10, seed), 5, 10)) ++picked[w];
  for (const int times : picked) CHECK(std::abs(times - 1200) < 6 * 29);
}

TEST_CASE("wrong straggler groups are refused", "[sim][compute][stragglers]") {
  CHECK(error(R"([{"slowdown": 5}])", 10) == "x.json: /cluster/stragglers/0: needs either \"share\" or \"workers\", got neither");
  CHECK(error(R"([{"share": 0.2, "workers": [1], "slowdown": 5}])", 10) ==
        "x.json: /cluster/stragglers/0: needs either \"share\" or \"workers\", got both");
  CHECK(error(R"([{"share": 0.2}])", 10) == "x.json: /cluster/stragglers/0: needs the key \"slowdown\" (factor on their compute times)");
  CHECK(error(R"([{"share": 0.2, "slowdown": 0}])", 10) == "x.json: /cluster/stragglers/0/slowdown: must be > 0, got 0");
  CHECK(error(R"([{"share": "120%", "slowdown": 5}])", 10) == "x.json: /cluster/stragglers/0/share: must be ≥ 0 and ≤ 1, got \"120%\"");
  CHECK(error(R"([{"share": 0.2, "slowdown": 5, "sloth": 1}])", 10) == "x.json: /cluster/stragglers/0/sloth: unknown key");
  CHECK(error(R"([{"workers": [0, 10], "slowdown": 5}])", 10) ==
        "x.json: /cluster/stragglers/0/workers/1: must be a worker from 0 to 9, got 10");
  CHECK(error(R"([{"workers": [-1], "slowdown": 5}])", 10) ==
        "x.json: /cluster/stragglers/0/workers/0: must be a worker from 0 to 9, got -1");
  CHECK(error(R"([{"workers": [1, 1], "slowdown": 5}])", 10) == "x.json: /cluster/stragglers/0/workers/1: worker 1 is named twice");
  CHECK(error(R"([{"workers": [1], "slowdown": 5}, {"workers": [2, 1], "slowdown": 2}])", 10) ==
        "x.json: /cluster/stragglers/1/workers/1: worker 1 is named twice");
  CHECK(error(R"([{"share": "60%", "slowdown": 5}, {"share": "60%", "slowdown": 2}])", 10) ==
        "x.json: /cluster/stragglers: must name at most all 10 workers (100 %), got 120 %");
  CHECK(error(R"([{"workers": [0, 1], "slowdown": 5}, {"share": "90%", "slowdown": 2}])", 10) ==
        "x.json: /cluster/stragglers: must name at most all 10 workers (100 %), got 110 %");
}
