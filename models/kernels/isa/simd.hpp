#pragma once

#include <cstddef>
#include <cstdint>

/// Registers of the instruction set that is compiled for, through GCC's vector types (Clang has them too).
namespace peloton::PELOTON_ISA {
namespace {

#if defined(__AVX512F__)
constexpr std::size_t kRegisterBytes = 64;
#elif defined(__AVX2__)
constexpr std::size_t kRegisterBytes = 32;
#else
constexpr std::size_t kRegisterBytes = 16;
#endif

template <class T>
constexpr std::size_t kLanes = kRegisterBytes / sizeof(T);

template <class T>
struct PackOf;
template <>
struct PackOf<float> {
  typedef float Type __attribute__((vector_size(kRegisterBytes)));
  typedef float Half __attribute__((vector_size(kRegisterBytes / 2)));
  typedef std::uint32_t Bits;
  typedef std::uint32_t BitsType __attribute__((vector_size(kRegisterBytes)));
};
template <>
struct PackOf<double> {
  typedef double Type __attribute__((vector_size(kRegisterBytes)));
  typedef std::uint64_t Bits;
  typedef std::uint64_t BitsType __attribute__((vector_size(kRegisterBytes)));
};

/// One register of numbers.
template <class T>
using Pack = typename PackOf<T>::Type;
/// The unsigned integer as wide as T.
template <class T>
using Bits = typename PackOf<T>::Bits;
template <class T>
using BitsPack = typename PackOf<T>::BitsType;

template <class T>
inline Pack<T> load(const T* from) {
  Pack<T> out;
  __builtin_memcpy(&out, from, sizeof out);
  return out;
}

template <class T>
inline void store(T* to, const Pack<T>& value) {
  __builtin_memcpy(to, &value, sizeof value);
}

/// z[i] ← map(i, z[i]) for 0 ≤ i < n, a register at a time: `map` gets the index of the first lane, the values and how many of them
/// count. An element's result does not depend on its place.
template <class T, class Map>
inline void transform(std::size_t n, T* z, Map map) {
  std::size_t i = 0;
  for (; i + kLanes<T> <= n; i += kLanes<T>) store(z + i, map(i, load(z + i), kLanes<T>));
  if (i == n) return;
  const std::size_t rest = n - i;
  Pack<T> values = {};
  __builtin_memcpy(&values, z + i, rest * sizeof(T));
  values = map(i, values, rest);
  __builtin_memcpy(z + i, &values, rest * sizeof(T));
}

/// kLanes<double> numbers as float64.
inline Pack<double> load_as_double(const double* from) { return load(from); }
inline Pack<double> load_as_double(const float* from) {
  PackOf<float>::Half half;
  __builtin_memcpy(&half, from, sizeof half);
  return __builtin_convertvector(half, Pack<double>);
}

inline float root(float x) { return __builtin_sqrtf(x); }
inline double root(double x) { return __builtin_sqrt(x); }

}  // namespace
}  // namespace peloton::PELOTON_ISA
