#pragma once

#include <nlohmann/json.hpp>

#include "sim/base/data_folder.hpp"

namespace peloton {

/// The JSON object that a data file holds, its members in their order; an empty one or anything else is an InputError that names the file.
[[nodiscard]] nlohmann::ordered_json read_json_object(const DataFile& file);

}  // namespace peloton
