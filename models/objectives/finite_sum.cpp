#include "models/objectives/finite_sum.hpp"

#include <algorithm>
#include <array>
#include <numeric>

namespace peloton {

template <class T>
FiniteSum<T>::FiniteSum(const std::shared_ptr<const DataPair>& data, const Kernels& kernels, const Regulariser& regulariser)
    : train_(data, data->train), test_(data, data->test), kernels_(kernels.get<T>()), regulariser_(regulariser) {}

template <class T>
void FiniteSum<T>::gradient(ConstView x, const Sample& sample, MutableView out, Workspace& workspace, double* loss) const {
  const std::size_t size = sample.rows.size();
  PELOTON_INVARIANT(size > 0, "a batch has a row");
  const T* point = x.as<T>().data();
  T* to = out.as<T>().data();
  const T factor = T{1} / static_cast<T>(size);
  double sum = 0;
  for (std::size_t begin = 0; begin < size; begin += kChunk) {
    const Rows rows{Split::train, sample.rows.subspan(begin, std::min(kChunk, size - begin))};
    forward(point, rows, workspace);
    if (loss != nullptr) sum += this->loss(rows.index.size(), workspace).loss;
    backward(point, rows, factor, to, begin > 0, workspace);
  }
  regulariser_.add_gradient(x.as<T>(), kernels_, to);
  if (loss != nullptr) *loss = sum / static_cast<double>(size) + regulariser(x, nullptr);
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
Score FiniteSum<T>::sample_score(ConstView x, const Sample& sample, Workspace& workspace) const {
  Score total;
  for (std::size_t begin = 0; begin < sample.rows.size(); begin += kChunk) {
    const Rows rows{Split::train, sample.rows.subspan(begin, std::min(kChunk, sample.rows.size() - begin))};
    forward(x.as<T>().data(), rows, workspace);
    const Score part = loss(rows.index.size(), workspace);
    total.loss += part.loss;
    total.correct += part.correct;
  }
  return total;
}

template <class T>
double FiniteSum<T>::regulariser(ConstView x, const MutableView* gradient) const {
  if (gradient != nullptr) regulariser_.add_gradient(x.as<T>(), kernels_, gradient->as<T>().data());
  return regulariser_.value(x.as<T>(), kernels_);
}

template class FiniteSum<float>;
template class FiniteSum<double>;

}  // namespace peloton
