#include "models/objectives/softmax.hpp"

#include "models/objectives/dense_network.hpp"

namespace peloton {

std::unique_ptr<Objective> make_softmax(const SoftmaxOptions& options, const std::shared_ptr<const DataPair>& data, Precision precision,
                                        const Kernels& kernels, const Place& place) {
  DenseNetwork network;
  network.name = "softmax";
  network.intercept = options.intercept;
  network.regulariser = {.l2 = options.l2, .nonconvex = options.nonconvex};
  network.random_start = false;
  return make_dense_network(network, data, precision, kernels, place);
}

}  // namespace peloton
