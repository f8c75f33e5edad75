#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analysis/scores/sweep_score.hpp"
#include "analysis/text.hpp"
#include "analysis/text_table.hpp"

/// Scores as tables for a terminal, and scores.csv.
namespace peloton {
namespace {

constexpr std::size_t kMostRows = 40;
constexpr std::string_view kFile = "scores.csv";
constexpr std::array kShownCosts = {Cost::time, Cost::bits, Cost::updates, Cost::gradients};

std::string rule_name(Rule rule) { return OptionType<Rule>::write(rule).get<std::string>(); }

std::string percent(double share) { return fmt::format("{:.4g} %", 100 * share); }

std::vector<std::string> labels_of(const SweepScore& s, const GroupScore& g) {
  std::vector<std::string> out;
  for (std::size_t a = 0; a < s.axes.size(); ++a) out.push_back(s.axes[a].labels[g.levels[a]]);
  return out;
}

std::string median_text(const MedianScore& m, Cost cost) { return m.median == kNotReached ? "not reached" : show_cost(cost, m.median); }

/// "40 ms … 60 ms" in one unit: "40 … 60 ms".
std::string range_text(const std::string& low, const std::string& high) {
  const std::size_t unit = low.find(' ');
  const bool same = unit != std::string::npos && high.ends_with(low.substr(unit)) && high.find(' ') == high.size() - (low.size() - unit);
  return fmt::format("{} … {}", same ? low.substr(0, unit) : low, high);
}

std::string interval_text(const std::optional<Interval>& i, Cost cost) {
  return i && std::isfinite(i->low) ? range_text(show_cost(cost, i->low), show_cost(cost, i->high)) : "–";
}

std::string number(double value) { return std::isinf(value) ? (value > 0 ? "∞" : "-∞") : fmt::format("{:.4g}", value); }

/// "0.3512 ± 0.0021"; the median where a run diverged.
std::string final_text(const FinalScore& f) {
  if (f.count == 0) return "–";
  if (!f.mean) return fmt::format("median {}", number(*f.median));
  return f.deviation ? fmt::format("{:.5g} ± {:.2g}", *f.mean, *f.deviation) : fmt::format("{:.5g}", *f.mean);
}

bool any_final(const SweepScore& s, FinalMetric m) {
  return std::any_of(s.groups.begin(), s.groups.end(), [&](const GroupScore& g) { return g.final_score(m).count > 0; });
}

bool repeated(const SweepScore& s) {
  return std::any_of(s.groups.begin(), s.groups.end(), [](const GroupScore& g) { return g.runs.size() > 1; });
}

/// "8/10 (49–94 %), 2 diverged" of the runs of a group: with the interval of the success rate where it is neither all nor none.
std::string runs_text(const SweepScore& s, const GroupScore& g) {
  std::string out = s.spec.target ? fmt::format("{}/{}", g.arrived, g.runs.size()) : fmt::format("{}", g.runs.size());
  if (g.arrived > 0 && g.arrived < g.runs.size()) out += fmt::format(" ({:.0f}–{:.0f} %)", 100 * g.success.low, 100 * g.success.high);
  if (g.diverged > 0) out += fmt::format(", {} diverged", g.diverged);
  return out;
}

/// The metrics of the last columns: with a target the one it is on, else loss and accuracy, of those that are measured.
std::vector<FinalMetric> shown_finals(const SweepScore& s) {
  std::vector<FinalMetric> out;
  for (const FinalMetric m : kFinalMetrics)
    if (s.spec.target && final_metric_name(m) == s.spec.target->metric && any_final(s, m)) return {m};
  for (const FinalMetric m : {FinalMetric::loss, FinalMetric::accuracy})
    if (any_final(s, m)) out.push_back(m);
  return out;
}

std::vector<std::string> group_head(const SweepScore& s) {
  std::vector<std::string> head = axis_names(s.axes);
  head.push_back(s.spec.target ? "arrived" : "runs");
  if (s.spec.target) {
    head.push_back("time");
    if (repeated(s)) head.push_back(fmt::format("{} interval", percent(s.spec.confidence)));
    for (const char* name : {"bits", "updates", "gradients"}) head.emplace_back(name);
  } else {
    for (const char* name : {"time", "bits", "updates"}) head.emplace_back(name);
  }
  for (const FinalMetric m : shown_finals(s)) head.push_back(fmt::format("final {}", final_metric_name(m)));
  return head;
}

std::vector<std::string> group_row(const SweepScore& s, const GroupScore& g) {
  std::vector<std::string> row = labels_of(s, g);
  row.push_back(runs_text(s, g));
  if (s.spec.target) {
    for (const Cost cost : kShownCosts) {
      row.push_back(cost == Cost::time || std::isfinite(g.cost(cost).median) ? median_text(g.cost(cost), cost) : "–");
      if (cost == Cost::time && repeated(s)) row.push_back(interval_text(g.cost(cost).interval, cost));
    }
  } else {
    for (const auto& [metric, cost] : {std::pair{FinalMetric::time, Cost::time}, std::pair{FinalMetric::bits, Cost::bits},
                                       std::pair{FinalMetric::updates, Cost::updates}})
      row.push_back(g.final_score(metric).median ? show_cost(cost, *g.final_score(metric).median) : "–");
  }
  for (const FinalMetric m : shown_finals(s)) row.push_back(final_text(g.final_score(m)));
  return row;
}

std::string heading(const SweepScore& s) {
  std::string out = s.spec.target ? fmt::format("to {}: medians", s.spec.target->text()) : std::string("at the end: medians");
  if (repeated(s)) out += " over the runs of a group";
  if (s.spec.target && repeated(s)) out += "; a run that did not arrive counts as later than all that did";
  return out + "\n";
}

/// "1 update", "5 updates"
std::string counted_name(Cost cost, double count) {
  const std::string name = cost_name(cost);
  return count == 1 ? name.substr(0, name.size() - 1) : name;
}

/// "met between a measurement and the one before: at most 50 ms, 1.2 Mbit, 50 updates, 50 gradients apart"
std::string resolution_text(const SweepScore& s) {
  std::string out;
  for (const Cost cost : kShownCosts) {
    double coarsest = 0;
    for (const GroupScore& g : s.groups) coarsest = std::max(coarsest, g.cost(cost).resolution);
    const bool counted = cost == Cost::updates || cost == Cost::gradients;
    out += fmt::format("{}{}{}", out.empty() ? "" : ", ", show_cost(cost, coarsest),
                       counted ? fmt::format(" {}", counted_name(cost, coarsest)) : "");
  }
  return fmt::format("  resolution (a target is met somewhere between two measurements): at most {}\n", out);
}

std::string edge_text(Edge edge) {
  switch (edge) {
    case Edge::none: return "";
    case Edge::lowest: return "lowest tried: extend the range downwards";
    case Edge::highest: return "highest tried: extend the range upwards";
    case Edge::only: return "the only one tried";
  }
  return "";
}

std::string best_text(const SweepScore& s) {
  const std::vector<std::string> names = axis_names(s.axes);
  const std::size_t tuned = *s.tuned_axis;
  std::vector<std::string> head;
  for (std::size_t a = 0; a < s.axes.size(); ++a)
    if (a != tuned) head.push_back(names[a]);
  const std::size_t left = head.size();
  head.push_back(fmt::format("best {}", names[tuned]));
  head.emplace_back(is_cost(s.rule) ? "median" : "final");
  head.emplace_back("");
  TextTable table(head, left, 1);
  for (const BestGroup& best : s.best) {
    const GroupScore& g = s.groups[best.group];
    std::vector<std::string> row = labels_of(s, g);
    std::string level = row[tuned];
    row.erase(row.begin() + static_cast<std::ptrdiff_t>(tuned));
    row.push_back(std::move(level));
    if (const auto cost = cost_of_rule(s.rule))
      row.push_back(median_text(g.cost(*cost), *cost));
    else
      row.push_back(final_text(g.final_score(s.rule == Rule::loss ? FinalMetric::loss : FinalMetric::accuracy)));
    row.push_back(edge_text(best.edge));
    table.add(std::move(row));
  }
  return fmt::format("\nbest {} by {}\n", names[tuned],
                     is_cost(s.rule) ? fmt::format("{} to the target", rule_name(s.rule)) : fmt::format("final {}", rule_name(s.rule))) +
         table.str(kMostRows, kFile);
}

std::string ratio_text(const std::optional<double>& ratio, const std::optional<Interval>& interval) {
  if (!ratio) return "–";
  std::string out = fmt::format("{:.3g}", *ratio);
  if (interval)
    out += fmt::format(" ({:.3g} … {})", interval->low, std::isinf(interval->high) ? "∞" : fmt::format("{:.3g}", interval->high));
  return out;
}

/// The levels of a group on the axes that are not left out, each as a cell.
std::vector<std::string> other_labels(const SweepScore& s, const GroupScore& g, const std::vector<std::optional<std::size_t>>& left_out) {
  std::vector<std::string> out;
  for (std::size_t a = 0; a < s.axes.size(); ++a)
    if (std::find(left_out.begin(), left_out.end(), a) == left_out.end()) out.push_back(s.axes[a].labels[g.levels[a]]);
  return out;
}

std::vector<std::string> other_names(const SweepScore& s, const std::vector<std::optional<std::size_t>>& left_out) {
  std::vector<std::string> names = axis_names(s.axes);
  std::vector<std::string> out;
  for (std::size_t a = 0; a < names.size(); ++a)
    if (std::find(left_out.begin(), left_out.end(), a) == left_out.end()) out.push_back(names[a]);
  return out;
}

std::string scaling_text(const SweepScore& s) {
  std::vector<std::string> head = other_names(s, {s.workers_axis, s.tuned_axis});
  const std::size_t left = head.size();
  head.emplace_back("workers");
  if (s.tuned_axis) head.push_back(axis_names(s.axes)[*s.tuned_axis]);
  for (const char* name : {"time", "speed-up", "efficiency"}) head.emplace_back(name);
  TextTable table(head, left);
  for (const ScalingCurve& curve : s.scaling) {
    for (const ScalingPoint& p : curve.points) {
      const GroupScore& g = s.groups[p.group];
      std::vector<std::string> row = other_labels(s, g, {s.workers_axis, s.tuned_axis});
      row.push_back(fmt::format("{:g}", p.workers));
      if (s.tuned_axis) row.push_back(s.axes[*s.tuned_axis].labels[g.levels[*s.tuned_axis]]);
      row.push_back(median_text(g.cost(Cost::time), Cost::time));
      row.push_back(ratio_text(p.speedup, p.speedup_interval));
      row.push_back(ratio_text(p.efficiency, p.efficiency_interval));
      table.add(std::move(row));
    }
  }
  return "\nspeed-up against the fewest workers, in median time to the target\n" + table.str(kMostRows, kFile);
}

std::string signed_text(double value, Cost cost) { return fmt::format("{}{}", value > 0 ? "+" : "", show_cost(cost, value)); }

std::string difference_text(const PairedDifference& d, Cost cost) {
  if (!d.median) return "–";
  if (!d.interval) return signed_text(*d.median, cost);
  return fmt::format("{} ({})", signed_text(*d.median, cost),
                     range_text(signed_text(d.interval->low, cost), signed_text(d.interval->high, cost)));
}

std::string loss_difference_text(const PairedDifference& d) {
  if (!d.median) return "–";
  std::string out = fmt::format("{:+.3g}", *d.median);
  if (d.interval) out += fmt::format(" ({:+.3g} … {:+.3g})", d.interval->low, d.interval->high);
  return out;
}

std::string comparison_text(const SweepScore& s) {
  const std::size_t axis = *s.compared_axis;
  std::vector<std::string> head = other_names(s, {s.compared_axis, s.tuned_axis});
  head.push_back(axis_names(s.axes)[axis]);
  const std::size_t left = head.size();
  if (s.spec.target)
    for (const char* name : {"Δ time", "pairs −/+", "Δ bits"}) head.emplace_back(name);
  head.emplace_back("Δ final loss");
  if (!s.spec.target) head.emplace_back("pairs −/+");
  TextTable table(head, left);
  const auto signs = [](const PairedDifference& d) { return fmt::format("{}/{} of {}", d.lower, d.higher, d.pairs); };
  for (const GroupComparison& c : s.comparisons) {
    std::vector<std::string> row = other_labels(s, s.groups[c.first], {s.compared_axis, s.tuned_axis});
    const auto level = [&](std::size_t group) { return s.axes[axis].labels[s.groups[group].levels[axis]]; };
    row.push_back(fmt::format("{} − {}", level(c.second), level(c.first)));
    if (s.spec.target) {
      row.push_back(difference_text(c.cost(Cost::time), Cost::time));
      row.push_back(signs(c.cost(Cost::time)));
      row.push_back(c.cost(Cost::bits).median ? signed_text(*c.cost(Cost::bits).median, Cost::bits) : "–");
    }
    row.push_back(loss_difference_text(c.loss));
    if (!s.spec.target) row.push_back(signs(c.loss));
    table.add(std::move(row));
  }
  return fmt::format("\npaired differences along {} (same seed, same random numbers; medians with {} intervals)\n", s.axes[axis].path,
                     percent(s.spec.confidence)) +
         table.str(kMostRows, kFile);
}

std::string pareto_text(const SweepScore& s) {
  std::vector<std::string> head = axis_names(s.axes);
  const std::size_t left = head.size();
  head.emplace_back("bits");
  head.emplace_back("time");
  TextTable table(head, left);
  for (const std::size_t g : s.pareto) {
    std::vector<std::string> row = labels_of(s, s.groups[g]);
    for (const Cost cost : {Cost::bits, Cost::time}) row.push_back(show_cost(cost, s.groups[g].cost(cost).median));
    table.add(std::move(row));
  }
  return "\nPareto front: no other point takes fewer bits and less time to the target\n" + table.str(kMostRows, kFile);
}

}  // namespace

std::string score_text(const SweepScore& s) {
  if (s.groups.empty()) return "no finished point to score\n";
  TextTable table(group_head(s), s.axes.size());
  for (const GroupScore& g : s.groups) table.add(group_row(s, g));
  std::string out = heading(s) + table.str(kMostRows, kFile);
  const bool arrived = std::any_of(s.groups.begin(), s.groups.end(), [](const GroupScore& g) { return g.arrived > 0; });
  if (arrived) out += resolution_text(s);
  if (!s.best.empty()) out += best_text(s);
  if (!s.scaling.empty()) out += scaling_text(s);
  if (!s.comparisons.empty()) out += comparison_text(s);
  if (s.pareto.size() > 0 && s.groups.size() > 1) out += pareto_text(s);
  return out;
}

}  // namespace peloton
