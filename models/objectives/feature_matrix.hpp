#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "models/data/dataset.hpp"
#include "models/kernels/table.hpp"

namespace peloton {

/// The features of a data set in the precision of a run. Bytes stay bytes and what has the right precision already is not copied.
/// Immutable, shared by threads. T: float or double.
template <class T>
class FeatureMatrix {
 public:
  /// `set` belongs to `owner`, which is kept alive.
  FeatureMatrix(std::shared_ptr<const DataPair> owner, const Dataset& set);

  [[nodiscard]] std::size_t rows() const { return rows_; }
  [[nodiscard]] std::size_t features() const { return features_; }
  /// Numbers stored for a row, in the mean: the features, or what is not zero of them.
  [[nodiscard]] double stored_per_row() const {
    if (sparse() == nullptr || rows_ == 0) return static_cast<double>(features_);
    return static_cast<double>(sparse_.starts[rows_]) / static_cast<double>(rows_);
  }
  /// Null for dense data.
  [[nodiscard]] const SparseMatrix<T>* sparse() const { return bytes_ == nullptr && dense_ == nullptr ? &sparse_ : nullptr; }

  /// The rows with these numbers into `out` (rows.size() × features, row-major), whatever the storage.
  void gather(std::span<const std::uint32_t> rows, const KernelSet<T>& kernels, T* out) const;

 private:
  /// The values themselves where they have the precision, else a copy that has it.
  const T* in_precision(const std::vector<double>& values);

  std::shared_ptr<const DataPair> owner_;
  std::size_t rows_;
  std::size_t features_;
  const std::uint8_t* bytes_ = nullptr;
  T scale_ = 1;
  T offset_ = 0;
  const T* dense_ = nullptr;
  SparseMatrix<T> sparse_;
  std::vector<T> converted_;
};

extern template class FeatureMatrix<float>;
extern template class FeatureMatrix<double>;

}  // namespace peloton
