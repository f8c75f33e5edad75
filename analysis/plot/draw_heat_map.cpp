#include <algorithm>
#include <cmath>

#include "analysis/plot/gnuplot_script.hpp"

namespace peloton {
namespace {

/// viridis (van der Walt and Smith, 2015): lightness rises evenly, for the colour-blind and in grey too.
constexpr std::string_view kViridis =
    "set palette defined (0 '#440154', 1 '#482878', 2 '#3e4989', 3 '#31688e', 4 '#26828e', 5 '#1f9e89', 6 '#35b779', 7 '#6ece58', "
    "8 '#b5de2b', 9 '#fde725')";

struct ColorScale {
  PlotAxis axis;
  double low = 0;  ///< drawn numbers
  double high = 1;

  /// 0 … 1
  [[nodiscard]] double place(double drawn) const {
    const double t = axis.log ? std::log(drawn / low) / std::log(high / low) : (drawn - low) / (high - low);
    return std::clamp(t, 0.0, 1.0);
  }
};

ColorScale scale_of(const HeatMap& map) {
  PlotRange range;
  for (const double v : map.values) range.add(v, map.value.log);
  if (std::isfinite(map.low)) range.low = map.low;
  if (std::isfinite(map.high)) range.high = map.high;
  ColorScale out;
  out.axis = plot_axis(map.value, std::max(std::abs(range.low), std::abs(range.high)));
  out.low = range.low / out.axis.factor;
  out.high = range.high / out.axis.factor;
  if (!(out.high > out.low)) {  // one value: any range around it
    out.high = out.axis.log ? out.low * 2 : out.low + 1;
    if (out.axis.log && !(out.low > 0)) out.low = out.high = 1, out.high = 10;
  }
  return out;
}

/// Numbers in the cells, or why there is none.
void write_cells(GnuplotPage& page, const HeatMap& map, const ColorScale& scale, double font) {
  constexpr double kDark = 0.6;  // below, viridis is dark enough for white ink
  const std::size_t columns = map.column_labels.size();
  for (std::size_t i = 0; i < map.values.size(); ++i) {
    const double drawn = scale.axis.drawn(map.values[i]);
    const bool defined = std::isfinite(drawn);
    const std::string note = i < map.notes.size() && !map.notes[i].empty() ? map.notes[i] : "–";
    page.line("set label {} at {},{} center front noenhanced font ',{:.3g}' textcolor rgb '{}'",
              gnuplot_string(defined ? short_number(drawn) : note), i % columns, i / columns, font * (defined ? 0.875 : 0.75),
              defined && scale.place(drawn) < kDark ? "#ffffff" : "#1a1f26");
  }
}

}  // namespace

void draw(GnuplotPage& page, const HeatMap& map, const PlotStyle& style) {
  const std::size_t rows = map.row_labels.size();
  const std::size_t columns = map.column_labels.size();
  const ColorScale scale = scale_of(map);
  page.line("unset key");
  page.line("unset grid");
  page.line("{}", kViridis);
  page.line("set cblabel {} noenhanced offset 1,0", gnuplot_string(scale.axis.label));
  page.line("set cbrange [{:.7g}:{:.7g}]", scale.low, scale.high);
  if (scale.axis.log) {
    page.line("set logscale cb");
    std::string ticks;
    for (const auto& [at, label] : log_ticks(scale.low, scale.high))
      ticks += fmt::format("{}'{}' {:.7g}", ticks.empty() ? "" : ", ", label, at);
    if (!ticks.empty()) page.line("set cbtics ({})", ticks);
  }
  page.line("set xlabel {} noenhanced", gnuplot_string(map.columns.label));
  page.line("set ylabel {} noenhanced", gnuplot_string(map.rows.label));
  page.line("set xrange [-0.5:{}]", static_cast<double>(columns) - 0.5);
  page.line("set yrange [{}:-0.5]", static_cast<double>(rows) - 0.5);
  page.categories('x', map.column_labels, most_beside(map.column_labels, style.columns));
  page.categories('y', map.row_labels, 14 * style.columns);
  page.line("set object 1 rectangle from graph 0,0 to graph 1,1 behind fillcolor rgb '#e2e6ea' fillstyle solid 1 noborder");
  std::vector<std::vector<double>> cells(3);
  for (std::size_t i = 0; i < map.values.size(); ++i) {
    const double drawn = scale.axis.drawn(map.values[i]);
    if (!std::isfinite(drawn)) continue;
    cells[0].push_back(static_cast<double>(i % columns));
    cells[1].push_back(static_cast<double>(i / columns));
    cells[2].push_back(drawn);
  }
  if (map.numbers_in_cells) write_cells(page, map, scale, style.font);
  // Small cells overlap a little, so that no seams are seen between them.
  const double half = map.numbers_in_cells ? 0.5 : 0.54;
  page.plot("{0} using 1:2:({1}):({1}):3 with boxxyerror fillcolor palette {2} notitle", page.data(cells), half,
            map.numbers_in_cells ? "linewidth 0.5 fillstyle solid 1 border rgb '#ffffff'" : "fillstyle solid 1 noborder");
}

}  // namespace peloton
