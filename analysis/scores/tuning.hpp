#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "analysis/scores/group_score.hpp"
#include "analysis/scores/score_spec.hpp"

namespace peloton {

/// Whether the best level is the lowest or highest that was tried: a better one may lie beyond.
enum class Edge : std::uint8_t { none, lowest, highest, only };

/// The winner among the groups that differ in the tuned axis alone.
struct BestGroup {
  std::size_t group = 0;  ///< index into the groups
  Edge edge = Edge::none;
};

/// The cost that a rule counts; nothing for rules on values at the end.
[[nodiscard]] std::optional<Cost> cost_of_rule(Rule rule);
/// Whether the rule counts a cost to the target, which needs a target.
[[nodiscard]] bool is_cost(Rule rule);

/// True when `a` is better than `b` by the rule: the smaller median cost; where it is equal (or neither median is reached) the higher
/// success rate, then the lower median final loss. Rules on final values compare
/// those medians alone.
[[nodiscard]] bool better(const GroupScore& a, const GroupScore& b, Rule rule);

/// For each combination of the other axes' levels, in order, the best level of axis `tuned`; ties go to the smaller value (numbers) or the
/// earlier level. Edges are told for axes of numbers, among the levels that the combination has.
[[nodiscard]] std::vector<BestGroup> best_groups(const std::vector<GroupScore>& groups, const SweepAxis& axis, std::size_t tuned,
                                                 Rule rule);

}  // namespace peloton
