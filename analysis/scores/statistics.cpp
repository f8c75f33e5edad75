#include "analysis/scores/statistics.hpp"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <numeric>

#include "sim/base/error.hpp"
#include "sim/base/random.hpp"

namespace peloton {
namespace {

/// Indices of resamples that are kept, at most: 64 MiB. Above, they are drawn anew for each statistic.
constexpr std::size_t kMostKept = std::size_t{1} << 24;

double middle_of(double low, double high) { return low == high ? low : (low + high) / 2; }

/// The smallest k with k ≥ share · count, less 1: the index of a quantile. Rounding in the share must not push an exact product up.
std::size_t quantile_index(double share, std::size_t count) {
  const double k = std::ceil(share * static_cast<double>(count) - 1e-9);
  return static_cast<std::size_t>(std::clamp(k, 1.0, static_cast<double>(count))) - 1;
}

}  // namespace

std::optional<double> mean(std::span<const double> values) {
  if (values.empty()) return std::nullopt;
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

std::optional<double> standard_deviation(std::span<const double> values) {
  if (values.size() < 2 || !std::all_of(values.begin(), values.end(), [](double v) { return std::isfinite(v); })) return std::nullopt;
  const double centre = *mean(values);
  double sum = 0;
  for (const double v : values) sum += (v - centre) * (v - centre);
  return std::sqrt(sum / static_cast<double>(values.size() - 1));
}

std::optional<double> median(std::span<const double> values) {
  if (values.empty()) return std::nullopt;
  std::vector<double> sorted(values.begin(), values.end());
  std::sort(sorted.begin(), sorted.end());
  return middle_of(sorted[(sorted.size() - 1) / 2], sorted[sorted.size() / 2]);
}

Interval wilson_interval(std::size_t successes, std::size_t trials, double confidence) {
  PELOTON_INVARIANT(trials >= 1 && successes <= trials, "a rate has trials");
  const double z = boost::math::quantile(boost::math::normal(), 0.5 + confidence / 2);
  const auto n = static_cast<double>(trials);
  const double rate = static_cast<double>(successes) / n;
  const double centre = (rate + z * z / (2 * n)) / (1 + z * z / n);
  const double half = z / (1 + z * z / n) * std::sqrt(rate * (1 - rate) / n + z * z / (4 * n * n));
  return {successes == 0 ? 0 : centre - half, successes == trials ? 1 : centre + half};
}

void Bootstrap::draw(std::size_t count, std::int64_t resample, std::vector<std::uint32_t>& out) {
  const auto n = static_cast<std::uint32_t>(count);
  RandomStream random(0, Purpose::bootstrap, n, static_cast<std::uint64_t>(resample));
  out.clear();
  for (std::uint32_t i = 0; i < n; ++i) out.push_back(random.below(n));
}

const Bootstrap::Resamples& Bootstrap::resamples(std::size_t count) {
  const auto [place, made] = resamples_.try_emplace(count);
  Resamples& out = place->second;
  if (!made) return out;
  const bool kept = count * static_cast<std::size_t>(options_.resamples) <= kMostKept;
  std::vector<std::uint32_t> drawn;
  for (std::int64_t b = 0; b < options_.resamples; ++b) {
    draw(count, b, drawn);
    if (kept) out.indices.insert(out.indices.end(), drawn.begin(), drawn.end());
    std::sort(drawn.begin(), drawn.end());
    out.middle.emplace_back(drawn[(count - 1) / 2], drawn[count / 2]);
  }
  return out;
}

std::optional<Interval> Bootstrap::quantiles(std::vector<double> statistics) const {
  std::erase_if(statistics, [](double v) { return std::isnan(v); });
  if (statistics.empty()) return std::nullopt;
  std::sort(statistics.begin(), statistics.end());
  const double tail = (1 - options_.confidence) / 2;
  return Interval{statistics[quantile_index(tail, statistics.size())], statistics[quantile_index(1 - tail, statistics.size())]};
}

std::optional<Interval> Bootstrap::interval(std::size_t count, const Statistic& statistic) {
  if (count < 2) return std::nullopt;
  const std::vector<std::uint32_t>& kept = resamples(count).indices;
  std::vector<double> statistics;
  std::vector<std::uint32_t> drawn;
  for (std::int64_t b = 0; b < options_.resamples; ++b) {
    if (kept.empty()) draw(count, b, drawn);
    const std::span<const std::uint32_t> all = kept.empty() ? drawn : kept;
    statistics.push_back(statistic(kept.empty() ? all : all.subspan(static_cast<std::size_t>(b) * count, count)));
  }
  return quantiles(std::move(statistics));
}

std::optional<Interval> Bootstrap::of_mean(std::span<const double> values) {
  return interval(values.size(), [&](std::span<const std::uint32_t> indices) {
    double sum = 0;
    for (const std::uint32_t i : indices) sum += values[i];
    return sum / static_cast<double>(indices.size());
  });
}

std::optional<Interval> Bootstrap::of_median(std::span<const double> values) {
  if (values.size() < 2) return std::nullopt;
  std::vector<double> sorted(values.begin(), values.end());
  std::sort(sorted.begin(), sorted.end());
  std::vector<double> statistics;
  for (const auto& [low, high] : resamples(values.size()).middle) statistics.push_back(middle_of(sorted[low], sorted[high]));
  return quantiles(std::move(statistics));
}

}  // namespace peloton
