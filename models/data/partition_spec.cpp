#include "models/data/partition_spec.hpp"

#include <fmt/format.h>

namespace peloton {

void SizeSkewPartition::validate(const Place& place) const {
  if (sizes() == ShardSizes::shares && shares.empty()) throw InputError(place, "needs the key \"shares\" (weights, one per worker)");
  if (sizes() != ShardSizes::shares && !shares.empty())
    throw InputError(place / "shares",
                     fmt::format("goes with the law shares, got the law {}", OptionType<ShardSizes>::write(sizes()).get<std::string>()));
  for (std::size_t w = 0; w < shares.size(); ++w)
    if (shares[w] <= 0) throw InputError(place / "shares" / w, fmt::format("must be > 0, got {}", shares[w]));
}

void PartitionSpec::validate(const Place& place) const {
  if (reshuffle == Reshuffle::never || scheme.is<IidPartition>() || scheme.is<SizeSkewPartition>()) return;
  throw InputError(place / "reshuffle",
                   fmt::format("epoch goes with iid and size_skew, whose rows are dealt at random alone; new rows would not "
                               "keep the shards of {}",
                               scheme.kind()));
}

}  // namespace peloton
