#include "models/objectives/mlp.hpp"

#include <fmt/format.h>

#include "models/objectives/dense_network.hpp"

namespace peloton {

void MlpOptions::validate(const Place& place) const {
  constexpr Count kWidest = 1 << 20;
  if (hidden.empty()) throw InputError(place / "hidden", "must have a layer (without one the model is \"softmax\"), got []");
  for (std::size_t i = 0; i < hidden.size(); ++i) {
    if (hidden[i] < 1 || hidden[i] > kWidest)
      throw InputError(place / "hidden" / i, fmt::format("must be ≥ 1 and ≤ {}, got {}", kWidest, hidden[i]));
  }
}

std::unique_ptr<Objective> make_mlp(const MlpOptions& options, const std::shared_ptr<const DataPair>& data, Precision precision,
                                    const Kernels& kernels, const Place& place) {
  DenseNetwork network;
  network.name = "mlp";
  network.hidden.assign(options.hidden.begin(), options.hidden.end());
  network.activation = options.activation;
  network.regulariser = {.l2 = options.l2, .nonconvex = options.nonconvex};
  return make_dense_network(network, data, precision, kernels, place);
}

}  // namespace peloton
