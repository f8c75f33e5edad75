#include "analysis/figures/curve_figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "analysis/figures/thinning.hpp"

namespace peloton {
namespace {

constexpr std::size_t kMostPoints = 200'000;

/// One quantity of a figure: a column of metrics.csv, or the sum of the bits ("bits").
struct Quantity {
  std::string_view column;
  std::string_view name;
};

/// What the y axis does before the reader touches it.
enum class YScale : std::uint8_t { linear, log, by_range };

struct CurveSpec {
  std::string_view name;
  std::string_view title;
  std::string_view section;
  std::string_view label;
  std::string_view unit;
  YScale scale;
  std::vector<Quantity> quantities;
};

const std::vector<CurveSpec>& curve_specs() {
  static const std::vector<CurveSpec> specs = {
      {"loss", "Loss", "Learning", "loss", "", YScale::by_range, {{"loss", "training"}, {"test_loss", "test"}}},
      {"accuracy", "Accuracy", "Learning", "accuracy", "", YScale::linear, {{"accuracy", "accuracy"}}},
      {"suboptimality", "Suboptimality f − f*", "Learning", "f − f*", "", YScale::log, {{"suboptimality", "suboptimality"}}},
      {"grad_norm", "Gradient norm", "Learning", "‖∇f‖", "", YScale::log, {{"grad_norm", "gradient norm"}}},
      {"distance", "Distance to the optimum", "Learning", "‖x − x*‖", "", YScale::log, {{"distance_to_optimum", "distance"}}},
      {"worker_loss",
       "Loss on the workers' shards",
       "Learning",
       "loss",
       "",
       YScale::by_range,
       {{"worker_loss_mean", "mean"}, {"worker_loss_worst10", "worst tenth"}}},
      {"worker_accuracy",
       "Accuracy on the workers' shards",
       "Learning",
       "accuracy",
       "",
       YScale::linear,
       {{"worker_accuracy_mean", "mean"}, {"worker_accuracy_worst10", "worst tenth"}}},
      {"consensus",
       "Consensus distance",
       "Staleness and divergence",
       "consensus distance",
       "",
       YScale::log,
       {{"consensus_distance", "consensus distance"}}},
      {"staleness",
       "Staleness over the run",
       "Staleness and divergence",
       "staleness",
       "versions",
       YScale::linear,
       {{"staleness_mean", "mean"}, {"staleness_max", "largest"}}},
      {"twin_distance",
       "Distance to the zero-delay twin",
       "Staleness and divergence",
       "‖x − y‖",
       "",
       YScale::log,
       {{"twin_distance", "twin"}, {"twin_floor", "floor: perturbed twin"}}},
      {"gradient_discrepancy",
       "Gradient discrepancy",
       "Staleness and divergence",
       "‖g(stale) − g(current)‖",
       "",
       YScale::by_range,
       {{"gradient_discrepancy", "discrepancy"}}},
      {"twin_loss_gap",
       "Loss gap to the zero-delay twin",
       "Staleness and divergence",
       "f(x) − f(y)",
       "",
       YScale::linear,
       {{"twin_loss_gap", "loss gap"}}},
      {"traffic",
       "Bits sent",
       "Workers and network",
       "bits sent",
       "bit",
       YScale::linear,
       {{"bits_uplink", "uplink"}, {"bits_downlink", "downlink"}, {"bits_peer", "peer to peer"}, {"bits_control", "control"}}},
  };
  return specs;
}

constexpr std::array<Quantity, 4> kAbscissas = {
    {{"time", "virtual time"}, {"bits", "bits sent"}, {"updates", "updates"}, {"samples", "samples processed"}}};

std::string_view unit_of(std::string_view abscissa) { return abscissa == "time" ? "s" : abscissa == "bits" ? "bit" : ""; }

double value_of(const MetricsRow& row, std::string_view column) {
  if (column == "bits") return static_cast<double>(row.total_bits());
  const double value = metric(row, column).value_or(kUndefined);
  return std::isfinite(value) ? value : kUndefined;
}

std::vector<double> values_of(const std::vector<MetricsRow>& rows, std::string_view column) {
  std::vector<double> out;
  out.reserve(rows.size());
  for (const MetricsRow& row : rows) out.push_back(value_of(row, column));
  return out;
}

/// Undefined everywhere, or a traffic that never was.
bool is_empty(const std::vector<double>& values) {
  return std::all_of(values.begin(), values.end(), [](double v) { return std::isnan(v) || v == 0; });
}
bool is_undefined(const std::vector<double>& values) {
  return std::all_of(values.begin(), values.end(), [](double v) { return std::isnan(v); });
}

/// The columns of a run that figures use, thinned together so that they keep their rows in common.
class RunColumns {
 public:
  explicit RunColumns(const std::vector<MetricsRow>& rows) : measured_(rows.size()) {
    std::vector<std::string_view> names;
    std::vector<std::vector<double>> columns;
    const auto add = [&](std::string_view name) {
      names.push_back(name);
      columns.push_back(values_of(rows, name));
    };
    for (const Quantity& x : kAbscissas) add(x.column);
    for (const CurveSpec& spec : curve_specs())
      for (const Quantity& quantity : spec.quantities) add(quantity.column);
    const std::vector<std::size_t> kept = kept_points(columns, kMostPoints);
    kept_ = kept.size();
    for (std::size_t c = 0; c < names.size(); ++c) {
      std::vector<double> values;
      values.reserve(kept.size());
      for (const std::size_t i : kept) values.push_back(columns[c][i]);
      columns_[names[c]] = numbers(std::move(values));
    }
  }

