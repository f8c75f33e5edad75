#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <utility>
#include <vector>

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

/// Percentile bootstrap (Efron, Annals of Statistics 1979): the α/2 and 1 − α/2 quantiles of a statistic over resamples with replacement,
/// as inverses of the empirical distribution function, so that +∞ stays apart. Resamples whose statistic is NaN are left out. There is no
/// interval for fewer than two data. Deterministic: the resamples depend on the number of data alone, so that intervals over the same
/// repeats are taken over the same resampled repeats. With few repeats (below about ten) the intervals are too narrow.
class Bootstrap {
 public:
  /// A resample is given as indices into the data, with repetitions.
  using Statistic = std::function<double(std::span<const std::uint32_t> indices)>;

  explicit Bootstrap(IntervalOptions options) : options_(options) {}

  [[nodiscard]] double confidence() const { return options_.confidence; }
  [[nodiscard]] std::optional<Interval> interval(std::size_t count, const Statistic& statistic);
  [[nodiscard]] std::optional<Interval> of_mean(std::span<const double> values);
  /// The resamples are those of the sorted values.
  [[nodiscard]] std::optional<Interval> of_median(std::span<const double> values);

 private:
  struct Resamples {
    std::vector<std::uint32_t> indices;                           ///< `count` for each resample; empty where they would take too much
    std::vector<std::pair<std::uint32_t, std::uint32_t>> middle;  ///< of each resample of sorted data, the one or two middle ones
  };
  [[nodiscard]] const Resamples& resamples(std::size_t count);
  static void draw(std::size_t count, std::int64_t resample, std::vector<std::uint32_t>& out);
  [[nodiscard]] std::optional<Interval> quantiles(std::vector<double> statistics) const;

  IntervalOptions options_;
  std::map<std::size_t, Resamples> resamples_;  ///< by the number of data, made when first needed
};

}  // namespace peloton
