#pragma once

#include <string_view>

#include "models/data/dataset.hpp"
#include "models/data/folder.hpp"
#include "sim/base/options.hpp"

namespace peloton {

/// Gaussian clusters, one per class: row i has label c = i mod classes and features centre_c + spread · N(0, I).
/// The coordinates of the centres are N(0, (separation · spread)² / (2 · features)), so that the root mean square distance between two
/// centres is separation · spread in every dimension: the best classifier of two classes errs with probability about Φ(−separation / 2). A
/// row, test rows included, depends on the seed and its number alone (and on the options other than samples and test_samples).
struct BlobsData {
  static constexpr std::string_view kind = "blobs";
  static constexpr std::string_view help = "Gaussian clusters, one per class, labels 0 … classes − 1 in turn";
  Count samples = 10000;
  Count features = 20;
  Count classes = 10;
  Count test_samples = 1000;
  double separation = 4;
  double spread = 1;

  static auto fields() {
    return options(
        field("samples", &BlobsData::samples, between(1, 4294967295.0), "training rows"),
        field("features", &BlobsData::features, at_least(1), "features per row"),
        field("classes", &BlobsData::classes, between(2, 1e6), "number of classes; at most samples"),
        field("test_samples", &BlobsData::test_samples, between(0, 4294967295.0), "test rows, drawn around the same centres"),
        field("separation", &BlobsData::separation, kNonNegative, "root mean square distance of two centres, in units of spread"),
        field("spread", &BlobsData::spread, kPositive, "standard deviation of a row around its centre, per feature"));
  }
  void validate(const Place& place) const;
  [[nodiscard]] DataPair load(const DataContext& context) const;
};

}  // namespace peloton
