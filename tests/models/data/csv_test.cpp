#include "models/data/csv.hpp"

#include "tests/models/data/files.hpp"
#include "tests/test.hpp"

using namespace peloton;
using namespace peloton::test;
using Catch::Matchers::ContainsSubstring;

namespace {

CsvTable read(std::string_view text, char delimiter = ',', std::optional<bool> header = {}) {
  const TemporaryDirectory folder;
  return read_csv(write_file(folder / "table", text), delimiter, header);
}

std::string error(std::string_view text, char delimiter = ',', std::optional<bool> header = {}) {
  return input_error([&] { (void)read(text, delimiter, header); });
}

CsvData parse(const Json& json) { return parse_options<CsvData>(json, Place{"mine.json", "/task/data"}); }

DataPair load(const Json& json, const TemporaryDirectory& folder) {
  return parse(json).load({folder.path().string(), 1, Place{"mine.json", "/task/data"}});
}

using Names = std::vector<std::string>;
using Cells = std::vector<double>;

}  // namespace

TEST_CASE("CSV cells are read as they stand", "[models][data][csv]") {
  // Hand computation, with what such files contain: a byte order mark, quoted names with a delimiter and a quote, blanks, a plus sign, an
  // exponent, CR LF, empty lines, a quoted number, no newline at the end.
  const CsvTable table = read(
      "\xef\xbb\xbf"
      "age,\"height, cm\",\"the \"\"y\"\"\"\r\n 1 , -2.5,+3e-1\r\n\r\n\n\"4\",.5, \"6\" \n7,8,9");
  CHECK(table.names == Names{"age", "height, cm", "the \"y\""});
  CHECK(table.columns == 3);
  CHECK(table.cells == Cells{1, -2.5, 0.3, 4, 0.5, 6, 7, 8, 9});
  CHECK(read("1\t2\n3\t4\n", '\t').cells == Cells{1, 2, 3, 4});
  CHECK(read("1;2\n", ';').cells == Cells{1, 2});
  CHECK(read("1 2\n3 \"4\"\n", ' ').cells == Cells{1, 2, 3, 4});
  CHECK(read(gzip("a,b\n1,2\n")).cells == Cells{1, 2});
}

TEST_CASE("a CSV header is told by having no number, or by the option", "[models][data][csv]") {
  CHECK(read("a,b\n1,2\n").names == Names{"a", "b"});
  CHECK(read("1,2\n3,4\n").names.empty());
  CHECK(read("1,2\n3,4\n", ',', true).names == Names{"1", "2"});
  CHECK(read("1,2\n3,4\n", ',', true).cells == Cells{3, 4});
  CHECK(error("a,b\n1,2\n", ',', false) == "table: line 1, column 1: must be a number, got \"a\"");
  CHECK(error("1,b\n1,2\n") == "table: line 1, column 2: must be a number, got \"b\"");
}

TEST_CASE("CSV errors tell line and column", "[models][data][csv]") {
  const std::string empty = "must be a number, got an empty cell (missing values must be filled in beforehand)";
  CHECK(error("a,b\n1,2\n3,\n") == "table: line 3, column 2 (b): " + empty);
  CHECK(error("a,b\n\n,2\n") == "table: line 3, column 1 (a): " + empty);
  CHECK(error("1,,2\n") == "table: line 1, column 2: " + empty);
  CHECK(error("1,\"\"\n") == "table: line 1, column 2: " + empty);
  CHECK(error("a,b\n1,x\n") == "table: line 2, column 2 (b): must be a number, got \"x\"");
  CHECK(error("a,b\n1,2 3\n") == "table: line 2, column 2 (b): must be a number, got \"2 3\"");
  CHECK(error("1,2x\n") == "table: line 1, column 2: must be a number, got \"2x\"");
  CHECK(error("1,nan\n") == "table: line 1, column 2: must be a finite number (float64), got \"nan\"");
  CHECK(error("1,-inf\n") == "table: line 1, column 2: must be a finite number (float64), got \"-inf\"");
  CHECK(error("1,1e999\n") == "table: line 1, column 2: must be a finite number (float64), got \"1e999\"");
  CHECK(error("a,b\n1,2\n1,2,3\n") == "table: line 3: must have 2 cells as the first line has, got 3");
  CHECK(error("a,b\n1,2\n1\n") == "table: line 3: must have 2 cells as the first line has, got 1");
  CHECK(error("1,\"2\n3\",4\n") == "table: line 1, column 2: the quote is not closed on this line");
  CHECK(error("1,\"2\"3\n") == "table: line 1, column 2: text follows the closing quote: \"\\\"2\\\"3\"");
  CHECK(error("") == "table: must hold at least one row of numbers, got none");
  CHECK(error("a,b\n") == "table: must hold at least one row of numbers, got none");
}

