#include "algorithms/aggregation/majority_vote.hpp"

namespace peloton {
namespace {

template <class T>
T sign(T x) {
  return static_cast<T>(x > 0) - static_cast<T>(x < 0);
}

/// Counts are whole numbers, which a float holds exactly up to 2²⁴ contributions.
template <class T>
Vector vote(VectorSpace& space, Contributions& contributions) {
  Vector counts = space.zeros();
  T* count = counts.write().as<T>().data();
  contributions.consume([&](std::span<const Vector> some) {
    space.for_each_chunk([&](std::size_t begin, std::size_t end) {
      for (const Vector& values : some) {
        const T* x = values.view().as<T>().data();
        for (std::size_t i = begin; i < end; ++i) count[i] += sign(x[i]);
      }
    });
  });
  space.for_each_chunk([&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) count[i] = sign(count[i]);
  });
  return counts;
}

}  // namespace

Vector MajorityVote::aggregate(VectorSpace& space, Contributions& contributions) {
  return space.precision() == Precision::float32 ? vote<float>(space, contributions) : vote<double>(space, contributions);
}

}  // namespace peloton
