#include "algorithms/schedules/communication.hpp"

#include <algorithm>

namespace peloton {
namespace {

/// ⌊T r (r + 1) / (R (R + 1))⌋ for r = 0 … R, without repetitions. In integers: a fraction that is whole must not be rounded down.
std::vector<std::uint64_t> growing_times(std::uint64_t total, std::uint64_t rounds) {
  __extension__ using Wide = unsigned __int128;
  std::vector<std::uint64_t> out{0};
  for (std::uint64_t r = 1; r <= rounds; ++r) {
    const auto time = static_cast<std::uint64_t>(Wide{total} * (r * (r + 1)) / (rounds * (rounds + 1)));
    if (time != out.back()) out.push_back(time);
  }
  return out;
}

}  // namespace

CommunicationTimes::CommunicationTimes(const CommunicationSchedule& schedule, std::size_t workers) {
  if (schedule.is<FixedSchedule>()) {
    const auto& fixed = schedule.get<FixedSchedule>();
    each_ = static_cast<std::uint64_t>(fixed.steps);
    if (fixed.total) total_ = static_cast<std::uint64_t>(*fixed.total);
  } else if (schedule.is<OneShotSchedule>()) {
    each_ = total_ = static_cast<std::uint64_t>(schedule.get<OneShotSchedule>().total);
  } else if (schedule.is<GrowingSchedule>()) {
    const auto& growing = schedule.get<GrowingSchedule>();
    times_ = growing_times(static_cast<std::uint64_t>(growing.total),
                           growing.rounds ? static_cast<std::uint64_t>(*growing.rounds) : std::uint64_t{workers});
  }
}

std::optional<std::uint64_t> CommunicationTimes::steps(std::uint64_t round) const {
  if (!times_.empty()) {
    if (round + 1 >= times_.size()) return std::nullopt;
    return times_[round + 1] - times_[round];
  }
  const std::uint64_t begin = round * each_;
  if (begin >= total_) return std::nullopt;
  return std::min(each_, total_ - begin);
}

std::uint64_t CommunicationTimes::most_steps() const {
  std::uint64_t most = times_.empty() ? std::min(each_, total_) : 0;
  for (std::size_t r = 1; r < times_.size(); ++r) most = std::max(most, times_[r] - times_[r - 1]);
  return most;
}

}  // namespace peloton
