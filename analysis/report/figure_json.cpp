#include "analysis/report/figure_json.hpp"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <cmath>
#include <iterator>
#include <map>

#include "sim/base/options.hpp"

namespace peloton {
namespace {

/// Writes JSON into one growing text.
class JsonText {
 public:
  void put(std::string_view text) { out_.append(text); }
  void string(std::string_view text) { out_.append(script_string(text)); }
  void boolean(bool value) { out_.append(std::string_view(value ? "true" : "false")); }
  void key(std::string_view name) {
    comma();
    out_.push_back('"');
    out_.append(name);
    out_.append(std::string_view("\":"));
  }

  void number(double value) {
    constexpr double kExact = 1e15;
    if (!std::isfinite(value))
      out_.append(std::string_view("null"));
    else if (value == std::floor(value) && std::abs(value) < kExact)
      fmt::format_to(std::back_inserter(out_), FMT_COMPILE("{}"), static_cast<std::int64_t>(value));
    else
      fmt::format_to(std::back_inserter(out_), FMT_COMPILE("{:.9g}"), value);
  }

  template <class Range, class Write>
  void list(const Range& range, Write write) {
    out_.push_back('[');
    bool first = true;
    for (const auto& item : range) {
      if (!first) out_.push_back(',');
      first = false;
      write(item);
    }
    out_.push_back(']');
  }
  template <class Write>
  void object(Write write) {
    out_.push_back('{');
    fresh_ = true;
    write();
    out_.push_back('}');
    fresh_ = false;
  }
  void numbers(const std::vector<double>& values) {
    list(values, [this](double v) { number(v); });
  }
  void strings(const std::vector<std::string>& values) {
    list(values, [this](const std::string& v) { string(v); });
  }
  [[nodiscard]] std::string take() const { return fmt::to_string(out_); }

 private:
  void comma() {
    if (!fresh_) out_.push_back(',');
    fresh_ = false;
  }

  fmt::memory_buffer out_;
  bool fresh_ = true;  ///< nothing stands in the innermost object yet
};

/// Figures → JSON; columns are collected on the way.
class FigureWriter {
 public:
  [[nodiscard]] std::string write(const std::vector<Figure>& figures) {
    JsonText& j = json_;
    j.put("{\"figures\":");
    j.list(figures, [&](const Figure& f) { figure(f); });
    j.put(",\"numbers\":");
    j.list(columns_, [&](const Numbers& column) { j.numbers(*column); });
    j.put("}");
    return j.take();
  }

 private:
  void field(std::string_view name, std::string_view text) {
    json_.key(name);
    json_.string(text);
  }
  void field(std::string_view name, bool value) {
    json_.key(name);
    json_.boolean(value);
  }
  void field(std::string_view name, double value) {
    json_.key(name);
    json_.number(value);
  }
  void field(std::string_view name, const std::vector<double>& values) {
    json_.key(name);
    json_.numbers(values);
  }
  void field(std::string_view name, const std::vector<std::string>& values) {
    json_.key(name);
    json_.strings(values);
  }
  void field(std::string_view name, const Axis& axis) {
    json_.key(name);
    write_axis(axis);
  }
  void column_field(std::string_view name, const Numbers& column) {
    json_.key(name);
    json_.number(static_cast<double>(place_of(column)));
  }

  std::size_t place_of(const Numbers& column) {
    const auto [place, added] = places_.emplace(column.get(), columns_.size());
    if (added) columns_.push_back(column);
    return place->second;
  }

  void write_axis(const Axis& axis) {
    json_.object([&] {
      field("name", std::string_view(axis.name));
      field("label", std::string_view(axis.label));
      field("unit", std::string_view(axis.unit));
      field("log", axis.log);
    });
  }
  void axes(std::string_view name, const std::vector<Axis>& all) {
    json_.key(name);
    json_.list(all, [&](const Axis& axis) { write_axis(axis); });
  }

  void figure(const Figure& f) {
    json_.object([&] {
      field("name", std::string_view(f.name));
      field("title", std::string_view(f.title));
      field("selectors", f.selectors);
      json_.key("views");
      json_.list(f.views, [&](const Figure::View& view) {
        json_.object([&] {
          field("choice", view.choice);
          std::visit([&](const auto& content) { write(content); }, view.content);
        });
      });
    });
  }

