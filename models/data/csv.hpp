#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "models/data/dataset.hpp"
#include "models/data/folder.hpp"
#include "sim/base/options.hpp"

namespace peloton {

/// A column of a table: its name in the header, or its number from 0.
struct CsvColumn {
  std::variant<std::string, Count> value;
};

template <>
struct OptionType<CsvColumn> {
  static CsvColumn parse(const Json& json, const Place& place);
  static Json write(const CsvColumn& column);
  static Json schema();
  static std::string type() { return "column name | number from 0"; }
};

/// A table of numbers, one row a line; one column holds the labels, the others the features in their order.
struct CsvData {
  static constexpr std::string_view kind = "csv";
  static constexpr std::string_view help = "a table of numbers as text, one of its columns the label, plain or compressed";
  std::string path;
  CsvColumn label;
  std::optional<std::string> test_path;
  std::optional<bool> header;
  std::string delimiter = ",";

  static auto fields() {
    return options(
        required("path", &CsvData::path, "training rows, a path in the data folder"),
        required("label", &CsvData::label, "column of the labels: its name in the header, or its number from 0"),
        field("test_path", &CsvData::test_path, "test rows with the same columns; absent: no test set"),
        field("header", &CsvData::header, "whether the first line names the columns; absent: it does when no cell of it is a number"),
        field("delimiter", &CsvData::delimiter, "the character between two cells"));
  }
  void validate(const Place& place) const;
  [[nodiscard]] DataPair load(const DataContext& context) const;
};

/// What a file says: n rows of `columns` finite numbers, row-major, and the names of the columns (empty without a header).
struct CsvTable {
  std::vector<std::string> names;
  std::size_t columns = 0;
  std::vector<double> cells;
};

/// Reads a table. Cells may stand in double quotes (RFC 4180, without line breaks in them) and between blanks, a number may have a leading
/// `+`; lines may end in CR LF, the last one in nothing, empty ones are passed over, a UTF-8 byte order mark is too. InputErrors, with line
/// and column (from 1): an empty cell, one that is no finite number, a line with more or fewer cells than the first, a quote that stays
/// open, more than 2³⁰ cells. A file without rows is one too.
[[nodiscard]] CsvTable read_csv(const DataFile& file, char delimiter, std::optional<bool> header);

}  // namespace peloton
