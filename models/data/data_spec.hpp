#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "models/data/blobs.hpp"
#include "models/data/dataset.hpp"
#include "models/data/idx.hpp"
#include "models/data/libsvm.hpp"
#include "models/data/linear.hpp"
#include "sim/base/options.hpp"

namespace peloton {

/// Where the data of a task come from. A kind is an option struct with `DataPair load(const DataContext&) const`; naming it here
/// is all it takes to add one.
using DataSpec = OneOf<"kind", BlobsData, LinearData, IdxData, LibsvmData>;

/// Reads or generates the data. `folder`: see find_data_folder; `place`: of the spec, for messages. Wrong files and missing ones are
/// InputErrors. What is generated depends on (spec, data_seed) alone, what is read on the files alone.
[[nodiscard]] std::shared_ptr<const DataPair> load_data(const DataSpec& spec, const std::string& folder, std::uint64_t data_seed,
                                                        const Place& place);

}  // namespace peloton
