#include "analysis/figures/sweep_score_figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace peloton {
namespace {

constexpr std::string_view kSection = "Scores";
constexpr std::string_view kNeedsTarget =
    "Needs a target that the runs are to reach: `peloton report DIR --target 'loss<=0.35'`, or \"score\": {\"target\": …} in the scenario.";

Figure empty_figure(std::string name, std::string title) {
  Figure out;
  out.name = std::move(name);
  out.title = std::move(title);
  out.section = kSection;
  return out;
}

/// Logarithmic where values span more than a factor of 30.
bool spans_decades(const std::vector<double>& values) {
  constexpr double kFactor = 30;
  double low = std::numeric_limits<double>::infinity();
  double high = 0;
  for (const double v : values) {
    if (std::isnan(v)) continue;
    low = std::min(low, v);
    high = std::max(high, v);
  }
  return low > 0 && high > kFactor * low;
}

// --- Heat maps ----------------------------------------------------------------------------------------------------------------

HeatMap map_of(const SweepAxes& axes, std::size_t rows, std::size_t columns, const SweepValue& value, const SweepSlice& slice) {
  HeatMap out;
  out.rows = {axes.name(rows), axes.name(rows), "", false};
  out.columns = {axes.name(columns), axes.name(columns), "", false};
  out.row_labels = axes.labels(rows);
  out.column_labels = axes.labels(columns);
  out.values.assign(out.row_labels.size() * out.column_labels.size(), kUndefined);
  out.notes.assign(out.values.size(), "no result");
  for (const std::size_t g : slice.groups) {
    const GroupScore& group = axes.score().groups[g];
    const std::size_t cell = group.levels[rows] * out.column_labels.size() + group.levels[columns];
    out.values[cell] = value.of(group);
    out.notes[cell] = value.note(group);
  }
  out.value = value.axis;
  out.value.log = spans_decades(out.values);
  return out;
}

}  // namespace

Figure score_maps(const SweepAxes& axes) {
  Figure out = empty_figure("scores", "Scores over two axes");
  const std::vector<std::size_t>& varied = axes.varied();
  out.selectors = {"axes", "value", "at"};
  out.wide = true;
  out.note = "Medians to the target, means at the end over the seeds. Hatched: no such value, with the reason.";
  for (std::size_t i = 0; i < varied.size(); ++i) {
    for (std::size_t j = i + 1; j < varied.size(); ++j) {
      const std::string pair = fmt::format("{} × {}", axes.name(varied[i]), axes.name(varied[j]));
      const std::vector<SweepSlice> slices = axes.slices({varied[i], varied[j]});
      for (const SweepValue& value : sweep_values(axes.score()))
        for (const SweepSlice& slice : slices)
          out.views.push_back({{pair, value.name, slice.label}, map_of(axes, varied[i], varied[j], value, slice)});
    }
  }
  return out;
}

// --- Along one axis -----------------------------------------------------------------------------------------------------------

