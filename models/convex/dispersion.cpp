#include "models/convex/dispersion.hpp"

#include <algorithm>
#include <memory>

namespace peloton {
namespace {

/// Rows that one thread treats at a time; the chunks' sums are added in order.
constexpr std::size_t kChunk = 256;

/// What a thread needs to compare a gradient with the whole one.
class Comparison {
 public:
  Comparison(const Objective& objective, const std::vector<double>& x, const std::vector<double>& whole)
      : objective_(objective), x_(x), whole_(whole), workspace_(objective.workspace()), gradient_(x.size()) {}

  /// ‖∇f_sample(x) − ∇f(x)‖²
  double squared_distance(const Sample& sample) {
    objective_.gradient({Precision::float64, x_.data(), x_.size()}, sample, {Precision::float64, gradient_.data(), gradient_.size()},
                        *workspace_);
    double sum = 0;
    for (std::size_t j = 0; j < whole_.size(); ++j) sum += (gradient_[j] - whole_[j]) * (gradient_[j] - whole_[j]);
    return sum;
  }

  std::vector<std::uint32_t> rows;  ///< scratch of the caller

 private:
  const Objective& objective_;
  const std::vector<double>& x_;
  const std::vector<double>& whole_;
  std::unique_ptr<Workspace> workspace_;
  std::vector<double> gradient_;
};

/// The mean of body(i, comparison) over i = 0 … count − 1.
template <class Body>
double mean_over(std::size_t count, const Objective& objective, const std::vector<double>& x, ThreadPool& pool, Body body) {
  const std::vector<double> whole = full_gradient(objective, {Precision::float64, x.data(), x.size()}, Split::train, pool);
  std::vector<std::unique_ptr<Comparison>> comparisons(pool.size());
  std::vector<double> sums((count + kChunk - 1) / kChunk);
  pool.run(sums.size(), [&](std::size_t chunk, std::size_t thread) {
    if (!comparisons[thread]) comparisons[thread] = std::make_unique<Comparison>(objective, x, whole);
    for (std::size_t i = chunk * kChunk; i < std::min(count, (chunk + 1) * kChunk); ++i) sums[chunk] += body(i, *comparisons[thread]);
  });
  double total = 0;
  for (const double sum : sums) total += sum;
  return total / static_cast<double>(count);
}

}  // namespace

double gradient_noise(const Objective& objective, const std::vector<double>& x, ThreadPool& pool) {
  return mean_over(objective.rows(Split::train), objective, x, pool, [](std::size_t i, Comparison& comparison) {
    comparison.rows.assign(1, static_cast<std::uint32_t>(i));
    Sample sample;
    sample.rows = comparison.rows;
    return comparison.squared_distance(sample);
  });
}

double heterogeneity(const Objective& objective, const std::vector<double>& x, const WorkerFunctions& functions, ThreadPool& pool) {
  if (functions.same(objective)) return 0;
  return mean_over(functions.workers, objective, x, pool, [&](std::size_t worker, Comparison& comparison) {
    return comparison.squared_distance(functions.sample(worker, 0, functions.rows(worker), comparison.rows));
  });
}

}  // namespace peloton
