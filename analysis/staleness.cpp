#include "analysis/staleness.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "sim/base/error.hpp"

namespace peloton {

std::size_t Histogram::bin_of(std::int64_t value) {
  if (value < kExact) return static_cast<std::size_t>(value);
  // The top 12 bits name the bin: 2048 bins per power of two.
  const int exponent = 64 - std::countl_zero(static_cast<std::uint64_t>(value)) - kExactBits;
  const std::int64_t mantissa = value >> exponent;  // 2048 … 4095
  return static_cast<std::size_t>(kExact + (exponent - 1) * (kExact / 2) + (mantissa - kExact / 2));
}

std::int64_t Histogram::lowest_of(std::size_t bin) {
  const auto b = static_cast<std::int64_t>(bin);
  if (b < kExact) return b;
  const std::int64_t exponent = (b - kExact) / (kExact / 2) + 1;
  const std::int64_t mantissa = (b - kExact) % (kExact / 2) + kExact / 2;
  return mantissa << exponent;
}

void Histogram::add(std::int64_t value) {
  PELOTON_INVARIANT(value >= 0, "staleness cannot be negative");
  const std::size_t bin = bin_of(value);
  if (bin >= bins_.size()) bins_.resize(bin + 1);
  ++bins_[bin];
  ++count_;
  sum_ += static_cast<std::uint64_t>(value);
  max_ = std::max(max_, value);
}

std::optional<double> Histogram::mean() const {
  if (count_ == 0) return std::nullopt;
  return static_cast<double>(sum_) / static_cast<double>(count_);
}

std::optional<std::int64_t> Histogram::max() const { return count_ == 0 ? std::nullopt : std::optional(max_); }

std::optional<std::int64_t> Histogram::quantile(double q) const {
  if (count_ == 0) return std::nullopt;
  const double wanted = q * static_cast<double>(count_);
  std::uint64_t seen = 0;
  for (std::size_t bin = 0; bin < bins_.size(); ++bin) {
    seen += bins_[bin];
    if (bins_[bin] > 0 && static_cast<double>(seen) >= wanted) return lowest_of(bin);
  }
  return max_;
}

std::vector<std::pair<std::int64_t, std::uint64_t>> Histogram::entries() const {
  std::vector<std::pair<std::int64_t, std::uint64_t>> out;
  for (std::size_t bin = 0; bin < bins_.size(); ++bin)
    if (bins_[bin] > 0) out.emplace_back(lowest_of(bin), bins_[bin]);
  return out;
}

void Histogram::visit_state(StateVisitor& v) {
  v("bins", bins_);
  v("count", count_);
  v("sum", sum_);
  v("max", max_);
}

void StalenessObserver::on_update(const UpdateRecord& r) {
  if (!r.applied) {
    ++dropped_;
    return;
  }
  total_.add(r.staleness);
  nanoseconds_ += static_cast<double>(r.staleness_time.ns);
  ++interval_count_;
  interval_sum_ += static_cast<std::uint64_t>(r.staleness);
  interval_max_ = std::max(interval_max_, r.staleness);
}

std::optional<double> StalenessObserver::mean_seconds() const {
  if (total_.count() == 0) return std::nullopt;
  return nanoseconds_ / static_cast<double>(total_.count()) / 1e9;
}

StalenessObserver::Interval StalenessObserver::take_interval() {
  Interval out;
  if (interval_count_ > 0) {
    out.mean = static_cast<double>(interval_sum_) / static_cast<double>(interval_count_);
    out.max = interval_max_;
  }
  interval_count_ = interval_sum_ = 0;
  interval_max_ = 0;
  return out;
}

void StalenessObserver::visit_state(StateVisitor& v) {
  v("total", total_);
  v("dropped", dropped_);
  v("nanoseconds", nanoseconds_);
  v("interval_count", interval_count_);
  v("interval_sum", interval_sum_);
  v("interval_max", interval_max_);
}

}  // namespace peloton
