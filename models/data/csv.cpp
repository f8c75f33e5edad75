#include "models/data/csv.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <span>
#include <string_view>

#include "models/data/file.hpp"
#include "models/data/generated.hpp"

namespace peloton {
namespace {

/// The number that the whole of `cell` is, not necessarily a finite one.
std::optional<double> number(std::string_view cell) {
  if (cell.size() > 1 && cell[0] == '+' && cell[1] != '-') cell.remove_prefix(1);  // from_chars knows no plus sign
  double value = 0;
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (end != cell.data() + cell.size() || error == std::errc::invalid_argument) return std::nullopt;
  return error == std::errc() ? value : HUGE_VAL;
}

std::string_view without_blanks(std::string_view cell) {
  const auto is_blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!cell.empty() && is_blank(cell.front())) cell.remove_prefix(1);
  while (!cell.empty() && is_blank(cell.back())) cell.remove_suffix(1);
  return cell;
}

class Reader {
 public:
  Reader(std::string_view text, const DataFile& file, char delimiter) : text_(text), file_(file), delimiter_(delimiter) {
    if (text_.starts_with("\xef\xbb\xbf")) text_.remove_prefix(3);
  }

  CsvTable read(std::optional<bool> header) {
    std::vector<std::string> cells;
    while (next_line(cells)) {
      if (table_.columns == 0) {
        table_.columns = cells.size();
        if (header.value_or(std::none_of(cells.begin(), cells.end(), [](const std::string& cell) { return number(cell).has_value(); }))) {
          table_.names = cells;
          continue;
        }
      }
      add_row(cells);
    }
    if (table_.cells.empty()) throw InputError(Place{file_.name, ""}, "must hold at least one row of numbers, got none");
    return std::move(table_);
  }

 private:
  /// The cells of the next line that is not empty; false at the end.
  bool next_line(std::vector<std::string>& cells) {
    while (!text_.empty()) {
      const std::size_t end = std::min(text_.find('\n'), text_.size());
      std::string_view line = text_.substr(0, end);
      text_.remove_prefix(std::min(end + 1, text_.size()));
      ++line_;
      if (line.ends_with('\r')) line.remove_suffix(1);
      if (without_blanks(line).empty()) continue;
      split(line, cells);
      return true;
    }
    return false;
  }

  void split(std::string_view line, std::vector<std::string>& cells) const {
    cells.clear();
    for (;;) {
      const std::size_t quote = delimiter_ == ' ' ? 0 : std::min(line.find_first_not_of(' '), line.size());
      const bool quoted = quote < line.size() && line[quote] == '"';
      const std::size_t end = quoted ? end_of_quoted(line, quote, cells) : std::min(line.find(delimiter_), line.size());
      if (!quoted) cells.emplace_back(without_blanks(line.substr(0, end)));
      if (end == line.size()) return;
      line.remove_prefix(end + 1);
    }
  }

  /// Reads the cell whose quotes open at `quote`; where the delimiter after it, or the end of the line, is.
  std::size_t end_of_quoted(std::string_view line, std::size_t quote, std::vector<std::string>& cells) const {
    std::string cell;
    std::size_t at = quote + 1;
    for (;; ++at) {
      if (at >= line.size()) fail(cells.size(), "the quote is not closed on this line");
      if (line[at] != '"') {
        cell += line[at];
      } else if (at + 1 < line.size() && line[at + 1] == '"') {
        cell += line[++at];  // a doubled quote is one
      } else {
        break;
      }
    }
    const std::size_t end = std::min(line.find(delimiter_, at + 1), line.size());
    if (!without_blanks(line.substr(at + 1, end - at - 1)).empty())
      fail(cells.size(), fmt::format("text follows the closing quote: {}", show(Json(std::string(line.substr(0, end))))));
    cells.emplace_back(without_blanks(cell));
    return end;
  }

  void add_row(const std::vector<std::string>& cells) {
    if (cells.size() != table_.columns) {
      throw InputError(Place{file_.name, fmt::format("line {}", line_)},
                       fmt::format("must have {} cells as the first line has, got {}", table_.columns, cells.size()));
    }
    if (static_cast<double>(table_.cells.size() + cells.size()) > kMaxGeneratedNumbers)
      fail(0, fmt::format("more than {:.0f} cells (8 GiB)", kMaxGeneratedNumbers));
    for (std::size_t column = 0; column < cells.size(); ++column) {
      const std::string& cell = cells[column];
      if (cell.empty()) fail(column, "must be a number, got an empty cell (missing values must be filled in beforehand)");
      const std::optional<double> value = number(cell);
      if (!value) fail(column, fmt::format("must be a number, got {}", show(Json(cell))));
      if (!std::isfinite(*value)) fail(column, fmt::format("must be a finite number (float64), got {}", show(Json(cell))));
      table_.cells.push_back(*value);
    }
  }

