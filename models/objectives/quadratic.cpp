#include "models/objectives/quadratic.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/base/random.hpp"

namespace peloton {
namespace {

constexpr Count kMostDense = 4096;

/// The streams of the problem's own randomness, by entity.
enum class Draw : std::uint32_t { spectrum = 1, rotation = 2, optimum = 3 };

RandomStream stream(const QuadraticOptions& options, Draw draw) {
  return {static_cast<std::uint64_t>(options.seed), Purpose::data, static_cast<std::uint32_t>(draw), 0};
}

std::size_t dimension_of(const QuadraticOptions& options) {
  return options.dimension ? static_cast<std::size_t>(*options.dimension) : options.eigenvalues->size();
}

std::vector<double> eigenvalues_of(const QuadraticOptions& options) {
  if (options.eigenvalues) return *options.eigenvalues;
  return eigenvalues(options.spectrum.value_or(SpectrumSpec(LinearSpectrum{})), dimension_of(options), stream(options, Draw::spectrum));
}

/// x*
std::vector<double> optimum_of(const QuadraticOptions& options, const std::vector<std::vector<double>>& centres) {
  const std::size_t d = dimension_of(options);
  if (centres.empty()) return point(options.optimum.value_or(PointSpec(ConstantPoint{0})), d, stream(options, Draw::optimum));
  std::vector<double> mean(d, 0.0);
  for (const std::vector<double>& centre : centres) {
    for (std::size_t j = 0; j < d; ++j) mean[j] += centre[j];
  }
  for (double& coordinate : mean) coordinate /= static_cast<double>(centres.size());
  return mean;
}

std::vector<std::vector<double>> centres_of(const QuadraticOptions& options) {
  std::vector<std::vector<double>> out;
  if (!options.centres) return out;
  for (const Coordinates& centre : *options.centres)
    out.push_back(point(as_point(centre), dimension_of(options), stream(options, Draw::optimum)));
  return out;
}

template <class T>
std::vector<T> rounded(const std::vector<double>& values) {
  return {values.begin(), values.end()};
}

template <class T>
class Quadratic final : public NoisyFunction<T> {
  using Part = typename NoisyFunction<T>::Part;

 public:
  Quadratic(const QuadraticOptions& options, const Kernels& kernels)
      : NoisyFunction<T>({.dimension = dimension_of(options),
                          .noise = {options.noise, options.multiplicative_noise, options.multiplicative_form},
                          .initial = options.initial},
                         kernels),
        dense_(options.form == QuadraticForm::dense) {
    const std::vector<double> eigenvalues = eigenvalues_of(options);
    matrix_ = rounded<T>(dense_ ? rotated(eigenvalues, stream(options, Draw::rotation)) : eigenvalues);
    const std::vector<std::vector<double>> centres = centres_of(options);
    optimum_ = rounded<T>(optimum_of(options, centres));
    for (const std::vector<double>& centre : centres) centres_.push_back(rounded<T>(centre));
    minimum_ = mean_value_of_centres();
  }

  [[nodiscard]] std::string name() const override { return "quadratic"; }
  /// A (x − x*): a product with d numbers, or with d².
  [[nodiscard]] double flops_per_sample() const override { return 2 * static_cast<double>(matrix_.size()); }
  [[nodiscard]] std::size_t worker_functions() const override { return centres_.size(); }
  [[nodiscard]] std::optional<double> optimal_value() const override { return minimum_; }
  [[nodiscard]] std::optional<std::vector<double>> optimal_point() const override {
    return std::vector<double>(optimum_.begin(), optimum_.end());
  }

 private:
  [[nodiscard]] const std::vector<T>& minimiser(Part part) const { return part ? centres_[*part] : optimum_; }

