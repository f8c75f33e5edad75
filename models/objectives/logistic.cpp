#include "models/objectives/logistic.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "models/objectives/aligned_buffer.hpp"
#include "models/objectives/class_labels.hpp"
#include "models/objectives/finite_sum.hpp"

namespace peloton {
namespace {

template <class T>
class Logistic final : public FiniteSum<T> {
  using Base = FiniteSum<T>;
  using Rows = typename Base::Rows;

 public:
  Logistic(const LogisticOptions& options, const std::shared_ptr<const DataPair>& data, const ClassLabels& labels, const Kernels& kernels)
      : Base(data, kernels, options.l2),
        intercept_(options.intercept),
        train_signs_(signs(labels.train)),
        test_signs_(signs(labels.test)) {}

  [[nodiscard]] std::string name() const override { return "logistic"; }
  [[nodiscard]] std::size_t dimension() const override { return features() + (intercept_ ? 1 : 0); }
  [[nodiscard]] std::unique_ptr<Workspace> workspace() const override { return std::make_unique<Scratch>(); }
  void initial_point(std::uint64_t, MutableView out) const override { std::ranges::fill(out.as<T>(), T{0}); }

 protected:
  void forward(const T* x, const Rows& rows, Workspace& workspace) const override {
    auto& scratch = static_cast<Scratch&>(workspace);
    const std::size_t count = rows.index.size();
    const FeatureMatrix<T>& matrix = this->matrix(rows.split);
    T* z = scratch.margins.data();
    if (const SparseMatrix<T>* sparse = matrix.sparse()) {
      this->kernels().sparse_product(count, rows.index.data(), *sparse, x, z);
    } else {
      T* batch = scratch.batch.at_least(count * features());
      matrix.gather(rows.index, this->kernels(), batch);
      this->kernels().gemm_nn(count, 1, features(), batch, x, z, false);
    }
    const std::vector<T>& signs = rows.split == Split::train ? train_signs_ : test_signs_;
    for (std::size_t i = 0; i < count; ++i) scratch.signs[i] = signs[rows.index[i]];
    if (intercept_) {
      for (std::size_t i = 0; i < count; ++i) z[i] += x[features()];
    }
  }

  Score loss(std::size_t count, Workspace& workspace) const override {
    auto& scratch = static_cast<Scratch&>(workspace);
    Score out;
    out.loss = this->kernels().logistic_loss(count, scratch.signs.data(), scratch.margins.data(), &out.correct);
    return out;
  }

  void backward(const T*, const Rows& rows, T factor, T* out, bool accumulate, Workspace& workspace) const override {
    auto& scratch = static_cast<Scratch&>(workspace);
    const std::size_t count = rows.index.size();
    T* z = scratch.margins.data();
    this->kernels().logistic_residual(count, scratch.signs.data(), factor, z);
    if (const SparseMatrix<T>* sparse = this->matrix(rows.split).sparse()) {
      if (!accumulate) std::fill_n(out, features(), T{0});
      this->kernels().sparse_transposed_product(count, rows.index.data(), *sparse, z, out);
    } else {
      this->kernels().gemm_tn(features(), 1, count, scratch.batch.data(), z, out, accumulate);
    }
    if (intercept_) this->kernels().column_sums(count, 1, z, out + features(), accumulate);
  }

 private:
  struct Scratch final : Workspace {
    alignas(64) std::array<T, Base::kChunk> margins;
    alignas(64) std::array<T, Base::kChunk> signs;
    AlignedBuffer<T> batch;  ///< dense data only
  };

  static std::vector<T> signs(const std::vector<std::uint32_t>& classes) {
    std::vector<T> out(classes.size());
    std::ranges::transform(classes, out.begin(), [](std::uint32_t c) { return c == 0 ? T{-1} : T{1}; });
    return out;
  }
  [[nodiscard]] std::size_t features() const { return this->matrix(Split::train).features(); }

  bool intercept_;
  std::vector<T> train_signs_;
  std::vector<T> test_signs_;
};

}  // namespace

std::unique_ptr<Objective> make_logistic(const LogisticOptions& options, const std::shared_ptr<const DataPair>& data, Precision precision,
                                         const Kernels& kernels, const Place& place) {
  const ClassLabels labels = class_labels(*data, place);
  if (labels.values.size() != 2) {
    throw InputError(place, fmt::format("the labels do not fit the model: logistic needs two distinct labels, the training set has {}",
                                        labels.values.size()));
  }
  if (precision == Precision::float32) return std::make_unique<Logistic<float>>(options, data, labels, kernels);
  return std::make_unique<Logistic<double>>(options, data, labels, kernels);
}

}  // namespace peloton
