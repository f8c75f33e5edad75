#pragma once

#include <string>
#include <vector>

#include "sim/base/options.hpp"

namespace peloton {

/// Short and distinct names for the values of an axis: numbers and texts as written, objects by their name or kind ("async_sgd"), with
/// the options in which they differ where names repeat ("topk share=1%"). `values` are distinct.
[[nodiscard]] std::vector<std::string> axis_labels(const std::vector<Json>& values);

}  // namespace peloton
