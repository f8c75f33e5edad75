#include "algorithms/parcel.hpp"

#include <algorithm>

namespace peloton {

Cuts::Cuts(const LayerSchedule* layers, std::size_t dimension, std::size_t servers) {
  const std::vector<LayerSchedule::Bucket> whole{{0, dimension}};
  const std::vector<LayerSchedule::Bucket>& buckets = layers == nullptr ? whole : layers->buckets();
  for (std::uint32_t b = 0; b < buckets.size(); ++b) {
    std::size_t shard_end = 0;
    for (std::uint32_t s = 0; s < servers; ++s) {
      const std::size_t shard_begin = shard_end;
      shard_end += dimension / servers + (s < dimension % servers ? 1 : 0);
      const std::size_t begin = std::max(shard_begin, buckets[b].begin);
      const std::size_t end = std::min(shard_end, buckets[b].end);
      if (begin < end) cuts_.push_back({.bucket = b, .shard = s, .begin = begin, .end = end});
    }
  }
}

bool Cuts::suit(const Codec& codec) const {
  return std::all_of(cuts_.begin(), cuts_.end(), [&](const Cut& cut) { return codec.bits_of(cut.begin, cut.end).has_value(); });
}

}  // namespace peloton
