#include "scenarios/sweep/bisection.hpp"

#include <algorithm>
#include <cmath>

namespace peloton {
namespace {

constexpr int kMostBracketTrials = 64;

}  // namespace

/// While one side is unknown: the other end, or twice and half as much.
std::optional<double> Bisection::bracket_value() const {
  if (options_.between) {
    const auto [low, high] = *options_.between;
    if (!stable_ && !unstable_) return low;
    if (stable_ == low && !unstable_) return high;
    return std::nullopt;  // unstable at the low end already, or stable at the high end still
  }
  if (trials_ > kMostBracketTrials) return std::nullopt;
  if (stable_) return 2 * *stable_;
  if (unstable_) return *unstable_ / 2;
  return options_.start;
}

std::optional<double> Bisection::next() const {
  if (over_) return std::nullopt;
  if (!stable_ || !unstable_) return bracket_value();
  if (*unstable_ <= *stable_ * (1 + options_.tolerance)) return std::nullopt;
  return std::sqrt(*stable_) * std::sqrt(*unstable_);
}

void Bisection::tell(bool is_stable) {
  const double value = *next();
  (is_stable ? stable_ : unstable_) = value;
  ++trials_;
}

}  // namespace peloton
