#pragma once

#include <memory>

#include "models/data/dataset.hpp"
#include "models/kernels/table.hpp"
#include "models/objective.hpp"
#include "models/objectives/regulariser.hpp"
#include "sim/base/options.hpp"

namespace peloton {

/// Multinomial logistic regression: the mean cross-entropy of softmax(a W + b) + regulariser. x is W (features × classes, row-major),
/// then b (classes). Starts at zero. d = (features + 1) · classes, without intercept features · classes.
struct SoftmaxOptions {
  static constexpr std::string_view kind = "softmax";
  static constexpr std::string_view help = "multinomial logistic regression, mean cross-entropy + regulariser";
  double l2 = 0;
  bool intercept = true;
  double nonconvex = 0;
  static auto fields() {
    return options(field("l2", &SoftmaxOptions::l2, kNonNegative, kL2Help),
                   field("intercept", &SoftmaxOptions::intercept, "each class has a bias"),
                   field("nonconvex", &SoftmaxOptions::nonconvex, kNonNegative, kNonconvexHelp));
  }
};

/// Labels that are no classes, or test labels that the training set does not have, are InputErrors at `place`.
[[nodiscard]] std::unique_ptr<Objective> make_softmax(const SoftmaxOptions& options, const std::shared_ptr<const DataPair>& data,
                                                      Precision precision, const Kernels& kernels, const Place& place);

}  // namespace peloton