namespace {

/// Levels of an axis in the order of their values.
std::vector<std::size_t> ordered_levels(const SweepAxes& axes, std::size_t axis) {
  std::vector<std::size_t> out(axes.labels(axis).size());
  std::iota(out.begin(), out.end(), std::size_t{0});
  if (const auto& values = axes.values(axis))
    std::stable_sort(out.begin(), out.end(), [&](std::size_t a, std::size_t b) { return (*values)[a] < (*values)[b]; });
  return out;
}

/// The group of a slice at a level of `along` and, when there is such an axis, of `by`.
const GroupScore* find_group(const SweepAxes& axes, const SweepSlice& slice, std::size_t along, std::size_t level,
                             std::optional<std::size_t> by, std::size_t by_level) {
  for (const std::size_t g : slice.groups) {
    const GroupScore& group = axes.score().groups[g];
    if (group.levels[along] == level && (!by || group.levels[*by] == by_level)) return &group;
  }
  return nullptr;
}

LineSeries profile_series(const SweepAxes& axes, const SweepSlice& slice, std::size_t along, std::optional<std::size_t> by,
                          std::size_t by_level, const SweepValue& value) {
  std::vector<double> x;
  std::vector<double> y;
  std::vector<double> low;
  std::vector<double> high;
  bool band = false;
  for (const std::size_t level : ordered_levels(axes, along)) {
    const GroupScore* group = find_group(axes, slice, along, level, by, by_level);
    if (group == nullptr) continue;
    const auto interval = value.interval(*group);
    x.push_back((*axes.values(along))[level]);
    y.push_back(value.of(*group));
    const bool bounded = interval && !std::isnan(y.back());
    low.push_back(bounded ? interval->low : y.back());
    high.push_back(bounded && std::isfinite(interval->high) ? interval->high : y.back());
    band = band || bounded;
  }
  LineSeries out;
  out.name = by ? axes.labels(*by)[by_level] : "all";
  out.x = {numbers(std::move(x))};
  out.y = numbers(std::move(y));
  if (band) {
    out.low = numbers(std::move(low));
    out.high = numbers(std::move(high));
  }
  out.color = by_level;
  out.marks = true;
  return out;
}

bool has_points(const LineSeries& series) {
  return std::any_of(series.y->begin(), series.y->end(), [](double v) { return !std::isnan(v); });
}

LineFigure profile_lines(const SweepAxes& axes, const SweepSlice& slice, std::size_t along, std::optional<std::size_t> by,
                         const SweepValue& value) {
  LineFigure out;
  out.x = {axes.figure_axis(along)};
  out.y = value.axis;
  std::vector<double> all;
  for (std::size_t level = 0; level < (by ? axes.labels(*by).size() : 1); ++level) {
    LineSeries series = profile_series(axes, slice, along, by, level, value);
    if (!has_points(series)) continue;
    all.insert(all.end(), series.y->begin(), series.y->end());
    out.series.push_back(std::move(series));
  }
  out.y.log = spans_decades(all);
  return out;
}

BarFigure profile_bars(const SweepAxes& axes, const SweepSlice& slice, std::size_t along, std::optional<std::size_t> by,
                       const SweepValue& value) {
  BarFigure out;
  out.x = axes.figure_axis(along);
  out.y = value.axis;
  out.labels = axes.labels(along);
  for (std::size_t by_level = 0; by_level < (by ? axes.labels(*by).size() : 1); ++by_level) {
    BarFigure::Series series{by ? axes.labels(*by)[by_level] : "all", {}, by_level};
    for (std::size_t level = 0; level < out.labels.size(); ++level) {
      const GroupScore* group = find_group(axes, slice, along, level, by, by_level);
      series.values.push_back(group == nullptr ? kUndefined : value.of(*group));
    }
    out.series.push_back(std::move(series));
  }
  return out;
}

bool is_empty(const FigureContent& content) {
  if (const auto* lines = std::get_if<LineFigure>(&content)) return lines->series.empty();
  const auto& series = std::get<BarFigure>(content).series;
  return std::all_of(series.begin(), series.end(), [](const BarFigure::Series& s) {
    return std::all_of(s.values.begin(), s.values.end(), [](double v) { return std::isnan(v); });
  });
}

/// The workers first: how a method scales is what most sweeps ask.
std::vector<std::size_t> profile_axes(const SweepAxes& axes) {
  std::vector<std::size_t> out = axes.varied();
  const auto workers = std::find(out.begin(), out.end(), axes.score().workers_axis.value_or(out.size()));
  if (workers != out.end()) std::rotate(out.begin(), workers, workers + 1);
  return out;
}

void add_profiles(const SweepAxes& axes, std::size_t along, std::optional<std::size_t> by, Figure& out) {
  std::vector<std::size_t> axes_shown = {along};
  if (by) axes_shown.push_back(*by);
  const std::vector<SweepSlice> slices = axes.slices(axes_shown);
  for (const SweepValue& value : sweep_values(axes.score())) {
    for (const SweepSlice& slice : slices) {
      FigureContent content = axes.values(along) ? FigureContent(profile_lines(axes, slice, along, by, value))
                                                 : FigureContent(profile_bars(axes, slice, along, by, value));
      if (is_empty(content)) continue;
      out.views.push_back({{axes.name(along), value.name, by ? axes.name(*by) : "", slice.label}, std::move(content)});
    }
  }
}

}  // namespace

