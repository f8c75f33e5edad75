#include "models/evaluation.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>
#include <utility>

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

std::vector<double> full_gradient(const Objective& objective, ConstView x, Split split, ThreadPool& pool, double* value) {
  Totals sums = totals(objective, x, split, true, pool);
  if (value != nullptr) *value = sums.loss;
  return std::move(sums.gradient);
}

// ---- workers ----------------------------------------------------------------------------------------------------------------------

bool WorkerFunctions::same(const Objective& objective) const {
  if (objective.worker_functions() > 0) return false;
  return workers == 1 || partition == nullptr || partition->is_shared();
}

Sample WorkerFunctions::sample(std::size_t worker, std::size_t begin, std::size_t end, std::vector<std::uint32_t>& scratch) const {
  Sample out;
  out.worker = static_cast<std::uint32_t>(worker);
  if (partition == nullptr) return out;
  if (!partition->redealt()) {
    out.rows = partition->shard(worker).subspan(begin, end - begin);
    return out;
  }
  const EpochShard first = partition->shard(worker, 0);
  scratch.resize(end - begin);
  for (std::size_t i = begin; i < end; ++i) scratch[i - begin] = first[static_cast<std::uint32_t>(i)];
  out.rows = scratch;
  return out;
}

std::vector<Evaluation> evaluate_workers(const Objective& objective, ConstView x, const WorkerFunctions& functions, ThreadPool& pool) {
  if (functions.same(objective)) return std::vector(functions.workers, evaluate(objective, x, Split::train, false, pool));
  struct Task {
    std::size_t worker;
    std::size_t begin;
    std::size_t end;
  };
  std::vector<Task> tasks;  // large shards in chunks, so that few workers keep many threads busy
  for (std::size_t w = 0; w < functions.workers; ++w) {
    std::size_t begin = 0;
    do tasks.push_back({w, begin, std::min(functions.rows(w), begin + kChunk)});
    while ((begin += kChunk) < functions.rows(w));
  }
  std::vector<Score> scores(tasks.size());
  std::vector<std::unique_ptr<Workspace>> workspaces(pool.size());
  std::vector<std::vector<std::uint32_t>> scratch(pool.size());
  pool.run(tasks.size(), [&](std::size_t i, std::size_t thread) {
    if (!workspaces[thread]) workspaces[thread] = objective.workspace();
    const Sample sample = functions.sample(tasks[i].worker, tasks[i].begin, tasks[i].end, scratch[thread]);
    scores[i] = objective.sample_score(x, sample, *workspaces[thread]);
  });

  std::vector<Score> sums(functions.workers);
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    sums[tasks[i].worker].loss += scores[i].loss;
    sums[tasks[i].worker].correct += scores[i].correct;
  }
  std::vector<Evaluation> out(functions.workers);
  const double regulariser = objective.regulariser(x, nullptr);
  for (std::size_t w = 0; w < functions.workers; ++w) {
    const double rows = functions.partition == nullptr ? 1 : static_cast<double>(functions.rows(w));
    out[w].loss = sums[w].loss / rows + regulariser;
    if (objective.classifies()) out[w].accuracy = static_cast<double>(sums[w].correct) / rows;
  }
  return out;
}

WorkerSpread worker_spread(std::vector<double> values, Worst worst) {
  PELOTON_INVARIANT(!values.empty(), "a spread is taken over workers");
  const double limit = worst == Worst::highest ? INFINITY : -INFINITY;
  WorkerSpread out;
  for (double& value : values) {
    out.mean += value / static_cast<double>(values.size());
    if (std::isnan(value)) value = limit;
  }
  std::ranges::sort(values);
  if (worst == Worst::highest) std::ranges::reverse(values);
  const std::size_t tenth = std::max<std::size_t>(1, values.size() / 10);
  for (std::size_t i = 0; i < tenth; ++i) out.worst_tenth += values[i] / static_cast<double>(tenth);
  return out;
}

}  // namespace peloton
