#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

namespace peloton {

/// v ↦ A v for a symmetric, positive semidefinite A (d × d).
using SymmetricMap = std::function<std::vector<double>(const std::vector<double>& v)>;

/// λmax(A) by the Lanczos method with full reorthogonalisation from a fixed pseudo-random start (Golub, Van Loan, Matrix Computations,
/// §10.1–10.3), until min(r, r²/gap) ≤ tolerance · λ, where r is the residual norm of the Ritz pair and gap its distance to the next Ritz
/// value (Parlett, The Symmetric Eigenvalue Problem, §11.7). Nothing when `steps` products are not enough. Memory: steps · d numbers at
/// most.
[[nodiscard]] std::optional<double> largest_eigenvalue(const SymmetricMap& a, std::size_t d, double tolerance = 1e-6,
                                                       std::size_t steps = 200);

struct EigenvalueRange {
  double smallest = 0;
  double largest = 0;
};

/// Both ends of the spectrum from the whole matrix: d products, d² numbers, O(d³). Accurate to about 1e-15 λmax.
[[nodiscard]] EigenvalueRange eigenvalue_range(const SymmetricMap& a, std::size_t d);

}  // namespace peloton