  [[nodiscard]] const Numbers& operator[](std::string_view name) const { return columns_.at(name); }
  /// "showing 200,000 of 1,000,000 measurements, extremes kept"; empty when all are kept.
  [[nodiscard]] std::string note() const {
    return kept_ == measured_ ? "" : fmt::format("{} of {} measurements, every peak kept", kept_, measured_);
  }

 private:
  std::size_t measured_;
  std::size_t kept_ = 0;
  std::map<std::string_view, Numbers> columns_;
};

/// Logarithmic where the values span more than a factor of 30 and none is zero or below.
bool spans_decades(const std::vector<LineSeries>& series) {
  constexpr double kFactor = 30;
  double low = std::numeric_limits<double>::infinity();
  double high = 0;
  for (const LineSeries& s : series) {
    for (const double v : *s.y) {
      if (std::isnan(v)) continue;
      low = std::min(low, v);
      high = std::max(high, v);
    }
  }
  return low > 0 && high > kFactor * low;
}

/// Abscissas along which at least one run moves.
std::vector<Quantity> abscissas(const std::vector<RunColumns>& runs, std::string_view of) {
  std::vector<Quantity> out;
  for (const Quantity& x : kAbscissas) {
    if (of == "traffic" && x.column == "bits") continue;
    if (std::any_of(runs.begin(), runs.end(), [&](const RunColumns& run) { return !is_empty(*run[x.column]); })) out.push_back(x);
  }
  if (out.empty()) out.push_back(kAbscissas.front());
  return out;
}

/// One run: a colour per quantity. Several: a colour per run, a stroke per quantity.
LineSeries series_of(const RunColumns& columns, const std::vector<Quantity>& x, const Quantity& y, std::size_t run, std::size_t quantity,
                     const std::string& run_name) {
  LineSeries out;
  out.name = run_name.empty() ? std::string(y.name) : quantity == 0 ? run_name : fmt::format("{}, {}", run_name, y.name);
  for (const Quantity& abscissa : x) out.x.push_back(columns[abscissa.column]);
  out.y = columns[y.column];
  out.color = run_name.empty() ? quantity : run;
  out.stroke = run_name.empty() || quantity == 0 ? Stroke::solid : quantity == 1 ? Stroke::dashed : Stroke::dotted;
  return out;
}

/// What several runs are compared in: fewer curves than one run has.
std::vector<Quantity> common_quantities(const CurveSpec& spec) {
  if (spec.name == "traffic") return {{"bits", "total"}};
  if (spec.name == "staleness") return {spec.quantities.front()};
  return spec.quantities;
}

Figure curve_figure(const CurveSpec& spec, const std::vector<NamedRun>& runs, const std::vector<RunColumns>& columns) {
  LineFigure lines;
  const std::vector<Quantity> x = abscissas(columns, spec.name);
  const std::vector<Quantity> quantities = runs.size() == 1 ? spec.quantities : common_quantities(spec);
  for (const Quantity& q : x) lines.x.push_back({std::string(q.column), std::string(q.name), std::string(unit_of(q.column)), false});
  for (std::size_t r = 0; r < runs.size(); ++r) {
    for (std::size_t q = 0; q < quantities.size(); ++q) {
      const std::vector<double>& y = *columns[r][quantities[q].column];
      if (spec.name == "traffic" ? is_empty(y) : is_undefined(y)) continue;
      lines.series.push_back(series_of(columns[r], x, quantities[q], r, q, runs.size() == 1 ? "" : runs[r].name));
    }
  }
  const bool log = spec.scale == YScale::log || (spec.scale == YScale::by_range && spans_decades(lines.series));
  lines.y = {std::string(spec.name), std::string(spec.label), std::string(spec.unit), log};
  if (lines.series.empty()) return {};
  Figure out = figure(std::string(spec.name), std::string(spec.title), std::string(spec.section), std::move(lines));
  out.note = columns.front().note();
  return out;
}

Figure missing_figure(std::string name, std::string title, std::string section, std::string missing) {
  Figure out;
  out.name = std::move(name);
  out.title = std::move(title);
  out.section = std::move(section);
  out.missing = std::move(missing);
  return out;
}

/// What to say in the place of a figure without data; nothing where it would have no meaning.
std::optional<std::string> how_to_get(std::string_view figure, const NamedRun& run) {
  const bool task = run.result.scenario.contains("task");
  if (!task) return std::nullopt;
  const bool learning = run.result.scenario.value("learning", true);
  if (figure == "loss" && !learning) return R"(Timing only ("learning": false): nothing was learned.)";
  if (!learning) return std::nullopt;
  if (figure == "twin_distance")
    return R"(Not recorded. `peloton run … --set twin.remove=delay` runs a zero-delay twin beside the method and shows what staleness costs.)";
  return std::nullopt;
}

}  // namespace

std::vector<Figure> curve_figures(const std::vector<NamedRun>& runs) {
  std::vector<RunColumns> columns;
  columns.reserve(runs.size());
  for (const NamedRun& run : runs) columns.emplace_back(run.result.rows);
  std::vector<Figure> out;
  for (const CurveSpec& spec : curve_specs()) {
    Figure drawn = curve_figure(spec, runs, columns);
    if (!drawn.views.empty()) {
      out.push_back(std::move(drawn));
    } else if (const auto hint = how_to_get(spec.name, runs.front())) {
      out.push_back(missing_figure(std::string(spec.name), std::string(spec.title), std::string(spec.section), *hint));
    }
  }
  return out;
}

}  // namespace peloton
