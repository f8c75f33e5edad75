#pragma once

#include "algorithms/optimizers/optimizer.hpp"
#include "tests/test.hpp"

namespace peloton::test {

/// A space of two numbers, for steps that are computed by hand.
struct Plane {
  ThreadPool pool{1};
  VectorSpace space{Precision::float64, 2, find_kernels("auto"), pool};

  Vector vector(double a, double b) {
    Vector v = space.make();
    v.write().as<double>()[0] = a;
    v.write().as<double>()[1] = b;
    return v;
  }
};

inline double first(const Vector& v) { return v.view().as<double>()[0]; }
inline double second(const Vector& v) { return v.view().as<double>()[1]; }

inline OptimizerSpec optimizer(const OptimizerLaw& law) { return {.law = law}; }

}  // namespace peloton::test
