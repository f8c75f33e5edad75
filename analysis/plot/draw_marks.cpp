#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string_view>

#include "analysis/plot/gnuplot_script.hpp"

namespace peloton {
namespace {

/// Columns of rectangles: centre, and the two ends of each side, as gnuplot's boxxyerror takes them.
class Rectangles {
 public:
  void add(double x_low, double x_high, double y_low, double y_high) {
    const std::array<double, 6> row = {(x_low + x_high) / 2, (y_low + y_high) / 2, x_low, x_high, y_low, y_high};
    for (std::size_t i = 0; i < row.size(); ++i) columns_[i].push_back(row[i]);
  }
  [[nodiscard]] bool empty() const { return columns_.front().empty(); }
  [[nodiscard]] const std::vector<std::vector<double>>& columns() const { return columns_; }

 private:
  std::vector<std::vector<double>> columns_ = std::vector<std::vector<double>>(6);
};

constexpr const char* kBoxes = "using 1:2:3:4:5:6 with boxxyerror";

double highest(const BarFigure& bars) {
  double out = 0;
  const std::size_t count = bars.series.empty() ? 0 : bars.series.front().values.size();
  for (std::size_t i = 0; i < count; ++i) {
    double stack = 0;
    for (const BarFigure::Series& s : bars.series) {
      const double value = std::isfinite(s.values[i]) ? s.values[i] : 0;
      stack = bars.stacked ? stack + value : std::max(stack, value);
    }
    out = std::max(out, stack);
  }
  return out;
}

/// The bars of one series in drawn numbers.
Rectangles rectangles_of(const BarFigure& bars, std::size_t which, const PlotAxis& x, const PlotAxis& y) {
  constexpr double kCategoryWidth = 0.8;
  Rectangles out;
  for (std::size_t i = 0; i < bars.series[which].values.size(); ++i) {
    const double value = bars.series[which].values[i];
    if (!(value > 0)) continue;
    const bool bins = bars.labels.empty();
    double left = bins ? bars.edges[i] / x.factor : static_cast<double>(i) - kCategoryWidth / 2;
    double right = bins ? bars.edges[i + 1] / x.factor : static_cast<double>(i) + kCategoryWidth / 2;
    double below = 0;
    if (bars.stacked) {
      for (std::size_t s = 0; s < which; ++s) below += std::max(0.0, bars.series[s].values[i]);
    } else {
      const double each = (right - left) / static_cast<double>(bars.series.size());
      left += each * static_cast<double>(which);
      right = left + each;
    }
    out.add(left, right, below / y.factor, (below + value) / y.factor);
  }
  return out;
}

}  // namespace

void draw(GnuplotPage& page, const BarFigure& bars, const PlotStyle& style) {
  constexpr double kRoom = 1.05;
  const double most = highest(bars);
  const PlotAxis y = plot_axis({bars.y.name, bars.y.label, bars.y.unit, false}, most);
  page.axis('y', y, 0, most > 0 ? most / y.factor * kRoom : 1);
  PlotAxis x = plot_axis({bars.x.name, bars.x.label, bars.x.unit, false}, bars.edges.empty() ? 0 : bars.edges.back());
  if (bars.labels.empty()) {
    page.axis('x', x, bars.edges.front() / x.factor, bars.edges.back() / x.factor);
  } else {
    page.axis('x', x, -0.6, static_cast<double>(bars.labels.size()) - 0.4);
    page.categories('x', bars.labels, most_beside(bars.labels, style.columns));
  }
  if (bars.series.size() == 1) page.line("unset key");
  for (std::size_t s = 0; s < bars.series.size(); ++s) {
    const std::string data = page.data(rectangles_of(bars, s, x, y).columns());
    page.plot("{} {} fillcolor rgb '{}' linewidth 0.3 fillstyle solid 1 border rgb '#ffffff' title {} noenhanced", data, kBoxes,
              plot_color(bars.series[s].color), gnuplot_string(bars.series[s].name));
  }
}

// ---- who did what when ------------------------------------------------------------------------------------------------------------

namespace {

/// The palette's places of the kinds, as in reports: computing blue, sending orange, receiving light blue, applied green, discarded red.
constexpr std::array<std::size_t, 5> kKindColors = {0, 4, 5, 2, 1};

/// How much of a lane the bars of a kind take: computing all of it, messages the middle, so that both are seen where they overlap.
double half_height(std::uint32_t kind) { return kind == 0 ? 0.4 : 0.2; }

}  // namespace

void draw(GnuplotPage& page, const Gantt& gantt, const PlotStyle& style) {
  PlotRange time;
  for (const Gantt::Bar& bar : gantt.bars) {
    time.add(bar.start, false);
    time.add(bar.finish, false);
  }
  const double first = time.low;
  const double last = std::isfinite(gantt.window) ? std::min(time.high, first + gantt.window) : time.high;
  const PlotAxis x = plot_axis(gantt.x, last);
  page.axis('x', x, first / x.factor, (last > first ? last : first + 1e-9) / x.factor);
  page.line("set yrange [{}:-0.6]", static_cast<double>(gantt.lanes.size()) - 0.4);
  page.categories('y', gantt.lanes, 16 * style.columns);
  page.line("unset grid");
  std::vector<Rectangles> bars(gantt.kinds.size());
  std::vector<std::vector<std::vector<double>>> marks(gantt.kinds.size(), std::vector<std::vector<double>>(2));
  for (const Gantt::Bar& bar : gantt.bars) {
    if (bar.start > last) continue;
    if (bar.finish > bar.start) {
      const double half = half_height(bar.kind);
      bars[bar.kind].add(bar.start / x.factor, std::min(bar.finish, last) / x.factor, bar.lane - half, bar.lane + half);
    } else {
      marks[bar.kind][0].push_back(bar.start / x.factor);
      marks[bar.kind][1].push_back(bar.lane);
    }
  }
  for (std::uint32_t k = 0; k < gantt.kinds.size(); ++k) {
    const std::string_view color = plot_color(kKindColors[k % kKindColors.size()]);
    const std::string title = gnuplot_string(gantt.kinds[k]);
    if (!bars[k].empty())
      page.plot("{} {} fillcolor rgb '{}' fillstyle solid 1 noborder title {} noenhanced", page.data(bars[k].columns()), kBoxes, color,
                title);
    if (!marks[k].front().empty())
      page.plot("{} using 1:2 with points pointtype {} pointsize {:.3g} linecolor rgb '{}' title {} noenhanced", page.data(marks[k]),
                k % 2 == 1 ? 9 : 2, 0.45 * style.marks, color, title);
  }
}

// ---- points of a plane ------------------------------------------------------------------------------------------------------------

namespace {

int group_point(std::size_t color) {
  static constexpr std::array<int, 8> kTypes = {7, 5, 9, 13, 11, 6, 4, 8};
  return kTypes[color % kTypes.size()];
}

/// A range with room around the points, in drawn numbers.
std::pair<double, double> around(const PlotRange& range, const PlotAxis& axis) {
  constexpr double kRoom = 0.12;
  if (range.empty) return {axis.log ? 1 : 0, axis.log ? 10 : 1};
  const double low = range.low / axis.factor;
  const double high = range.high / axis.factor;
  if (axis.log) {
    const double room = std::pow(high / low, kRoom) * 1.1;
    return {low / room, high * room};
  }
  const double room = high > low ? (high - low) * kRoom : std::max(std::abs(high) * kRoom, 1e-9);
  return {low >= 0 ? std::max(0.0, low - room) : low - room, high + room};
}

/// Where a value stands on an axis, 0 … 1.
double share_of(double value, double low, double high, bool log) {
  return log ? std::log(value / low) / std::log(high / low) : (value - low) / (high - low);
}

/// Places for names beside points, in which they touch no other name and stay inside. Shares of the frame.
class LabelPlaces {
 public:
  explicit LabelPlaces(std::size_t columns) : wide_(columns > 1) {}

