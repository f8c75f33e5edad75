#include "models/kernels/kernels.hpp"
#include "models/objectives/make_objective.hpp"
#include "tests/models/objectives/small_data.hpp"
#include "tests/test.hpp"

using namespace peloton;
using namespace peloton::test;

namespace {

double flops(const char* model, std::shared_ptr<const DataPair> data = nullptr) {
  const auto spec = OptionType<ModelSpec>::parse(Json::parse(model), {});
  return make_objective(spec, std::move(data), Precision::float64, find_kernels("reference"), {})->flops_per_sample();
}

}  // namespace

TEST_CASE("a dense network counts 6 operations for each weight, 4 in its first layer", "[models][objectives][flops]") {
  // Hand computation: 7 features, 3 classes. Softmax: 4 · 21. Hidden layers of 5 and 4: 4 · 35 + 6 · (20 + 12).
  const auto data = small_data(Storage::bytes, 12, 7, 3);
  CHECK(flops("\"softmax\"", data) == 84);
  CHECK(flops(R"({"kind": "mlp", "hidden": [5, 4]})", data) == 332);
}

TEST_CASE("a linear model counts 4 operations for each number stored of a row", "[models][objectives][flops]") {
  // Hand computation: 3 features; stored as sparse rows of 2, 1, 0 and 3 numbers: 1.5 in the mean.
  DataPair sparse;
  sparse.train = {.rows = 4, .features = 3, .x = SparseRows{}, .labels = {1, -1, 1, -1}};
  auto& rows = std::get<SparseRows>(sparse.train.x);
  rows.columns = {0, 2, 1, 0, 1, 2};
  rows.values = {1, 1, 1, 1, 1, 1};
  rows.starts = {0, 2, 3, 3, 6};
  sparse.test = {.rows = 0, .features = 3, .x = SparseRows{}, .labels = {}};
  CHECK(flops("\"logistic\"", std::make_shared<const DataPair>(std::move(sparse))) == 6);
  CHECK(flops("\"logistic\"", hand_data(3, {1, 0, 0, 0, 1, 0}, {1, -1})) == 12);
  CHECK(flops("\"linear\"", hand_data(3, {1, 0, 0, 0, 1, 0}, {1, -1})) == 12);
}

TEST_CASE("functions without data count their own formula", "[models][objectives][flops]") {
  // Hand computation: a diagonal quadratic multiplies and subtracts d numbers, a dense one multiplies a vector by d² numbers.
  CHECK(flops(R"({"kind": "quadratic", "dimension": 10})") == 20);
  CHECK(flops(R"({"kind": "quadratic", "dimension": 10, "form": "dense"})") == 200);
  CHECK(flops(R"({"kind": "kinked_quadratic", "dimension": 10})") == 10);
}
