#include "models/data/dataset.hpp"

#include "tests/test.hpp"

using namespace peloton;

TEST_CASE("distinct labels of both sets, ascending", "[models][data][dataset]") {
  // Hand computation.
  DataPair data;
  data.train.labels = {2, -1, 2, 7};
  data.test.labels = {7, 3, -1};
  CHECK(distinct_labels(data) == std::vector<double>{-1, 2, 3, 7});
  CHECK(distinct_labels({}).empty());
}
