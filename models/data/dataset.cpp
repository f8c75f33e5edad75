#include "models/data/dataset.hpp"

#include <algorithm>

namespace peloton {

std::vector<double> distinct_labels(const DataPair& data) {
  std::vector<double> labels = data.train.labels;
  labels.insert(labels.end(), data.test.labels.begin(), data.test.labels.end());
  std::sort(labels.begin(), labels.end());
  labels.erase(std::unique(labels.begin(), labels.end()), labels.end());
  return labels;
}

}  // namespace peloton
