#pragma once

#include <memory>
#include <string>
#include <vector>

#include "models/data/dataset.hpp"
#include "models/kernels/table.hpp"
#include "models/objective.hpp"
#include "models/objectives/regulariser.hpp"
#include "sim/base/error.hpp"

namespace peloton {

/// A fully connected classifier: h_0 = a, h_l = σ(h_{l−1} W_l + b_l), logits = h_L W + b; loss: cross-entropy of softmax(logits).
///
/// x is, layer after layer, W (inputs × outputs, row-major), then b (outputs). Classes are the distinct labels, ascending.
struct DenseNetwork {
  std::string name;
  std::vector<std::size_t> hidden;  ///< width of each hidden layer; empty: multinomial logistic regression
  Activation activation = Activation::relu;
  bool intercept = true;  ///< with biases b
  Regulariser regulariser;
  /// Weights before a ReLU: He's uniform law ±√(6 / ((1 + slope²) inputs)) (ICCV 2015); others: Glorot's ±√(6 / (inputs + outputs))
  /// (AISTATS 2010); biases 0. Without: start at zero.
  bool random_start = true;
};

[[nodiscard]] std::unique_ptr<Objective> make_dense_network(const DenseNetwork& network, const std::shared_ptr<const DataPair>& data,
                                                            Precision precision, const Kernels& kernels, const Place& place);

}  // namespace peloton
