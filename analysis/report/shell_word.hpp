#pragma once

#include <string>

namespace peloton {

/// A text that a POSIX shell takes as one word: as it is, or in single quotes.
[[nodiscard]] std::string shell_word(const std::string& text);

}  // namespace peloton