Figure score_profiles(const SweepAxes& axes) {
  Figure out = empty_figure("profiles", "Scores along one axis");
  out.selectors = {"along", "value", "a curve per", "at"};
  const double percent = 100 * axes.score().spec.confidence;
  out.note = fmt::format("Medians to the target, means at the end over the seeds; bands: {:.3g} % bootstrap intervals.", percent);
  for (const std::size_t along : profile_axes(axes)) {
    std::vector<std::size_t> others = axes.varied();
    std::erase(others, along);
    // The axis whose levels have colours first, the tuned one last.
    const auto rank = [&](std::size_t a) { return a == axes.coloured() ? 0 : a == axes.score().tuned_axis ? 2 : 1; };
    std::stable_sort(others.begin(), others.end(), [&](std::size_t a, std::size_t b) { return rank(a) < rank(b); });
    if (others.empty()) add_profiles(axes, along, std::nullopt, out);
    for (const std::size_t by : others) add_profiles(axes, along, by, out);
  }
  if (out.views.empty()) out.missing = "No group has a value to draw yet.";
  return out;
}

// --- Pareto front -------------------------------------------------------------------------------------------------------------

Figure pareto_figure(const SweepAxes& axes) {
  const SweepScore& score = axes.score();
  Figure out = empty_figure("pareto", "Bits against time");
  out.wide = true;
  if (!score.spec.target) {
    out.missing = kNeedsTarget;
    return out;
  }
  Scatter scatter;
  const std::string target = score.spec.target->text();
  scatter.x = {"bits", "bits to " + target, "bit", true};
  scatter.y = {"time", "time to " + target, "s", true};
  const std::optional<std::size_t> coloured = axes.coloured();
  if (coloured) scatter.groups = axes.labels(*coloured);
  std::size_t censored = 0;
  for (std::size_t g = 0; g < score.groups.size(); ++g) {
    const GroupScore& group = score.groups[g];
    const double bits = group.cost(Cost::bits).median;
    const double time = group.cost(Cost::time).median;
    if (!std::isfinite(bits) || !std::isfinite(time)) {
      ++censored;
      continue;
    }
    const bool front = std::find(score.pareto.begin(), score.pareto.end(), g) != score.pareto.end();
    scatter.points.push_back({score.label(group), bits, time, coloured ? group.levels[*coloured] : 0, front});
  }
  if (scatter.points.empty()) {
    out.missing = fmt::format("No group reached {} in more than half of its runs.", target);
    return out;
  }
  out.note = "Medians. The dashed line is the front: no group has both fewer bits and less time than one on it.";
  if (censored > 0) out.note += fmt::format(" {} group{} did not reach the target.", censored, censored == 1 ? "" : "s");
  out.views.push_back({{}, std::move(scatter)});
  return out;
}

// --- Speed-up -----------------------------------------------------------------------------------------------------------------

