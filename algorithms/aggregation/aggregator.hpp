#pragma once

#include <memory>
#include <vector>

#include "models/gradient_executor.hpp"
#include "sim/base/options.hpp"

namespace peloton {

enum class Weighting : std::uint8_t { uniform, samples };
template <>
struct EnumNames<Weighting> {
  static constexpr std::array names = {std::pair{std::string_view("uniform"), Weighting::uniform},
                                       std::pair{std::string_view("samples"), Weighting::samples}};
};

struct MeanOptions {
  static constexpr std::string_view kind = "mean";
  static constexpr std::string_view help = "the mean of the contributions";
  Weighting weighting = Weighting::uniform;
  static auto fields() {
    return options(field("weighting", &MeanOptions::weighting, "equal weights, or by the number of samples behind a contribution"));
  }
};

using AggregatorSpec = OneOf<"name", MeanOptions>;

/// Makes one direction of the workers' contributions.
class Aggregator {
 public:
  virtual ~Aggregator() = default;
  /// The weight of each contribution, given the samples behind it; they sum to one.
  [[nodiscard]] virtual std::vector<double> weights(std::span<const double> samples) const = 0;
  /// Aggregates in the order given; `values` and `samples` have the same size, at least one.
  [[nodiscard]] virtual Vector aggregate(GradientExecutor& executor, VectorSpace& space, std::vector<LazyGradient> values,
                                         std::span<const double> samples) = 0;
};

[[nodiscard]] std::unique_ptr<Aggregator> make_aggregator(const AggregatorSpec& spec);

}  // namespace peloton
