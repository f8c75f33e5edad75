#pragma once

#include <string_view>

namespace peloton {

/// True when `text` is the pattern, in which each * stands for any text.
[[nodiscard]] bool matches(std::string_view pattern, std::string_view text);

}  // namespace peloton
