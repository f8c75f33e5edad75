#pragma once

#include <memory>
#include <string>
#include <vector>

#include "models/objective.hpp"
#include "models/objectives/feature_matrix.hpp"
#include "models/objectives/regulariser.hpp"

namespace peloton {

/// f(x) = (1/n) Σ_i loss(x; row i) + regulariser(x) over the rows of a data set (all of x is regularised, intercepts too).
///
/// Rows are treated in chunks of a fixed size, in order: memory stays bounded for any batch, and a chunk's arithmetic depends on
/// its own rows alone. A model gives its loss as a forward and a backward pass over a chunk. T: float or double.
template <class T>
class FiniteSum : public Objective {
 public:
  [[nodiscard]] Precision precision() const final { return sizeof(T) == sizeof(float) ? Precision::float32 : Precision::float64; }
  [[nodiscard]] std::size_t rows(Split split) const final { return matrix(split).rows(); }
  [[nodiscard]] bool classifies() const override { return true; }

  void gradient(ConstView x, const Sample& sample, MutableView out, Workspace& workspace, double* loss) const final;
  Score score(ConstView x, Split split, std::size_t begin, std::size_t end, const MutableView* gradient_sum,
              Workspace& workspace) const final;
  Score sample_score(ConstView x, const Sample& sample, Workspace& workspace) const final;
  double regulariser(ConstView x, const MutableView* gradient) const final;

 protected:
  /// Rows per pass.
  static constexpr std::size_t kChunk = 256;

  struct Rows {
    Split split;
    std::span<const std::uint32_t> index;  ///< 1 … kChunk rows of the split
  };

  FiniteSum(const std::shared_ptr<const DataPair>& data, const Kernels& kernels, const Regulariser& regulariser);

  [[nodiscard]] const FeatureMatrix<T>& matrix(Split split) const { return split == Split::train ? train_ : test_; }
  [[nodiscard]] const Regulariser& weights() const { return regulariser_; }
  [[nodiscard]] const KernelSet<T>& kernels() const { return kernels_; }

  /// The model's outputs for the rows, kept in the workspace for the two below.
  virtual void forward(const T* x, const Rows& rows, Workspace& workspace) const = 0;
  /// Σ loss of the rows of the last forward pass, whose outputs it leaves as they are.
  virtual Score loss(std::size_t count, Workspace& workspace) const = 0;
  /// out ← or += factor · Σ ∇loss of the rows of the last forward pass; uses up its outputs.
  virtual void backward(const T* x, const Rows& rows, T factor, T* out, bool accumulate, Workspace& workspace) const = 0;

 private:
  FeatureMatrix<T> train_;
  FeatureMatrix<T> test_;
  const KernelSet<T>& kernels_;
  Regulariser regulariser_;
};

extern template class FiniteSum<float>;
extern template class FiniteSum<double>;

}  // namespace peloton
