#include "analysis/scores/paired.hpp"

#include <cmath>
#include <limits>

namespace peloton {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// Calls body(first, second) for the runs of the same repeat. Both lists are in the order of their repeats.
template <class Body>
void for_each_pair(const std::vector<RunScore>& a, const std::vector<RunScore>& b, Body&& body) {
  for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    if (a[i].repeat == b[j].repeat)
      body(a[i++], b[j++]);
    else if (a[i].repeat < b[j].repeat)
      ++i;
    else
      ++j;
  }
}

/// What a run that did not arrive would at least have paid.
double at_least_cost(const RunScore& run, Cost cost) { return run.diverged() ? kInfinity : cost_of(run.end, cost); }

/// b − a; NaN when it cannot be told.
double cost_difference(const RunScore& a, const RunScore& b, Cost cost) {
  if (a.arrival && b.arrival) return b.cost(cost) - a.cost(cost);
  if (a.arrival && at_least_cost(b, cost) >= a.cost(cost)) return kInfinity;
  if (b.arrival && at_least_cost(a, cost) >= b.cost(cost)) return -kInfinity;
  return std::numeric_limits<double>::quiet_NaN();
}

/// b − a of two ends; NaN when one is undefined. Two that are not finite are equal.
double final_difference(const RunScore& a, const RunScore& b, FinalMetric metric) {
  if (!a.final_value(metric) || !b.final_value(metric)) return std::numeric_limits<double>::quiet_NaN();
  const double first = worst_if_not_finite(*a.final_value(metric), metric);
  const double second = worst_if_not_finite(*b.final_value(metric), metric);
  return first == second ? 0 : second - first;
}

template <class Difference>
PairedDifference paired(const std::vector<RunScore>& a, const std::vector<RunScore>& b, Bootstrap& bootstrap, Difference&& difference) {
  PairedDifference out;
  std::vector<double> differences;
  for_each_pair(a, b, [&](const RunScore& first, const RunScore& second) {
    ++out.pairs;
    const double d = difference(first, second);
    if (std::isnan(d)) return;
    differences.push_back(d);
    out.lower += d < 0 ? 1 : 0;
    out.higher += d > 0 ? 1 : 0;
  });
  out.decided = differences.size();
  out.median = median(differences);
  out.interval = bootstrap.of_median(differences);
  return out;
}

}  // namespace

PairedDifference paired_cost(const std::vector<RunScore>& a, const std::vector<RunScore>& b, Cost cost, Bootstrap& bootstrap) {
  return paired(a, b, bootstrap, [&](const RunScore& first, const RunScore& second) { return cost_difference(first, second, cost); });
}

PairedDifference paired_final(const std::vector<RunScore>& a, const std::vector<RunScore>& b, FinalMetric metric, Bootstrap& bootstrap) {
  return paired(a, b, bootstrap, [&](const RunScore& first, const RunScore& second) { return final_difference(first, second, metric); });
}

}  // namespace peloton
