#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "sim/base/state.hpp"
#include "sim/records.hpp"

namespace peloton {

/// Counts of non-negative integers in bounded memory: exact below 4096; above, bins of relative width 2⁻¹¹ named by their lowest value.
/// Mean and maximum are exact for every value.
class Histogram {
 public:
  void add(std::int64_t value);
  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] std::optional<double> mean() const;
  [[nodiscard]] std::optional<std::int64_t> max() const;
  /// The smallest counted value v such that at least the share q of all values is ≤ v; nothing when empty. 0 < q ≤ 1.
  [[nodiscard]] std::optional<std::int64_t> quantile(double q) const;
  /// Counted values, ascending, with their counts.
  [[nodiscard]] std::vector<std::pair<std::int64_t, std::uint64_t>> entries() const;

  void visit_state(StateVisitor& v);

 private:
  static constexpr std::int64_t kExact = 4096;
  static constexpr int kExactBits = 12;
  [[nodiscard]] static std::size_t bin_of(std::int64_t value);
  [[nodiscard]] static std::int64_t lowest_of(std::size_t bin);

  std::vector<std::uint64_t> bins_;
  std::uint64_t count_ = 0;
  std::uint64_t sum_ = 0;
  std::int64_t max_ = 0;
};

/// Staleness of applied contributions, in versions: over the whole run, and since the last measurement. Dropped ones are counted apart.
class StalenessObserver final : public Observer {
 public:
  void on_update(const UpdateRecord& r) override;

  [[nodiscard]] const Histogram& total() const { return total_; }
  [[nodiscard]] std::uint64_t dropped() const { return dropped_; }
  /// Mean seconds between the making of the base version and the update.
  [[nodiscard]] std::optional<double> mean_seconds() const;

  struct Interval {
    std::optional<double> mean;
    std::optional<std::int64_t> max;
  };
  /// What was applied since the last call.
  [[nodiscard]] Interval take_interval();

  void visit_state(StateVisitor& v);

 private:
  Histogram total_;
  std::uint64_t dropped_ = 0;
  double nanoseconds_ = 0;  ///< of staleness, summed
  std::uint64_t interval_count_ = 0;
  std::uint64_t interval_sum_ = 0;
  std::int64_t interval_max_ = 0;
};

}  // namespace peloton
