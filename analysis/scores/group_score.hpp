#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analysis/scores/arrival.hpp"
#include "analysis/scores/statistics.hpp"
#include "analysis/sweep_result.hpp"

namespace peloton {

/// What is looked at when a run has ended. Time, bits and counts are those of the whole run.
enum class FinalMetric : std::uint8_t {
  time,
  bits,
  updates,
  gradients,
  loss,
  test_loss,
  accuracy,
  suboptimality,
  grad_norm,
  distance_to_optimum,
  consensus_distance,
  staleness_mean,
  twin_distance,
};
template <>
struct EnumNames<FinalMetric> {
  static constexpr std::array names = {std::pair{std::string_view("time"), FinalMetric::time},
                                       std::pair{std::string_view("bits"), FinalMetric::bits},
                                       std::pair{std::string_view("updates"), FinalMetric::updates},
                                       std::pair{std::string_view("gradients"), FinalMetric::gradients},
                                       std::pair{std::string_view("loss"), FinalMetric::loss},
                                       std::pair{std::string_view("test_loss"), FinalMetric::test_loss},
                                       std::pair{std::string_view("accuracy"), FinalMetric::accuracy},
                                       std::pair{std::string_view("suboptimality"), FinalMetric::suboptimality},
                                       std::pair{std::string_view("grad_norm"), FinalMetric::grad_norm},
                                       std::pair{std::string_view("distance_to_optimum"), FinalMetric::distance_to_optimum},
                                       std::pair{std::string_view("consensus_distance"), FinalMetric::consensus_distance},
                                       std::pair{std::string_view("staleness_mean"), FinalMetric::staleness_mean},
                                       std::pair{std::string_view("twin_distance"), FinalMetric::twin_distance}};
};
inline constexpr std::array kFinalMetrics = [] {
  std::array<FinalMetric, EnumNames<FinalMetric>::names.size()> out{};
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = EnumNames<FinalMetric>::names[i].second;
  return out;
}();
[[nodiscard]] std::string final_metric_name(FinalMetric metric);
/// A value that is not finite becomes the worst infinity: +∞ for what is to fall, −∞ for an accuracy.
[[nodiscard]] double worst_if_not_finite(double value, FinalMetric metric);

/// One run, scored.
struct RunScore {
  std::size_t point = 0;  ///< SweepPoint::index; 0 for a run alone
  std::size_t repeat = 0;
  std::string status;              ///< as in summary.json
  std::optional<Arrival> arrival;  ///< nothing: censored, the target was not reached
  Costs end{};                     ///< what the run had paid when it ended
  std::array<std::optional<double>, kFinalMetrics.size()> finals;

  /// kNotReached when censored.
  [[nodiscard]] double cost(Cost c) const { return arrival ? cost_of(arrival->costs, c) : kNotReached; }
  [[nodiscard]] const std::optional<double>& final_value(FinalMetric m) const { return finals[static_cast<std::size_t>(m)]; }
  [[nodiscard]] bool diverged() const { return status == "diverged"; }
};

/// `target` absent: nothing is reached.
[[nodiscard]] RunScore score_run(const Json& summary, const std::vector<MetricsRow>& rows, const std::optional<Target>& target);

/// A median over all runs of a group, in which a run that did not arrive counts as later than every one that did.
struct MedianScore {
  double median = kNotReached;       ///< kNotReached unless more than half arrived; NaN where the cost is undefined
  std::optional<Interval> interval;  ///< bootstrap; its ends may be kNotReached
  double resolution = 0;             ///< the coarsest of the arrivals
};

/// A metric at the end of the runs of a group.
struct FinalScore {
  std::size_t count = 0;             ///< runs that define it
  std::optional<double> mean;        ///< nothing when a value is not finite (a diverged run): no mean of the survivors
  std::optional<double> deviation;   ///< standard deviation over seeds; needs two runs
  std::optional<Interval> interval;  ///< of the mean, bootstrap
  std::optional<double> median;      ///< not finite values count as the worst
};

/// The runs that differ in their seed alone.
struct GroupScore {
  std::vector<std::size_t> levels;  ///< by axis
  std::vector<RunScore> runs;       ///< by repeat; finished points only
  std::size_t arrived = 0;
  std::size_t diverged = 0;
  Interval success;  ///< Wilson interval of the probability to arrive
  std::array<MedianScore, kCosts.size()> costs;
  std::array<FinalScore, kFinalMetrics.size()> finals;

  [[nodiscard]] const MedianScore& cost(Cost c) const { return costs[static_cast<std::size_t>(c)]; }
  [[nodiscard]] const FinalScore& final_score(FinalMetric m) const { return finals[static_cast<std::size_t>(m)]; }
  [[nodiscard]] double success_rate() const { return static_cast<double>(arrived) / static_cast<double>(runs.size()); }
};

/// `runs`: at least one.
[[nodiscard]] GroupScore score_group(std::vector<std::size_t> levels, std::vector<RunScore> runs, Bootstrap& bootstrap);

}  // namespace peloton