TEST_CASE("a CSV column is the label, by name or number", "[models][data][csv]") {
  const TemporaryDirectory folder;
  write_file(folder / "t.csv", "x,y,z\n1,2,3\n4,5,6\n");
  write_file(folder / "bare.csv", "1;2;3\n");
  const auto values = [](const Dataset& data) { return std::get<DenseReals>(data.x).values; };
  for (const Json& label : {Json("y"), Json(1)}) {
    const DataPair data = load({{"path", "t.csv"}, {"label", label}, {"test_path", "t.csv"}}, folder);
    CHECK(data.train.rows == 2);
    CHECK(data.train.features == 2);
    CHECK(data.train.labels == Cells{2, 5});
    CHECK(values(data.train) == Cells{1, 3, 4, 6});
    CHECK(values(data.test) == values(data.train));
  }
  CHECK(values(load({{"path", "bare.csv"}, {"label", 2}, {"delimiter", ";"}}, folder).train) == Cells{1, 2});
  CHECK(write_options(parse({{"path", "t"}, {"label", 2}}))["label"] == Json(2));
}

TEST_CASE("wrong CSV options tell the place", "[models][data][csv]") {
  const TemporaryDirectory folder;
  write_file(folder / "t.csv", "weight,height\n1,2\n");
  write_file(folder / "twice.csv", "a,a\n1,2\n");
  write_file(folder / "bare.csv", "1,2\n");
  write_file(folder / "one.csv", "a\n1\n");
  const auto load_error = [&](const Json& json) { return input_error([&] { (void)load(json, folder); }); };
  CHECK(load_error({{"path", "t.csv"}, {"label", "heigth"}}) ==
        "mine.json: /task/data/label: no column \"heigth\" (did you mean \"height\"?)");
  CHECK(load_error({{"path", "t.csv"}, {"label", 2}}) == "mine.json: /task/data/label: must be a column 0 … 1, got 2");
  CHECK(load_error({{"path", "t.csv"}, {"label", -1}}) == "mine.json: /task/data/label: must be ≥ 0 (columns count from 0), got -1");
  CHECK(load_error({{"path", "twice.csv"}, {"label", "a"}}) ==
        "mine.json: /task/data/label: must name one column, but two are called \"a\"");
  CHECK(load_error({{"path", "bare.csv"}, {"label", "a"}}) ==
        "mine.json: /task/data/label: must be a number from 0, as the file has no header, got \"a\"");
  CHECK(load_error({{"path", "one.csv"}, {"label", 0}}) ==
        "mine.json: /task/data/path: must have a feature besides the label, got one column");
  CHECK(load_error({{"path", "t.csv"}, {"label", 0}, {"test_path", "twice.csv"}}) ==
        "mine.json: /task/data/test_path: must have the columns of the training rows (2 of them, by name), got 2 columns");
  CHECK(load_error({{"path", "t.csv"}, {"label", 0}, {"delimiter", ", "}}) ==
        "mine.json: /task/data/delimiter: must be one character that no number contains, got \", \"");
  CHECK_THAT(load_error({{"path", "none.csv"}, {"label", 0}}), ContainsSubstring("mine.json: /task/data/path: no file"));
  CHECK_THAT(load_error({{"path", "t.csv"}}), ContainsSubstring("needs the key \"label\""));
}
