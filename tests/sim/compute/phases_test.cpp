#include "sim/compute/phases.hpp"

#include <vector>

#include "tests/sim/compute/kolmogorov_smirnov.hpp"
#include "tests/test.hpp"

using namespace peloton;

namespace {

Time at_ms(std::int64_t ms) { return {ms * 1'000'000}; }

const Phases::Source kSource{.seed = 1, .purpose = Purpose::test};

Phases exponential_phases(double usual, double slow, bool stationary, std::size_t entities) {
  return {{.usual = TimeLaw(ExponentialLaw{Seconds{usual}}), .slow = TimeLaw(ExponentialLaw{Seconds{slow}}), .stationary = stationary},
          entities,
          kSource};
}

/// The lengths in seconds of an entity's first `n` slow phases, the first usual one left out.
std::vector<double> slow_lengths(const Phases& phases, std::uint32_t entity, std::size_t n) {
  std::vector<double> out;
  Time t;
  while (out.size() < n) {
    const Phases::Phase phase = phases.at(entity, t);
    if (phase.slow) out.push_back((phase.end - t).seconds());
    t = phase.end;
  }
  return out;
}

}  // namespace

TEST_CASE("phases of fixed lengths alternate", "[sim][compute][phases]") {
  // Hand computation: usual for 30 ms, slow for 10 ms: [0, 30) usual, [30, 40) slow, [40, 70) usual, [70, 80) slow.
  const Phases phases({.usual = TimeLaw(Seconds{0.03}), .slow = TimeLaw(Seconds{0.01})}, 2, kSource);
  const auto check = [&](std::int64_t ms, bool slow, std::int64_t end) {
    INFO(ms);
    const Phases::Phase phase = phases.at(1, at_ms(ms));
    CHECK(phase.slow == slow);
    CHECK(phase.end == at_ms(end));
  };
  check(0, false, 30);
  check(29, false, 30);
  check(30, true, 40);
  check(75, true, 80);
  check(41, false, 70);  // back in time
  check(4'000'000'030, true, 4'000'000'040);
}

TEST_CASE("a phase does not depend on what was asked before", "[sim][compute][phases]") {
  // Invariant: the answers of a walk in ascending time, asked of a fresh object one by one in descending order.
  const Phases walked = exponential_phases(0.05, 0.02, true, 1);
  std::vector<Phases::Phase> answers;
  for (std::int64_t ms = 0; ms < 500; ms += 7) answers.push_back(walked.at(0, at_ms(ms)));
  const Phases fresh = exponential_phases(0.05, 0.02, true, 1);
  for (std::size_t i = answers.size(); i-- > 0;) {
    const Phases::Phase again = fresh.at(0, at_ms(7 * static_cast<std::int64_t>(i)));
    CHECK(again.slow == answers[i].slow);
    CHECK(again.end == answers[i].end);
  }
}

TEST_CASE("phases have the lengths of their law", "[sim][compute][phases]") {
  // Kolmogorov–Smirnov: the statistic of 20000 independent exponential lengths is above 3 with probability 3e-8.
  const std::vector<double> lengths = slow_lengths(exponential_phases(0.05, 0.02, false, 1), 0, 20000);
  CHECK(test::kolmogorov_smirnov(lengths, test::exponential(0.02)) < 3);
}

TEST_CASE("stationary phases are slow with the same probability at all times", "[sim][compute][phases]") {
  // Closed form: 20 / (50 + 20). 40000 independent entities: standard deviation √(p(1 − p)/40000) = 0.00226; the bound of 5.5 of them
  // fails at one of three times with probability 1.1e-7.
  const std::size_t entities = 40000;
  const Phases phases = exponential_phases(0.05, 0.02, true, entities);
  for (const std::int64_t ms : {0, 10, 1000}) {
    double slow = 0;
    for (std::uint32_t i = 0; i < entities; ++i) slow += phases.at(i, at_ms(ms)).slow ? 1.0 / static_cast<double>(entities) : 0.0;
    CHECK(std::abs(slow - 2.0 / 7) < 5.5 * 0.00226);
  }
}

TEST_CASE("processes, purposes and seeds have phases of their own", "[sim][compute][phases]") {
  const auto first_end = [](Phases::Source source) {
    const TimeLaw law(ExponentialLaw{Seconds{1}});
    return Phases({.usual = law, .slow = law}, 1, source).at(0, Time{}).end;
  };
  const Time reference = first_end(kSource);
  CHECK(first_end({.seed = 1, .purpose = Purpose::test, .process = 1}) != reference);
  CHECK(first_end({.seed = 2, .purpose = Purpose::test}) != reference);
  CHECK(first_end({.seed = 1, .purpose = Purpose::markov_phase}) != reference);
  CHECK(first_end({.seed = 1, .purpose = Purpose::test}) == reference);
}
