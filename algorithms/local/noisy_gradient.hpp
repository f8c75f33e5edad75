#pragma once

#include "models/computation.hpp"
#include "sim/base/options.hpp"

namespace peloton {

enum class NoiseLaw : std::uint8_t { gaussian, uniform, laplace };
template <>
struct EnumNames<NoiseLaw> {
  static constexpr std::array names = {std::pair{std::string_view("gaussian"), NoiseLaw::gaussian},
                                       std::pair{std::string_view("uniform"), NoiseLaw::uniform},
                                       std::pair{std::string_view("laplace"), NoiseLaw::laplace}};
};

/// b ξ with ξ of mean 0 and variance 1, symmetric and unimodal, independent over workers, coordinates and mini-batches.
struct NoiseSpec {
  double scale = 0;
  NoiseLaw law = NoiseLaw::gaussian;
  static auto fields() {
    return options(field("scale", &NoiseSpec::scale, kNonNegative, "b, standard deviation in each coordinate; 0: none"),
                   field("law", &NoiseSpec::law, "of the noise, scaled to variance 1"));
  }
};

/// g + b ξ: a stochastic gradient with noise added at the worker, before anything is compressed.
class NoisyGradient final : public Computation {
 public:
  explicit NoisyGradient(const NoiseSpec& noise) : noise_(noise) {}
  void run(TaskRun& task, std::span<const MutableView> results, std::span<double> scalars) const override;

 private:
  NoiseSpec noise_;
};

}  // namespace peloton
