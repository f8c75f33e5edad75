#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "analysis/scores/group_score.hpp"
#include "analysis/scores/paired.hpp"
#include "analysis/scores/scaling.hpp"
#include "analysis/scores/score_spec.hpp"
#include "analysis/scores/tuning.hpp"

namespace peloton {

/// Short, distinct names of axes: as much of the path's end as it takes ("workers", "learning_rate").
[[nodiscard]] std::vector<std::string> axis_names(const std::vector<SweepAxis>& axes);

/// Two groups that differ in the compared axis alone (a tuned axis excepted): `second` − `first`.
struct GroupComparison {
  std::size_t first = 0;   ///< index into the groups: the axis's first level
  std::size_t second = 0;  ///< index into the groups: another level
  std::array<PairedDifference, kCosts.size()> costs = {};
  PairedDifference loss = {};  ///< at the end

  [[nodiscard]] const PairedDifference& cost(Cost c) const { return costs[static_cast<std::size_t>(c)]; }
};

/// Everything a sweep is scored on.
struct SweepScore {
  ScoreSpec spec;  ///< with the defaults that were taken
  Rule rule = Rule::loss;
  std::vector<SweepAxis> axes;
  std::vector<GroupScore> groups;  ///< in the order of their first point
  std::optional<std::size_t> tuned_axis;
  std::vector<BestGroup> best;  ///< empty when nothing is tuned
  std::optional<std::size_t> workers_axis;
  std::vector<ScalingCurve> scaling;  ///< along cluster.workers, when it is an axis and there is a target
  std::vector<std::size_t> pareto;    ///< groups that no other beats in median bits and time to the target
  std::optional<std::size_t> compared_axis;
  std::vector<GroupComparison> comparisons;

  /// "workers 16, algorithm async_sgd"; "all runs" without axes.
  [[nodiscard]] std::string label(const GroupScore& group) const;
};

/// Scores the finished points of a sweep, which are handed over one after the other: memory for their scores, not for their rows.
class SweepScorer {
 public:
  /// An axis that `spec` names and the sweep does not have, and a rule on a cost without a target, are InputErrors at `place` (the
  /// scenario's "score").
  SweepScorer(std::vector<SweepAxis> axes, const ScoreSpec& spec, Place place = {"", "/score"});

  void add(const SweepPoint& point);
  /// The scores of what was added. A target on a metric that no run measured is an InputError.
  [[nodiscard]] SweepScore score() const;

 private:
  struct Group {
    std::vector<std::size_t> levels;
    std::size_t first = 0;  ///< the smallest index of a point
    std::vector<RunScore> runs;
  };

  SweepScore empty_;  ///< the scores without the points: what was chosen
  Place place_;
  std::map<std::vector<std::size_t>, Group> groups_;  ///< by levels
  bool measured_ = false;                             ///< some run has the target's metric
};

/// Scores all points of a sweep.
[[nodiscard]] SweepScore score_sweep(const SweepResult& sweep, const ScoreSpec& spec, const Place& place = {"", "/score"});

/// For a terminal, at most 120 columns wide: a row per group, then the best per group, speed-ups, comparisons and the Pareto front.
[[nodiscard]] std::string score_text(const SweepScore& score);
/// scores.csv: a row per group; +∞ ("inf") where a median is not reached.
[[nodiscard]] std::string scores_csv(const SweepScore& score);

}  // namespace peloton
