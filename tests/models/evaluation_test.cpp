#include "models/evaluation.hpp"

#include <cmath>
#include <numeric>

#include "models/kernels/kernels.hpp"
#include "models/objectives/make_objective.hpp"
#include "tests/models/objectives/small_data.hpp"
#include "tests/test.hpp"

namespace peloton {
namespace {

ConstView view(const std::vector<double>& x) { return {Precision::float64, x.data(), x.size()}; }

}  // namespace

TEST_CASE("a whole split, by hand", "[models][evaluation]") {
  // Logistic regression on rows a = (1), (−2), labels 0 and 1, at x = 1: margins −1 and −2, both wrong.
  // f = ½ (log(1 + e) + log(1 + e²)) + 0.05, ∇f = ½ (σ(1) + 2 σ(2)) + 0.1.
  const auto objective =
      make_objective(LogisticOptions{.l2 = 0.1}, test::hand_data(1, {1, -2}, {0, 1}), Precision::float64, find_kernels("auto"), {});
  ThreadPool pool(1);
  const std::vector<double> x{1};
  const Evaluation with = evaluate(*objective, view(x), Split::train, true, pool);
  const double gradient = (1 / (1 + std::exp(-1.0)) + 2 / (1 + std::exp(-2.0))) / 2 + 0.1;
  CHECK(with.loss == Approx((std::log1p(std::exp(1.0)) + std::log1p(std::exp(2.0))) / 2 + 0.05).epsilon(1e-14));
  CHECK(with.accuracy == 0.0);
  REQUIRE(with.gradient_norm.has_value());
  CHECK(*with.gradient_norm == Approx(gradient).epsilon(1e-14));
  CHECK(full_gradient(*objective, view(x), Split::train, pool)[0] == Approx(gradient).epsilon(1e-14));

  const Evaluation without = evaluate(*objective, view(x), Split::train, false, pool);
  CHECK(without.loss == with.loss);
  CHECK(!without.gradient_norm.has_value());
}

TEST_CASE("an evaluation is the same for any number of threads", "[models][evaluation]") {
  // Invariant: the same bits with 1, 2, 3 and 7 threads; 5000 rows are five chunks, the last one ragged.
  MlpOptions mlp;
  mlp.hidden = {6};
  mlp.l2 = 0.01;
  for (const ModelSpec& model : {ModelSpec(mlp), ModelSpec(SoftmaxOptions{})}) {
    for (const Precision precision : {Precision::float32, Precision::float64}) {
      const auto objective = make_objective(model, test::small_data(test::Storage::bytes, 5000, 7, 3), precision, find_kernels("auto"), {});
      const std::vector<double> x = test::scattered_point(objective->dimension(), 0.5);
      const std::vector<float> narrow(x.begin(), x.end());
      const ConstView point = precision == Precision::float64 ? view(x) : ConstView{precision, narrow.data(), narrow.size()};
      for (const Split split : {Split::train, Split::test}) {
        ThreadPool one(1);
        const Evaluation expected = evaluate(*objective, point, split, true, one);
        const std::vector<double> gradient = full_gradient(*objective, point, split, one);
        CHECK(*expected.accuracy > 0.1);
        for (const std::size_t threads : {2U, 3U, 7U}) {
          ThreadPool pool(threads);
          const Evaluation got = evaluate(*objective, point, split, true, pool);
          CHECK(got.loss == expected.loss);
          CHECK(got.accuracy == expected.accuracy);
          CHECK(got.gradient_norm == expected.gradient_norm);
          CHECK(full_gradient(*objective, point, split, pool) == gradient);
          CHECK(evaluate(*objective, point, split, false, pool).loss == expected.loss);
        }
      }
    }
  }
}

TEST_CASE("the whole gradient is the stochastic gradient on all rows", "[models][evaluation]") {
  // Reduction: a batch of every training row once; 2500 rows are three chunks of the evaluation and ten of the gradient.
  const auto objective = make_objective(SoftmaxOptions{.l2 = 0.3}, test::small_data(test::Storage::reals, 2500, 6, 3), Precision::float64,
                                        find_kernels("auto"), {});
  const std::vector<double> x = test::scattered_point(objective->dimension(), 0.5);
  std::vector<std::uint32_t> all(2500);
  std::iota(all.begin(), all.end(), 0U);
  ThreadPool pool(2);
  CHECK(test::largest_difference(full_gradient(*objective, view(x), Split::train, pool), test::Probe(*objective).gradient(x, all)) < 1e-13);
}

TEST_CASE("an objective without data is evaluated without its noise", "[models][evaluation]") {
  // Hand computation: λ = (1, 4), x = (1, 1): f = 2.5, ∇f = (1, 4), ‖∇f‖ = √17. There is no accuracy and no test split.
  QuadraticOptions options;
  options.eigenvalues = std::vector<double>{1, 4};
  options.noise = 100;
  const auto objective = make_objective(options, nullptr, Precision::float64, find_kernels("auto"), {});
  ThreadPool pool(2);
  const std::vector<double> x{1, 1};
  const Evaluation got = evaluate(*objective, view(x), Split::train, true, pool);
  CHECK(got.loss == 2.5);
  CHECK(!got.accuracy.has_value());
  CHECK(*got.gradient_norm == Approx(std::sqrt(17.0)));
  CHECK(full_gradient(*objective, view(x), Split::train, pool) == std::vector<double>{1, 4});
  CHECK_THROWS_AS(evaluate(*objective, view(x), Split::test, false, pool), BrokenInvariant);
}

TEST_CASE("evaluating an absent test split is a defect of the caller", "[models][evaluation]") {
  // Invariant.
  const auto objective =
      make_objective(LogisticOptions{}, test::hand_data(1, {1, -2}, {0, 1}), Precision::float64, find_kernels("auto"), {});
  ThreadPool pool(1);
  const std::vector<double> x{1};
  CHECK_THROWS_AS(evaluate(*objective, view(x), Split::test, false, pool), BrokenInvariant);
}

TEST_CASE("each worker's loss and accuracy by hand", "[models][evaluation]") {
  // Logistic regression at x = 1 on a = 1, −2, 3, −1 with labels 1, 0, 0, 1: margins 1, 2, −3, −1. Sorted shards: label 0 is rows 1 and 2,
  // label 1 rows 0 and 3; half of either is right.
  const auto data = test::hand_data(1, {1, -2, 3, -1}, {1, 0, 0, 1});
  const auto objective = make_objective(LogisticOptions{.l2 = 0.1}, data, Precision::float64, find_kernels("auto"), {});
  const Partition partition(SortedPartition{}, data->train.labels, 2, 1, {});
  ThreadPool pool(2);
  const std::vector<double> x{1};
  const auto workers = evaluate_workers(*objective, view(x), {2, &partition}, pool);
  const auto phi = [](double margin) { return std::log1p(std::exp(-margin)); };
  REQUIRE(workers.size() == 2);
  CHECK(workers[0].loss == Approx((phi(2) + phi(-3)) / 2 + 0.05).epsilon(1e-14));
  CHECK(workers[1].loss == Approx((phi(1) + phi(-1)) / 2 + 0.05).epsilon(1e-14));
  CHECK(workers[0].accuracy == 0.5);
  CHECK(workers[1].accuracy == 0.5);
}

TEST_CASE("the workers' losses and accuracies average to the whole's, for any number of threads", "[models][evaluation]") {
  // Invariant: shards that hold each row once, weighted by their sizes (in one of them several chunks of 1024), whether dealt once or anew
  // each epoch; a shared partition gives every worker the whole. The same bits with 1 and 3 threads.
  const auto data = test::small_data(test::Storage::sparse, 4000, 6, 3);
  const auto objective = make_objective(SoftmaxOptions{.l2 = 0.1}, data, Precision::float64, find_kernels("auto"), {});
  const std::vector<double> x = test::scattered_point(objective->dimension(), 0.5);
  ThreadPool one(1);
  ThreadPool three(3);
  const Evaluation whole = evaluate(*objective, view(x), Split::train, false, one);
  PartitionSpec redealt = IidPartition{};
  redealt.reshuffle = Reshuffle::epoch;
  for (const PartitionSpec& spec : {PartitionSpec(SizeSkewPartition{}), redealt, PartitionSpec(SharedPartition{})}) {
    const Partition partition(spec, data->train.labels, 7, 1, {});
    const auto workers = evaluate_workers(*objective, view(x), {7, &partition}, one);
    const auto again = evaluate_workers(*objective, view(x), {7, &partition}, three);
    double rows = 0;
    double loss = 0;
    double correct = 0;
    for (std::size_t w = 0; w < 7; ++w) {
      CHECK(workers[w].loss == again[w].loss);
      CHECK(workers[w].accuracy == again[w].accuracy);
      const auto size = static_cast<double>(partition.size(w));
      rows += size;
      loss += size * workers[w].loss;
      correct += size * *workers[w].accuracy;
    }
    CHECK(loss / rows == Approx(whole.loss).epsilon(1e-12));
    CHECK(correct / rows == Approx(*whole.accuracy).epsilon(1e-12));
    CHECK((workers[0].loss == workers[1].loss) == partition.is_shared());
  }
}

TEST_CASE("workers with functions of their own are evaluated on them", "[models][evaluation]") {
  // Hand computation: ½ · 2 (x − a)² at x = 1 with centres 0, 1, 4: 1, 0, 9. Without centres all have f = ½ · 2 · 1.
  QuadraticOptions options;
  options.eigenvalues = std::vector<double>{2};
  options.noise = 10;
  options.centres = std::vector<Coordinates>{0.0, 1.0, 4.0};
  ThreadPool pool(2);
  const std::vector<double> x{1};
  const auto losses = [&] {
    const auto objective = make_objective(options, nullptr, Precision::float64, find_kernels("auto"), {});
    std::vector<double> out;
    for (const Evaluation& worker : evaluate_workers(*objective, view(x), {3, nullptr}, pool)) {
      CHECK(!worker.accuracy.has_value());
      out.push_back(worker.loss);
    }
    return out;
  };
  CHECK(losses() == std::vector<double>{1, 0, 9});
  options.centres.reset();
  CHECK(losses() == std::vector<double>{1, 1, 1});
}

TEST_CASE("the worst tenth of the workers", "[models][evaluation]") {
  // Hand computation: of 25 the worst 2, of fewer than 20 the worst 1; not a number is worst.
  std::vector<double> values;
  for (int i = 0; i < 25; ++i) values.push_back((7 * i) % 25);  // a permutation of 0 … 24
  CHECK(worker_spread(values, Worst::highest).mean == Approx(12));
  CHECK(worker_spread(values, Worst::highest).worst_tenth == 23.5);
  CHECK(worker_spread(values, Worst::lowest).worst_tenth == 0.5);
  CHECK(worker_spread({3, 1, 2}, Worst::highest).worst_tenth == 3);
  CHECK(worker_spread({3, 1, 2}, Worst::lowest).worst_tenth == 1);
  CHECK(worker_spread({3, NAN, 2}, Worst::highest).worst_tenth == INFINITY);
  CHECK(std::isnan(worker_spread({3, NAN, 2}, Worst::highest).mean));
}

}  // namespace peloton