namespace {

LineSeries scaling_series(const SweepAxes& axes, const ScalingCurve& curve, std::size_t number, bool efficiency) {
  std::vector<double> x;
  std::vector<double> y;
  std::vector<double> low;
  std::vector<double> high;
  bool band = false;
  for (const ScalingPoint& p : curve.points) {
    const auto& value = efficiency ? p.efficiency : p.speedup;
    const auto& interval = efficiency ? p.efficiency_interval : p.speedup_interval;
    const bool bounded = value && interval && std::isfinite(interval->low) && std::isfinite(interval->high);
    x.push_back(p.workers);
    y.push_back(value && std::isfinite(*value) ? *value : kUndefined);
    low.push_back(bounded ? interval->low : y.back());
    high.push_back(bounded ? interval->high : y.back());
    band = band || bounded;
  }
  LineSeries out;
  const SweepScore& score = axes.score();
  for (const std::size_t a : axes.varied()) {
    if (a == score.workers_axis || a == score.tuned_axis) continue;
    out.name += fmt::format("{}{}{}", out.name.empty() ? "" : ", ", a == axes.coloured() ? "" : axes.name(a) + " ",
                            axes.labels(a)[curve.levels[a]]);
  }
  if (out.name.empty()) out.name = efficiency ? "efficiency" : "speed-up";
  out.x = {numbers(std::move(x))};
  out.y = numbers(std::move(y));
  if (band) {
    out.low = numbers(std::move(low));
    out.high = numbers(std::move(high));
  }
  out.color = number;
  out.marks = true;
  return out;
}

LineFigure scaling_lines(const SweepAxes& axes, bool efficiency) {
  constexpr std::size_t kMostCurves = 16;
  const SweepScore& score = axes.score();
  LineFigure out;
  out.x = {axes.figure_axis(*score.workers_axis)};
  out.y = efficiency ? Axis{"efficiency", "efficiency", "%", false} : Axis{"speedup", "speed-up", "", out.x.front().log};
  double least = std::numeric_limits<double>::infinity();
  double most = 0;
  for (std::size_t c = 0; c < std::min(kMostCurves, score.scaling.size()); ++c) {
    LineSeries series = scaling_series(axes, score.scaling[c], c, efficiency);
    if (!has_points(series)) continue;
    least = std::min(least, series.x.front()->front());
    most = std::max(most, series.x.front()->back());
    out.series.push_back(std::move(series));
  }
  if (out.series.empty()) return out;
  LineSeries ideal;
  ideal.name = "ideal";
  ideal.x = {numbers({least, most})};
  ideal.y = efficiency ? numbers({1, 1}) : numbers({1, most / least});
  ideal.stroke = Stroke::dashed;
  constexpr std::size_t kInk = 7;  // the palette's last colour: that of the text
  ideal.color = kInk;
  out.series.push_back(std::move(ideal));
  return out;
}

}  // namespace

Figure scaling_figure(const SweepAxes& axes) {
  const SweepScore& score = axes.score();
  Figure out = empty_figure("speedup", "Speed-up");
  if (!score.spec.target) {
    out.missing = kNeedsTarget;
    return out;
  }
  LineFigure lines = scaling_lines(axes, false);
  if (lines.series.empty()) {
    out.missing = "The smallest number of workers did not reach the target in more than half of its runs.";
    return out;
  }
  out.selectors = {"shown"};
  out.views.push_back({{"speed-up"}, std::move(lines)});
  out.views.push_back({{"efficiency"}, scaling_lines(axes, true)});
  out.note =
      fmt::format("Median time to {} of the fewest workers over that of n{}; bands: {:.3g} % bootstrap intervals over paired seeds.",
                  score.spec.target->text(), score.tuned_axis ? fmt::format(", each with its best {}", axes.name(*score.tuned_axis)) : "",
                  100 * score.spec.confidence);
  return out;
}

// --- Tables -------------------------------------------------------------------------------------------------------------------

namespace {

TableFigure::Cell number_cell(double value) { return std::isfinite(value) ? TableFigure::Cell(value) : TableFigure::Cell(); }

/// "Pareto front, best learning_rate (highest tried)"
std::string remark(const SweepAxes& axes, std::size_t g) {
  const SweepScore& score = axes.score();
  std::string out;
  if (std::find(score.pareto.begin(), score.pareto.end(), g) != score.pareto.end()) out = "Pareto front";
  for (const BestGroup& best : score.best) {
    if (best.group != g) continue;
    const char* edge = best.edge == Edge::lowest ? " (lowest tried)" : best.edge == Edge::highest ? " (highest tried)" : "";
    out += fmt::format("{}best {}{}", out.empty() ? "" : ", ", axes.name(*score.tuned_axis), edge);
  }
  return out;
}

/// A level: a number where it is one, so that it sorts as one.
TableFigure::Cell level_cell(const SweepAxes& axes, std::size_t axis, std::size_t level) {
  if (axes.values(axis) && axes.figure_axis(axis).unit.empty()) return (*axes.values(axis))[level];
  return axes.labels(axis)[level];
}

}  // namespace

