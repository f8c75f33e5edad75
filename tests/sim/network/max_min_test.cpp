#include "sim/network/max_min.hpp"

#include <algorithm>
#include <cmath>
#include <random>

#include "tests/sim/network/exact_max_min.hpp"
#include "tests/test.hpp"

using namespace peloton;
using peloton::test::exact_max_min;
using peloton::test::SharingProblem;

namespace {

/// Up to 12 flows over up to 8 links; small numbers, so that levels often coincide. Whole numbers are exact in double.
SharingProblem random_problem(std::mt19937_64& random) {
  const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  SharingProblem out;
  const std::size_t links = 1 + below(8);
  const std::size_t flows = 1 + below(12);
  for (std::size_t l = 0; l < links; ++l) out.bandwidth.push_back(static_cast<std::int64_t>(1 + below(20)));
  for (std::size_t f = 0; f < flows; ++f) {
    std::vector<std::size_t> crossed;
    for (std::size_t l = 0; l < links; ++l)
      if (below(3) == 0) crossed.push_back(l);
    if (crossed.empty()) crossed.push_back(below(links));
    out.links_of_flow.push_back(crossed);
    out.cap.push_back(below(3) == 0 ? static_cast<std::int64_t>(1 + below(10)) : 0);
  }
  return out;
}

std::vector<Resource> route_of(const SharingProblem& problem, std::size_t flow) {
  std::vector<Resource> out;
  for (const std::size_t link : problem.links_of_flow[flow]) out.push_back({link, static_cast<double>(problem.bandwidth[link])});
  return out;
}

/// 2000 flows over 300 links of 1 to 10^9 bit/s, up to three each.
SharingProblem large_problem(std::mt19937_64& random) {
  SharingProblem out;
  for (std::size_t l = 0; l < 300; ++l) out.bandwidth.push_back(std::llround(std::pow(10, static_cast<double>(random() % 9000) / 1000)));
  for (std::size_t f = 0; f < 2000; ++f) {
    const std::size_t first = random() % 100;
    out.links_of_flow.push_back({first, 100 + random() % 100});
    if (random() % 2 == 0) out.links_of_flow.back().push_back(200 + random() % 100);
    out.cap.push_back(random() % 3 == 0 ? static_cast<std::int64_t>(1 + random() % 1'000'000) : 0);
  }
  return out;
}

void add(MaxMinSharing& sharing, const SharingProblem& problem, std::size_t flow) {
  const std::int64_t cap = problem.cap[flow];
  sharing.add(static_cast<std::uint32_t>(flow), route_of(problem, flow),
              cap > 0 ? static_cast<double>(cap) : std::numeric_limits<double>::infinity());
}

/// No link carries more than it has, and every flow has its cap or crosses a full link on which no flow is faster.
void check_bottlenecks(const SharingProblem& problem) {
  const std::size_t flows = problem.links_of_flow.size();
  MaxMinSharing sharing;
  for (std::size_t f = 0; f < flows; ++f) add(sharing, problem, f);
  sharing.solve();
  std::vector<double> load(problem.bandwidth.size());
  std::vector<double> fastest(problem.bandwidth.size());
  for (std::size_t f = 0; f < flows; ++f) {
    for (const std::size_t link : problem.links_of_flow[f]) {
      load[link] += sharing.rate(static_cast<std::uint32_t>(f));
      fastest[link] = std::max(fastest[link], sharing.rate(static_cast<std::uint32_t>(f)));
    }
  }
  constexpr double kRounding = 1e-11;
  for (std::size_t l = 0; l < load.size(); ++l) REQUIRE(load[l] <= static_cast<double>(problem.bandwidth[l]) * (1 + kRounding));
  for (std::size_t f = 0; f < flows; ++f) {
    const double rate = sharing.rate(static_cast<std::uint32_t>(f));
    bool held_back = problem.cap[f] > 0 && rate == static_cast<double>(problem.cap[f]);
    for (const std::size_t link : problem.links_of_flow[f])
      held_back |= load[link] >= static_cast<double>(problem.bandwidth[link]) * (1 - kRounding) && rate >= fastest[link] * (1 - kRounding);
    REQUIRE(held_back);
  }
}

}  // namespace

TEST_CASE("max-min rates of three flows over two links", "[sim][network][max_min]") {
  // Hand computation (Bertsekas and Gallager's example in small): link A has 10, link B has 6 bit/s.
  //   flow 0: A      flow 1: A, B      flow 2: B
  // B fills first, at 3 each for flows 1 and 2; flow 0 takes the 7 that are left on A.
  MaxMinSharing sharing;
  const Resource a{100, 10};
  const Resource b{200, 6};
  sharing.add(0, std::vector{a});
  sharing.add(1, std::vector{a, b});
  sharing.add(2, std::vector{b});
  CHECK(sharing.solve() == std::vector<std::uint32_t>{1, 2, 0});
  CHECK(sharing.rate(0) == 7);
  CHECK(sharing.rate(1) == 3);
  CHECK(sharing.rate(2) == 3);

  SECTION("a cap leaves the rest to the others") {
    // Flow 3 on A takes at most 1; B still fills at 3, so flow 0 has 10 − 3 − 1 = 6.
    sharing.add(3, std::vector{a}, 1);
    CHECK(sharing.solve() == std::vector<std::uint32_t>{3, 0});
    CHECK(sharing.rate(0) == 6);
    CHECK(sharing.rate(1) == 3);
    CHECK(sharing.rate(3) == 1);
  }
  SECTION("a leaving flow frees its share in its component alone") {
    // Without flow 1 the links are apart: flow 0 has all of A, flow 2 all of B. Then B's flow leaves, which A does not notice.
    sharing.remove(1);
    sharing.solve();
    CHECK(sharing.rate(0) == 10);
    CHECK(sharing.rate(2) == 6);
    sharing.remove(2);
    CHECK_FALSE(sharing.changed());
    CHECK(sharing.solve().empty());
  }
}

