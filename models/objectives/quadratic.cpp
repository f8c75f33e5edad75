#include "models/objectives/quadratic.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/random/normal_distribution.hpp>
#include <cmath>

#include "models/objectives/aligned_buffer.hpp"
#include "sim/base/random.hpp"

namespace peloton {
namespace {

constexpr Count kMostDense = 4096;

using Normal = boost::random::normal_distribution<double>;

/// The streams of the problem's own randomness, by entity.
enum class Draw : std::uint32_t { spectrum = 1, rotation = 2, optimum = 3 };

RandomStream stream(const QuadraticOptions& options, Draw draw) {
  return {static_cast<std::uint64_t>(options.seed), Purpose::data, static_cast<std::uint32_t>(draw), 0};
}

void check_order(double low, double high, const Place& place) {
  if (low > high) throw InputError(place / "low", fmt::format("must be ≤ high ({}), got {}", high, low));
}

std::size_t dimension_of(const QuadraticOptions& options) {
  return options.dimension ? static_cast<std::size_t>(*options.dimension) : options.eigenvalues->size();
}

/// i-th of d places between 0 and 1.
double place_of(std::size_t i, std::size_t d) { return d == 1 ? 0.0 : static_cast<double>(i) / static_cast<double>(d - 1); }

struct Eigenvalues {
  const QuadraticOptions& options;
  std::size_t d;

  std::vector<double> operator()(const LinearSpectrum& s) const {
    return each([&](std::size_t i) { return s.low + (s.high - s.low) * place_of(i, d); });
  }
  std::vector<double> operator()(const GeometricSpectrum& s) const {
    return each([&](std::size_t i) { return s.low * std::pow(s.high / s.low, place_of(i, d)); });
  }
  std::vector<double> operator()(const UniformSpectrum& s) const {
    RandomStream random = stream(options, Draw::spectrum);
    return each([&](std::size_t) { return s.low + (s.high - s.low) * random.uniform(); });
  }

  template <class Value>
  std::vector<double> each(Value value) const {
    std::vector<double> out(d);
    for (std::size_t i = 0; i < d; ++i) out[i] = value(i);
    return out;
  }
};

std::vector<double> eigenvalues_of(const QuadraticOptions& options) {
  if (options.eigenvalues) return *options.eigenvalues;
  const SpectrumSpec spectrum = options.spectrum.value_or(SpectrumSpec(LinearSpectrum{}));
  return std::visit(Eigenvalues{options, dimension_of(options)}, spectrum.value);
}

/// Q diag(λ) Qᵀ, d × d, where Q is uniform on the orthogonal group: the product of Householder reflections along Gaussian vectors of
/// length 2, 3, …, d (Stewart, SIAM J. Numer. Anal. 1980). 4/3 d³ operations.
std::vector<double> rotated(const std::vector<double>& eigenvalues, RandomStream random) {
  const std::size_t d = eigenvalues.size();
  std::vector<double> a(d * d, 0.0);
  for (std::size_t i = 0; i < d; ++i) a[i * d + i] = eigenvalues[i];
  Normal normal;
  std::vector<double> v(d);
  std::vector<double> w(d);
  for (std::size_t k = d - 1; k-- > 0;) {
    // H = I − 2 v vᵀ on the coordinates k … d − 1:  H A H = A − v wᵀ − w vᵀ  with p = A v, w = 2 (p − (vᵀ p) v)
    double square = 0;
    for (std::size_t i = k; i < d; ++i) {
      v[i] = normal(random);
      square += v[i] * v[i];
    }
    for (std::size_t i = k; i < d; ++i) v[i] /= std::sqrt(square);
    double vp = 0;
    for (std::size_t i = k; i < d; ++i) {
      double p = 0;
      for (std::size_t j = k; j < d; ++j) p += a[i * d + j] * v[j];
      w[i] = 2 * p;
      vp += v[i] * p;
    }
    for (std::size_t i = k; i < d; ++i) w[i] -= 2 * vp * v[i];
    for (std::size_t i = k; i < d; ++i) {
      for (std::size_t j = k; j < d; ++j) a[i * d + j] -= v[i] * w[j] + w[i] * v[j];
    }
  }
  return a;
}

std::vector<double> point(const PointSpec& spec, std::size_t d, RandomStream random) {
  if (spec.is<OnesPoint>()) return std::vector<double>(d, 1.0);
  if (spec.is<ConstantPoint>()) return std::vector<double>(d, spec.get<ConstantPoint>().value);
  Normal normal(0, 1);
  std::vector<double> out(d);
  for (double& coordinate : out) coordinate = spec.get<GaussianPoint>().sd * normal(random);
  return out;
}

template <class T>
std::vector<T> rounded(const std::vector<double>& values) {
  return {values.begin(), values.end()};
}

template <class T>
class Quadratic final : public Objective {
 public:
  Quadratic(const QuadraticOptions& options, const Kernels& kernels)
      : options_(options),
        kernels_(kernels.get<T>()),
        optimum_(rounded<T>(point(options.optimum, dimension_of(options), stream(options, Draw::optimum)))) {
    const std::vector<double> eigenvalues = eigenvalues_of(options);
    matrix_ = rounded<T>(dense() ? rotated(eigenvalues, stream(options, Draw::rotation)) : eigenvalues);
  }

