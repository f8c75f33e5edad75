#include "sim/topology/edges.hpp"

#include <vector>

#include "tests/test.hpp"

using namespace peloton;

TEST_CASE("the first node apart from node 0", "[sim][topology][edges]") {
  // Hand computation: 0─2, 1─4, 3 alone; joined step by step.
  CHECK(first_apart(5, std::vector<GraphEdge>{{2, 0}, {1, 4}}) == 1U);
  CHECK(first_apart(5, std::vector<GraphEdge>{{2, 0}, {1, 4}, {4, 0}}) == 3U);
  CHECK(!first_apart(5, std::vector<GraphEdge>{{2, 0}, {1, 4}, {4, 0}, {3, 1}}));
  CHECK(!first_apart(1, {}));
}
