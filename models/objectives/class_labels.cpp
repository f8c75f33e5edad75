#include "models/objectives/class_labels.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace peloton {
namespace {

constexpr std::size_t kMostClasses = 65536;

std::vector<double> distinct(std::vector<double> labels) {
  std::sort(labels.begin(), labels.end());
  labels.erase(std::unique(labels.begin(), labels.end()), labels.end());
  return labels;
}

std::vector<std::uint32_t> mapped(const std::vector<double>& labels, const std::vector<double>& classes, const Place& place) {
  std::vector<std::uint32_t> out;
  out.reserve(labels.size());
  for (const double label : labels) {
    const auto found = std::lower_bound(classes.begin(), classes.end(), label);
    if (found == classes.end() || *found != label)
      throw InputError(
          place,
          fmt::format("the labels do not fit the model: the test set has the label {}, which the training set does not have", label));
    out.push_back(static_cast<std::uint32_t>(found - classes.begin()));
  }
  return out;
}

}  // namespace

ClassLabels class_labels(const DataPair& data, const Place& place) {
  ClassLabels out;
  out.values = distinct(data.train.labels);
  if (out.values.size() < 2 || out.values.size() > kMostClasses) {
    throw InputError(place,
                     fmt::format("the labels do not fit the model: it needs 2 to {} classes, the training set has {} distinct labels",
                                 kMostClasses, out.values.size()));
  }
  out.train = mapped(data.train.labels, out.values, place);
  out.test = mapped(data.test.labels, out.values, place);
  return out;
}

}  // namespace peloton
