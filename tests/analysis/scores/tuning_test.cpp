#include "analysis/scores/tuning.hpp"

#include "tests/analysis/scores/sweeps.hpp"
#include "tests/test.hpp"

using namespace peloton;
using namespace peloton::test;

namespace {

/// A group of one run at a level of the step size and one of the workers.
GroupScore group_of(std::size_t step, std::size_t workers, double milliseconds, double loss = 0) {
  Bootstrap bootstrap({});
  return score_group({step, workers}, {run_of(0, milliseconds, 1, loss)}, bootstrap);
}

/// The tuned levels, by worker count.
std::vector<std::size_t> best_steps(const std::vector<GroupScore>& groups, const SweepAxis& axis, Rule rule) {
  std::vector<std::size_t> out;
  for (const BestGroup& best : best_groups(groups, axis, 0, rule)) out.push_back(groups[best.group].levels[0]);
  return out;
}

const SweepAxis kSteps = axis_of("algorithm.learning_rate", {0.5, 0.25, 0.125});

}  // namespace

TEST_CASE("each combination of the other axes takes its own best step", "[analysis][scores][tuning]") {
  const std::vector<GroupScore> groups = {group_of(0, 0, 30), group_of(1, 0, 10), group_of(2, 0, 20),
                                          group_of(0, 1, 5),  group_of(1, 1, 10), group_of(2, 1, -1)};
  CHECK(best_steps(groups, kSteps, Rule::time) == std::vector<std::size_t>{1, 0});
  const std::vector<BestGroup> best = best_groups(groups, kSteps, 0, Rule::time);
  CHECK(best[0].edge == Edge::none);
  CHECK(best[1].edge == Edge::highest);
}

TEST_CASE("equal steps: the smaller value wins; without values the earlier level", "[analysis][scores][tuning]") {
  const std::vector<GroupScore> groups = {group_of(0, 0, 10), group_of(1, 0, 10), group_of(2, 0, 10)};
  CHECK(best_steps(groups, kSteps, Rule::time) == std::vector<std::size_t>{2});
  CHECK(best_groups(groups, kSteps, 0, Rule::time)[0].edge == Edge::lowest);
  const SweepAxis names = axis_of("algorithm.compressor", {"sign", "topk:1%", "identity"});
  CHECK(best_steps(groups, names, Rule::time) == std::vector<std::size_t>{0});
  CHECK(best_groups(groups, names, 0, Rule::time)[0].edge == Edge::none);
  CHECK(best_groups({group_of(1, 0, 10)}, kSteps, 0, Rule::time)[0].edge == Edge::only);
}

TEST_CASE("where no median is reached the success rate decides, then the final loss", "[analysis][scores][tuning]") {
  Bootstrap b({});
  const GroupScore none = score_group({0, 0}, {run_of(0, -9, 1, 0.1), run_of(1, -9, 1, 0.1)}, b);
  const GroupScore half = score_group({1, 0}, {run_of(0, 90, 1, 0.5), run_of(1, -9, 1, 0.5)}, b);
  const GroupScore half_lower = score_group({2, 0}, {run_of(0, 99, 1, 0.4), run_of(1, -9, 1, 0.4)}, b);
  CHECK(better(half, none, Rule::time));
  CHECK(better(half_lower, half, Rule::time));
  CHECK(better(none, half, Rule::loss));
}
