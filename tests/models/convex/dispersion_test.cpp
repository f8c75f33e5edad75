#include "models/convex/dispersion.hpp"

#include "models/kernels/kernels.hpp"
#include "models/objectives/make_objective.hpp"
#include "tests/models/objectives/small_data.hpp"
#include "tests/test.hpp"

namespace peloton {
namespace {

Partition partition_of(const PartitionSpec& spec, const DataPair& data, std::size_t workers) {
  return {spec, data.train.labels, workers, 1, {}};
}

}  // namespace

TEST_CASE("gradient noise and heterogeneity by hand", "[models][convex]") {
  // ½(x − y)² with y = 0, 2, 4, 6 at x = 3: gradients 3, 1, −1, −3, mean 0. σ² = (9 + 1 + 1 + 9)/4 = 5.
  // Sorted shards {0, 2}, {4, 6}: mean gradients 2 and −2, ζ² = 4. One row each: ζ² = σ². Shared or one worker: 0.
  const auto data = test::hand_data(1, {1, 1, 1, 1}, {0, 2, 4, 6});
  const auto objective = make_objective(LinearOptions{}, data, Precision::float64, find_kernels("auto"), {});
  ThreadPool pool(2);
  CHECK(gradient_noise(*objective, {3}, pool) == Approx(5).epsilon(1e-14));
  const auto zeta = [&](const PartitionSpec& spec, std::size_t workers) {
    const Partition partition = partition_of(spec, *data, workers);
    return heterogeneity(*objective, {3}, {workers, &partition}, pool);
  };
  CHECK(zeta(SortedPartition{}, 2) == Approx(4).epsilon(1e-14));
  CHECK(zeta(SortedPartition{}, 4) == Approx(5).epsilon(1e-14));
  CHECK(zeta(SortedPartition{}, 1) == 0);
  CHECK(zeta(SharedPartition{}, 3) == 0);
}

TEST_CASE("the noise within equal shards and the heterogeneity add up to the noise of the whole set", "[models][convex]") {
  // Invariant: the law of total variance, at any x, regularised or not; 600 rows are several chunks, 6 shards have 100 each.
  const auto data = test::small_data(test::Storage::sparse, 600, 5, 3);
  const auto objective = make_objective(SoftmaxOptions{.l2 = 0.2}, data, Precision::float64, find_kernels("auto"), {});
  const std::vector<double> x = test::scattered_point(objective->dimension(), 0.7);
  const Partition partition = partition_of(SortedPartition{}, *data, 6);
  ThreadPool pool(2);
  test::Probe probe(*objective);
  double within = 0;
  for (std::size_t w = 0; w < 6; ++w) {
    const auto shard = partition.shard(w);
    const std::vector<double> mean = probe.gradient(x, {shard.begin(), shard.end()});
    for (const std::uint32_t row : shard) {
      const std::vector<double> one = probe.gradient(x, std::vector<std::uint32_t>{row});
      for (std::size_t j = 0; j < one.size(); ++j) within += (one[j] - mean[j]) * (one[j] - mean[j]) / 600;
    }
  }
  const double zeta = heterogeneity(*objective, x, {6, &partition}, pool);
  CHECK(zeta > 0.01);
  CHECK(within + zeta == Approx(gradient_noise(*objective, x, pool)).epsilon(1e-12));
}

TEST_CASE("dispersion is the same for any number of threads", "[models][convex]") {
  // Invariant: the same bits.
  const auto data = test::small_data(test::Storage::reals, 1500, 6, 3);
  const auto objective = make_objective(SoftmaxOptions{}, data, Precision::float64, find_kernels("auto"), {});
  const std::vector<double> x = test::scattered_point(objective->dimension(), 0.7);
  const Partition partition = partition_of(DirichletPartition{}, *data, 40);
  ThreadPool one(1);
  const double noise = gradient_noise(*objective, x, one);
  const double zeta = heterogeneity(*objective, x, {40, &partition}, one);
  for (const std::size_t threads : {2U, 5U}) {
    ThreadPool pool(threads);
    CHECK(gradient_noise(*objective, x, pool) == noise);
    CHECK(heterogeneity(*objective, x, {40, &partition}, pool) == zeta);
  }
}

}  // namespace peloton
