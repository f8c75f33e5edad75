#include "analysis/scores/tuning.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>

namespace peloton {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// The smaller, the better; what is undefined comes last.
double rank(const std::optional<double>& value) { return value && !std::isnan(*value) ? *value : kInfinity; }

std::array<double, 3> ranks(const GroupScore& g, Rule rule) {
  const double loss = rank(g.final_score(FinalMetric::loss).median);
  if (const auto cost = cost_of_rule(rule)) return {rank(g.cost(*cost).median), -g.success_rate(), loss};
  if (rule == Rule::loss) return {loss, 0, 0};
  const std::optional<double>& accuracy = g.final_score(FinalMetric::accuracy).median;
  return {accuracy ? -*accuracy : kInfinity, 0, 0};
}

/// Values of numbers in their order; those of other axes in the order of the scenario.
double place_of(const SweepAxis& axis, std::size_t level) {
  const Json& value = axis.values[level];
  return value.is_number() ? value.get<double>() : static_cast<double>(level);
}

bool all_numbers(const SweepAxis& axis) {
  return std::all_of(axis.values.begin(), axis.values.end(), [](const Json& v) { return v.is_number(); });
}

Edge edge_of(const std::vector<double>& tried, double best) {
  const auto [low, high] = std::minmax_element(tried.begin(), tried.end());
  if (*low == *high) return Edge::only;
  if (best == *low) return Edge::lowest;
  return best == *high ? Edge::highest : Edge::none;
}

}  // namespace

std::optional<Cost> cost_of_rule(Rule rule) {
  switch (rule) {
    case Rule::time: return Cost::time;
    case Rule::bits: return Cost::bits;
    case Rule::updates: return Cost::updates;
    case Rule::gradients: return Cost::gradients;
    case Rule::loss:
    case Rule::accuracy: break;
  }
  return std::nullopt;
}

bool is_cost(Rule rule) { return cost_of_rule(rule).has_value(); }

bool better(const GroupScore& a, const GroupScore& b, Rule rule) { return ranks(a, rule) < ranks(b, rule); }

std::vector<BestGroup> best_groups(const std::vector<GroupScore>& groups, const SweepAxis& axis, std::size_t tuned, Rule rule) {
  std::map<std::vector<std::size_t>, std::size_t> rows;  // the levels of the other axes → index into `members`
  std::vector<std::vector<std::size_t>> members;         // in the order of their first group
  for (std::size_t g = 0; g < groups.size(); ++g) {
    std::vector<std::size_t> others = groups[g].levels;
    others.erase(others.begin() + static_cast<std::ptrdiff_t>(tuned));
    const auto [row, is_new] = rows.try_emplace(std::move(others), members.size());
    if (is_new) members.emplace_back();
    members[row->second].push_back(g);
  }
  std::vector<BestGroup> out;
  for (std::vector<std::size_t>& row : members) {
    const auto place = [&](std::size_t g) { return place_of(axis, groups[g].levels[tuned]); };
    std::stable_sort(row.begin(), row.end(), [&](std::size_t a, std::size_t b) { return place(a) < place(b); });
    const std::size_t best =
        *std::min_element(row.begin(), row.end(), [&](std::size_t a, std::size_t b) { return better(groups[a], groups[b], rule); });
    std::vector<double> tried;
    for (const std::size_t g : row) tried.push_back(place(g));
    out.push_back({best, all_numbers(axis) ? edge_of(tried, place(best)) : Edge::none});
  }
  return out;
}

}  // namespace peloton
