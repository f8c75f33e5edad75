#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sim/base/state.hpp"
#include "sim/records.hpp"
#include "sim/time.hpp"

namespace peloton {

/// One measurement: a row of metrics.csv. Undefined fields are empty.
struct MetricsRow {
  Time time;
  std::uint64_t updates = 0;
  std::uint64_t gradients = 0;
  std::uint64_t evaluations = 0;
  std::uint64_t samples = 0;
  std::optional<double> epochs;
  std::array<std::uint64_t, kTrafficKinds> bits{};
  std::uint64_t wire_bytes = 0;
  std::optional<double> loss;
  std::optional<double> test_loss;
  std::optional<double> accuracy;
  std::optional<double> grad_norm;
  std::optional<double> suboptimality;
  std::optional<double> distance_to_optimum;
  std::optional<double> staleness_mean;
  std::optional<std::int64_t> staleness_max;
  std::optional<double> consensus_distance;
  std::optional<double> worker_loss_mean;  ///< of the reported model on the workers' shards; the next three too
  std::optional<double> worker_loss_worst10;
  std::optional<double> worker_accuracy_mean;
  std::optional<double> worker_accuracy_worst10;
  std::optional<double> twin_distance;         ///< ‖x − y‖ to the zero-delay twin y, at the measurement
  std::optional<double> twin_floor;            ///< ‖y − y′‖ of the twin and its perturbed copy, at the measurement
  std::optional<double> gradient_discrepancy;  ///< mean over the updates since the row before
  std::optional<double> twin_loss_gap;         ///< f(x) − f(y)

  [[nodiscard]] std::uint64_t total_bits() const { return bits[0] + bits[1] + bits[2] + bits[3]; }
  void visit_state(StateVisitor& v);
};

/// The columns of metrics.csv, in order.
[[nodiscard]] std::vector<std::string> metrics_columns();
/// The cells of a row, in the order of the columns.
[[nodiscard]] std::vector<std::string> metrics_cells(const MetricsRow& row);
/// A cell as a number, whichever its type; nothing when it is undefined. `column` must be one of the columns.
[[nodiscard]] std::optional<double> metric(const MetricsRow& row, std::string_view column);

/// A cell with its type, for stores: undefined, a count (of the time: nanoseconds), or a real number.
using MetricsValue = std::variant<std::monostate, std::int64_t, double>;
/// The cells of a row with their types, in the order of the columns.
[[nodiscard]] std::vector<MetricsValue> metrics_values(const MetricsRow& row);
/// Writes a cell that `metrics_values` gave back into a row. `column`: its number; false when the type is not that of the column.
[[nodiscard]] bool set_metrics_value(MetricsRow& row, std::size_t column, const MetricsValue& value);

/// metrics.csv with its head.
[[nodiscard]] std::string metrics_csv(const std::vector<MetricsRow>& rows);
/// Reads what `metrics_csv` wrote, or a file of an older version with fewer columns; exact. A text that is none is an InputError that
/// names `file`, line and column.
[[nodiscard]] std::vector<MetricsRow> parse_metrics_csv(std::string_view text, const std::string& file);

}  // namespace peloton
