#include "sim/compute/stragglers.hpp"

#include <fmt/format.h>

#include <cmath>
#include <numeric>

#include "sim/base/random.hpp"

namespace peloton {

void StragglerSpec::validate(const Place& place) const {
  if (share.has_value() == workers.has_value())
    throw InputError(place, fmt::format("needs either \"share\" or \"workers\", got {}", share ? "both" : "neither"));
}

Stragglers::Stragglers(const std::vector<StragglerSpec>& groups, std::size_t workers, std::uint64_t seed, const Place& place) {
  if (groups.empty()) return;
  group_.resize(workers);
  slowdown_ = {1.0};
  double wanted = 0;
  for (const StragglerSpec& group : groups) {
    slowdown_.push_back(group.slowdown);
    if (group.share) wanted += group.share->value * static_cast<double>(workers);
  }
  wanted += static_cast<double>(assign_named(groups, place));
  constexpr double kSumError = 1e-9;  // 1 % + 7 % + 92 % are all workers
  if (wanted > static_cast<double>(workers) * (1 + kSumError))
    throw InputError(
        place, fmt::format("must name at most all {} workers (100 %), got {:.6g} %", workers, 100 * wanted / static_cast<double>(workers)));
  assign_shares(groups, seed);
}

std::size_t Stragglers::assign_named(const std::vector<StragglerSpec>& groups, const Place& place) {
  std::size_t named = 0;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    if (!groups[g].workers) continue;
    const std::vector<Count>& workers = *groups[g].workers;
    for (std::size_t i = 0; i < workers.size(); ++i, ++named) {
      const Count worker = workers[i];
      const Place here = place / g / "workers" / i;
      if (worker < 0 || static_cast<std::size_t>(worker) >= group_.size())
        throw InputError(here, fmt::format("must be a worker from 0 to {}, got {}", group_.size() - 1, worker));
      std::uint32_t& group = group_[static_cast<std::size_t>(worker)];
      if (group != 0) throw InputError(here, fmt::format("worker {} is named twice", worker));
      group = static_cast<std::uint32_t>(g + 1);
    }
  }
  return named;
}

void Stragglers::assign_shares(const std::vector<StragglerSpec>& groups, std::uint64_t seed) {
  std::vector<NodeId> order(group_.size());
  std::iota(order.begin(), order.end(), NodeId{0});
  RandomStream random(seed, Purpose::straggler_choice, 0, 0);
  shuffle(order, random);
  auto next = order.begin();
  for (std::size_t g = 0; g < groups.size(); ++g) {
    if (!groups[g].share) continue;
    // Rounding may ask for one worker too many in all (two halves of three): the last group gets what is left.
    long long left = std::llround(groups[g].share->value * static_cast<double>(group_.size()));
    for (; left > 0 && next != order.end(); ++next) {
      if (group_[*next] != 0) continue;
      group_[*next] = static_cast<std::uint32_t>(g + 1);
      --left;
    }
  }
}

}  // namespace peloton
