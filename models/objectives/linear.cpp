#include "models/objectives/linear.hpp"

#include <algorithm>
#include <mutex>
#include <numeric>

#include "models/objectives/generalised_linear.hpp"
#include "models/objectives/least_squares.hpp"

namespace peloton {
namespace {

constexpr std::size_t kMostDimensions = 1000;
constexpr double kMostWork = 5e9;

template <class T>
class Linear final : public GeneralisedLinear<T> {
 public:
  Linear(const LinearOptions& options, const std::shared_ptr<const DataPair>& data, const Kernels& kernels)
      : GeneralisedLinear<T>(data, kernels,
                             {.regulariser = {.l2 = options.l2, .nonconvex = options.nonconvex},
                              .intercept = options.intercept,
                              .train_targets = {data->train.labels.begin(), data->train.labels.end()},
                              .test_targets = {data->test.labels.begin(), data->test.labels.end()}}) {}

  [[nodiscard]] std::string name() const override { return "linear"; }
  [[nodiscard]] bool classifies() const override { return false; }

  [[nodiscard]] std::optional<double> optimal_value() const override {
    const LeastSquares* best = optimum();
    return best == nullptr ? std::nullopt : std::optional(best->value);
  }
  [[nodiscard]] std::optional<std::vector<double>> optimal_point() const override {
    const LeastSquares* best = optimum();
    return best == nullptr ? std::nullopt : std::optional(best->x);
  }

 private:
  Score losses(std::size_t count, const T* targets, const T* z) const override {
    return {.loss = this->kernels().squared_distance(count, z, targets) / 2};
  }
  void residuals(std::size_t count, const T* targets, T factor, T* z) const override {
    this->kernels().plus_scaled(count, z, T{-1}, targets, z);
    this->kernels().scale(count, factor, z);
  }

  /// Null where the optimum is not known.
  const LeastSquares* optimum() const {
    const auto d = static_cast<double>(this->dimension());
    const double work = static_cast<double>(this->rows(Split::train)) * d * d;
    if (this->weights().nonconvex > 0 || this->dimension() > kMostDimensions || work > kMostWork) return nullptr;
    std::call_once(solved_, [&] { optimum_ = solution(); });
    return &optimum_;
  }

  /// Of the rows as they are in the precision T: the minimum of the function whose gradients are taken.
  LeastSquares solution() const {
    const FeatureMatrix<T>& matrix = this->matrix(Split::train);
    LeastSquaresProblem problem(this->dimension());
    std::vector<T> features(this->kChunk * matrix.features());
    std::vector<std::uint32_t> index(this->kChunk);
    std::vector<double> row(this->dimension(), 1.0);  // the last stays 1 with an intercept
    for (std::size_t begin = 0; begin < matrix.rows(); begin += this->kChunk) {
      index.resize(std::min(this->kChunk, matrix.rows() - begin));
      std::iota(index.begin(), index.end(), static_cast<std::uint32_t>(begin));
      matrix.gather(index, this->kernels(), features.data());
      for (std::size_t i = 0; i < index.size(); ++i) {
        std::copy_n(features.data() + i * matrix.features(), matrix.features(), row.begin());
        problem.add(row, this->parts().train_targets[begin + i]);
      }
    }
    return problem.solve(this->weights().l2);
  }

  mutable std::once_flag solved_;
  mutable LeastSquares optimum_;
};

}  // namespace

std::unique_ptr<Objective> make_linear(const LinearOptions& options, const std::shared_ptr<const DataPair>& data, Precision precision,
                                       const Kernels& kernels) {
  if (precision == Precision::float32) return std::make_unique<Linear<float>>(options, data, kernels);
  return std::make_unique<Linear<double>>(options, data, kernels);
}

}  // namespace peloton
