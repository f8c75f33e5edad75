#include "algorithms/schedules/communication.hpp"

#include <algorithm>

namespace peloton {
namespace {

struct Times {
  std::uint64_t workers;

  std::vector<std::uint64_t> operator()(const EveryStepSchedule&) const { return {}; }

  std::vector<std::uint64_t> operator()(const FixedSchedule& s) const {
    std::vector<std::uint64_t> out;
    if (!s.total) return out;
    for (Count t = 0; t < *s.total; t += s.steps) out.push_back(static_cast<std::uint64_t>(t));
    out.push_back(static_cast<std::uint64_t>(*s.total));
    return out;
  }

  std::vector<std::uint64_t> operator()(const GrowingSchedule& s) const {
    const auto total = static_cast<std::uint64_t>(s.total);
    const std::uint64_t rounds = s.rounds ? static_cast<std::uint64_t>(*s.rounds) : workers;
    std::vector<std::uint64_t> out;
    for (std::uint64_t r = 0; r <= rounds; ++r) {
      const double share =
          static_cast<double>(r) * static_cast<double>(r + 1) / (static_cast<double>(rounds) * static_cast<double>(rounds + 1));
      out.push_back(r == rounds ? total : static_cast<std::uint64_t>(share * static_cast<double>(total)));
    }
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
  }

  std::vector<std::uint64_t> operator()(const OneShotSchedule& s) const { return {0, static_cast<std::uint64_t>(s.total)}; }
};

}  // namespace

CommunicationTimes::CommunicationTimes(const CommunicationSchedule& schedule, std::size_t workers)
    : times_(std::visit(Times{workers}, schedule.value)) {
  if (!times_.empty()) return;
  each_ = schedule.is<FixedSchedule>() ? static_cast<std::uint64_t>(schedule.get<FixedSchedule>().steps) : 1;
}

std::optional<std::uint64_t> CommunicationTimes::steps(std::uint64_t round) const {
  if (times_.empty()) return each_;
  if (round + 1 >= times_.size()) return std::nullopt;
  return times_[round + 1] - times_[round];
}

}  // namespace peloton
