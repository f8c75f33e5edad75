#include "analysis/report/sweep_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "analysis/figures/sweep_figures.hpp"
#include "analysis/figures/sweep_slices.hpp"
#include "analysis/report/shell_word.hpp"

namespace peloton {
namespace {

std::string plural(std::size_t count, std::string_view noun) { return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s"); }

/// "workers: 4, 8, 16 · learning_rate: 0.1, 0.2 · 3 seeds"
std::string about(const SweepResult& sweep) {
  constexpr std::size_t kMostLabels = 8;
  const std::vector<std::string> names = axis_names(sweep.axes);
  std::string out;
  for (std::size_t a = 0; a < sweep.axes.size(); ++a) {
    const std::vector<std::string>& labels = sweep.axes[a].labels;
    out += fmt::format("{}{}: ", out.empty() ? "" : " · ", names[a]);
    for (std::size_t l = 0; l < std::min(kMostLabels, labels.size()); ++l) out += fmt::format("{}{}", l > 0 ? ", " : "", labels[l]);
    if (labels.size() > kMostLabels) out += fmt::format(", … ({} levels)", labels.size());
  }
  return out + fmt::format("{}{}", out.empty() ? "" : " · ", plural(sweep.repeats, "seed"));
}

std::vector<ReportPage::Tile> tiles_of(const SweepResult& sweep, const SweepScore& score) {
  std::vector<ReportPage::Tile> out;
  out.push_back({"points", fmt::format("{} of {}", sweep.points.size(), sweep.planned),
                 fmt::format("{}, {}", plural(score.groups.size(), "group"), plural(sweep.repeats, "seed"))});
  std::size_t arrived = 0;
  std::size_t diverged = 0;
  for (const GroupScore& group : score.groups) {
    arrived += group.arrived;
    diverged += group.diverged;
  }
  if (score.spec.target)
    out.push_back({"target", score.spec.target->text(), fmt::format("{} of {} runs arrived", arrived, sweep.points.size())});
  if (diverged > 0) out.push_back({"diverged", fmt::format("{}", diverged), fmt::format("of {}", plural(sweep.points.size(), "run"))});
  const std::optional<std::size_t> number = best_group(score);
  if (!number) return out;
  const GroupScore* const best = &score.groups[*number];
  const std::string where = score.label(*best);
  if (score.spec.target && best->cost(Cost::time).median != kNotReached) {
    out.push_back({"shortest median time", show_cost(Cost::time, best->cost(Cost::time).median), where});
    const auto fewest = std::min_element(score.groups.begin(), score.groups.end(), [](const GroupScore& a, const GroupScore& b) {
      return a.cost(Cost::bits).median < b.cost(Cost::bits).median;
    });
    out.push_back({"fewest median bits", show_cost(Cost::bits, fewest->cost(Cost::bits).median), score.label(*fewest)});
  } else if (const auto loss = best->final_score(FinalMetric::loss).median; loss && std::isfinite(*loss)) {
    out.push_back({"lowest median loss", fmt::format("{:.4g}", *loss), where});
  }
  return out;
}

std::vector<std::string> warnings_of(const SweepResult& sweep, const SweepScore& score) {
  std::vector<std::string> out;
  if (sweep.points.size() < sweep.planned)
    out.push_back(fmt::format("{} of {} points are not finished: what follows is about the others. The sweep's command resumes it.",
                              sweep.planned - sweep.points.size(), sweep.planned));
  std::size_t edges = 0;
  for (const BestGroup& best : score.best)
    if (best.edge == Edge::lowest || best.edge == Edge::highest) ++edges;
  if (edges > 0)
    out.push_back(fmt::format("The best {} lies at the end of its range in {} of {}: a better one may lie beyond, extend the range.",
                              axis_names(score.axes)[*score.tuned_axis], edges, plural(score.best.size(), "case")));
  return out;
}

}  // namespace

ReportPage sweep_page(const SweepResult& sweep, const SweepScore& score, const std::filesystem::path& folder) {
  ReportPage page;
  page.kind = "sweep";
  page.title = sweep.name;
  const bool whole = sweep.points.size() == sweep.planned;
  page.status = whole ? "finished" : "not finished";
  page.status_bad = !whole;
  page.about = about(sweep);
  page.warnings = warnings_of(sweep, score);
  page.tiles = tiles_of(sweep, score);
  page.figures = sweep_figures(sweep, score);
  page.reproduce = {
      "The scenario below, saved as a file, gives the same points; `peloton run` with a point's settings gives that point alone. "
      "The points and measurements stand in points.csv, measurements.csv and sweep.sqlite beside this page."};
  page.reproduce_command = {fmt::format("peloton sweep {}.json --out {}", shell_word(sweep.name), shell_word(folder.string()))};
  page.folds = {{"scenario", sweep.scenario.dump(2, ' ', false, Json::error_handler_t::replace)}};
  return page;
}

}  // namespace peloton
