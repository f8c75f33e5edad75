#pragma once

#include <memory>

#include "models/data/dataset.hpp"
#include "models/kernels/table.hpp"
#include "models/objective.hpp"
#include "models/objectives/regulariser.hpp"
#include "sim/base/options.hpp"

namespace peloton {

/// Binary logistic regression: f(x) = (1/n) Σ_i log(1 + exp(−y_i ⟨a_i, x⟩)) + regulariser; with an intercept, its weight is the last
/// of x. y = −1 for the smaller of the two labels, +1 for the larger. Starts at zero. d = features (+ 1).
struct LogisticOptions {
  static constexpr std::string_view kind = "logistic";
  static constexpr std::string_view help = "binary logistic regression, mean log(1 + exp(−y⟨a, x⟩)) + regulariser";
  double l2 = 0;
  bool intercept = false;
  double nonconvex = 0;
  static auto fields() {
    return options(field("l2", &LogisticOptions::l2, kNonNegative, kL2Help),
                   field("intercept", &LogisticOptions::intercept, "a constant feature 1 is added"),
                   field("nonconvex", &LogisticOptions::nonconvex, kNonNegative, kNonconvexHelp));
  }
};

/// Labels with other than two distinct values are an InputError at `place`.
[[nodiscard]] std::unique_ptr<Objective> make_logistic(const LogisticOptions& options, const std::shared_ptr<const DataPair>& data,
                                                       Precision precision, const Kernels& kernels, const Place& place);

}  // namespace peloton
