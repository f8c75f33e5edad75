#include "models/objectives/feature_matrix.hpp"

#include <algorithm>
#include <type_traits>

namespace peloton {

template <class T>
FeatureMatrix<T>::FeatureMatrix(std::shared_ptr<const DataPair> owner, const Dataset& set)
    : owner_(std::move(owner)), rows_(set.rows), features_(set.features) {
  if (const auto* bytes = std::get_if<DenseBytes>(&set.x)) {
    bytes_ = bytes->values.data();
    scale_ = static_cast<T>(bytes->scale);
    offset_ = static_cast<T>(bytes->offset);
  } else if (const auto* reals = std::get_if<DenseReals>(&set.x)) {
    dense_ = in_precision(reals->values);
  } else {
    const auto& sparse = std::get<SparseRows>(set.x);
    sparse_ = {sparse.starts.data(), sparse.columns.data(), in_precision(sparse.values)};
  }
}

template <class T>
const T* FeatureMatrix<T>::in_precision(const std::vector<double>& values) {
  if constexpr (std::is_same_v<T, double>) {
    return values.data();
  } else {
    converted_.resize(values.size());
    std::transform(values.begin(), values.end(), converted_.begin(), [](double v) { return static_cast<T>(v); });
    return converted_.data();
  }
}

template <class T>
void FeatureMatrix<T>::gather(std::span<const std::uint32_t> rows, const KernelSet<T>& kernels, T* out) const {
  if (bytes_ != nullptr) {
    kernels.gather_bytes(rows.size(), rows.data(), features_, bytes_, scale_, out);
    // A rounding of its own, outside the kernels: a multiply-add fused in one of them would make the numbers depend on the processor.
    if (offset_ != 0) std::for_each(out, out + rows.size() * features_, [this](T& value) { value += offset_; });
  } else if (dense_ != nullptr) {
    for (const std::uint32_t row : rows) out = std::copy_n(dense_ + row * features_, features_, out);
  } else {
    std::fill_n(out, rows.size() * features_, T{0});
    for (const std::uint32_t row : rows) {
      for (std::uint64_t k = sparse_.starts[row]; k < sparse_.starts[row + 1UL]; ++k) out[sparse_.columns[k]] = sparse_.values[k];
      out += features_;
    }
  }
}

template class FeatureMatrix<float>;
template class FeatureMatrix<double>;

}  // namespace peloton
