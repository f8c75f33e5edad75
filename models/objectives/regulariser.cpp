#include "models/objectives/regulariser.hpp"

namespace peloton {

template <class T>
double Regulariser::value(std::span<const T> x, const KernelSet<T>& kernels) const {
  double out = 0;
  if (l2 > 0) out += l2 / 2 * kernels.dot(x.size(), x.data(), x.data());
  if (nonconvex > 0) {
    double sum = 0;
    for (const T coordinate : x) {
      const double square = static_cast<double>(coordinate) * static_cast<double>(coordinate);
      sum += square / (1 + square);
    }
    out += nonconvex * sum;
  }
  return out;
}

template <class T>
void Regulariser::add_gradient(std::span<const T> x, const KernelSet<T>& kernels, T* gradient) const {
  if (l2 > 0) kernels.add_scaled(x.size(), static_cast<T>(l2), x.data(), gradient);
  if (nonconvex > 0) {
    const T twice = static_cast<T>(2 * nonconvex);
    for (std::size_t j = 0; j < x.size(); ++j) {
      const T root = 1 + x[j] * x[j];
      gradient[j] += twice * x[j] / (root * root);
    }
  }
}

template double Regulariser::value(std::span<const float>, const KernelSet<float>&) const;
template double Regulariser::value(std::span<const double>, const KernelSet<double>&) const;
template void Regulariser::add_gradient(std::span<const float>, const KernelSet<float>&, float*) const;
template void Regulariser::add_gradient(std::span<const double>, const KernelSet<double>&, double*) const;

}  // namespace peloton
