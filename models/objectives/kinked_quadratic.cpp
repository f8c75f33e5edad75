#include "models/objectives/kinked_quadratic.hpp"

#include "models/objectives/noisy_function.hpp"

namespace peloton {
namespace {

template <class T>
class KinkedQuadratic final : public NoisyFunction<T> {
  using Part = typename NoisyFunction<T>::Part;

 public:
  KinkedQuadratic(const KinkedQuadraticOptions& options, const Kernels& kernels)
      : NoisyFunction<T>(
            {.dimension = static_cast<std::size_t>(options.dimension), .noise = {.additive = options.noise}, .initial = options.initial},
            kernels),
        right_(static_cast<T>(options.right)),
        left_(static_cast<T>(options.left)) {}

  [[nodiscard]] std::string name() const override { return "kinked_quadratic"; }
  [[nodiscard]] double flops_per_sample() const override { return static_cast<double>(this->dimension()); }
  [[nodiscard]] std::optional<double> optimal_value() const override { return 0.0; }
  [[nodiscard]] std::optional<std::vector<double>> optimal_point() const override { return std::vector<double>(this->dimension(), 0.0); }

 private:
  void exact_gradient(Part, std::span<const T> x, T* out, AlignedBuffer<T>&) const override {
    for (std::size_t j = 0; j < x.size(); ++j) out[j] = (x[j] >= 0 ? right_ : left_) * x[j];
  }
  double value(Part, std::span<const T> x, const T* exact) const override {
    double twice = 0;
    for (std::size_t j = 0; j < x.size(); ++j) twice += static_cast<double>(x[j]) * static_cast<double>(exact[j]);
    return twice / 2;
  }

  T right_;
  T left_;
};

}  // namespace

void KinkedQuadraticOptions::validate(const Place& place) const {
  check_point(initial, static_cast<std::size_t>(dimension), place / "initial");
}

std::unique_ptr<Objective> make_kinked_quadratic(const KinkedQuadraticOptions& options, Precision precision, const Kernels& kernels) {
  if (precision == Precision::float32) return std::make_unique<KinkedQuadratic<float>>(options, kernels);
  return std::make_unique<KinkedQuadratic<double>>(options, kernels);
}

}  // namespace peloton
