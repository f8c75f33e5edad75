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

/// Reads CSV (RFC 4180) record by record, the head included. Lines may end with CR LF; quoted cells may hold line breaks.
class CsvReader {
 public:
  /// `text` must outlive the reader.
  explicit CsvReader(std::string_view text) : rest_(text) {}
  /// The cells of the next record; false at the end.
  bool next(std::vector<std::string>& cells);
  /// The number of the record that was read last, from 1.
  [[nodiscard]] std::size_t line() const { return line_; }

 private:
  [[nodiscard]] std::string take_quoted();

  std::string_view rest_;
  std::size_t line_ = 0;
};

}  // namespace peloton
