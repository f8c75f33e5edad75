#include "sim/compute/markov.hpp"

#include <cmath>
#include <map>

#include "sim/compute/laws.hpp"
#include "tests/test.hpp"

using namespace peloton;

namespace {

const Place kPlace{"x.json", "/compute"};

ComputeLaw law(const std::string& json, std::size_t workers, std::uint64_t seed = 1) {
  auto out = OptionType<ComputeLaw>::parse(Json::parse(json), kPlace);
  prepare(out, {.workers = workers, .seed = seed}, kPlace);
  return out;
}

std::string error(const std::string& json) {
  try {
    (void)law(json, 1);
  } catch (const InputError& e) {
    return e.what();
  }
  return "no error";
}

constexpr const char* kMarkov = R"({"distribution": "markov", "fast": "10 ms", "slow": "50 ms", "to_slow": "9 s", "to_fast": "1 s"})";

}  // namespace

TEST_CASE("a Markov law's computations are slow with the stationary probability", "[sim][compute][markov]") {
  // Closed form: to_fast / (to_slow + to_fast) = 0.1 at any time. 40000 independent workers: standard deviation 0.0015; the bound of
  // 5.5 of them fails with probability 4e-8.
  constexpr std::size_t kWorkers = 40000;
  const ComputeLaw l = law(kMarkov, kWorkers);
  double slow = 0;
  for (NodeId w = 0; w < kWorkers; ++w) {
    const double time = sample(l, {.seed = 1, .worker = w, .number = 0, .start = Time{5'000'000'000}});
    CHECK((time == 0.01 || time == 0.05));
    slow += time == 0.05 ? 1.0 / kWorkers : 0.0;
  }
  CHECK(std::abs(slow - 0.1) < 5.5 * 0.0015);
  CHECK(expectation(l, 0) == Approx(0.9 * 0.01 + 0.1 * 0.05).epsilon(1e-13));
}

TEST_CASE("a Markov law turns as often as its rates say", "[sim][compute][markov]") {
  // Closed form: a cycle of a fast and a slow phase takes 10 s in the mean with a variance of 81 + 1; in 10^4 s the number of slow phases
  // is near normal with mean 1000 and variance 82 · 10^4 / 10^3 = 820 (renewal theory): 5.5 standard deviations are 158.
  const ComputeLaw l = law(kMarkov, 1);
  int turns = 0;
  double before = 0.01;
  for (std::int64_t ms = 0; ms < 10'000'000; ms += 5) {  // 0.5 % of the slow phases are shorter than 5 ms and missed: 5
    const double time = sample(l, {.seed = 1, .worker = 0, .number = 0, .start = Time{ms * 1'000'000}});
    if (time > before) ++turns;
    before = time;
  }
  CHECK(std::abs(turns - 995) < 158);
}

TEST_CASE("the phase at its start decides a computation's law", "[sim][compute][markov]") {
  // Invariant: exponential laws of both phases use the same random number, so their draws have the ratio of the means.
  const auto both = [](const char* fast, const char* slow) {
    return law(std::string(R"({"distribution": "markov", "to_slow": "1 s", "to_fast": "1 s", "fast": ")") + fast + R"(", "slow": ")" +
                   slow + "\"}",
               50);
  };
  const ComputeLaw mixed = both("exponential:10ms", "exponential:70ms");
  const ComputeLaw fast = both("exponential:10ms", "exponential:10ms");
  int slow = 0;
  for (NodeId w = 0; w < 50; ++w) {
    const ComputeCall call{.seed = 1, .worker = w, .number = 3, .start = Time{1'500'000'000}};
    const double ratio = sample(mixed, call) / sample(fast, call);
    CHECK((ratio == 1 || ratio == Approx(7).epsilon(1e-12)));
    if (ratio > 2) ++slow;
  }
  CHECK(slow > 0);
  CHECK(slow < 50);
}

TEST_CASE("two Markov terms of a sum are independent", "[sim][compute][markov]") {
  // Four equally likely outcomes of 2000 independent workers: 500 each, standard deviation √(2000 · 3/16) = 19.4; 5.5 of them: 107.
  const std::string half = R"({"distribution": "markov", "fast": 1, "slow": 2, "to_slow": 1, "to_fast": 1})";
  const std::string other = R"({"distribution": "markov", "fast": 10, "slow": 20, "to_slow": 1, "to_fast": 1})";
  const ComputeLaw l = law(R"({"distribution": "sum", "terms": [)" + half + ", " + other + "]}", 2000);
  std::map<double, int> seen;
  for (NodeId w = 0; w < 2000; ++w) ++seen[sample(l, {.seed = 1, .worker = w})];
  CHECK(seen.size() == 4);
  for (const double time : {11.0, 12.0, 21.0, 22.0}) CHECK(std::abs(seen[time] - 500) < 107);
}

TEST_CASE("a Markov law's options are checked", "[sim][compute][markov]") {
  const auto with = [](const std::string& keys) { return R"({"distribution": "markov", )" + keys + "}"; };
  CHECK(error(with(R"("fast": "20 ms", "slow": "10 ms", "to_slow": 1, "to_fast": 1)")) ==
        "x.json: /compute/slow: must be ≥ fast in the mean (20 ms), got 10 ms");
  CHECK(error(with(R"("fast": 1, "slow": 2, "to_slow": 0, "to_fast": 1)")) ==
        "x.json: /compute/to_slow: must be ≥ 1e-06 (a microsecond of virtual time), got 0");
  CHECK(error(with(R"("fast": 0, "slow": 2, "to_slow": 1, "to_fast": 1)")) == "x.json: /compute/fast: must be > 0, got 0");
  CHECK(error(with(R"("fast": 1, "slow": 2, "to_slow": 1)")) ==
        "x.json: /compute: needs the key \"to_fast\" (mean length of a slow phase)");
}
