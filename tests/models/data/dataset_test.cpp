#include "models/data/dataset.hpp"

#include <string>

#include "tests/test.hpp"

using namespace peloton;

namespace {

/// Three rows of two features with labels 5 6 7 and devices 0 0 1, in the given storage.
template <class Storage>
Dataset three_rows(Storage x) {
  Dataset out;
  out.rows = 3;
  out.features = 2;
  out.x = std::move(x);
  out.labels = {5, 6, 7};
  out.devices = {0, 0, 1};
  return out;
}

}  // namespace

TEST_CASE("distinct labels of both sets, ascending", "[models][data][dataset]") {
  // Hand computation.
  DataPair data;
  data.train.labels = {2, -1, 2, 7};
  data.test.labels = {7, 3, -1};
  CHECK(distinct_labels(data) == std::vector<double>{-1, 2, 3, 7});
  CHECK(distinct_labels({}).empty());
}

TEST_CASE("rows taken out of a data set keep features, label and device", "[models][data][dataset]") {
  // Hand computation: rows 2 and 0 of (1 0 | 3 4 | 0 6).
  const std::vector<std::uint32_t> rows{2, 0};
  const Dataset bytes = rows_of(three_rows(DenseBytes{{1, 0, 3, 4, 0, 6}, 0.5, -1}), rows);
  CHECK(bytes.rows == 2);
  CHECK(bytes.features == 2);
  CHECK(bytes.labels == std::vector<double>{7, 5});
  CHECK(bytes.devices == std::vector<std::uint32_t>{1, 0});
  CHECK(std::get<DenseBytes>(bytes.x).values == LargeVector<std::uint8_t>{0, 6, 1, 0});
  CHECK(std::get<DenseBytes>(bytes.x).scale == 0.5);
  CHECK(std::get<DenseBytes>(bytes.x).offset == -1);
  const Dataset reals = rows_of(three_rows(DenseReals{{1, 0, 3, 4, 0, 6}}), rows);
  CHECK(std::get<DenseReals>(reals.x).values == std::vector<double>{0, 6, 1, 0});
  const Dataset sparse = rows_of(three_rows(SparseRows{{0, 1, 3, 4}, {0, 0, 1, 1}, {1, 3, 4, 6}}), rows);
  CHECK(std::get<SparseRows>(sparse.x).starts == std::vector<std::uint64_t>{0, 1, 2});
  CHECK(std::get<SparseRows>(sparse.x).columns == std::vector<std::uint32_t>{1, 0});
  CHECK(std::get<SparseRows>(sparse.x).values == std::vector<double>{6, 1});
}
