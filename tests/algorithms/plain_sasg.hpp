#pragma once

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numeric>
#include <optional>

#include "algorithms/sasg.hpp"
#include "models/data/batch.hpp"
#include "models/kernels/kernels.hpp"
#include "tests/algorithms/harness.hpp"

namespace peloton::test {

using Numbers = std::vector<double>;

/// The stochastic gradients of a scenario in float64 with data, outside any run.
class PlainGradients {
 public:
  explicit PlainGradients(const Scenario& s)
      : place_{"test", ""},
        data_(load_data(*s.task->data, "", static_cast<std::uint64_t>(s.data_seed), place_)),
        f_(make_objective(s.task->model, data_, Precision::float64, find_kernels("reference"), place_)),
        partition_(PartitionSpec{}, data_->train.labels, static_cast<std::size_t>(s.cluster.workers),
                   static_cast<std::uint64_t>(s.data_seed), place_),
        sampler_(partition_,
                 {.size = *s.task->batch_size, .order = BatchOrder::with_replacement, .seed = static_cast<std::uint64_t>(s.seed)}),
        workspace_(f_->workspace()),
        seed_(static_cast<std::uint64_t>(s.seed)) {}

  const Objective& objective() const { return *f_; }

  Numbers initial_point() const {
    Numbers x(f_->dimension());
    f_->initial_point(seed_, {Precision::float64, x.data(), x.size()});
    return x;
  }

  /// Of the worker's mini-batch number `step`.
  Numbers at(const Numbers& x, std::uint32_t worker, std::uint64_t step) {
    Numbers g(x.size());
    const Sample sample{.rows = sampler_.rows(worker, step, scratch_), .seed = seed_, .worker = worker, .step = step};
    f_->gradient({Precision::float64, x.data(), x.size()}, sample, {Precision::float64, g.data(), g.size()}, *workspace_);
    return g;
  }

 private:
  Place place_;
  std::shared_ptr<const DataPair> data_;
  std::unique_ptr<Objective> f_;
  Partition partition_;
  BatchSampler sampler_;
  std::unique_ptr<Workspace> workspace_;
  std::uint64_t seed_;
  std::vector<std::uint32_t> scratch_;
};

/// SASG as the paper states it, with plain loops.
struct PlainSasg {
  double eta;
  double ratio;                       ///< of top-k, tensor by tensor
  Count window;                       ///< D, and the bound of the age
  bool narrow_wire;                   ///< float32
  std::optional<double> weight = {};  ///< c_d; none: 1 / (2 γ)
  bool feedback = true;
  Numbers x = {};                    ///< w^T
  std::vector<Numbers> errors = {};  ///< e_m
  std::vector<std::uint64_t> uploads = {};

  double on_wire(double v) const { return narrow_wire ? static_cast<double>(static_cast<float>(v)) : v; }

  Numbers topk(const Numbers& p, const std::vector<std::size_t>& tensors) const {
    Numbers out(p.size(), 0.0);
    std::size_t begin = 0;
    for (const std::size_t size : tensors) {
      const std::size_t k = std::max<std::size_t>(1, static_cast<std::size_t>(ratio * static_cast<double>(size)));
      std::vector<std::size_t> order(size);
      std::iota(order.begin(), order.end(), begin);
      std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return std::abs(p[a]) > std::abs(p[b]); });
      for (std::size_t i = 0; i < k; ++i) out[order[i]] = on_wire(p[order[i]]);
      begin += size;
    }
    return out;
  }

  static double squared_distance(const Numbers& a, const Numbers& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
    return sum;
  }

  void run(const Scenario& s, Count rounds) {
    PlainGradients gradients(s);
    const std::vector<std::size_t> tensors = gradients.objective().tensors();
    const auto n = static_cast<std::uint32_t>(s.cluster.workers);
    const double gamma = eta / n;
    x = gradients.initial_point();
    const std::size_t d = x.size();
    errors.assign(n, Numbers(d, 0.0));
    uploads.assign(n, 0);
    std::vector<Numbers> stored(n), remembered(n);
    std::vector<Count> age(n, 1);
    std::vector<Numbers> received;  // w^0 … w^t as the workers see them
    for (Count t = 0; t < rounds; ++t) {
      received.push_back(x);
      for (double& v : received.back()) v = on_wire(v);
      const Numbers& w = received.back();
      double threshold = 0;
      for (Count b = std::max<Count>(0, t - window); b < t; ++b)
        threshold += squared_distance(received[static_cast<std::size_t>(b)], received[static_cast<std::size_t>(b) + 1]);
      threshold *= weight.value_or(1 / (2 * gamma)) / (n * n);
      for (std::uint32_t m = 0; m < n; ++m) {
        const auto step = static_cast<std::uint64_t>(t);
        const Numbers g = gradients.at(w, m, step);
        const bool pushes = t < window || age[m] > window || squared_distance(g, gradients.at(remembered[m], m, step)) >= threshold;
        age[m] = pushes ? 1 : age[m] + 1;
        if (!pushes) continue;
        ++uploads[m];
        remembered[m] = w;
        for (std::size_t i = 0; i < d; ++i) errors[m][i] += gamma * g[i];
        stored[m] = topk(errors[m], tensors);
        for (std::size_t i = 0; i < d; ++i) errors[m][i] = feedback ? errors[m][i] - stored[m][i] : 0;
      }
      for (std::size_t i = 0; i < d; ++i) {
        double sum = 0;
        for (const Numbers& message : stored) sum += message[i];
        x[i] -= sum;
      }
    }
  }
};

/// The numbers of the table `uploads` of a run, column by column.
inline std::vector<std::vector<std::uint64_t>> upload_columns(const Run& run) {
  const Table table = run.tables().at(0);
  std::vector<std::vector<std::uint64_t>> out(table.columns.size());
  for (const auto& row : table.rows)
    for (std::size_t i = 0; i < row.size(); ++i) out[i].push_back(std::stoull(row[i]));
  return out;
}

inline std::uint64_t total(const std::vector<std::uint64_t>& counts) {
  return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

/// A whole run of a scenario.
inline std::unique_ptr<Run> run_of(const std::string& text, const std::vector<std::string>& settings,
                                   const Execution& execution = execution_of()) {
  auto run = std::make_unique<Run>(scenario_of(text, settings), execution);
  while (run->advance()) {}
  return run;
}

}  // namespace peloton::test
