#include "sim/compute/slowdowns.hpp"

#include <cmath>

#include "tests/test.hpp"

using namespace peloton;

namespace {

const Place kPlace{"x.json", "/cluster/slowdowns"};

constexpr std::int64_t kMillisecond = 1'000'000;
Time at_ms(std::int64_t ms) { return {ms * kMillisecond}; }

std::vector<SlowdownSpec> specs(const std::string& json) { return OptionType<std::vector<SlowdownSpec>>::parse(Json::parse(json), kPlace); }

Slowdowns slowdowns(const std::string& json, std::size_t workers, const std::vector<std::uint32_t>& racks = {}, std::uint64_t seed = 1) {
  return {specs(json), workers, racks, seed, kPlace};
}

std::string error(const std::string& json, const std::vector<std::uint32_t>& racks = {}) {
  try {
    (void)slowdowns(json, 4, racks);
  } catch (const InputError& e) {
    return e.what();
  }
  return "no error";
}

/// Usual until 14 ms, five times slower until 64 ms, usual until 78 ms, and so on.
constexpr const char* kFixed = R"([{"groups": 4, "slowdown": 5, "every": "14 ms", "for": "50 ms"}])";
constexpr const char* kRandom = R"([{"groups": "rack", "slowdown": 3, "every": "exponential:20ms", "for": "exponential:10ms"}])";

}  // namespace

TEST_CASE("a computation in progress meets each slow-down", "[sim][compute][slowdowns]") {
  // Hand computation with 10 ms of work. From 0: done at 10. From 10: 4 ms of work until 14, the other 6 at a fifth of the speed, 30 ms:
  // done at 44. From 60: 4 ms at a fifth are 0.8 ms of work, 9.2 ms are left at 64: done at 73.2.
  const Slowdowns s = slowdowns(kFixed, 4);
  const auto finish_us = [&](std::int64_t start_ms) { return s.finish(0, at_ms(start_ms), {10 * kMillisecond}).ns / 1000; };
  CHECK(finish_us(0) == 10'000);
  CHECK(finish_us(10) == 44'000);
  CHECK(finish_us(14) == 64'000);
  CHECK(finish_us(60) == 73'200);
  // 100 ms from 0: each cycle of 64 ms does 14 + 10; four of them (256 ms) do 96, the last 4 ms are at full speed: done at 260.
  CHECK(s.finish(0, {}, {100 * kMillisecond}) == at_ms(260));
}

TEST_CASE("what no slow-down meets ends to the nanosecond", "[sim][compute][slowdowns]") {
  // Invariant: start + work, also for odd numbers beyond the 53 bits of a double.
  const Slowdowns s = slowdowns(R"([{"groups": 1, "slowdown": 5, "every": "100000000 s", "for": "1 s"}])", 1);
  CHECK(s.finish(0, {3}, {90'071'992'547'409'931}).ns == 90'071'992'547'409'934);
}

TEST_CASE("several slow-downs multiply", "[sim][compute][slowdowns]") {
  // Hand computation: twice slower from 10 to 30 ms, five times from 20 to 40 ms. From 10: 5 ms of work until 20, 1 ms until 30, 2 ms until
  // 40: 8 ms of work end there.
  const Slowdowns s = slowdowns(
      R"([{"groups": 1, "slowdown": 2, "every": "10 ms", "for": "20 ms"}, {"groups": 1, "slowdown": 5, "every": "20 ms", "for": "20 ms"}])",
      1);
  CHECK(s.factor(0, at_ms(9)) == 1);
  CHECK(s.factor(0, at_ms(10)) == 2);
  CHECK(s.factor(0, at_ms(25)) == 10);
  CHECK(s.factor(0, at_ms(35)) == 5);
  CHECK(s.finish(0, at_ms(10), {8 * kMillisecond}) == at_ms(40));
}

TEST_CASE("workers of a rack have the same factor at the same time, racks are independent", "[sim][compute][slowdowns]") {
  // Racks {0, 2, 4, …} and {1, 3, 5, …}. Exact: the factors within a rack are equal at every time. Between racks the correlation of the
  // slow phases is 0: 3000 times, 100 ms apart (the correlation of one rack with itself falls by exp(−t(1/20 + 1/10)) = 3e-7 meanwhile),
  // give an estimate with a standard deviation of 1/√3000 = 0.018; the bound of 5.5 of them fails with probability 4e-8.
  const Slowdowns s = slowdowns(kRandom, 6, {0, 1, 0, 1, 0, 1});
  double both = 0;
  double first = 0;
  double second = 0;
  constexpr int kTimes = 3000;
  for (int i = 1; i <= kTimes; ++i) {
    const Time t = at_ms(100 * i);
    const double a = s.factor(0, t);
    const double b = s.factor(1, t);
    CHECK((a == 1 || a == 3));
    CHECK((s.factor(2, t) == a && s.factor(4, t) == a));
    CHECK((s.factor(3, t) == b && s.factor(5, t) == b));
    first += (a == 3 ? 1.0 : 0.0) / kTimes;
    second += (b == 3 ? 1.0 : 0.0) / kTimes;
    both += (a == 3 && b == 3 ? 1.0 : 0.0) / kTimes;
  }
  CHECK(std::abs(both - first * second) / std::sqrt(first * (1 - first) * second * (1 - second)) < 5.5 * 0.018);
  // A third of the time (10 of 30 ms): standard deviation √(2/9 / 3000) = 0.0086.
  CHECK(std::abs(first - 1.0 / 3) < 5.5 * 0.0086);
}

TEST_CASE("groups of a size are consecutive workers", "[sim][compute][slowdowns]") {
  const Slowdowns s = slowdowns(R"([{"groups": 3, "slowdown": 2, "every": "exponential:1s", "for": "1 s"}])", 7);
  bool differ = false;
  for (int i = 0; i < 100; ++i) {
    const Time t = at_ms(200 * i);
    CHECK((s.factor(0, t) == s.factor(1, t) && s.factor(1, t) == s.factor(2, t)));
    CHECK((s.factor(3, t) == s.factor(4, t) && s.factor(4, t) == s.factor(5, t)));
    differ = differ || s.factor(2, t) != s.factor(3, t) || s.factor(5, t) != s.factor(6, t);
  }
  CHECK(differ);
}

TEST_CASE("slow-downs are checked", "[sim][compute][slowdowns]") {
  CHECK(error(kRandom) == "x.json: /cluster/slowdowns/0/groups: the topology has no racks: give the number of workers in a group");
  CHECK(error(kRandom, {0, 0, 1, 1}) == "no error");
  const auto one = [](const char* groups, const char* rest) { return error(std::string(R"([{"groups": )") + groups + ", " + rest + "}]"); };
  const char* rest = R"("slowdown": 2, "every": 1, "for": 1)";
  CHECK(one("\"racks\"", rest) == "x.json: /cluster/slowdowns/0/groups: must be \"rack\" or a number of workers ≥ 1, got \"racks\"");
  CHECK(one("0", rest) == "x.json: /cluster/slowdowns/0/groups: must be \"rack\" or a number of workers ≥ 1, got 0");
  CHECK(one("1", R"("slowdown": 0.5, "every": 1, "for": 1)") == "x.json: /cluster/slowdowns/0/slowdown: must be ≥ 1, got 0.5");
  CHECK(one("1", R"("slowdown": 2, "every": 0, "for": 1)") == "x.json: /cluster/slowdowns/0/every: must be > 0, got 0");
  CHECK(one("1", R"("slowdown": 2, "every": 1)") == "x.json: /cluster/slowdowns/0: needs the key \"for\" (how long it then is slow)");
}
