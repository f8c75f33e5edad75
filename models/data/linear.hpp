#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

#include "models/data/dataset.hpp"
#include "models/data/folder.hpp"
#include "sim/base/options.hpp"

namespace peloton {

/// What the labels of planted linear data are.
enum class LinearLabels : std::uint8_t { real, sign };

template <>
struct EnumNames<LinearLabels> {
  static constexpr std::array names = {std::pair{std::string_view("real"), LinearLabels::real},
                                       std::pair{std::string_view("sign"), LinearLabels::sign}};
};

/// A planted linear model: features a ~ N(0, I), y = a·x* + noise · N(0, 1) with x* uniform on the unit sphere, so that a·x* has
/// variance 1 and `noise` is relative to it. Labels: y for regression, or its sign, −1 or 1 (1 when y = 0), for classification; with noise
/// 0 the signs are linearly separable. A row depends on the seed and its number alone (and on the options other than samples and
/// test_samples).
///
/// With a condition number κ > 1 the features are N(0, diag λ), λ_j ∝ κ^(−j / (d − 1)) for j = 0 … d − 1, scaled such that a·x* keeps
/// variance 1. The covariance is the Hessian of E ½ (a·x − y)², so least squares on these data have condition number κ (in the limit of
/// many samples).
struct LinearData {
  static constexpr std::string_view kind = "linear";
  static constexpr std::string_view help = "a planted linear model with Gaussian features and noise";
  Count samples = 10000;
  Count features = 20;
  double noise = 0.1;
  Count test_samples = 1000;
  LinearLabels labels = LinearLabels::real;
  double condition = 1;

  static auto fields() {
    return options(field("samples", &LinearData::samples, between(1, 4294967295.0), "training rows"),
                   field("features", &LinearData::features, at_least(1), "features per row"),
                   field("noise", &LinearData::noise, kNonNegative, "standard deviation of the noise; that of the signal is 1"),
                   field("test_samples", &LinearData::test_samples, between(0, 4294967295.0), "test rows of the same model"),
                   field("labels", &LinearData::labels, "the response itself, or its sign as two classes"),
                   field("condition", &LinearData::condition, between(1, 1e12), "condition number of the features' covariance"));
  }
  void validate(const Place& place) const;
  [[nodiscard]] DataPair load(const DataContext& context) const;
};

}  // namespace peloton
