#include "models/objectives/finite_sum.hpp"

#include <algorithm>
#include <array>
#include <numeric>

namespace peloton {

template <class T>
FiniteSum<T>::FiniteSum(const std::shared_ptr<const DataPair>& data, const Kernels& kernels, double l2)
    : train_(data, data->train), test_(data, data->test), kernels_(kernels.get<T>()), l2_(l2) {}

template <class T>
void FiniteSum<T>::gradient(ConstView x, const Sample& sample, MutableView out, Workspace& workspace) const {
  const std::size_t size = sample.rows.size();
  PELOTON_INVARIANT(size > 0, "a batch has a row");
  const T* point = x.as<T>().data();
  T* to = out.as<T>().data();
  const T factor = T{1} / static_cast<T>(size);
  for (std::size_t begin = 0; begin < size; begin += kChunk) {
    const Rows rows{Split::train, sample.rows.subspan(begin, std::min(kChunk, size - begin))};
    forward(point, rows, workspace);
    backward(point, rows, factor, to, begin > 0, workspace);
  }
  if (l2_ > 0) kernels_.add_scaled(out.size, static_cast<T>(l2_), point, to);
}

template <class T>
Score FiniteSum<T>::score(ConstView x, Split split, std::size_t begin, std::size_t end, const MutableView* gradient_sum,
                          Workspace& workspace) const {
  PELOTON_INVARIANT(begin <= end && end <= rows(split), "the rows that are scored exist");
  const T* point = x.as<T>().data();
  std::array<std::uint32_t, kChunk> index;
  Score total;
  for (; begin < end; begin += kChunk) {
    const std::size_t size = std::min(kChunk, end - begin);
    std::iota(index.begin(), index.begin() + static_cast<std::ptrdiff_t>(size), static_cast<std::uint32_t>(begin));
    const Rows rows{split, {index.data(), size}};
    forward(point, rows, workspace);
    const Score part = loss(size, workspace);
    total.loss += part.loss;
    total.correct += part.correct;
    if (gradient_sum != nullptr) backward(point, rows, T{1}, gradient_sum->as<T>().data(), true, workspace);
  }
  return total;
}

template <class T>
double FiniteSum<T>::regulariser(ConstView x, const MutableView* gradient) const {
  if (l2_ == 0) return 0;
  const T* point = x.as<T>().data();
  if (gradient != nullptr) kernels_.add_scaled(x.size, static_cast<T>(l2_), point, gradient->as<T>().data());
  return l2_ / 2 * kernels_.dot(x.size, point, point);
}

template class FiniteSum<float>;
template class FiniteSum<double>;

}  // namespace peloton
