#pragma once

#include <array>
#include <memory>
#include <optional>
#include <span>

#include "models/kernels/table.hpp"
#include "models/objective.hpp"
#include "models/objectives/aligned_buffer.hpp"
#include "models/objectives/point.hpp"

namespace peloton {

enum class MultiplicativeForm : std::uint8_t { scalar, coordinate };

template <>
struct EnumNames<MultiplicativeForm> {
  static constexpr std::array names = {std::pair{std::string_view("scalar"), MultiplicativeForm::scalar},
                                       std::pair{std::string_view("coordinate"), MultiplicativeForm::coordinate}};
};

/// What a stochastic gradient adds to the exact one: g = (1 + s ξ) ∇f + σ ζ with ξ ~ N(0, 1) and ζ ~ N(0, I) drawn anew for every worker
/// and step; in the form `coordinate` each coordinate has a factor (1 + s ξ_j) of its own. Both are unbiased, with
/// E‖g − ∇f‖² = s² ‖∇f‖² + σ² d. The draws ζ do not depend on s and on the form.
struct GradientNoise {
  double additive = 0;        ///< σ
  double multiplicative = 0;  ///< s
  MultiplicativeForm form = MultiplicativeForm::scalar;
};

/// An objective without data: a formula and noise on its gradient. There are no rows; a batch size has no influence on it.
/// T: float or double.
template <class T>
class NoisyFunction : public Objective {
 public:
  [[nodiscard]] std::size_t dimension() const final { return parts_.dimension; }
  [[nodiscard]] Precision precision() const final { return sizeof(T) == sizeof(float) ? Precision::float32 : Precision::float64; }
  [[nodiscard]] std::size_t rows(Split) const final { return 0; }
  [[nodiscard]] bool classifies() const final { return false; }
  [[nodiscard]] std::unique_ptr<Workspace> workspace() const final { return std::make_unique<Scratch>(); }

  void gradient(ConstView x, const Sample& sample, MutableView out, Workspace& workspace, double* loss) const final;
  Score score(ConstView x, Split split, std::size_t begin, std::size_t end, const MutableView* gradient_sum,
              Workspace& workspace) const final;
  Score sample_score(ConstView x, const Sample& sample, Workspace& workspace) const final;
  double regulariser(ConstView, const MutableView*) const final { return 0; }
  void initial_point(std::uint64_t seed, MutableView out) const final;

 protected:
  struct Parts {
    std::size_t dimension = 0;
    GradientNoise noise;
    PointSpec initial;
  };
  /// f_i of a worker i, or the whole f.
  using Part = std::optional<std::uint32_t>;

  NoisyFunction(Parts parts, const Kernels& kernels) : parts_(std::move(parts)), kernels_(kernels.get<T>()) {}

  [[nodiscard]] const KernelSet<T>& kernels() const { return kernels_; }

  /// out ← the gradient of the part at x; `scratch` may be used.
  virtual void exact_gradient(Part part, std::span<const T> x, T* out, AlignedBuffer<T>& scratch) const = 0;
  /// The part's value at x, given its gradient there.
  virtual double value(Part part, std::span<const T> x, const T* exact) const = 0;

 private:
  /// What a worker's samples are taken of.
  [[nodiscard]] Part part_of(const Sample& sample) const;

  struct Scratch final : Workspace {
    AlignedBuffer<T> exact;
    AlignedBuffer<T> other;
  };

  void add_noise(const Sample& sample, std::span<T> g, Scratch& scratch) const;

  Parts parts_;
  const KernelSet<T>& kernels_;
};

extern template class NoisyFunction<float>;
extern template class NoisyFunction<double>;

}  // namespace peloton
