#include "algorithms/local/noisy_gradient.hpp"

#include <boost/random/normal_distribution.hpp>
#include <cmath>
#include <numbers>

#include "sim/base/random.hpp"

namespace peloton {
namespace {

template <class T, class Draw>
void add(std::span<T> g, double scale, Draw draw) {
  for (T& value : g) value = static_cast<T>(static_cast<double>(value) + scale * draw());
}

template <class T>
void add_noise(std::span<T> g, const NoiseSpec& noise, RandomStream random) {
  switch (noise.law) {
    case NoiseLaw::gaussian: {
      boost::random::normal_distribution<double> normal;
      return add(g, noise.scale, [&] { return normal(random); });
    }
    case NoiseLaw::uniform:  // on [−√3, √3]
      return add(g, noise.scale, [&] { return std::numbers::sqrt3 * (2 * random.uniform() - 1); });
    case NoiseLaw::laplace:  // density exp(−√2 |x|) / √2, by its inverse distribution function
      return add(g, noise.scale, [&] {
        const double u = random.uniform() - 0.5 + 0x1p-54;  // never ±1/2
        return std::copysign(-std::log1p(-2 * std::abs(u)) / std::numbers::sqrt2, u);
      });
  }
}

}  // namespace

void NoisyGradient::run(TaskRun& task, std::span<const MutableView> results, std::span<double>) const {
  const MutableView g = results[0];
  task.gradient(0, task.model, g);
  const RandomStream random(task.seed(), Purpose::worker_noise, task.address.worker, task.address.call);
  with_type(g.precision, [&]<class T>(T) { add_noise(g.as<T>(), noise_, random); });
}

}  // namespace peloton