  [[nodiscard]] std::string name() const override { return "quadratic"; }
  [[nodiscard]] std::size_t dimension() const override { return optimum_.size(); }
  [[nodiscard]] Precision precision() const override { return sizeof(T) == sizeof(float) ? Precision::float32 : Precision::float64; }
  [[nodiscard]] std::size_t rows(Split) const override { return 0; }
  [[nodiscard]] bool classifies() const override { return false; }
  [[nodiscard]] std::unique_ptr<Workspace> workspace() const override { return std::make_unique<Scratch>(); }

  void gradient(ConstView x, const Sample& sample, MutableView out, Workspace& workspace) const override {
    const std::span<T> g = out.as<T>();
    exact_gradient(x.as<T>(), g.data(), workspace);
    if (options_.noise == 0 && options_.multiplicative_noise == 0) return;
    RandomStream random(sample.seed, Purpose::gradient_noise, sample.worker, sample.step);
    Normal normal;
    // The factor is drawn first, always: the additive noise is the same with and without it.
    const T factor = static_cast<T>(1 + options_.multiplicative_noise * normal(random));
    if (options_.multiplicative_noise > 0) kernels_.scale(g.size(), factor, g.data());
    if (options_.noise > 0) {
      for (T& coordinate : g) coordinate += static_cast<T>(options_.noise * normal(random));
    }
  }

  Score score(ConstView x, Split split, std::size_t begin, std::size_t end, const MutableView* gradient_sum,
              Workspace& workspace) const override {
    PELOTON_INVARIANT(split == Split::train && begin == 0 && end == 1, "an objective without data is one function");
    const std::span<const T> at = x.as<T>();
    T* exact = static_cast<Scratch&>(workspace).exact.at_least(at.size());
    exact_gradient(at, exact, workspace);
    double twice = 0;
    for (std::size_t i = 0; i < at.size(); ++i)
      twice += (static_cast<double>(at[i]) - static_cast<double>(optimum_[i])) * static_cast<double>(exact[i]);
    if (gradient_sum != nullptr) kernels_.add_scaled(at.size(), T{1}, exact, gradient_sum->as<T>().data());
    return {.loss = twice / 2};
  }

  double regulariser(ConstView, const MutableView*) const override { return 0; }

  void initial_point(std::uint64_t seed, MutableView out) const override {
    const std::vector<double> start = point(options_.initial, dimension(), RandomStream(seed, Purpose::initial_point, 0, 0));
    std::ranges::transform(start, out.as<T>().begin(), [](double v) { return static_cast<T>(v); });
  }

  [[nodiscard]] std::optional<double> optimal_value() const override { return 0.0; }
  [[nodiscard]] std::optional<std::vector<double>> optimal_point() const override {
    return std::vector<double>(optimum_.begin(), optimum_.end());
  }

 private:
  struct Scratch final : Workspace {
    AlignedBuffer<T> difference;
    AlignedBuffer<T> exact;
  };

  [[nodiscard]] bool dense() const { return options_.form == QuadraticForm::dense; }

  /// out ← A (x − x*)
  void exact_gradient(std::span<const T> x, T* out, Workspace& workspace) const {
    const std::size_t d = x.size();
    if (!dense()) {
      for (std::size_t i = 0; i < d; ++i) out[i] = matrix_[i] * (x[i] - optimum_[i]);
      return;
    }
    T* difference = static_cast<Scratch&>(workspace).difference.at_least(d);
    kernels_.plus_scaled(d, x.data(), T{-1}, optimum_.data(), difference);
    kernels_.gemm_nn(d, 1, d, matrix_.data(), difference, out, false);
  }

  QuadraticOptions options_;
  const KernelSet<T>& kernels_;
  std::vector<T> optimum_;
  std::vector<T> matrix_;  ///< diagonal: d eigenvalues; dense: d × d
};

}  // namespace

void LinearSpectrum::validate(const Place& place) const { check_order(low, high, place); }
void GeometricSpectrum::validate(const Place& place) const { check_order(low, high, place); }
void UniformSpectrum::validate(const Place& place) const { check_order(low, high, place); }

void QuadraticOptions::validate(const Place& place) const {
  if (spectrum && eigenvalues) throw InputError(place / "eigenvalues", "only one of \"spectrum\" and \"eigenvalues\" may be given");
  if (!dimension && !eigenvalues) throw InputError(place, "needs the key \"dimension\" (or \"eigenvalues\")");
  if (eigenvalues) {
    if (eigenvalues->empty()) throw InputError(place / "eigenvalues", "must have at least one number, got []");
    for (std::size_t i = 0; i < eigenvalues->size(); ++i) {
      if ((*eigenvalues)[i] < 0)
        throw InputError(place / "eigenvalues" / i, fmt::format("must be ≥ 0 (else there is no minimum), got {}", (*eigenvalues)[i]));
    }
    if (dimension && static_cast<std::size_t>(*dimension) != eigenvalues->size())
      throw InputError(place / "dimension", fmt::format("must be the number of eigenvalues ({}), got {}", eigenvalues->size(), *dimension));
  }
  if (form == QuadraticForm::dense && dimension_of(*this) > static_cast<std::size_t>(kMostDense))
    throw InputError(place / "form",
                     fmt::format("must be diagonal for more than {} dimensions, got dense with {}", kMostDense, dimension_of(*this)));
}

std::unique_ptr<Objective> make_quadratic(const QuadraticOptions& options, Precision precision, const Kernels& kernels) {
  if (precision == Precision::float32) return std::make_unique<Quadratic<float>>(options, kernels);
  return std::make_unique<Quadratic<double>>(options, kernels);
}

}  // namespace peloton
