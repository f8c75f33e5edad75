#include "models/objectives/generalised_linear.hpp"

#include <algorithm>

namespace peloton {

template <class T>
GeneralisedLinear<T>::GeneralisedLinear(const std::shared_ptr<const DataPair>& data, const Kernels& kernels, Parts parts)
    : Base(data, kernels, parts.regulariser), parts_(std::move(parts)) {}

template <class T>
std::vector<std::size_t> GeneralisedLinear<T>::tensors() const {
  if (parts_.intercept) return {features(), 1};
  return {features()};
}

template <class T>
std::vector<double> GeneralisedLinear<T>::forward_flops() const {
  const double numbers = this->matrix(Split::train).stored_per_row();
  if (parts_.intercept) return {2 * numbers, 0};
  return {2 * numbers};
}

template <class T>
void GeneralisedLinear<T>::initial_point(std::uint64_t, MutableView out) const {
  std::ranges::fill(out.as<T>(), T{0});
}

template <class T>
void GeneralisedLinear<T>::forward(const T* x, const Rows& rows, Workspace& workspace) const {
  auto& scratch = static_cast<Scratch&>(workspace);
  const std::size_t count = rows.index.size();
  const FeatureMatrix<T>& matrix = this->matrix(rows.split);
  T* z = scratch.z.data();
  if (const SparseMatrix<T>* sparse = matrix.sparse()) {
    this->kernels().sparse_product(count, rows.index.data(), *sparse, x, z);
  } else {
    T* batch = scratch.batch.at_least(count * features());
    matrix.gather(rows.index, this->kernels(), batch);
    this->kernels().gemm_nn(count, 1, features(), batch, x, z, false);
  }
  const std::vector<T>& targets = rows.split == Split::train ? parts_.train_targets : parts_.test_targets;
  for (std::size_t i = 0; i < count; ++i) scratch.targets[i] = targets[rows.index[i]];
  if (parts_.intercept) {
    for (std::size_t i = 0; i < count; ++i) z[i] += x[features()];
  }
}

template <class T>
Score GeneralisedLinear<T>::loss(std::size_t count, Workspace& workspace) const {
  const auto& scratch = static_cast<Scratch&>(workspace);
  return losses(count, scratch.targets.data(), scratch.z.data());
}

template <class T>
void GeneralisedLinear<T>::backward(const T*, const Rows& rows, T factor, T* out, bool accumulate, Workspace& workspace) const {
  auto& scratch = static_cast<Scratch&>(workspace);
  const std::size_t count = rows.index.size();
  T* z = scratch.z.data();
  residuals(count, scratch.targets.data(), factor, z);
  if (const SparseMatrix<T>* sparse = this->matrix(rows.split).sparse()) {
    if (!accumulate) std::fill_n(out, features(), T{0});
    this->kernels().sparse_transposed_product(count, rows.index.data(), *sparse, z, out);
  } else {
    this->kernels().gemm_tn(features(), 1, count, scratch.batch.data(), z, out, accumulate);
  }
  if (parts_.intercept) this->kernels().column_sums(count, 1, z, out + features(), accumulate);
}

template class GeneralisedLinear<float>;
template class GeneralisedLinear<double>;

}  // namespace peloton
