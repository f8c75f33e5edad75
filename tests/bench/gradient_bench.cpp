#include "tests/bench/gradient_bench.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <limits>

#include "models/data/data_spec.hpp"
#include "models/data/folder.hpp"
#include "models/kernels/kernels.hpp"
#include "models/objectives/make_objective.hpp"
#include "models/vector.hpp"
#include "sim/base/random.hpp"

namespace peloton {
namespace {

constexpr std::size_t kBatch = 32;

/// The shortest time of `work`, each after `prepare`, over half a second: what the machine can do when nothing disturbs it.
double shortest_us(const std::function<void()>& prepare, const std::function<void()>& work) {
  using Clock = std::chrono::steady_clock;
  double best = std::numeric_limits<double>::infinity();
  const Clock::time_point end = Clock::now() + std::chrono::milliseconds(500);
  do {
    prepare();
    const Clock::time_point start = Clock::now();
    work();
    best = std::min(best, std::chrono::duration<double, std::micro>(Clock::now() - start).count());
  } while (Clock::now() < end);
  return best;
}

/// Microseconds per gradient on random rows, the step x ← x − η g included when asked for.
double gradient_us(const Objective& objective, const Kernels& kernels, bool with_step) {
  ThreadPool pool(1);
  VectorSpace space(objective.precision(), objective.dimension(), kernels, pool);
  Vector x = space.make();
  Vector g = space.make();
  objective.initial_point(1, x.write());
  RandomStream random(1, Purpose::test, 0, 0);
  const auto most = static_cast<std::uint32_t>(objective.rows(Split::train));
  const std::unique_ptr<Workspace> workspace = objective.workspace();
  // Short gradients are timed in groups: a look at the clock costs 30 ns.
  const std::size_t group = objective.dimension() < 1000 ? 16 : 1;
  std::vector<std::uint32_t> rows(group * kBatch);
  const auto draw = [&] {
    for (std::uint32_t& row : rows) row = random.below(most);
  };
  const auto work = [&] {
    for (std::size_t i = 0; i < group; ++i) {
      Sample sample;
      sample.rows = std::span(rows).subspan(i * kBatch, kBatch);
      objective.gradient(x.view(), sample, g.write(), *workspace);
      if (with_step) x = space.plus_scaled(std::move(x), -1e-4, g);
    }
  };
  return shortest_us(draw, work) / static_cast<double>(group);
}

void bench(std::string_view title, const ModelSpec& model, const DataSpec& data_spec) {
  std::shared_ptr<const DataPair> data;
  try {
    data = load_data(data_spec, find_data_folder({}), 1, {});
  } catch (const InputError& e) {
    fmt::print("  {}: left out ({})\n", title, e.what());
    return;
  }
  for (const std::string& name : kernel_names()) {
    const Kernels& kernels = find_kernels(name);
    const auto objective32 = make_objective(model, data, Precision::float32, kernels, {});
    const auto objective64 = make_objective(model, data, Precision::float64, kernels, {});
    fmt::print("  {} batch {}, {:14} float32 {:9.2f} us, with step {:9.2f} us; float64 {:9.2f} us\n", title, kBatch, name,
               gradient_us(*objective32, kernels, false), gradient_us(*objective32, kernels, true),
               gradient_us(*objective64, kernels, false));
  }
}

}  // namespace

void bench_gradients() {
  fmt::print("gradients on one core\n");
  IdxData mnist;
  mnist.images = "mnist/train-images-idx3-ubyte.gz";
  mnist.labels = "mnist/train-labels-idx1-ubyte.gz";
  LibsvmData a9a;
  a9a.path = "libsvm/a9a";
  bench("mlp 784-200-10", MlpOptions{}, mnist);
  bench("softmax 784-10", SoftmaxOptions{}, mnist);
  bench("logistic a9a  ", LogisticOptions{.l2 = 1e-4}, a9a);
}

}  // namespace peloton
