#include "analysis/text.hpp"

#include <fmt/format.h>

namespace peloton {

std::string real_text(double value) { return fmt::format("{}", value); }

std::string real_text(const std::optional<double>& value) { return value ? real_text(*value) : std::string(); }

std::string csv_cell(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + "\"";
}

std::string csv_line(const std::vector<std::string>& cells) {
  std::string out;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) out += ',';
    out += csv_cell(cells[i]);
  }
  return out + "\n";
}

}  // namespace peloton
