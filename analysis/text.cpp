#include "analysis/text.hpp"

#include <fmt/format.h>

#include <algorithm>

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

std::string CsvReader::take_quoted() {
  std::string out;
  rest_.remove_prefix(1);
  while (!rest_.empty()) {
    const std::size_t quote = std::min(rest_.find('"'), rest_.size());
    out += rest_.substr(0, quote);
    rest_.remove_prefix(std::min(quote + 1, rest_.size()));
    if (rest_.empty() || rest_.front() != '"') break;
    out += '"';
    rest_.remove_prefix(1);
  }
  return out;
}

bool CsvReader::next(std::vector<std::string>& cells) {
  cells.clear();
  if (rest_.empty()) return false;
  ++line_;
  while (true) {
    if (!rest_.empty() && rest_.front() == '"') {
      cells.push_back(take_quoted());
    } else {
      const std::size_t end = std::min(rest_.find_first_of(",\n"), rest_.size());
      std::string_view cell = rest_.substr(0, end);
      if (end < rest_.size() && rest_[end] == '\n' && cell.ends_with('\r')) cell.remove_suffix(1);
      cells.emplace_back(cell);
      rest_.remove_prefix(end);
    }
    if (rest_.empty()) return true;
    const char delimiter = rest_.front();
    rest_.remove_prefix(delimiter == '\r' && rest_.size() > 1 ? 2 : 1);
    if (delimiter != ',') return true;
  }
}

}  // namespace peloton
