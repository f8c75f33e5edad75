#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/metrics.hpp"
#include "sim/base/options.hpp"

namespace peloton {

/// A value that a metric is to reach: "loss<=0.35", "accuracy>=0.9". The direction follows from the metric: accuracies are to rise,
/// everything else is to fall.
struct Target {
  std::string metric = "loss";  ///< one of target_metrics()
  double value = 0;
  std::int64_t in_a_row = 1;  ///< measurements in a row that must hold it, ≥ 1

  /// An undefined or not finite metric holds no target.
  [[nodiscard]] bool holds(const MetricsRow& row) const;
  /// "loss <= 0.35", "loss <= 0.35 (3 in a row)".
  [[nodiscard]] std::string text() const;

  friend bool operator==(const Target&, const Target&) = default;
};

/// Metrics that a target can be set on: those of the learning.
[[nodiscard]] const std::vector<std::string>& target_metrics();
/// True for accuracies, which are better the higher they are. `metric` is a column of metrics.csv.
[[nodiscard]] bool rises(std::string_view metric);

/// Reads "loss<=0.35", "loss=0.35" or "accuracy>=0.9". An unknown metric, the wrong direction or a value that is no finite number is an
/// InputError whose message says what was expected (the caller adds the place).
[[nodiscard]] Target parse_target(std::string_view text);

/// In scenarios: the text form, or {"loss": 0.35}.
template <>
struct OptionType<Target> {
  static Target parse(const Json& json, const Place& place);
  static Json write(const Target& target) { return {{target.metric, target.value}}; }
  static Json schema();
  static std::string type() { return "target"; }
};

}  // namespace peloton
