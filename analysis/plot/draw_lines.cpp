#include <algorithm>
#include <array>
#include <cmath>

#include "analysis/figures/thinning.hpp"
#include "analysis/plot/gnuplot_script.hpp"

namespace peloton {
namespace {

/// More points than a printed figure resolves.
constexpr std::size_t kMostPoints = 3'000;

/// The columns of a curve as they are drawn: x, y, and the band's low and high where there is one.
std::vector<std::vector<double>> drawn_columns(const LineSeries& s, std::size_t abscissa, const PlotAxis& x, const PlotAxis& y,
                                               double least) {
  const bool band = s.low && s.high;
  std::vector<std::vector<double>> all(band ? 4 : 2);
  for (std::size_t i = 0; i < s.y->size(); ++i) {
    all[0].push_back(x.drawn((*s.x[abscissa])[i]));
    all[1].push_back(y.drawn((*s.y)[i]));
    if (!band) continue;
    // A band that reaches zero has no end on a logarithmic axis: it is drawn down to the least value of the figure.
    const double low = (*s.low)[i];
    all[2].push_back(y.drawn(y.log && low <= 0 ? least : low));
    all[3].push_back(y.drawn((*s.high)[i]));
  }
  const std::vector<std::size_t> kept = kept_points(all, kMostPoints);
  if (kept.size() == all.front().size()) return all;
  for (std::vector<double>& column : all) {
    std::vector<double> fewer;
    for (const std::size_t i : kept) fewer.push_back(column[i]);
    column = std::move(fewer);
  }
  return all;
}

int dash_type(Stroke stroke) { return stroke == Stroke::solid ? 1 : stroke == Stroke::dashed ? 2 : 3; }

/// Circles, squares, triangles, … filled: told apart without colour.
int point_type(std::size_t place) {
  static constexpr std::array<int, 8> kTypes = {7, 5, 9, 11, 13, 6, 4, 8};
  return kTypes[place % kTypes.size()];
}

struct Extent {
  PlotRange x;
  PlotRange y;
};

Extent extent_of(const LineFigure& lines, std::size_t abscissa) {
  Extent out;
  const bool log_x = lines.x[abscissa].log;
  for (const LineSeries& s : lines.series) {
    for (std::size_t i = 0; i < s.y->size(); ++i) {
      const double y = (*s.y)[i];
      if (!std::isfinite(y) || (lines.y.log && y <= 0)) continue;
      out.x.add((*s.x[abscissa])[i], log_x);
      out.y.add(y, lines.y.log);
      if (!s.low || !s.high) continue;
      out.y.add((*s.low)[i], lines.y.log);
      out.y.add((*s.high)[i], lines.y.log);
    }
  }
  return out;
}

/// The drawn range with a little room, in drawn numbers; a single value gets a range around it.
std::pair<double, double> with_room(const PlotRange& range, const PlotAxis& axis, double share) {
  double low = range.empty ? (axis.log ? 1 : 0) : range.low / axis.factor;
  double high = range.empty ? 1 : range.high / axis.factor;
  if (axis.log) {
    const double room = high > low ? std::pow(high / low, share) : 2;
    return {low / room, high * room};
  }
  const double room = high > low ? (high - low) * share : std::max(std::abs(high) * 0.1, 0.5);
  const bool from_zero = low >= 0 && low <= (high - low) * 0.3;  // close enough to zero to start there
  return {from_zero ? 0 : low - room, high + room};
}

}  // namespace

void draw(GnuplotPage& page, const LineFigure& lines, const PlotStyle& style) {
  const auto wanted = std::find_if(lines.x.begin(), lines.x.end(), [&](const Axis& a) { return a.name == style.x; });
  const std::size_t abscissa = wanted == lines.x.end() ? 0 : static_cast<std::size_t>(wanted - lines.x.begin());
  const Extent extent = extent_of(lines, abscissa);
  const PlotAxis x = plot_axis(lines.x[abscissa], std::abs(extent.x.high));
  const PlotAxis y = plot_axis(lines.y, std::max(std::abs(extent.y.low), std::abs(extent.y.high)));
  const auto [x_low, x_high] = with_room(extent.x, x, x.log ? 0.02 : 0);
  const auto [y_low, y_high] = with_room(extent.y, y, 0.05);
  page.axis('x', x, x_low, x_high);
  page.axis('y', y, y_low, y_high);
  const bool several = lines.series.size() > 1;
  // A mark here and there tells curves apart in grey; a broken line of a few points ("ideal") is told apart as it is.
  constexpr std::size_t kFewPoints = 20;
  if (!several) page.line("unset key");
  std::vector<std::string> blocks;
  for (const LineSeries& s : lines.series) {
    blocks.push_back(page.data(drawn_columns(s, abscissa, x, y, extent.y.low)));
    if (s.low && s.high)
      page.plot("{} using 1:3:4 with filledcurves fillcolor rgb '{}' fillstyle transparent solid 0.2 noborder notitle", blocks.back(),
                plot_color(s.color));
  }
  for (std::size_t i = 0; i < lines.series.size(); ++i) {
    const LineSeries& s = lines.series[i];
    const bool some_marks = several && (s.stroke == Stroke::solid || s.y->size() > kFewPoints);
    const std::string marks = s.marks || some_marks ? fmt::format("points pointtype {} pointsize {:.3g}{}", point_type(s.color),
                                                                  0.55 * style.marks, s.marks ? "" : " pointnumber 6")
                                                    : std::string();
    page.plot("{} using 1:2 with lines{} linecolor rgb '{}' linewidth 1.6 dashtype {} title {} noenhanced", blocks[i], marks,
              plot_color(s.color), dash_type(s.stroke), gnuplot_string(s.name));
  }
}

}  // namespace peloton