TEST_CASE("max-min rates agree with exact rational arithmetic", "[sim][network][max_min]") {
  // Reference: filling by definition in rational numbers. 2000 random instances.
  std::mt19937_64 random(20240607);
  for (int instance = 0; instance < 2000; ++instance) {
    const SharingProblem problem = random_problem(random);
    MaxMinSharing sharing;
    for (std::size_t f = 0; f < problem.links_of_flow.size(); ++f) add(sharing, problem, f);
    sharing.solve();
    const std::vector<double> exact = exact_max_min(problem);
    for (std::size_t f = 0; f < exact.size(); ++f)
      REQUIRE(sharing.rate(static_cast<std::uint32_t>(f)) == Approx(exact[f]).epsilon(1e-12).margin(0));
  }
}

TEST_CASE("max-min rates fill a bottleneck of every flow", "[sim][network][max_min]") {
  // Invariant that defines max-min fairness, see check_bottlenecks: 1000 small instances with many equal levels, and 5 large ones with
  // hundreds of levels over nine powers of ten.
  std::mt19937_64 random(7);
  for (int instance = 0; instance < 1000; ++instance) check_bottlenecks(random_problem(random));
  for (int instance = 0; instance < 5; ++instance) check_bottlenecks(large_problem(random));
}

TEST_CASE("max-min rates do not depend on the order in which flows came and went", "[sim][network][max_min]") {
  // Invariant: after any history the rates are those of a fresh solver with the same flows, up to the order of sums. 1000 histories of
  // 40 changes, of flows and of bandwidths.
  std::mt19937_64 random(99);
  for (int history = 0; history < 1000; ++history) {
    SharingProblem problem = random_problem(random);
    const std::size_t flows = problem.links_of_flow.size();
    std::vector<bool> present(flows, false);
    MaxMinSharing sharing;
    for (int change = 0; change < 40; ++change) {
      const std::size_t f = random() % flows;
      const std::size_t link = random() % problem.bandwidth.size();
      bool in_use = false;
      for (std::size_t g = 0; g < flows; ++g)
        in_use |= present[g] && std::count(problem.links_of_flow[g].begin(), problem.links_of_flow[g].end(), link) > 0;
      if (in_use && random() % 4 == 0) {
        problem.bandwidth[link] = static_cast<std::int64_t>(1 + random() % 20);
        sharing.set_bandwidth(link, static_cast<double>(problem.bandwidth[link]));
      }
      if (present[f])
        sharing.remove(static_cast<std::uint32_t>(f));
      else
        add(sharing, problem, f);
      present[f] = !present[f];
      if (random() % 2 == 0) sharing.solve();
    }
    sharing.solve();
    MaxMinSharing fresh;
    for (std::size_t f = 0; f < flows; ++f)
      if (present[f]) add(fresh, problem, f);
    fresh.solve();
    for (std::uint32_t f = 0; f < flows; ++f)
      if (present[f]) REQUIRE(sharing.rate(f) == Approx(fresh.rate(f)).epsilon(1e-12).margin(0));
  }
}

TEST_CASE("a resource without bandwidth stops its flows and no others", "[sim][network][max_min]") {
  // Hand computation: link A has 10, link B 6 bit/s; flow 0: A, flow 1: A and B. With B at 0 flow 1 stands and flow 0 has 10; with B at 2
  // flow 1 has 2 and flow 0 has 8.
  MaxMinSharing sharing;
  sharing.add(0, std::vector{Resource{1, 10}});
  sharing.add(1, std::vector{Resource{1, 10}, Resource{2, 6}});
  sharing.solve();
  CHECK(sharing.rate(0) == 5);
  sharing.set_bandwidth(2, 0);
  CHECK(sharing.solve().size() == 2);
  CHECK(sharing.rate(0) == 10);
  CHECK(sharing.rate(1) == 0);
  sharing.set_bandwidth(2, 2);
  sharing.solve();
  CHECK(sharing.rate(0) == 8);
  CHECK(sharing.rate(1) == 2);
}

TEST_CASE("what changes far from a flow leaves its rate untouched", "[sim][network][max_min]") {
  // Invariant (cost grows with the change, not with the network): of 1000 pairs of links that share nothing, a flow that comes to one
  // changes the rates of that one alone, and `solve` names no others. So does a fast flow beside slow ones: flows of 1 bit/s through
  // a link of 100 are not named when another link lets its one flow take the rest.
  MaxMinSharing sharing;
  for (std::uint32_t i = 0; i < 1000; ++i) sharing.add(i, std::vector{Resource{2 * i, 10}, Resource{2 * i + 1, 7}});
  sharing.solve();
  sharing.add(1000, std::vector{Resource{14, 10}});
  CHECK(sharing.solve() == std::vector<FlowId>{7, 1000});
  CHECK(sharing.rate(7) == 5);
  for (std::uint32_t i = 2000; i < 2050; ++i) sharing.add(i, std::vector{Resource{5000, 100}, Resource{5001 + i, 1}});
  sharing.add(2050, std::vector{Resource{5000, 100}, Resource{9000, 60}});
  sharing.solve();
  CHECK(sharing.rate(2050) == 50);
  sharing.set_bandwidth(9000, 20);
  CHECK(sharing.solve() == std::vector<FlowId>{2050});
}
