#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace peloton {

/// Figures as plain data, whoever draws them: the report (dygraphs, SVG) and the plots for papers (gnuplot) take the same ones.

inline constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();

/// One number per point; `kUndefined` is a gap. Shared: a run's times stand once, however many figures use them.
using Numbers = std::shared_ptr<const std::vector<double>>;
[[nodiscard]] inline Numbers numbers(std::vector<double> values) { return std::make_shared<const std::vector<double>>(std::move(values)); }

/// Units are base units ("s", "bit", "B", "versions", "" for a pure number; "%" for shares, whose values are 0 … 1); who draws chooses the
/// prefix (ms, Gbit).
struct Axis {
  std::string name;   ///< for the command line: "time", "bits", "loss"
  std::string label;  ///< for people: "virtual time"
  std::string unit;
  bool log = false;  ///< drawn logarithmically unless the reader wants it otherwise; values ≤ 0 are then left out
};

enum class Stroke : std::uint8_t { solid, dashed, dotted };

/// A curve. All columns have one length.
struct LineSeries {
  std::string name;
  std::vector<Numbers> x;  ///< one for each of LineFigure::x; ascending
  Numbers y;
  Numbers low;  ///< a band around y, with `high`; null: none
  Numbers high;
  Stroke stroke = Stroke::solid;
  std::size_t color = 0;  ///< a place in the palette, the same for the same thing in all figures of a set
  bool marks = false;     ///< draw the points too: few of them
};

/// Curves over one of several abscissas (time, bits, updates): all series have all of them.
struct LineFigure {
  std::vector<Axis> x;  ///< not empty; the first is the default
  Axis y;
  std::vector<LineSeries> series;
};

/// Bars over numeric bins, or over categories.
struct BarFigure {
  struct Series {
    std::string name;
    std::vector<double> values;  ///< one per bin or category
    std::size_t color = 0;
  };
  Axis x;
  Axis y;
  std::vector<double> edges;        ///< bins + 1, ascending; empty with categories
  std::vector<std::string> labels;  ///< categories; empty with bins
  std::vector<Series> series;
  bool stacked = false;
};

/// A value for each pair of two labels.
struct HeatMap {
  Axis rows;
  Axis columns;
  Axis value;  ///< its `log` is that of the colour scale
  std::vector<std::string> row_labels;
  std::vector<std::string> column_labels;
  std::vector<double> column_edges;  ///< columns + 1, ascending, where the columns are stretches of a number (time); else empty
  std::vector<double> values;        ///< row after row; kUndefined: none
  std::vector<std::string> notes;  ///< like values, or empty: what stands in a cell without a value ("3/10 reached"); hover text elsewhere
  bool numbers_in_cells = true;    ///< false: many small cells, colour alone
  double low = kUndefined;         ///< of the colour scale; undefined: from the values
  double high = kUndefined;
};

/// Who did what when.
struct Gantt {
  struct Bar {
    std::uint32_t lane = 0;
    std::uint32_t kind = 0;
    double start = 0;
    double finish = 0;  ///< equal to start: a mark
    std::string text;   ///< "version 12, staleness 3"
  };
  Axis x;
  std::vector<std::string> lanes;  ///< from the top
  std::vector<std::string> kinds;  ///< "computing", "sending", …; the place is the colour
  std::vector<Bar> bars;           ///< by lane, then start
  double window = kUndefined;      ///< how much of x is legible at once, from the first start; undefined: all
};

/// Named points of a plane; those that no other point beats in both coordinates (smaller is better) are its front.
struct Scatter {
  struct Point {
    std::string name;
    double x = 0;
    double y = 0;
    std::size_t color = 0;
    bool on_front = false;
  };
  Axis x;
  Axis y;
  std::vector<Point> points;
  std::vector<std::string> groups;  ///< names of the colours; empty: no legend
};

/// Rows that a reader sorts and filters.
struct TableFigure {
  using Cell = std::variant<std::monostate, double, std::string>;  ///< nothing, a number in the column's unit, or text
  std::vector<Axis> columns;
  std::vector<std::vector<Cell>> rows;
};

using FigureContent = std::variant<LineFigure, BarFigure, HeatMap, Gantt, Scatter, TableFigure>;

/// A figure, or a family of figures of one kind among which the reader chooses ("metric": "bits to target"; "at": "batch_size 32").
struct Figure {
  struct View {
    std::vector<std::string> choice;  ///< one for each of `selectors`
    FigureContent content;
  };
  std::string name;                    ///< short and unique in its set: names files and is what --figure takes
  std::string title;                   ///< "Training loss"
  std::string section;                 ///< figures of one section stand together
  std::string note;                    ///< one line about what is shown: what was left out, what a mark means
  std::string missing;                 ///< without views: why there is nothing to draw and how to get it
  std::vector<std::string> selectors;  ///< what is chosen, outermost first; empty with a single view
  std::vector<View> views;             ///< the first is the default; which choices a selector has may depend on those before it
  bool wide = false;                   ///< deserves the whole width of a page
};

/// A figure with one view.
template <class Content>
[[nodiscard]] Figure figure(std::string name, std::string title, std::string section, Content content) {
  Figure out;
  out.name = std::move(name);
  out.title = std::move(title);
  out.section = std::move(section);
  out.views.push_back({{}, std::move(content)});
  return out;
}

}  // namespace peloton
