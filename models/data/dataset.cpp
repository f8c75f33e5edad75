#include "models/data/dataset.hpp"

#include <algorithm>

namespace peloton {
namespace {

/// The given rows of a row-major matrix.
template <class Values>
Values dense_rows(const Values& values, std::size_t features, std::span<const std::uint32_t> rows) {
  Values out;
  out.reserve(rows.size() * features);
  for (const std::uint32_t row : rows) {
    const auto first = values.begin() + static_cast<std::ptrdiff_t>(row * features);
    out.insert(out.end(), first, first + static_cast<std::ptrdiff_t>(features));
  }
  return out;
}

SparseRows sparse_rows(const SparseRows& x, std::span<const std::uint32_t> rows) {
  SparseRows out;
  for (const std::uint32_t row : rows) {
    const auto begin = static_cast<std::ptrdiff_t>(x.starts[row]);
    const auto end = static_cast<std::ptrdiff_t>(x.starts[row + 1UL]);
    out.columns.insert(out.columns.end(), x.columns.begin() + begin, x.columns.begin() + end);
    out.values.insert(out.values.end(), x.values.begin() + begin, x.values.begin() + end);
    out.starts.push_back(out.columns.size());
  }
  return out;
}

}  // namespace

Dataset rows_of(const Dataset& data, std::span<const std::uint32_t> rows) {
  Dataset out;
  out.rows = rows.size();
  out.features = data.features;
  if (const auto* bytes = std::get_if<DenseBytes>(&data.x))
    out.x = DenseBytes{dense_rows(bytes->values, data.features, rows), bytes->scale, bytes->offset};
  else if (const auto* reals = std::get_if<DenseReals>(&data.x))
    out.x = DenseReals{dense_rows(reals->values, data.features, rows)};
  else
    out.x = sparse_rows(std::get<SparseRows>(data.x), rows);
  out.labels = dense_rows(data.labels, 1, rows);
  if (!data.devices.empty()) out.devices = dense_rows(data.devices, 1, rows);
  return out;
}

std::vector<double> distinct_labels(const DataPair& data) {
  std::vector<double> labels = data.train.labels;
  labels.insert(labels.end(), data.test.labels.begin(), data.test.labels.end());
  std::sort(labels.begin(), labels.end());
  labels.erase(std::unique(labels.begin(), labels.end()), labels.end());
  return labels;
}

}  // namespace peloton
