#include "sim/network/offered_load.hpp"

#include <cmath>

namespace peloton {

void OfferedLoad::add(std::span<const Resource> route, double rate, Time from, Time to) {
  for (const Resource& resource : route) {
    if (resource.fatpipe || std::isinf(resource.bandwidth)) continue;
    changes_[from].push_back({resource.id, rate / resource.bandwidth, 1});
    changes_[to].push_back({resource.id, -rate / resource.bandwidth, -1});
  }
}

}  // namespace peloton
