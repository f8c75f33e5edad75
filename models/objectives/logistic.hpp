#pragma once

#include <memory>

#include "models/data/dataset.hpp"
#include "models/kernels/table.hpp"
#include "models/objective.hpp"
#include "sim/base/options.hpp"

namespace peloton {

/// Binary logistic regression: f(x) = (1/n) Σ_i log(1 + exp(−y_i ⟨a_i, x⟩)) + l2/2 ‖x‖²; with an intercept, its weight is the last
/// of x. y = −1 for the smaller of the two labels, +1 for the larger. Starts at zero. d = features (+ 1).
struct LogisticOptions {
  static constexpr std::string_view kind = "logistic";
  static constexpr std::string_view help = "binary logistic regression, mean log(1 + exp(−y⟨a, x⟩)) + l2/2 ‖x‖²";
  double l2 = 0;
  bool intercept = false;
  static auto fields() {
    return options(field("l2", &LogisticOptions::l2, kNonNegative, "weight of the regulariser ½‖x‖²"),
                   field("intercept", &LogisticOptions::intercept, "a constant feature 1 is added"));
  }
};

/// Labels with other than two distinct values are an InputError at `place`.
[[nodiscard]] std::unique_ptr<Objective> make_logistic(const LogisticOptions& options, const std::shared_ptr<const DataPair>& data,
                                                       Precision precision, const Kernels& kernels, const Place& place);

}  // namespace peloton
