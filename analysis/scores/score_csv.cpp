#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analysis/scores/sweep_score.hpp"
#include "analysis/text.hpp"

namespace peloton {
namespace {

std::string count_text(std::size_t count) { return std::to_string(count); }
std::string flag_text(bool flag) { return flag ? "1" : "0"; }

/// The columns name, name_low, name_high of an estimate with its interval.
void add_head(std::vector<std::string>& head, const std::string& name) {
  for (const char* end : {"", "_low", "_high"}) head.push_back(name + end);
}
void add_interval(std::vector<std::string>& row, const std::optional<Interval>& interval) {
  row.push_back(interval ? real_text(interval->low) : "");
  row.push_back(interval ? real_text(interval->high) : "");
}

/// What two groups are compared on, in the order of the columns.
std::vector<std::string> compared_names() {
  std::vector<std::string> out;
  for (const Cost cost : kCosts) out.push_back(cost_name(cost));
  out.emplace_back("final_loss");
  return out;
}

std::vector<std::string> csv_head(const SweepScore& s) {
  std::vector<std::string> head;
  for (const SweepAxis& axis : s.axes) head.push_back(axis.path);
  for (const char* name : {"runs", "diverged", "target", "arrived", "success_rate", "success_low", "success_high"}) head.emplace_back(name);
  for (const Cost cost : kCosts) {
    add_head(head, cost_name(cost) + "_to_target");
    head.push_back(cost_name(cost) + "_resolution");
  }
  for (const FinalMetric m : kFinalMetrics) {
    add_head(head, fmt::format("final_{}_mean", final_metric_name(m)));
    head.push_back(fmt::format("final_{}_sd", final_metric_name(m)));
    head.push_back(fmt::format("final_{}_median", final_metric_name(m)));
  }
  for (const char* name : {"best", "edge", "pareto"}) head.emplace_back(name);
  add_head(head, "speedup");
  add_head(head, "efficiency");
  head.emplace_back("compared_to");
  for (const std::string& name : compared_names()) {
    add_head(head, name + "_difference");
    for (const char* end : {"_pairs", "_decided", "_lower", "_higher"}) head.push_back(name + end);
  }
  return head;
}

void add_costs(std::vector<std::string>& row, const SweepScore& s, const GroupScore& g) {
  for (const Cost cost : kCosts) {
    const MedianScore& m = g.cost(cost);
    row.push_back(s.spec.target && !std::isnan(m.median) ? real_text(m.median) : "");
    add_interval(row, s.spec.target ? m.interval : std::nullopt);
    row.push_back(g.arrived > 0 && !std::isnan(m.median) ? real_text(m.resolution) : "");
  }
}

void add_finals(std::vector<std::string>& row, const GroupScore& g) {
  for (const FinalMetric m : kFinalMetrics) {
    const FinalScore& f = g.final_score(m);
    row.push_back(real_text(f.mean));
    add_interval(row, f.interval);
    row.push_back(real_text(f.deviation));
    row.push_back(real_text(f.median));
  }
}

std::string edge_name(Edge edge) {
  switch (edge) {
    case Edge::none: return "";
    case Edge::lowest: return "lowest";
    case Edge::highest: return "highest";
    case Edge::only: return "only";
  }
  return "";
}

void add_flags(std::vector<std::string>& row, const SweepScore& s, std::size_t group) {
  const auto best = std::find_if(s.best.begin(), s.best.end(), [&](const BestGroup& b) { return b.group == group; });
  row.push_back(s.best.empty() ? "" : flag_text(best != s.best.end()));
  row.push_back(best == s.best.end() ? "" : edge_name(best->edge));
  row.push_back(s.spec.target ? flag_text(std::find(s.pareto.begin(), s.pareto.end(), group) != s.pareto.end()) : "");
}

void add_scaling(std::vector<std::string>& row, const SweepScore& s, std::size_t group) {
  ScalingPoint point;
  for (const ScalingCurve& curve : s.scaling)
    for (const ScalingPoint& p : curve.points)
      if (p.group == group) point = p;
  row.push_back(real_text(point.speedup));
  add_interval(row, point.speedup_interval);
  row.push_back(real_text(point.efficiency));
  add_interval(row, point.efficiency_interval);
}

void add_difference(std::vector<std::string>& row, const PairedDifference& d) {
  row.push_back(real_text(d.median));
  add_interval(row, d.interval);
  for (const std::size_t count : {d.pairs, d.decided, d.lower, d.higher}) row.push_back(count_text(count));
}

void add_comparison(std::vector<std::string>& row, const SweepScore& s, std::size_t group) {
  const auto found = std::find_if(s.comparisons.begin(), s.comparisons.end(), [&](const GroupComparison& c) { return c.second == group; });
  if (found == s.comparisons.end()) {
    row.resize(row.size() + 1 + compared_names().size() * 7);
    return;
  }
  row.push_back(s.label(s.groups[found->first]));
  for (const PairedDifference& d : found->costs) add_difference(row, d);
  add_difference(row, found->loss);
}

}  // namespace

std::string scores_csv(const SweepScore& s) {
  std::string out = csv_line(csv_head(s));
  for (std::size_t i = 0; i < s.groups.size(); ++i) {
    const GroupScore& g = s.groups[i];
    std::vector<std::string> row;
    for (std::size_t a = 0; a < s.axes.size(); ++a) row.push_back(s.axes[a].labels[g.levels[a]]);
    row.push_back(count_text(g.runs.size()));
    row.push_back(count_text(g.diverged));
    row.push_back(s.spec.target ? s.spec.target->text() : "");
    row.push_back(s.spec.target ? count_text(g.arrived) : "");
    row.push_back(s.spec.target ? real_text(g.success_rate()) : "");
    add_interval(row, s.spec.target ? std::optional(g.success) : std::nullopt);
    add_costs(row, s, g);
    add_finals(row, g);
    add_flags(row, s, i);
    add_scaling(row, s, i);
    add_comparison(row, s, i);
    out += csv_line(row);
  }
  return out;
}

}  // namespace peloton
