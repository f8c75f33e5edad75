#pragma once

#include <string_view>

namespace peloton {

/// The files of analysis/report/page/, compiled in.
extern const std::string_view kPageTemplate;
extern const std::string_view kPageStyle;
extern const std::string_view kPageScript;  ///< all its parts, in order

}  // namespace peloton
