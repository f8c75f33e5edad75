#pragma once

#include <cstdint>
#include <vector>

#include "models/data/dataset.hpp"
#include "sim/base/error.hpp"

namespace peloton {

/// The labels of both sets as classes 0 … k − 1: the distinct labels of the training set, ascending.
struct ClassLabels {
  std::vector<double> values;        ///< the label of each class
  std::vector<std::uint32_t> train;  ///< the class of each training row
  std::vector<std::uint32_t> test;
};

/// Fewer than two classes, more than 65,536 of them (the labels are no classes) or a test label that the training set does not have
/// are InputErrors at `place`.
[[nodiscard]] ClassLabels class_labels(const DataPair& data, const Place& place);

}  // namespace peloton
