#pragma once

#include <memory>

#include "models/data/dataset.hpp"
#include "models/kernels/table.hpp"
#include "models/objective.hpp"
#include "models/objectives/regulariser.hpp"
#include "sim/base/options.hpp"

namespace peloton {

/// Least squares: f(x) = 1/(2n) Σ_i (⟨a_i, x⟩ − y_i)² + regulariser, where y_i is the label itself; with an intercept, its weight is the
/// last of x. Does not classify. Starts at zero. d = features (+ 1).
///
/// The minimiser (the one of the smallest norm where there are several) and the minimum are known when there is no non-convex
/// regulariser, d ≤ 1000 and n d² ≤ 5e9. They are computed when first asked for, in some seconds for the largest of these problems.
struct LinearOptions {
  static constexpr std::string_view kind = "linear";
  static constexpr std::string_view help = "least squares, mean ½ (⟨a, x⟩ − y)² + regulariser";
  double l2 = 0;
  bool intercept = false;
  double nonconvex = 0;
  static auto fields() {
    return options(field("l2", &LinearOptions::l2, kNonNegative, kL2Help),
                   field("intercept", &LinearOptions::intercept, "a constant feature 1 is added"),
                   field("nonconvex", &LinearOptions::nonconvex, kNonNegative, kNonconvexHelp));
  }
};

[[nodiscard]] std::unique_ptr<Objective> make_linear(const LinearOptions& options, const std::shared_ptr<const DataPair>& data,
                                                     Precision precision, const Kernels& kernels);

}  // namespace peloton
