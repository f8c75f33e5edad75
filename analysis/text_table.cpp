#include "analysis/text_table.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/base/error.hpp"

namespace peloton {

std::size_t text_width(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

void TextTable::add(std::vector<std::string> cells) {
  PELOTON_INVARIANT(rows_.empty() || cells.size() == rows_.front().size(), "the rows of a table are as long as its head");
  rows_.push_back(std::move(cells));
}

std::string TextTable::str(std::size_t most, std::string_view file) const {
  const std::size_t shown = std::min(rows_.size(), most + 1);
  std::vector<std::size_t> widths(rows_.front().size(), 0);
  for (std::size_t r = 0; r < shown; ++r)
    for (std::size_t c = 0; c < widths.size(); ++c) widths[c] = std::max(widths[c], text_width(rows_[r][c]));
  std::string out;
  for (std::size_t r = 0; r < shown; ++r) {
    std::string line;
    for (std::size_t c = 0; c < widths.size(); ++c) {
      const std::string blanks(widths[c] - text_width(rows_[r][c]), ' ');
      const bool to_the_left = c < left_ || c + notes_ >= widths.size();
      line += to_the_left ? fmt::format("  {}{}", rows_[r][c], blanks) : fmt::format("  {}{}", blanks, rows_[r][c]);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  }
  if (shown < rows_.size()) out += fmt::format("  … {} more in {}\n", rows_.size() - shown, file);
  return out;
}

}  // namespace peloton
