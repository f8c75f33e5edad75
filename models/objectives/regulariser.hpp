#pragma once

#include <span>
#include <string_view>

#include "models/kernels/table.hpp"

namespace peloton {

/// l2/2 ‖x‖² + nonconvex Σ_j x_j² / (1 + x_j²). The second term is bounded, convex for |x_j| < 1/√3 only, and its gradient is Lipschitz
/// with constant 2 nonconvex (Antoniadis, Gijbels, Nikolova, Ann. Inst. Stat. Math. 2011). Weights ≥ 0.
struct Regulariser {
  double l2 = 0;
  double nonconvex = 0;

  /// Both terms; sums in float64.
  template <class T>
  [[nodiscard]] double value(std::span<const T> x, const KernelSet<T>& kernels) const;

  /// gradient_j ← gradient_j + l2 x_j + nonconvex 2 x_j / (1 + x_j²)²
  template <class T>
  void add_gradient(std::span<const T> x, const KernelSet<T>& kernels, T* gradient) const;
};

/// The same words in the options of every model.
inline constexpr std::string_view kL2Help = "weight of the regulariser ½‖x‖²";
inline constexpr std::string_view kNonconvexHelp = "weight of the non-convex regulariser Σ x_j² / (1 + x_j²)";

}  // namespace peloton
