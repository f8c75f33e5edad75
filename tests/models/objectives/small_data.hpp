#pragma once

#include <algorithm>
#include <cmath>
#include <memory>
#include <type_traits>
#include <vector>

#include "models/data/dataset.hpp"
#include "models/objective.hpp"
#include "sim/base/random.hpp"

namespace peloton::test {

enum class Storage { bytes, reals, sparse };

inline constexpr Storage kStorages[] = {Storage::bytes, Storage::reals, Storage::sparse};

/// `rows` rows of pseudo-random multiples of 1/8 (a third of them zero), the same numbers in every storage; labels 0, 3, 6, … in turn.
inline Dataset small_set(Storage storage, std::size_t rows, std::size_t features, std::size_t classes, std::uint32_t stream) {
  RandomStream random(7, Purpose::test, stream, 0);
  Dataset out{.rows = rows, .features = features, .x = {}, .labels = {}};
  DenseBytes bytes{.values = {}, .scale = 0.125};
  DenseReals reals;
  SparseRows sparse;
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t j = 0; j < features; ++j) {
      const std::uint32_t draw = random.below(24);
      const auto byte = static_cast<std::uint8_t>(draw < 8 ? 0 : draw - 8);
      bytes.values.push_back(byte);
      reals.values.push_back(byte * 0.125);
      if (byte == 0) continue;
      sparse.columns.push_back(static_cast<std::uint32_t>(j));
      sparse.values.push_back(byte * 0.125);
    }
    sparse.starts.push_back(sparse.columns.size());
    out.labels.push_back(3 * static_cast<double>(i % classes));
  }
  if (storage == Storage::bytes) out.x = std::move(bytes);
  if (storage == Storage::reals) out.x = std::move(reals);
  if (storage == Storage::sparse) out.x = std::move(sparse);
  return out;
}

inline std::shared_ptr<const DataPair> small_data(Storage storage, std::size_t rows, std::size_t features, std::size_t classes) {
  DataPair out;
  out.train = small_set(storage, rows, features, classes, 1);
  out.test = small_set(storage, rows / 2 + classes, features, classes, 2);
  return std::make_shared<const DataPair>(std::move(out));
}

/// Rows given by hand: dense reals, without a test set.
inline std::shared_ptr<const DataPair> hand_data(std::size_t features, std::vector<double> values, std::vector<double> labels) {
  DataPair out;
  out.train.rows = labels.size();
  out.train.features = features;
  out.train.x = DenseReals{std::move(values)};
  out.train.labels = std::move(labels);
  out.test.x = DenseReals{};
  out.test.features = features;
  return std::make_shared<const DataPair>(std::move(out));
}

/// An objective's vectors as float64, whatever its precision.
class Probe {
 public:
  explicit Probe(const Objective& objective) : objective_(objective), workspace_(objective.workspace()) {}

  std::vector<double> start(std::uint64_t seed) const {
    return call([&](MutableView out) { objective_.initial_point(seed, out); });
  }
  /// `loss`, when given, gets the loss on the sample.
  std::vector<double> gradient(const std::vector<double>& x, const Sample& sample, double* loss = nullptr) {
    return at(x,
              [&](ConstView point) { return call([&](MutableView out) { objective_.gradient(point, sample, out, *workspace_, loss); }); });
  }
  std::vector<double> gradient(const std::vector<double>& x, const std::vector<std::uint32_t>& rows, double* loss = nullptr) {
    Sample sample;
    sample.rows = rows;
    return gradient(x, sample, loss);
  }
  Score score(const std::vector<double>& x, Split split, std::size_t begin, std::size_t end) {
    return at(x, [&](ConstView point) { return objective_.score(point, split, begin, end, nullptr, *workspace_); });
  }
  /// Σ ∇loss, without the regulariser.
  std::vector<double> score_gradient(const std::vector<double>& x, Split split, std::size_t begin, std::size_t end) {
    return at(
        x, [&](ConstView point) { return call([&](MutableView out) { objective_.score(point, split, begin, end, &out, *workspace_); }); });
  }
  double regulariser(const std::vector<double>& x) const {
    return at(x, [&](ConstView point) { return objective_.regulariser(point, nullptr); });
  }

 private:
  template <class Body>
  std::vector<double> call(Body body) const {
    if (objective_.precision() == Precision::float32) return called<float>(body);
    return called<double>(body);
  }
  template <class T, class Body>
  std::vector<double> called(Body body) const {
    std::vector<T> out(objective_.dimension(), T{0});
    body(MutableView{objective_.precision(), out.data(), out.size()});
    return {out.begin(), out.end()};
  }
  template <class Body>
  std::invoke_result_t<Body, ConstView> at(const std::vector<double>& x, Body body) const {
    if (objective_.precision() == Precision::float64) return body(ConstView{Precision::float64, x.data(), x.size()});
    std::vector<float> narrow(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) narrow[i] = static_cast<float>(x[i]);
    return body(ConstView{Precision::float32, narrow.data(), narrow.size()});
  }

  const Objective& objective_;
  std::unique_ptr<Workspace> workspace_;
};

/// d numbers without a pattern, between −size and size.
inline std::vector<double> scattered_point(std::size_t d, double size) {
  std::vector<double> out(d);
  for (std::size_t i = 0; i < d; ++i) out[i] = size * std::sin(0.3 + 12.9898 * static_cast<double>(i));
  return out;
}

inline double largest_difference(const std::vector<double>& a, const std::vector<double>& b) {
  double out = a.size() == b.size() ? 0 : INFINITY;
  for (std::size_t i = 0; i < a.size() && i < b.size(); ++i) out = std::max(out, std::abs(a[i] - b[i]));
  return out;
}

}  // namespace peloton::test
