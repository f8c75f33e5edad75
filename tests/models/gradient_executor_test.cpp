#include "models/gradient_executor.hpp"

#include <algorithm>
#include <memory>

#include "models/data/data_spec.hpp"
#include "models/kernels/kernels.hpp"
#include "models/objectives/make_objective.hpp"
#include "sim/base/random.hpp"
#include "tests/test.hpp"

using namespace peloton;

namespace {

/// The worker's batch number `call`.
TaskAddress batch(std::uint32_t worker, std::uint64_t call) {
  TaskAddress out;
  out.worker = worker;
  out.call = call;
  return out;
}

/// An MLP on generated data with everything an executor needs.
struct Bench {
  explicit Bench(std::size_t threads, Precision precision = Precision::float32, std::size_t budget = 64UL << 20U)
      : pool(threads),
        data(load_data(BlobsData{.samples = 200, .features = 6, .classes = 3}, "", 1, {})),
        objective(make_objective(OptionType<ModelSpec>::parse(Json("mlp"), {}), data, precision, find_kernels("auto"), {})),
        partition(PartitionSpec{}, data->train.labels, 4, 1, {}),
        sampler(partition, {.size = {8}, .order = BatchOrder::with_replacement, .seed = 3}),
        space(precision, objective->dimension(), find_kernels("auto"), pool),
        executor(*objective, &sampler, space, {.seed = 3, .result_budget = budget}),
        model(space.make()) {
    objective->initial_point(3, model.write());
  }

  std::vector<double> numbers(const Vector& v) const {
    const ConstView view = v.view();
    std::vector<double> out(view.size);
    for (std::size_t i = 0; i < view.size; ++i)
      out[i] = view.precision == Precision::float32 ? static_cast<double>(view.as<float>()[i]) : view.as<double>()[i];
    return out;
  }

  ThreadPool pool;
  std::shared_ptr<const DataPair> data;
  std::unique_ptr<Objective> objective;
  Partition partition;
  BatchSampler sampler;
  VectorSpace space;
  GradientExecutor executor;
  Vector model;
};

}  // namespace

TEST_CASE("a task's bits are the same alone and in any random group", "[models][gradient_executor]") {
  // Oracle: invariant. Alone: one thread, one task after the other. In groups: tasks submitted and read in a random order, with
  // random due times, on 3 threads.
  std::vector<std::vector<double>> alone;
  Bench serial(1);
  for (std::uint32_t i = 0; i < 60; ++i)
    alone.push_back(serial.numbers(serial.executor.value(serial.executor.submit(batch(i % 4, i), serial.model, 0))));
  RandomStream random(5, Purpose::test, 0, 0);
  for (int repeat = 0; repeat < 5; ++repeat) {
    Bench grouped(3);
    std::vector<std::pair<std::uint32_t, LazyGradient>> tasks;
    for (std::uint32_t i = 0; i < 60; ++i)
      tasks.emplace_back(i, grouped.executor.submit(batch(i % 4, i), grouped.model, static_cast<std::int64_t>(random.below(1000))));
    shuffle(tasks, random);
    for (auto& [i, task] : tasks) {
      CHECK(grouped.numbers(grouped.executor.value(task)) == alone[i]);
      task = LazyGradient();
    }
    CHECK(grouped.executor.evaluations() == 60);
  }
}

TEST_CASE("a task nobody reads is never evaluated with one thread, and never counted", "[models][gradient_executor]") {
  for (const std::size_t threads : {1U, 2U}) {
    Bench b(threads);
    LazyGradient read = b.executor.submit(batch(0, 0), b.model, 10);
    const LazyGradient dropped = b.executor.submit(batch(1, 0), b.model, 20);
    (void)b.executor.value(read);
    (void)b.executor.value(read);
    CHECK(b.executor.evaluations() == 1);
    if (threads == 1) CHECK(b.space.live() == 2);  // the model and one result
  }
}

TEST_CASE("evaluated tasks let their model version go", "[models][gradient_executor]") {
  Bench b(1);
  Vector version = b.space.copy(b.model);
  const LazyGradient task = b.executor.submit(batch(0, 0), version, 0);
  version = Vector();
  CHECK(b.space.live() == 2);  // the model of the bench and the version the task holds
  (void)b.executor.value(task);
  CHECK(b.space.live() == 2);  // the model of the bench and the result
}

TEST_CASE("results that wait for a reader stay within the budget", "[models][gradient_executor]") {
  // Budget of three vectors, two threads: at most three results beside the model, however many tasks are pending.
  const std::size_t vector = Bench(1).space.bytes_per_vector();
  Bench b(2, Precision::float32, 3 * vector);
  CHECK(b.executor.most_results() == 3);
  std::vector<LazyGradient> tasks;
  for (std::uint32_t i = 0; i < 100; ++i) tasks.push_back(b.executor.submit(batch(i % 4, i), b.model, static_cast<std::int64_t>(i)));
  std::size_t most = 0;
  for (LazyGradient& task : tasks) {
    (void)b.executor.value(task);
    most = std::max(most, b.space.live());
    task = LazyGradient();
  }
  CHECK(most <= 4);
}

TEST_CASE("consume gives every value once, in order, and drops it", "[models][gradient_executor]") {
  Bench b(2);
  Bench serial(1);
  std::vector<LazyGradient> tasks;
  for (std::uint32_t i = 0; i < 50; ++i) tasks.push_back(b.executor.submit(batch(i % 4, i), b.model, static_cast<std::int64_t>(100 - i)));
  std::uint32_t next = 0;
  b.executor.consume(std::move(tasks), [&](std::span<const Vector> values) {
    for (const Vector& value : values) {
      CHECK(b.numbers(value) == serial.numbers(serial.executor.value(serial.executor.submit(batch(next % 4, next), serial.model, 0))));
      ++next;
    }
  });
  CHECK(next == 50);
  CHECK(b.space.live() == 1);
  CHECK(b.executor.evaluations() == 50);
}

TEST_CASE("a gradient that crossed a float32 wire is rounded, before and after its evaluation", "[models][gradient_executor]") {
  Bench b(1, Precision::float64);
  const LazyGradient exact = b.executor.submit(batch(0, 0), b.model, 0);
  const LazyGradient early = b.executor.submit(batch(0, 0), b.model, 0);
  const LazyGradient late = b.executor.submit(batch(0, 0), b.model, 0);
  b.executor.round(early);
  (void)b.executor.value(late);
  b.executor.round(late);
  std::vector<double> expected = b.numbers(b.executor.value(exact));
  for (double& x : expected) x = static_cast<double>(static_cast<float>(x));
  CHECK(b.numbers(b.executor.value(early)) == expected);
  CHECK(b.numbers(b.executor.value(late)) == expected);
  CHECK(b.numbers(b.executor.value(exact)) != expected);
}
