#pragma once

#include "sim/base/options.hpp"
#include "sim/collectives/collective.hpp"

namespace peloton {

/// How all ranks get what each of them has: n − 1 steps round a ring, or ⌈log2 n⌉ by Bruck's algorithm, of as many bits in all.
enum class AllGather : std::uint8_t { ring, bruck };
template <>
struct EnumNames<AllGather> {
  static constexpr std::array names = {std::pair{std::string_view("ring"), AllGather::ring},
                                       std::pair{std::string_view("bruck"), AllGather::bruck}};
};

/// The all-gather of so many bits from each rank.
[[nodiscard]] inline CollectiveSpec all_gather(AllGather schedule, std::uint64_t ranks, std::uint64_t bits) {
  CollectiveSpec out;
  out.kind = schedule == AllGather::ring ? CollectiveKind::ring_all_gather : CollectiveKind::bruck_all_gather;
  out.ranks = static_cast<std::uint32_t>(ranks);
  out.coordinates = bits;
  out.bits_per_coordinate = 1;
  return out;
}

}  // namespace peloton
