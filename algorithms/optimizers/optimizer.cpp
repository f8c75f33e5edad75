#include "algorithms/optimizers/optimizer.hpp"

#include "algorithms/optimizers/adam.hpp"
#include "algorithms/optimizers/momentum.hpp"
#include "algorithms/optimizers/sgd.hpp"

namespace peloton {
namespace {

std::unique_ptr<Optimizer> make(const SgdOptions&, VectorSpace& space) { return std::make_unique<Sgd>(space); }
std::unique_ptr<Optimizer> make(const MomentumOptions& o, VectorSpace& space) { return std::make_unique<Momentum>(o, space); }
std::unique_ptr<Optimizer> make(const AdamOptions& o, VectorSpace& space) { return std::make_unique<Adam>(o, space); }

}  // namespace

std::unique_ptr<Optimizer> make_optimizer(const OptimizerSpec& spec, VectorSpace& space) {
  return std::visit([&](const auto& o) { return make(o, space); }, spec.value);
}

std::size_t state_vectors(const OptimizerSpec& spec) {
  return std::visit([](const auto& o) { return std::decay_t<decltype(o)>::state_vectors; }, spec.value);
}

}  // namespace peloton
