#include "algorithms/optimizers/sgd.hpp"

namespace peloton {

Vector Sgd::step(Vector x, const Vector& direction, double learning_rate) {
  return space_.plus_scaled(std::move(x), -learning_rate, direction);
}

}  // namespace peloton