  /// How gnuplot is told of the place; nothing where there is none.
  [[nodiscard]] std::optional<std::string_view> take(double left, double bottom, std::size_t characters) {
    // Estimated for type of 6.4 points in the frames of the two widths.
    const double width = static_cast<double>(characters) * (wide_ ? 0.0085 : 0.0185);
    const double height = wide_ ? 0.035 : 0.075;
    const double gap = wide_ ? 0.01 : 0.02;
    struct Place {
      std::string_view words;
      Box box;
    };
    const std::array<Place, 4> places = {
        Place{"left offset 0.7,0.5", {left + gap, bottom, left + gap + width, bottom + height}},
        Place{"left offset 0.7,-0.5", {left + gap, bottom - height, left + gap + width, bottom}},
        Place{"right offset -0.7,-0.5", {left - gap - width, bottom - height, left - gap, bottom}},
        Place{"right offset -0.7,0.5", {left - gap - width, bottom, left - gap, bottom + height}},
    };
    for (const Place& place : places) {
      const Box& b = place.box;
      const bool inside = b.left >= 0 && b.right <= 1.03 && b.bottom >= 0 && b.top <= 1.05;
      const bool is_free = std::none_of(taken_.begin(), taken_.end(), [&](const Box& t) {
        return b.left < t.right && t.left < b.right && b.bottom < t.top && t.bottom < b.top;
      });
      if (!inside || !is_free) continue;
      taken_.push_back(b);
      return place.words;
    }
    return std::nullopt;
  }

