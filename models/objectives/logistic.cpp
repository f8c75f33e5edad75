#include "models/objectives/logistic.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "models/objectives/class_labels.hpp"
#include "models/objectives/generalised_linear.hpp"

namespace peloton {
namespace {

template <class T>
std::vector<T> signs(const std::vector<std::uint32_t>& classes) {
  std::vector<T> out(classes.size());
  std::ranges::transform(classes, out.begin(), [](std::uint32_t c) { return c == 0 ? T{-1} : T{1}; });
  return out;
}

template <class T>
class Logistic final : public GeneralisedLinear<T> {
 public:
  Logistic(const LogisticOptions& options, const std::shared_ptr<const DataPair>& data, const ClassLabels& labels, const Kernels& kernels)
      : GeneralisedLinear<T>(data, kernels,
                             {.regulariser = {.l2 = options.l2, .nonconvex = options.nonconvex},
                              .intercept = options.intercept,
                              .train_targets = signs<T>(labels.train),
                              .test_targets = signs<T>(labels.test)}) {}

  [[nodiscard]] std::string name() const override { return "logistic"; }

 private:
  Score losses(std::size_t count, const T* targets, const T* z) const override {
    Score out;
    out.loss = this->kernels().logistic_loss(count, targets, z, &out.correct);
    return out;
  }
  void residuals(std::size_t count, const T* targets, T factor, T* z) const override {
    this->kernels().logistic_residual(count, targets, factor, z);
  }
};

}  // namespace

std::unique_ptr<Objective> make_logistic(const LogisticOptions& options, const std::shared_ptr<const DataPair>& data, Precision precision,
                                         const Kernels& kernels, const Place& place) {
  const ClassLabels labels = class_labels(*data, place);
  if (labels.values.size() != 2) {
    throw InputError(place, fmt::format("the labels do not fit the model: logistic needs two distinct labels, the training set has {}",
                                        labels.values.size()));
  }
  if (precision == Precision::float32) return std::make_unique<Logistic<float>>(options, data, labels, kernels);
  return std::make_unique<Logistic<double>>(options, data, labels, kernels);
}

}  // namespace peloton
