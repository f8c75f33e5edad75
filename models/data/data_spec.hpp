#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "models/data/blobs.hpp"
#include "models/data/cifar.hpp"
#include "models/data/csv.hpp"
#include "models/data/dataset.hpp"
#include "models/data/idx.hpp"
#include "models/data/libsvm.hpp"
#include "models/data/linear.hpp"
#include "models/data/preparation.hpp"
#include "models/data/synthetic.hpp"
#include "sim/base/options.hpp"

namespace peloton {

/// Where rows come from. A kind is an option struct with `DataPair load(const DataContext&) const`; naming it here is all it takes to
/// add one.
using DataSource = OneOf<"kind", BlobsData, LinearData, SyntheticData, IdxData, LibsvmData, CifarData, CsvData>;

/// `task.data`: a source with the keys that all kinds share, applied in the order limit, split, normalise.
struct DataSpec {
  DataSource source;
  std::optional<Count> limit;
  std::optional<SplitSize> split;
  Normalise normalise;

  DataSpec() = default;
  template <class Source>
  requires(std::is_convertible_v<Source, DataSource>)
      DataSpec(Source from)  // NOLINT(google-explicit-constructor): reads as the source itself
      : source(std::move(from)) {}

  static auto fields() {
    return options(inlined(&DataSpec::source, "where the rows come from"),
                   field("limit", &DataSpec::limit, between(1, 4294967295.0), "only the first so many training rows; absent: all"),
                   field("split", &DataSpec::split, "training rows moved to the test set at random: a share or a count; absent: none"),
                   field("normalise", &DataSpec::normalise, "scaling of the features, by the statistics of the training set"));
  }
};

/// Reads or generates the data. `folder`: see find_data_folder; `place`: of the spec, for messages. Wrong files and missing ones are
/// InputErrors. What is generated depends on (spec, data_seed) alone, what is read on the files alone, a split on (rows, data_seed).
[[nodiscard]] std::shared_ptr<const DataPair> load_data(const DataSpec& spec, const std::string& folder, std::uint64_t data_seed,
                                                        const Place& place);

}  // namespace peloton
