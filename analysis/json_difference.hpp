#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/base/options.hpp"

namespace peloton {

/// A value in which two JSON documents differ; absent where one of them lacks it.
struct JsonDifference {
  std::string path;  ///< "cluster.workers", "stragglers.0.slowdown"
  std::optional<Json> before;
  std::optional<Json> after;
};

/// Where two documents differ, in the order of the first and then of the second; the order of an object's keys does not matter, and
/// 1 equals 1.0. Lists of different lengths differ as a whole.
[[nodiscard]] std::vector<JsonDifference> json_differences(const Json& before, const Json& after);

/// One line per difference, "  cluster.workers: 4 → 8"; after twelve lines how many more there are.
[[nodiscard]] std::string differences_text(const std::vector<JsonDifference>& differences);

}  // namespace peloton
