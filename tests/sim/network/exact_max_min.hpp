#pragma once

#include <boost/multiprecision/cpp_int.hpp>
#include <optional>
#include <vector>

namespace peloton::test {

/// A sharing problem in whole numbers: which links each flow crosses, what each link carries, what each flow may take (0: anything).
struct SharingProblem {
  std::vector<std::vector<std::size_t>> links_of_flow;
  std::vector<std::int64_t> bandwidth;
  std::vector<std::int64_t> cap;
};

/// The max-min fair rates by definition, slowly, in exact rational numbers: raise all rates together as far as every link and cap
/// allows, fix the flows that are held back, go on with the others.
inline std::vector<double> exact_max_min(const SharingProblem& problem) {
  using Rational = boost::multiprecision::cpp_rational;
  const std::size_t flows = problem.links_of_flow.size();
  std::vector<std::optional<Rational>> rate(flows);
  const auto crosses = [&](std::size_t flow, std::size_t link) {
    for (const std::size_t l : problem.links_of_flow[flow])
      if (l == link) return true;
    return false;
  };
  /// What a link would give each of its free flows; nothing when it has none.
  const auto share = [&](std::size_t link) -> std::optional<Rational> {
    Rational left = problem.bandwidth[link];
    int free_flows = 0;
    for (std::size_t f = 0; f < flows; ++f) {
      if (!crosses(f, link)) continue;
      if (rate[f])
        left -= *rate[f];
      else
        ++free_flows;
    }
    if (free_flows == 0) return std::nullopt;
    return left / free_flows;
  };
  const auto limit = [&](std::size_t flow) {
    std::optional<Rational> least;
    if (problem.cap[flow] > 0) least = problem.cap[flow];
    for (const std::size_t link : problem.links_of_flow[flow]) {
      const Rational s = *share(link);
      if (!least || s < *least) least = s;
    }
    return *least;
  };
  for (std::size_t fixed = 0; fixed < flows;) {
    std::optional<Rational> level;
    std::vector<std::optional<Rational>> limits(flows);
    for (std::size_t f = 0; f < flows; ++f) {
      if (rate[f]) continue;
      limits[f] = limit(f);
      if (!level || *limits[f] < *level) level = limits[f];
    }
    for (std::size_t f = 0; f < flows; ++f) {
      if (!limits[f] || *limits[f] != *level) continue;
      rate[f] = *level;
      ++fixed;
    }
  }
  std::vector<double> out;
  for (const auto& r : rate) out.push_back(r->convert_to<double>());
  return out;
}

}  // namespace peloton::test