 private:
  struct Box {
    double left;
    double bottom;
    double right;
    double top;
  };

  bool wide_;
  std::vector<Box> taken_;
};

}  // namespace

void draw(GnuplotPage& page, const Scatter& scatter, const PlotStyle& style) {
  PlotRange x_range;
  PlotRange y_range;
  for (const Scatter::Point& p : scatter.points) {
    x_range.add(p.x, scatter.x.log);
    y_range.add(p.y, scatter.y.log);
  }
  const PlotAxis x = plot_axis(scatter.x, x_range.high);
  const PlotAxis y = plot_axis(scatter.y, y_range.high);
  const auto [x_low, x_high] = around(x_range, x);
  const auto [y_low, y_high] = around(y_range, y);
  page.axis('x', x, x_low, x_high);
  page.axis('y', y, y_low, y_high);
  if (scatter.groups.size() < 2) page.line("unset key");

  std::vector<const Scatter::Point*> front;
  std::size_t colors = scatter.groups.size();
  for (const Scatter::Point& p : scatter.points) {
    if (p.on_front) front.push_back(&p);
    colors = std::max(colors, p.color + 1);
  }
  std::stable_sort(front.begin(), front.end(), [](const auto* a, const auto* b) { return a->x != b->x ? a->x < b->x : a->y > b->y; });
  if (!front.empty()) {
    // The staircase: what is right of and above it is beaten.
    std::vector<std::vector<double>> steps = {{front.front()->x / x.factor}, {y_high}};
    for (const Scatter::Point* p : front) {
      steps[0].insert(steps[0].end(), {p->x / x.factor, p->x / x.factor});
      steps[1].insert(steps[1].end(), {steps[1].back(), p->y / y.factor});
    }
    steps[0].push_back(x_high);
    steps[1].push_back(steps[1].back());
    page.plot("{} using 1:2 with lines linecolor rgb '#5a6572' linewidth 1 dashtype 2 notitle", page.data(steps));
  }
  LabelPlaces places(style.columns);
  for (const Scatter::Point* p : front) {
    const double left = share_of(p->x / x.factor, x_low, x_high, x.log);
    const double bottom = share_of(p->y / y.factor, y_low, y_high, y.log);
    const std::optional<std::string_view> place = places.take(left, bottom, p->name.size());
    if (place)
      page.line("set label {} at {:.7g},{:.7g} {} noenhanced font ',{:.3g}'", gnuplot_string(p->name), p->x / x.factor, p->y / y.factor,
                *place, style.font * 0.8);
  }
  for (std::size_t c = 0; c < colors; ++c) {
    std::vector<std::vector<double>> points(2);
    for (const Scatter::Point& p : scatter.points) {
      if (p.color != c) continue;
      points[0].push_back(x.drawn(p.x));
      points[1].push_back(y.drawn(p.y));
    }
    if (points.front().empty()) continue;
    page.plot("{} using 1:2 with points pointtype {} pointsize {:.3g} linecolor rgb '{}' title {} noenhanced", page.data(points),
              group_point(c), 0.7 * style.marks, plot_color(c), gnuplot_string(c < scatter.groups.size() ? scatter.groups[c] : ""));
  }
}

}  // namespace peloton
