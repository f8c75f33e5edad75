#include "analysis/report/figure_json.hpp"

#include "sim/base/options.hpp"
#include "tests/test.hpp"

using namespace peloton;

TEST_CASE("a column that series share is written once", "[analysis][report]") {
  const Numbers time = numbers({0, 0.5, 1});
  LineFigure lines;
  lines.x = {{"time", "virtual time", "s", false}};
  lines.y = {"loss", "loss", "", true};
  LineSeries a;
  a.name = "a";
  a.x = {time};
  a.y = numbers({3, 2, kUndefined});
  LineSeries b = a;
  b.name = "b";
  b.y = numbers({1, 1e-7, 123456789012});
  lines.series = {a, b};
  const Json json = Json::parse(figures_json({figure("loss", "Loss", "Learning", lines)}));
  CHECK(json["numbers"].dump() == "[[0,0.5,1],[3,2,null],[1,1e-07,123456789012]]");
  const Json& view = json["figures"][0]["views"][0];
  CHECK(view["kind"] == "lines");
  CHECK(view["series"][0]["x"].dump() == "[0]");
  CHECK(view["series"][1]["x"].dump() == "[0]");
  CHECK(view["series"][1]["y"] == 2);
  CHECK(view["y"]["log"] == true);
  CHECK_FALSE(view["series"][0].contains("low"));
}

TEST_CASE("every kind of figure becomes JSON with what it shows", "[analysis][report]") {
  BarFigure bars;
  bars.edges = {0, 1, 2};
  bars.series = {{"updates", {0.25, 0.75}, 0}};
  HeatMap map;
  map.row_labels = {"r"};
  map.column_labels = {"c", "d"};
  map.values = {1.5, kUndefined};
  map.notes = {"", "0/3 arrived"};
  Gantt gantt;
  gantt.lanes = {"worker 0"};
  gantt.kinds = {"computing"};
  gantt.bars = {{0, 0, 0.5, 1, "at version 3"}};
  Scatter scatter;
  scatter.points = {{"p", 1, 2, 0, true}};
  TableFigure table;
  table.columns = {{"x", "x", "", false}, {"y", "y", "", false}, {"z", "z", "", false}};
  table.rows = {{1.0, std::string("text"), {}}};
  const Json json = Json::parse(figures_json({figure("a", "", "", bars), figure("b", "", "", map), figure("c", "", "", gantt),
                                              figure("d", "", "", scatter), figure("e", "", "", table)}));
  const auto view = [&](int i) { return json["figures"][i]["views"][0]; };
  CHECK(view(0)["series"][0]["values"].dump() == "[0.25,0.75]");
  CHECK(view(1)["values"].dump() == "[1.5,null]");
  CHECK(view(1)["notes"][1] == "0/3 arrived");
  CHECK(view(2)["bars"]["start"].dump() == "[0.5]");
  CHECK(view(2)["bars"]["text"].dump() == "[\"at version 3\"]");
  CHECK(view(3)["points"][0]["on_front"] == true);
  CHECK(view(4)["rows"].dump() == "[[1,\"text\",null]]");
}

TEST_CASE("no text can end the script element it stands in", "[analysis][report]") {
  CHECK(script_string("</script><!--") == "\"\\u003c/script>\\u003c!--\"");
  CHECK(Json::parse(script_string("a\"b\\c\n<é")).get<std::string>() == "a\"b\\c\n<é");
  CHECK_NOTHROW(Json::parse(script_string("\xff\xfe bytes")));
}
