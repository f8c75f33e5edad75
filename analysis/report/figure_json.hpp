#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analysis/figures/figure.hpp"

namespace peloton {

/// Text as a JSON string that may also stand inside a <script> element; bytes that are no UTF-8 are replaced.
[[nodiscard]] std::string script_string(std::string_view text);

/// The figures as one JSON object for the page's script: {"numbers": [column…], "figures": […]}. A column that several series share stands
/// once, and series name it by its place. Whole numbers are exact, others have nine significant digits; what is not finite is null.
/// May stand inside a <script> element.
[[nodiscard]] std::string figures_json(const std::vector<Figure>& figures);

}  // namespace peloton