Figure score_table(const SweepAxes& axes) {
  const SweepScore& score = axes.score();
  TableFigure table;
  std::vector<SweepValue> values = sweep_values(score);
  if (score.spec.target)  // the whole run's time and bits say little beside those to the target
    std::erase_if(values, [](const SweepValue& v) {
      return !v.cost && !v.success && (v.final == FinalMetric::time || v.final == FinalMetric::bits || v.final == FinalMetric::grad_norm);
    });
  for (const std::size_t a : axes.varied()) table.columns.push_back({axes.name(a), axes.name(a), "", false});
  table.columns.push_back({"runs", "runs", "", false});
  for (const SweepValue& value : values)
    table.columns.push_back({value.name,
                             value.cost      ? cost_name(*value.cost)
                             : value.success ? "arrived"
                                             : value.name,
                             value.axis.unit, false});
  table.columns.push_back({"remark", "remark", "", false});
  for (std::size_t g = 0; g < score.groups.size(); ++g) {
    const GroupScore& group = score.groups[g];
    std::vector<TableFigure::Cell>& row = table.rows.emplace_back();
    for (const std::size_t a : axes.varied()) row.push_back(level_cell(axes, a, group.levels[a]));
    row.emplace_back(static_cast<double>(group.runs.size()));
    for (const SweepValue& value : values) row.push_back(number_cell(value.of(group)));
    std::string text = remark(axes, g);
    if (group.diverged > 0) text += fmt::format("{}{} of {} diverged", text.empty() ? "" : ", ", group.diverged, group.runs.size());
    row.push_back(text.empty() ? TableFigure::Cell() : TableFigure::Cell(std::move(text)));
  }
  Figure out = figure("table", "All groups", "Table", std::move(table));
  out.wide = true;
  if (score.spec.target)
    out.note = fmt::format(
        "time, bits, updates, gradients: medians to {} over the seeds, in which a run that did not arrive counts as later "
        "than all that did; – where half of the runs or more did not. final …: means at the end.",
        score.spec.target->text());
  return out;
}

Figure comparison_table(const SweepAxes& axes) {
  const SweepScore& score = axes.score();
  Figure out = empty_figure("comparison", "Paired differences");
  if (score.comparisons.empty()) return out;
  TableFigure table;
  table.columns = {{"group", "group", "", false}, {"against", "against", "", false}};
  std::vector<SweepValue> costs;
  for (const SweepValue& value : sweep_values(score))
    if (value.cost && *value.cost != Cost::gradients) costs.push_back(value);
  for (const SweepValue& value : costs) {
    const std::string name = cost_name(*value.cost);
    table.columns.push_back({name, "Δ " + name, value.axis.unit, false});
    table.columns.push_back({name + "_low", "from", value.axis.unit, false});
    table.columns.push_back({name + "_high", "to", value.axis.unit, false});
  }
  table.columns.push_back({"loss", "Δ final loss", "", false});
  table.columns.push_back({"pairs", "pairs", "", false});
  for (const GroupComparison& c : score.comparisons) {
    std::vector<TableFigure::Cell>& row = table.rows.emplace_back();
    row.emplace_back(score.label(score.groups[c.second]));
    row.emplace_back(score.label(score.groups[c.first]));
    for (const SweepValue& value : costs) {
      const PairedDifference& d = c.cost(*value.cost);
      row.push_back(number_cell(d.median.value_or(kUndefined)));
      row.push_back(number_cell(d.interval ? d.interval->low : kUndefined));
      row.push_back(number_cell(d.interval ? d.interval->high : kUndefined));
    }
    row.push_back(number_cell(c.loss.median.value_or(kUndefined)));
    row.emplace_back(static_cast<double>(c.loss.pairs));
  }
  out.section = "Table";
  out.wide = true;
  out.note = fmt::format(
      "Medians over pairs of runs with the same seed, and with it the same random numbers; from, to: {:.3g} % bootstrap intervals.",
      100 * score.spec.confidence);
  out.views.push_back({{}, std::move(table)});
  return out;
}

}  // namespace peloton
