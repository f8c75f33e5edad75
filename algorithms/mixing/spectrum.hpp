#pragma once

#include <algorithm>
#include <optional>

namespace peloton {

class MixingMatrix;

/// The ends of the spectrum of I − W for a mixing matrix W with eigenvalues 1 = λ1 > λ2 ≥ … ≥ λn ≥ −1. Small gaps keep their digits.
struct Spectrum {
  double smallest_deviation = 1;  ///< 1 − λ2; 1 for a single node
  double largest_deviation = 0;   ///< 1 − λn = ‖I − W‖₂, the β of CHOCO-SGD (Koloskova et al., ICML 2019); 0 for a single node

  /// δ = 1 − max(|λ2|, |λn|), 0 to 1.
  [[nodiscard]] double gap() const { return std::min(smallest_deviation, 2 - largest_deviation); }
};

/// Where the Laplacian's spectrum is known and all edges weigh the same, w: then W = I − w (D − A). O(edges).
[[nodiscard]] std::optional<Spectrum> closed_form_spectrum(const MixingMatrix& w);

/// All eigenvalues of the dense matrix: O(nodes³) time, O(nodes²) memory. At least two nodes.
[[nodiscard]] Spectrum dense_spectrum(const MixingMatrix& w);

/// The two ends by restarted Lanczos iterations, to a relative accuracy of 1e-6, for 100 to 200,000 nodes. Nothing above, nor when some
/// seconds of iterations do not converge, as on long and thin graphs. O(edges + 60 · nodes) per iteration.
[[nodiscard]] std::optional<Spectrum> lanczos_spectrum(const MixingMatrix& w);

}  // namespace peloton
