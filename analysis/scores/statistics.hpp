#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>

/// Estimates and intervals over repeated runs. Values may be +∞ (a run that never arrived); order statistics count it as the largest.
namespace peloton {

struct Interval {
  double low = 0;
  double high = 0;

  friend bool operator==(const Interval&, const Interval&) = default;
};

/// How intervals are made.
struct IntervalOptions {
  double confidence = 0.95;        ///< 0 < confidence < 1
  std::int64_t resamples = 10000;  ///< of the bootstrap
};

/// Nothing for an empty list; +∞ or NaN when a value is.
[[nodiscard]] std::optional<double> mean(std::span<const double> values);
/// With n − 1 in the denominator; nothing for fewer than two values or when one is not finite.
[[nodiscard]] std::optional<double> standard_deviation(std::span<const double> values);
/// The middle value, or the mean of the two middle ones; nothing for an empty list. No value may be NaN. The median is +∞ when a middle
/// value is: it exists when more than half of the runs arrived. Between −∞ and +∞ it is NaN.
[[nodiscard]] std::optional<double> median(std::span<const double> values);

/// Wilson's score interval of a success probability (Wilson, JASA 1927): `successes` of `trials`, trials ≥ 1.
[[nodiscard]] Interval wilson_interval(std::size_t successes, std::size_t trials, double confidence);

/// A statistic of a resample, which is given as indices into the data, with repetitions.
using Statistic = std::function<double(std::span<const std::uint32_t> indices)>;

/// Percentile bootstrap (Efron, Annals of Statistics 1979) of a statistic of `count` data: the α/2 and 1 − α/2 quantiles (inverse of the
/// empirical distribution function, so that +∞ stays apart) of the statistic over resamples with replacement. Resamples whose statistic is
/// NaN are left out. Nothing for fewer than two data. Deterministic: the resamples depend on `count` alone, so that intervals of data with
/// the same repeats are taken over the same resampled repeats. With few repeats (below about ten) the interval is too narrow.
[[nodiscard]] std::optional<Interval> bootstrap_interval(std::size_t count, const IntervalOptions& options, const Statistic& statistic);
[[nodiscard]] std::optional<Interval> bootstrap_mean(std::span<const double> values, const IntervalOptions& options);
[[nodiscard]] std::optional<Interval> bootstrap_median(std::span<const double> values, const IntervalOptions& options);

}  // namespace peloton
