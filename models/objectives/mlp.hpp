#pragma once

#include <array>
#include <memory>
#include <vector>

#include "models/data/dataset.hpp"
#include "models/kernels/table.hpp"
#include "models/objective.hpp"
#include "models/objectives/regulariser.hpp"
#include "sim/base/options.hpp"

namespace peloton {

template <>
struct EnumNames<Activation> {
  static constexpr std::array names = {
      std::pair{std::string_view("relu"), Activation::relu}, std::pair{std::string_view("leaky_relu"), Activation::leaky_relu},
      std::pair{std::string_view("tanh"), Activation::tanh}, std::pair{std::string_view("sigmoid"), Activation::sigmoid}};
};

/// A fully connected network with biases, cross-entropy loss + regulariser. x is, layer after layer, the weights (inputs × outputs,
/// row-major), then the biases; 784-200-10 has d = 159,010. Starts at random weights (He's law before ReLUs, else Glorot's).
struct MlpOptions {
  static constexpr std::string_view kind = "mlp";
  static constexpr std::string_view help = "fully connected network, mean cross-entropy + regulariser";
  std::vector<Count> hidden{200};
  Activation activation = Activation::relu;
  double l2 = 0;
  double nonconvex = 0;
  static auto fields() {
    return options(field("hidden", &MlpOptions::hidden, "width of each hidden layer"),
                   field("activation", &MlpOptions::activation, "of the hidden layers"),
                   field("l2", &MlpOptions::l2, kNonNegative, kL2Help),
                   field("nonconvex", &MlpOptions::nonconvex, kNonNegative, kNonconvexHelp));
  }
  void validate(const Place& place) const;
};

/// Labels that are no classes, or test labels that the training set does not have, are InputErrors at `place`.
[[nodiscard]] std::unique_ptr<Objective> make_mlp(const MlpOptions& options, const std::shared_ptr<const DataPair>& data,
                                                  Precision precision, const Kernels& kernels, const Place& place);

}  // namespace peloton