  /// out ← A (x − the part's minimiser)
  void exact_gradient(Part part, std::span<const T> x, T* out, AlignedBuffer<T>& scratch) const override {
    const std::size_t d = x.size();
    const std::vector<T>& centre = minimiser(part);
    if (!dense_) {
      for (std::size_t i = 0; i < d; ++i) out[i] = matrix_[i] * (x[i] - centre[i]);
      return;
    }
    T* difference = scratch.at_least(d);
    this->kernels().plus_scaled(d, x.data(), T{-1}, centre.data(), difference);
    this->kernels().gemm_nn(d, 1, d, matrix_.data(), difference, out, false);
  }

  double value(Part part, std::span<const T> x, const T* exact) const override {
    const std::vector<T>& centre = minimiser(part);
    double twice = 0;
    for (std::size_t i = 0; i < x.size(); ++i)
      twice += (static_cast<double>(x[i]) - static_cast<double>(centre[i])) * static_cast<double>(exact[i]);
    return twice / 2 + (part ? 0.0 : minimum_);
  }

  /// mean_i ½ (a_i − x*)ᵀ A (a_i − x*), while the minimum is still taken to be 0; 0 without centres.
  double mean_value_of_centres() const {
    AlignedBuffer<T> scratch;
    std::vector<T> exact(this->dimension());
    double sum = 0;
    for (const std::vector<T>& centre : centres_) {
      exact_gradient(std::nullopt, centre, exact.data(), scratch);
      sum += value(std::nullopt, centre, exact.data());
    }
    return centres_.empty() ? 0.0 : sum / static_cast<double>(centres_.size());
  }

  bool dense_;
  std::vector<T> matrix_;   ///< diagonal: d eigenvalues; dense: d × d
  std::vector<T> optimum_;  ///< of f
  std::vector<std::vector<T>> centres_;
  double minimum_ = 0;
};

void check_eigenvalues(const QuadraticOptions& options, const Place& place) {
  const std::vector<double>& eigenvalues = *options.eigenvalues;
  if (eigenvalues.empty()) throw InputError(place / "eigenvalues", "must have at least one number, got []");
  for (std::size_t i = 0; i < eigenvalues.size(); ++i) {
    if (eigenvalues[i] < 0)
      throw InputError(place / "eigenvalues" / i, fmt::format("must be ≥ 0 (else there is no minimum), got {}", eigenvalues[i]));
  }
  if (options.dimension && static_cast<std::size_t>(*options.dimension) != eigenvalues.size())
    throw InputError(place / "dimension",
                     fmt::format("must be the number of eigenvalues ({}), got {}", eigenvalues.size(), *options.dimension));
}

void check_centres(const QuadraticOptions& options, const Place& place) {
  if (options.optimum) throw InputError(place / "optimum", "only one of \"optimum\" and \"centres\" may be given");
  if (options.centres->empty()) throw InputError(place / "centres", "must have one for each worker, got []");
  for (std::size_t i = 0; i < options.centres->size(); ++i)
    check_point(as_point((*options.centres)[i]), dimension_of(options), place / "centres" / i);
}

}  // namespace

void QuadraticOptions::validate(const Place& place) const {
  if (spectrum && eigenvalues) throw InputError(place / "eigenvalues", "only one of \"spectrum\" and \"eigenvalues\" may be given");
  if (!dimension && !eigenvalues) throw InputError(place, "needs the key \"dimension\" (or \"eigenvalues\")");
  if (eigenvalues) check_eigenvalues(*this, place);
  if (centres) check_centres(*this, place);
  if (optimum) check_point(*optimum, dimension_of(*this), place / "optimum");
  check_point(initial, dimension_of(*this), place / "initial");
  if (form == QuadraticForm::dense && dimension_of(*this) > static_cast<std::size_t>(kMostDense))
    throw InputError(place / "form",
                     fmt::format("must be diagonal for more than {} dimensions, got dense with {}", kMostDense, dimension_of(*this)));
}

std::unique_ptr<Objective> make_quadratic(const QuadraticOptions& options, Precision precision, const Kernels& kernels) {
  if (precision == Precision::float32) return std::make_unique<Quadratic<float>>(options, kernels);
  return std::make_unique<Quadratic<double>>(options, kernels);
}

}  // namespace peloton
