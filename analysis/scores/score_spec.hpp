#pragma once

#include <optional>
#include <string>

#include "analysis/scores/statistics.hpp"
#include "analysis/scores/target.hpp"
#include "analysis/sweep_result.hpp"
#include "sim/base/options.hpp"

namespace peloton {

/// What makes one point better than another: the smallest cost to the target, or the best value at the end.
enum class Rule : std::uint8_t { time, bits, updates, gradients, loss, accuracy };
template <>
struct EnumNames<Rule> {
  static constexpr std::array names = {
      std::pair{std::string_view("time"), Rule::time},       std::pair{std::string_view("bits"), Rule::bits},
      std::pair{std::string_view("updates"), Rule::updates}, std::pair{std::string_view("gradients"), Rule::gradients},
      std::pair{std::string_view("loss"), Rule::loss},       std::pair{std::string_view("accuracy"), Rule::accuracy}};
};

/// /score: how the points of a sweep are scored. It changes no run.
struct ScoreSpec {
  std::optional<Target> target;
  Count in_a_row = 1;
  std::optional<std::string> tune;
  std::optional<Rule> rule;
  std::optional<std::string> compare;
  double confidence = 0.95;
  Count resamples = 10000;

  static auto fields() {
    return options(
        field("target", &ScoreSpec::target,
              "\"loss<=0.35\" or {\"loss\": 0.35}: what time, bits, updates and gradients are counted to; "
              "default the stop rule's target, if any"),
        field("in_a_row", &ScoreSpec::in_a_row, at_least(1),
              "the target is met at the first of so many measurements in a row that hold it"),
        field("tune", &ScoreSpec::tune,
              "axis of which each group takes its best level; default algorithm.learning_rate when it is an axis, "
              "\"none\" for no tuning"),
        field("rule", &ScoreSpec::rule,
              "what is best: the smallest median time, bits, updates or gradients to the target, the lowest median "
              "final loss or the highest accuracy; default time with a target, loss without"),
        field("compare", &ScoreSpec::compare,
              "axis whose levels are compared in pairs of the same seed; default algorithm when it is an axis, "
              "\"none\" for no comparison"),
        field("confidence", &ScoreSpec::confidence, Check{.low = 0, .high = 1, .low_open = true, .high_open = true}, "of intervals"),
        field("resamples", &ScoreSpec::resamples, between(100, 1'000'000), "of the bootstrap"));
  }

  [[nodiscard]] IntervalOptions intervals() const { return {.confidence = confidence, .resamples = resamples}; }
};

/// The target of a scenario's stop rule, for a scenario without one of its own: the first of loss, accuracy, suboptimality.
[[nodiscard]] std::optional<Target> stop_target(const Json& scenario);

/// How a scenario wants to be scored: its "score", with the stop rule's target as default and `in_a_row` put into the target.
[[nodiscard]] ScoreSpec score_spec_of(const Json& scenario, const std::string& file);

}  // namespace peloton
