#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace peloton {

/// The shortest decimal that reads back as the same double; "inf", "-inf", "nan" as they are.
[[nodiscard]] std::string real_text(double value);
/// As real_text; empty when undefined.
[[nodiscard]] std::string real_text(const std::optional<double>& value);

/// One CSV cell: quoted when it holds a comma, a quote or a line break (RFC 4180).
[[nodiscard]] std::string csv_cell(std::string_view text);
/// One CSV line with its line feed.
[[nodiscard]] std::string csv_line(const std::vector<std::string>& cells);

}  // namespace peloton
