#include "analysis/figures/sweep_curves.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "sim/base/error.hpp"

namespace peloton {
namespace {

constexpr std::size_t kMostNumbers = 400'000;  ///< of all curves together
constexpr std::size_t kMostPoints = 160;       ///< of a curve
constexpr std::size_t kFewestPoints = 20;
constexpr std::size_t kMostCurves = 24;  ///< of a view
constexpr std::size_t kSeedsForQuantiles = 5;

struct Abscissa {
  std::string_view name;
  std::string_view label;
  std::string_view unit;
};
constexpr std::array<Abscissa, 3> kAbscissas = {{{"time", "virtual time", "s"}, {"bits", "bits sent", "bit"}, {"updates", "updates", ""}}};

/// One run's metric over one abscissa: ascending x, defined y only.
struct Curve {
  std::vector<double> x;
  std::vector<double> y;
};

Curve curve_of(const std::vector<MetricsRow>& rows, std::string_view metric_name, std::string_view abscissa) {
  Curve out;
  for (const MetricsRow& row : rows) {
    const auto y = metric(row, metric_name);
    if (!y || !std::isfinite(*y)) continue;
    const double x = abscissa == "bits" ? static_cast<double>(row.total_bits()) : metric(row, abscissa).value_or(kUndefined);
    if (!out.x.empty() && x <= out.x.back()) {
      out.y.back() = *y;  // the later of two measurements at one x
      continue;
    }
    out.x.push_back(x);
    out.y.push_back(*y);
  }
  return out;
}

/// Linear between measurements; undefined before the first and after the last.
double at(const Curve& curve, double x) {
  if (curve.x.empty() || x < curve.x.front() || x > curve.x.back()) return kUndefined;
  const auto right = std::lower_bound(curve.x.begin(), curve.x.end(), x);
  const auto i = static_cast<std::size_t>(right - curve.x.begin());
  if (*right == x || i == 0) return curve.y[i];
  const double t = (x - curve.x[i - 1]) / (curve.x[i] - curve.x[i - 1]);
  return curve.y[i - 1] + t * (curve.y[i] - curve.y[i - 1]);
}

/// Where the curves are drawn: at measurements, evenly chosen among all of them, as far as half of the curves go.
std::vector<double> common_points(const std::vector<Curve>& curves, std::size_t most) {
  std::vector<double> ends;
  std::vector<double> all;
  for (const Curve& c : curves) {
    if (c.x.empty()) continue;
    ends.push_back(c.x.back());
    all.insert(all.end(), c.x.begin(), c.x.end());
  }
  if (ends.empty()) return {};
  std::sort(ends.begin(), ends.end(), std::greater<>());
  const double until = ends[(ends.size() - 1) / 2];
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  all.erase(std::upper_bound(all.begin(), all.end(), until), all.end());
  if (all.size() <= most) return all;
  std::vector<double> out;
  for (std::size_t i = 0; i < most; ++i) out.push_back(all[i * (all.size() - 1) / (most - 1)]);
  return out;
}

/// The value below which the share q of the sorted values lies, linear between them.
double quantile(const std::vector<double>& sorted, double q) {
  const double place = q * static_cast<double>(sorted.size() - 1);
  const auto i = static_cast<std::size_t>(place);
  const double t = place - static_cast<double>(i);
  return i + 1 < sorted.size() ? sorted[i] + t * (sorted[i + 1] - sorted[i]) : sorted.back();
}

/// Median and band of the curves; without a name and a colour.
LineSeries band_of(const std::vector<Curve>& curves, std::size_t most) {
  std::vector<double> x = common_points(curves, most);
  std::vector<double> y;
  std::vector<double> low;
  std::vector<double> high;
  for (const double here : x) {
    std::vector<double> values;
    for (const Curve& c : curves)
      if (const double v = at(c, here); !std::isnan(v)) values.push_back(v);
    std::sort(values.begin(), values.end());
    const double tail = values.size() < kSeedsForQuantiles ? 0 : 0.1;
    y.push_back(values.empty() ? kUndefined : quantile(values, 0.5));
    low.push_back(values.empty() ? kUndefined : quantile(values, tail));
    high.push_back(values.empty() ? kUndefined : quantile(values, 1 - tail));
  }
  LineSeries out;
  out.x = {numbers(std::move(x))};
  out.y = numbers(std::move(y));
  if (curves.size() > 1) {
    out.low = numbers(std::move(low));
    out.high = numbers(std::move(high));
  }
  return out;
}

/// The metrics worth a choice: the loss, and what the target is on.
std::vector<std::string> shown_metrics(const SweepResult& sweep, const SweepScore& score) {
  std::vector<std::string> out;
  const auto add = [&](const std::string& name) {
    if (std::find(out.begin(), out.end(), name) != out.end()) return;
    for (const SweepPoint& p : sweep.points)
      for (const MetricsRow& row : p.rows)
        if (metric(row, name)) return out.push_back(name);
  };
  add("loss");
  if (score.spec.target) add(score.spec.target->metric);
  for (const char* name : {"accuracy", "suboptimality", "grad_norm"})
    if (out.size() < 3) add(name);
  return out;
}

/// The curves of each group, made once and shared by all views.
class GroupCurves {
 public:
  GroupCurves(const SweepResult& sweep, const SweepScore& score, std::size_t variants) : score_(score) {
    for (const SweepPoint& p : sweep.points) points_.emplace(p.index, &p);
    const std::size_t curves = std::max<std::size_t>(1, score.groups.size() * variants);
    most_ = std::clamp(kMostNumbers / (4 * curves), kFewestPoints, kMostPoints);
  }

