#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <variant>
#include <vector>

#include "sim/base/huge_pages.hpp"

namespace peloton {

/// n × features bytes, row-major; a feature's value is byte · scale + offset.
struct DenseBytes {
  LargeVector<std::uint8_t> values;  ///< batches pick rows at random
  double scale = 1.0;
  double offset = 0.0;
};

/// n × features reals, row-major.
struct DenseReals {
  std::vector<double> values;
};

/// Compressed sparse rows: row i holds columns[k], values[k] for k = starts[i] … starts[i + 1] − 1; columns ascend within a row and count
/// from 0.
struct SparseRows {
  std::vector<std::uint64_t> starts{0};
  std::vector<std::uint32_t> columns;
  std::vector<double> values;
};

/// Rows of features with a label each, as the file or the generator gives them (labels are not mapped).
struct Dataset {
  std::size_t rows = 0;
  std::size_t features = 0;
  std::variant<DenseBytes, DenseReals, SparseRows> x;
  std::vector<double> labels;               ///< `rows` values
  std::vector<std::uint32_t> devices = {};  ///< the device that each row comes from, where the source has devices; else empty
};

/// A training set and, where there is one, a test set with the same features. Immutable and shared once loaded.
struct DataPair {
  Dataset train;
  Dataset test;  ///< rows = 0 when absent
};

/// These rows of a data set, in this order, as a set of their own.
[[nodiscard]] Dataset rows_of(const Dataset& data, std::span<const std::uint32_t> rows);

/// The distinct labels of both sets, ascending.
[[nodiscard]] std::vector<double> distinct_labels(const DataPair& data);

}  // namespace peloton