  [[noreturn]] void fail(std::size_t column, const std::string& message) const {
    std::string where = fmt::format("line {}, column {}", line_, column + 1);
    if (column < table_.names.size()) where += fmt::format(" ({})", table_.names[column]);
    throw InputError(Place{file_.name, where}, message);
  }

  std::string_view text_;  ///< what is left of it
  const DataFile& file_;
  char delimiter_;
  std::uint64_t line_ = 0;
  CsvTable table_;
};

/// The number of the label column.
std::size_t label_column(const CsvColumn& column, const CsvTable& table, const Place& place) {
  if (const auto* index = std::get_if<Count>(&column.value)) {
    if (*index < static_cast<Count>(table.columns)) return static_cast<std::size_t>(*index);
    throw InputError(place, fmt::format("must be a column 0 … {}, got {}", table.columns - 1, *index));
  }
  const auto& name = std::get<std::string>(column.value);
  if (table.names.empty())
    throw InputError(place, fmt::format("must be a number from 0, as the file has no header, got {}", show(Json(name))));
  const auto found = std::find(table.names.begin(), table.names.end(), name);
  if (found == table.names.end()) throw InputError(place, fmt::format("no column {}{}", show(Json(name)), did_you_mean(name, table.names)));
  if (std::find(found + 1, table.names.end(), name) != table.names.end())
    throw InputError(place, fmt::format("must name one column, but two are called {}", show(Json(name))));
  return static_cast<std::size_t>(found - table.names.begin());
}

/// The column of the labels apart from the others.
Dataset dataset(const CsvTable& table, std::size_t label) {
  Dataset out;
  out.rows = table.cells.size() / table.columns;
  out.features = table.columns - 1;
  DenseReals x;
  x.values.reserve(out.rows * out.features);
  for (std::size_t cell = 0; cell < table.cells.size(); ++cell)
    (cell % table.columns == label ? out.labels : x.values).push_back(table.cells[cell]);
  out.x = std::move(x);
  return out;
}

}  // namespace

CsvColumn OptionType<CsvColumn>::parse(const Json& json, const Place& place) {
  if (json.is_string()) return {json.get<std::string>()};
  if (!json.is_number()) wrong_type(place, "the name of a column or its number from 0", json);
  const Count index = OptionType<Count>::parse(json, place);
  if (index < 0) throw InputError(place, fmt::format("must be ≥ 0 (columns count from 0), got {}", index));
  return {index};
}

Json OptionType<CsvColumn>::write(const CsvColumn& column) {
  return std::visit([](const auto& value) { return Json(value); }, column.value);
}

Json OptionType<CsvColumn>::schema() {
  return {{"oneOf", Json::array({Json{{"type", "string"}}, Json{{"type", "integer"}, {"minimum", 0}}})}};
}

CsvTable read_csv(const DataFile& file, char delimiter, std::optional<bool> header) {
  const std::vector<std::uint8_t> bytes = read_data_file(file);
  return Reader({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, file, delimiter).read(header);
}

void CsvData::validate(const Place& place) const {
  constexpr std::string_view kNumbers = "+-.0123456789eE\"\r\n";
  if (delimiter.size() != 1 || kNumbers.find(delimiter[0]) != std::string_view::npos)
    throw InputError(place / "delimiter", fmt::format("must be one character that no number contains, got {}", show(Json(delimiter))));
}

DataPair CsvData::load(const DataContext& context) const {
  const CsvTable train = read_csv(context.file("path", path), delimiter[0], header);
  const std::size_t label_at = label_column(label, train, context.place / "label");
  if (train.columns == 1) throw InputError(context.place / "path", "must have a feature besides the label, got one column");
  DataPair out;
  out.train = dataset(train, label_at);
  if (!test_path) return out;
  const CsvTable test = read_csv(context.file("test_path", *test_path), delimiter[0], header);
  if (test.columns != train.columns || test.names != train.names) {
    throw InputError(context.place / "test_path", fmt::format("must have the columns of the training rows ({} of them, {}), got {} columns",
                                                              train.columns, train.names.empty() ? "unnamed" : "by name", test.columns));
  }
  out.test = dataset(test, label_at);
  return out;
}

}  // namespace peloton