  const LineSeries& of(std::size_t group, const std::string& metric_name, std::string_view abscissa) {
    const auto [place, added] = made_.try_emplace({group, metric_name, std::string(abscissa)});
    if (added) {
      std::vector<Curve> curves;
      for (const RunScore& run : score_.groups[group].runs) curves.push_back(curve_of(points_.at(run.point)->rows, metric_name, abscissa));
      place->second = band_of(curves, most_);
    }
    return place->second;
  }

 private:
  const SweepScore& score_;
  std::map<std::size_t, const SweepPoint*> points_;
  std::size_t most_ = 0;
  std::map<std::tuple<std::size_t, std::string, std::string>, LineSeries> made_;
};

bool spans_decades(const LineFigure& figure) {
  constexpr double kFactor = 30;
  double low = std::numeric_limits<double>::infinity();
  double high = 0;
  for (const LineSeries& s : figure.series)
    for (const double v : *s.y)
      if (!std::isnan(v)) {
        low = std::min(low, v);
        high = std::max(high, v);
      }
  return low > 0 && high > kFactor * low;
}

LineFigure curves_of(const SweepAxes& axes, const SweepSlice& slice, std::optional<std::size_t> by, const std::string& metric_name,
                     const Abscissa& abscissa, GroupCurves& curves) {
  LineFigure out;
  out.x = {{std::string(abscissa.name), std::string(abscissa.label), std::string(abscissa.unit), false}};
  for (const std::size_t g : slice.groups) {
    if (out.series.size() == kMostCurves) break;
    LineSeries series = curves.of(g, metric_name, abscissa.name);
    if (series.y->empty()) continue;
    const std::size_t level = by ? axes.score().groups[g].levels[*by] : 0;
    series.name = by ? axes.labels(*by)[level] : "all runs";
    series.color = level;
    out.series.push_back(std::move(series));
  }
  out.y = {metric_name, metric_name, "", spans_decades(out)};
  return out;
}

/// The axis with colours first, the tuned one last.
std::vector<std::optional<std::size_t>> curve_axes(const SweepAxes& axes) {
  std::vector<std::optional<std::size_t>> out(axes.varied().begin(), axes.varied().end());
  const auto rank = [&](const std::optional<std::size_t>& a) { return a == axes.coloured() ? 0 : a == axes.score().tuned_axis ? 2 : 1; };
  std::stable_sort(out.begin(), out.end(), [&](const auto& a, const auto& b) { return rank(a) < rank(b); });
  if (out.empty()) out.emplace_back();
  return out;
}

}  // namespace

Figure sweep_curves(const SweepResult& sweep, const SweepAxes& axes) {
  const std::vector<std::string> metrics = shown_metrics(sweep, axes.score());
  GroupCurves curves(sweep, axes.score(), metrics.size() * kAbscissas.size());
  Figure out;
  out.name = "curves";
  out.title = "Learning curves";
  out.section = "Curves";
  out.wide = true;
  out.selectors = {"metric", "over", "a curve per", "at"};
  for (const std::string& metric_name : metrics) {
    for (const Abscissa& abscissa : kAbscissas) {
      for (const std::optional<std::size_t>& by : curve_axes(axes)) {
        const std::vector<std::size_t> along = by ? std::vector<std::size_t>{*by} : std::vector<std::size_t>{};
        for (const SweepSlice& slice : axes.slices(along)) {
          LineFigure lines = curves_of(axes, slice, by, metric_name, abscissa, curves);
          if (lines.series.empty()) continue;
          out.views.push_back({{metric_name, std::string(abscissa.label), by ? axes.name(*by) : "", slice.label}, std::move(lines)});
        }
      }
    }
  }
  if (out.views.empty()) out.missing = "The runs of this sweep measured nothing to draw (timing only?).";
  if (!out.views.empty() && sweep.repeats > 1)
    out.note = fmt::format("Line: the median over the seeds, as far as half of the runs go; band: {}.",
                           sweep.repeats < kSeedsForQuantiles ? "from the lowest to the highest" : "the middle 80 % of them");
  return out;
}

}  // namespace peloton
