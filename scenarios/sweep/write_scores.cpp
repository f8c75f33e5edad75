#include "scenarios/sweep/write_scores.hpp"

#include "analysis/scores/sweep_score.hpp"
#include "analysis/store/read_sweep.hpp"

namespace peloton {

std::string write_scores(const std::filesystem::path& store, OutputDirectory& out) {
  const SweepResult sweep = read_sweep_header(store);
  SweepScorer scorer(sweep.axes, score_spec_of(sweep.scenario, store.string()), {store.string(), "/score"});
  std::size_t points = 0;
  static_cast<void>(read_sweep(store, [&](const SweepPoint& point) {
    scorer.add(point);
    ++points;
  }));
  const SweepScore score = scorer.score();
  out.write(points == sweep.planned ? "scores.csv" : "scores.partial.csv", scores_csv(score));
  return score_text(score);
}

}  // namespace peloton
