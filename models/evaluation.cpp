#include "models/evaluation.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>

#include "models/objectives/aligned_buffer.hpp"

namespace peloton {
namespace {

/// Rows that one thread treats at a time. Part of the meaning of a result: the chunks' sums are added in order.
constexpr std::size_t kChunk = 1024;

/// Room for one chunk's gradient.
class ChunkGradient {
 public:
  explicit ChunkGradient(const Objective& objective)
      : view_{objective.precision(), memory_.at_least(objective.dimension() * bytes_of(objective.precision())), objective.dimension()} {}

  /// Sets the numbers to zero.
  MutableView& cleared() {
    std::memset(view_.data, 0, view_.size * bytes_of(view_.precision));
    return view_;
  }

  void add_to(std::vector<double>& total, double factor) const {
    const auto add = [&](const auto& values) {
      for (std::size_t i = 0; i < total.size(); ++i) total[i] += factor * static_cast<double>(values[i]);
    };
    if (view_.precision == Precision::float32)
      add(view_.as<float>());
    else
      add(view_.as<double>());
  }

 private:
  AlignedBuffer<std::byte> memory_;
  MutableView view_;
};

struct Totals {
  double loss = 0;  ///< mean, with the regulariser
  double correct = 0;
  std::vector<double> gradient;
};

Totals totals(const Objective& objective, ConstView x, Split split, bool want_gradient, ThreadPool& pool) {
  const bool has_data = objective.rows(Split::train) > 0;
  const std::size_t rows = has_data ? objective.rows(split) : 1;
  PELOTON_INVARIANT(rows > 0, "a split that is evaluated has rows");
  const std::size_t chunks = (rows + kChunk - 1) / kChunk;
  const std::size_t threads = std::min(pool.size(), chunks);
  std::vector<std::unique_ptr<Workspace>> workspaces(pool.size());
  std::vector<Score> scores(chunks);
  std::vector<ChunkGradient> gradients;
  for (std::size_t i = 0; want_gradient && i < threads; ++i) gradients.emplace_back(objective);

  Totals out;
  if (want_gradient) out.gradient.resize(objective.dimension());
  const double share = 1 / static_cast<double>(rows);
  // With gradients, as many chunks at a time as there is room for.
  const std::size_t wave = want_gradient ? threads : chunks;
  for (std::size_t first = 0; first < chunks; first += wave) {
    const std::size_t size = std::min(wave, chunks - first);
    pool.run(size, [&](std::size_t i, std::size_t thread) {
      if (!workspaces[thread]) workspaces[thread] = objective.workspace();
      const std::size_t begin = (first + i) * kChunk;
      const MutableView* gradient = want_gradient ? &gradients[i].cleared() : nullptr;
      scores[first + i] = objective.score(x, split, begin, std::min(rows, begin + kChunk), gradient, *workspaces[thread]);
    });
    for (std::size_t i = 0; want_gradient && i < size; ++i) gradients[i].add_to(out.gradient, share);
  }

  for (const Score& score : scores) {
    out.loss += score.loss;
    out.correct += static_cast<double>(score.correct);
  }
  out.loss = out.loss * share + objective.regulariser(x, want_gradient ? &gradients[0].cleared() : nullptr);
  out.correct *= share;
  if (want_gradient) gradients[0].add_to(out.gradient, 1);
  return out;
}

}  // namespace

Evaluation evaluate(const Objective& objective, ConstView x, Split split, bool want_gradient, ThreadPool& pool) {
  const Totals sums = totals(objective, x, split, want_gradient, pool);
  Evaluation out;
  out.loss = sums.loss;
  if (objective.classifies()) out.accuracy = sums.correct;
  if (want_gradient) {
    double square = 0;
    for (const double g : sums.gradient) square += g * g;
    out.gradient_norm = std::sqrt(square);
  }
  return out;
}

std::vector<double> full_gradient(const Objective& objective, ConstView x, Split split, ThreadPool& pool) {
  return totals(objective, x, split, true, pool).gradient;
}

}  // namespace peloton
