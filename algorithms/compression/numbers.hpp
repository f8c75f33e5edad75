#pragma once

#include "models/vector.hpp"

namespace peloton {

/// body(numbers) with the numbers of a view in their own type.
template <class Body>
decltype(auto) with_numbers(ConstView x, Body body) {
  return x.precision == Precision::float32 ? body(x.as<float>()) : body(x.as<double>());
}
template <class Body>
decltype(auto) with_numbers(MutableView x, Body body) {
  return x.precision == Precision::float32 ? body(x.as<float>()) : body(x.as<double>());
}

}  // namespace peloton
