#pragma once

#include <array>
#include <memory>
#include <vector>

#include "models/objectives/aligned_buffer.hpp"
#include "models/objectives/finite_sum.hpp"

namespace peloton {

/// f(x) = (1/n) Σ_i φ(z_i, t_i) + regulariser(x), where z_i = ⟨a_i, x⟩ and t_i is the target of row i; with an intercept, its weight is
/// the last of x. Starts at zero. A model gives φ. T: float or double.
template <class T>
class GeneralisedLinear : public FiniteSum<T> {
  using Base = FiniteSum<T>;
  using Rows = typename Base::Rows;

 public:
  [[nodiscard]] std::size_t dimension() const final { return features() + (parts_.intercept ? 1 : 0); }
  [[nodiscard]] std::vector<std::size_t> tensors() const final;
  [[nodiscard]] std::vector<double> forward_flops() const final;
  /// ⟨a, x⟩ forward and φ′ a backward: 2 + 2 for each number stored of a row.
  [[nodiscard]] double flops_per_sample() const final { return 4 * this->matrix(Split::train).stored_per_row(); }
  [[nodiscard]] std::unique_ptr<Workspace> workspace() const final { return std::make_unique<Scratch>(); }
  void initial_point(std::uint64_t seed, MutableView out) const final;

 protected:
  struct Parts {
    Regulariser regulariser;
    bool intercept = false;
    std::vector<T> train_targets;
    std::vector<T> test_targets;
  };

  GeneralisedLinear(const std::shared_ptr<const DataPair>& data, const Kernels& kernels, Parts parts);

  [[nodiscard]] const Parts& parts() const { return parts_; }

  /// Σ φ(z, target)
  virtual Score losses(std::size_t count, const T* targets, const T* z) const = 0;
  /// z ← factor · ∂φ/∂z
  virtual void residuals(std::size_t count, const T* targets, T factor, T* z) const = 0;

 private:
  struct Scratch final : Workspace {
    alignas(64) std::array<T, Base::kChunk> z;
    alignas(64) std::array<T, Base::kChunk> targets;
    AlignedBuffer<T> batch;  ///< dense data only
  };

  void forward(const T* x, const Rows& rows, Workspace& workspace) const final;
  Score loss(std::size_t count, Workspace& workspace) const final;
  void backward(const T* x, const Rows& rows, T factor, T* out, bool accumulate, Workspace& workspace) const final;

  [[nodiscard]] std::size_t features() const { return this->matrix(Split::train).features(); }

  Parts parts_;
};

extern template class GeneralisedLinear<float>;
extern template class GeneralisedLinear<double>;

}  // namespace peloton
