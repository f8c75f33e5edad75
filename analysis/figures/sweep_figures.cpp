#include "analysis/figures/sweep_figures.hpp"

#include "analysis/figures/sweep_curves.hpp"
#include "analysis/figures/sweep_score_figures.hpp"

namespace peloton {

std::vector<Figure> sweep_figures(const SweepResult& sweep, const SweepScore& score) {
  const SweepAxes axes(score);
  std::vector<Figure> out;
  if (axes.varied().size() > 1) out.push_back(score_maps(axes));
  if (!axes.varied().empty()) out.push_back(score_profiles(axes));
  if (score.workers_axis && score.axes[*score.workers_axis].values.size() > 1) out.push_back(scaling_figure(axes));
  if (score.groups.size() > 1) out.push_back(pareto_figure(axes));
  out.push_back(sweep_curves(sweep, axes));
  out.push_back(score_table(axes));
  if (Figure comparison = comparison_table(axes); !comparison.views.empty()) out.push_back(std::move(comparison));
  return out;
}

}  // namespace peloton
