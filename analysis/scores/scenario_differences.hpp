#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/base/options.hpp"

namespace peloton {

/// A scenario value that runs do not share.
struct ValueDifference {
  std::string path;                         ///< "cluster.workers", as in --set
  std::vector<std::optional<Json>> values;  ///< by scenario; nothing where it is absent
};

/// What differs between the first scenario and any other, in the order of the first; names and scores aside.
[[nodiscard]] std::vector<ValueDifference> scenario_differences(const std::vector<const Json*>& scenarios);

/// As a table with a column per scenario; one line when there is no difference.
[[nodiscard]] std::string scenario_differences_text(const std::vector<std::string>& names, const std::vector<ValueDifference>& differences);

}  // namespace peloton