  void write(const LineFigure& lines) {
    field("kind", std::string_view("lines"));
    axes("x", lines.x);
    field("y", lines.y);
    json_.key("series");
    json_.list(lines.series, [&](const LineSeries& s) { series(s); });
  }
  void series(const LineSeries& s) {
    static constexpr std::array<std::string_view, 3> kStrokes = {"solid", "dashed", "dotted"};
    json_.object([&] {
      field("name", std::string_view(s.name));
      json_.key("x");
      json_.list(s.x, [&](const Numbers& x) { json_.number(static_cast<double>(place_of(x))); });
      column_field("y", s.y);
      if (s.low) column_field("low", s.low);
      if (s.high) column_field("high", s.high);
      field("stroke", kStrokes[static_cast<std::size_t>(s.stroke)]);
      field("color", static_cast<double>(s.color));
      field("marks", s.marks);
    });
  }

  void write(const BarFigure& bars) {
    field("kind", std::string_view("bars"));
    field("x", bars.x);
    field("y", bars.y);
    if (bars.labels.empty())
      field("edges", bars.edges);
    else
      field("labels", bars.labels);
    field("stacked", bars.stacked);
    json_.key("series");
    json_.list(bars.series, [&](const BarFigure::Series& s) {
      json_.object([&] {
        field("name", std::string_view(s.name));
        field("values", s.values);
        field("color", static_cast<double>(s.color));
      });
    });
  }

  void write(const HeatMap& map) {
    field("kind", std::string_view("heat_map"));
    field("rows", map.rows);
    field("columns", map.columns);
    field("value", map.value);
    field("row_labels", map.row_labels);
    field("column_labels", map.column_labels);
    if (!map.column_edges.empty()) field("edges", map.column_edges);
    json_.key("values");
    json_.list(map.values, [&](double v) { json_.number(map.numbers_in_cells ? v : coarse(v)); });
    if (!map.notes.empty()) field("notes", map.notes);
    field("numbers", map.numbers_in_cells);
    field("low", map.low);
    field("high", map.high);
  }
  /// What is seen as a colour alone needs three digits.
  static double coarse(double value) {
    if (value == 0 || !std::isfinite(value)) return value;
    const double unit = std::pow(10.0, std::floor(std::log10(std::abs(value))) - 2);
    return std::round(value / unit) * unit;
  }

  void write(const Gantt& gantt) {
    field("kind", std::string_view("gantt"));
    field("x", gantt.x);
    field("lanes", gantt.lanes);
    field("kinds", gantt.kinds);
    field("window", gantt.window);
    json_.key("bars");
    json_.object([&] {
      bar_column("lane", gantt, [&](const Gantt::Bar& b) { json_.number(b.lane); });
      bar_column("kind", gantt, [&](const Gantt::Bar& b) { json_.number(b.kind); });
      bar_column("start", gantt, [&](const Gantt::Bar& b) { json_.number(b.start); });
      bar_column("finish", gantt, [&](const Gantt::Bar& b) { json_.number(b.finish); });
      bar_column("text", gantt, [&](const Gantt::Bar& b) { json_.string(b.text); });
    });
  }
  template <class Write>
  void bar_column(std::string_view name, const Gantt& gantt, Write write_cell) {
    json_.key(name);
    json_.list(gantt.bars, write_cell);
  }

  void write(const Scatter& scatter) {
    field("kind", std::string_view("scatter"));
    field("x", scatter.x);
    field("y", scatter.y);
    field("groups", scatter.groups);
    json_.key("points");
    json_.list(scatter.points, [&](const Scatter::Point& p) {
      json_.object([&] {
        field("name", std::string_view(p.name));
        field("x", p.x);
        field("y", p.y);
        field("color", static_cast<double>(p.color));
        field("on_front", p.on_front);
      });
    });
  }

  void write(const TableFigure& table) {
    field("kind", std::string_view("table"));
    axes("columns", table.columns);
    json_.key("rows");
    json_.list(table.rows,
               [&](const std::vector<TableFigure::Cell>& row) { json_.list(row, [&](const TableFigure::Cell& c) { cell(c); }); });
  }
  void cell(const TableFigure::Cell& value) {
    if (const auto* text = std::get_if<std::string>(&value))
      json_.string(*text);
    else
      json_.number(std::holds_alternative<double>(value) ? std::get<double>(value) : kUndefined);
  }

  JsonText json_;
  std::vector<Numbers> columns_;
  std::map<const std::vector<double>*, std::size_t> places_;
};

}  // namespace

std::string script_string(std::string_view text) {
  const std::string json = Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
  std::string out;
  out.reserve(json.size());
  for (const char c : json) {
    if (c == '<')
      out += "\\u003c";  // "</script" and "<!--" would end or change the element
    else
      out += c;
  }
  return out;
}

std::string figures_json(const std::vector<Figure>& figures) { return FigureWriter().write(figures); }

}  // namespace peloton
