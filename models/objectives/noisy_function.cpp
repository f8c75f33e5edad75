#include "models/objectives/noisy_function.hpp"

#include <algorithm>
#include <boost/random/normal_distribution.hpp>

#include "sim/base/random.hpp"

namespace peloton {

template <class T>
typename NoisyFunction<T>::Part NoisyFunction<T>::part_of(const Sample& sample) const {
  const std::size_t functions = worker_functions();
  PELOTON_INVARIANT(functions == 0 || sample.worker < functions, "a worker has a function of its own");
  return functions > 0 ? Part(sample.worker) : std::nullopt;
}

template <class T>
void NoisyFunction<T>::gradient(ConstView x, const Sample& sample, MutableView out, Workspace& workspace, double* loss) const {
  const Part part = part_of(sample);
  auto& scratch = static_cast<Scratch&>(workspace);
  const std::span<T> g = out.as<T>();
  exact_gradient(part, x.as<T>(), g.data(), scratch.other);
  if (loss != nullptr) *loss = value(part, x.as<T>(), g.data());
  if (parts_.noise.additive > 0 || parts_.noise.multiplicative > 0) add_noise(sample, g, scratch);
}

template <class T>
void NoisyFunction<T>::add_noise(const Sample& sample, std::span<T> g, Scratch& scratch) const {
  const GradientNoise& noise = parts_.noise;
  const bool by_coordinate = noise.multiplicative > 0 && noise.form == MultiplicativeForm::coordinate;
  RandomStream random(sample.seed, Purpose::gradient_noise, sample.worker, sample.step);
  boost::random::normal_distribution<double> normal;
  // The one factor is drawn first, always, and the factors of the coordinates last: the additive noise is the same with all of them.
  const T factor = static_cast<T>(1 + noise.multiplicative * normal(random));
  if (by_coordinate)
    std::ranges::copy(g, scratch.exact.at_least(g.size()));
  else if (noise.multiplicative > 0)
    kernels_.scale(g.size(), factor, g.data());
  if (noise.additive > 0) {
    for (T& coordinate : g) coordinate += static_cast<T>(noise.additive * normal(random));
  }
  if (by_coordinate) {
    for (std::size_t j = 0; j < g.size(); ++j) g[j] += static_cast<T>(noise.multiplicative * normal(random)) * scratch.exact.data()[j];
  }
}

template <class T>
Score NoisyFunction<T>::score(ConstView x, Split split, std::size_t begin, std::size_t end, const MutableView* gradient_sum,
                              Workspace& workspace) const {
  PELOTON_INVARIANT(split == Split::train && begin == 0 && end == 1, "an objective without data is one function");
  const std::span<const T> at = x.as<T>();
  auto& scratch = static_cast<Scratch&>(workspace);
  T* exact = scratch.exact.at_least(at.size());
  exact_gradient(std::nullopt, at, exact, scratch.other);
  if (gradient_sum != nullptr) kernels_.add_scaled(at.size(), T{1}, exact, gradient_sum->as<T>().data());
  return {.loss = value(std::nullopt, at, exact)};
}

template <class T>
Score NoisyFunction<T>::sample_score(ConstView x, const Sample& sample, Workspace& workspace) const {
  const Part part = part_of(sample);
  auto& scratch = static_cast<Scratch&>(workspace);
  T* exact = scratch.exact.at_least(x.size);
  exact_gradient(part, x.as<T>(), exact, scratch.other);
  return {.loss = value(part, x.as<T>(), exact)};
}

template <class T>
void NoisyFunction<T>::initial_point(std::uint64_t seed, MutableView out) const {
  const std::vector<double> start = point(parts_.initial, dimension(), RandomStream(seed, Purpose::initial_point, 0, 0));
  std::ranges::transform(start, out.as<T>().begin(), [](double v) { return static_cast<T>(v); });
}

template class NoisyFunction<float>;
template class NoisyFunction<double>;

}  // namespace peloton
