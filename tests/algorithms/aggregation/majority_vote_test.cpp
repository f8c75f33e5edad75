#include "algorithms/aggregation/majority_vote.hpp"

#include <limits>

#include "algorithms/aggregation/contributions.hpp"
#include "tests/algorithms/aggregation/vectors.hpp"
#include "tests/test.hpp"

using namespace peloton;
using namespace peloton::test;

TEST_CASE("the vote is the sign most contributions have", "[algorithms][aggregation]") {
  // Hand computation by columns: + + − wins plus; − − + minus; + − 0 and 0 0 0 tie; + + NaN plus; −∞ + NaN ties.
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  constexpr double kInf = std::numeric_limits<double>::infinity();
  for (const Precision precision : kPrecisions) {
    for (const std::size_t together : {1U, 2U, 3U}) {
      Space s(precision, 6);
      VectorContributions contributions(
          {s.vector({1, -1, 5, 0, 1e-30, -kInf}), s.vector({0.1, -9, -1e-30, 0, 2, 7}), s.vector({-100, 8, 0, -0.0, kNan, kNan})}, {},
          together);
      MajorityVote vote;
      CHECK(values_of(vote.aggregate(s.space, contributions)) == std::vector<double>{1, -1, 0, 0, 1, 0});
    }
  }
}

TEST_CASE("the vote reads one contribution at a time", "[algorithms][aggregation]") {
  // Invariant: besides the contributions there is one vector; they are gone when it is there. Its weights are equal.
  Space s(Precision::float32, 4);
  std::vector<Vector> values;
  for (std::size_t i = 0; i < 5; ++i) values.push_back(s.vector(scattered(4, static_cast<double>(i))));
  VectorContributions contributions(std::move(values), {}, 1);
  MajorityVote vote;
  const Vector out = vote.aggregate(s.space, contributions);
  CHECK(s.space.peak() == 6);
  CHECK(s.space.live() == 1);
  CHECK(!vote.holds_all());
  CHECK(vote.weights(std::vector<double>{7, 1, 2, 3}) == std::vector<double>(4, 0.25));
}
