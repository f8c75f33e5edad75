#include "sim/compute/phases.hpp"

#include <algorithm>

#include "sim/base/error.hpp"

namespace peloton {

Phases::Phases(Spec spec, std::size_t entities, Source source) : spec_(std::move(spec)), source_(source), walks_(entities) {}

Phases::Phase Phases::at(std::uint32_t entity, Time t) const {
  PELOTON_INVARIANT(t >= Time{}, "virtual time starts at 0");
  Walk& walk = walks_[entity];
  if (walk.start == walk.end || t < walk.start) walk = first(entity);
  while (t >= walk.end) advance(entity, walk);
  return {walk.slow, walk.end};
}

Phases::Walk Phases::first(std::uint32_t entity) const {
  RandomStream random = stream(entity, 0);
  Walk out;
  if (spec_.stationary) {
    const double slow = spec_.slow.expectation();
    out.slow = random.uniform() * (slow + spec_.usual.expectation()) < slow;
  }
  out.end = end_of(out, random);
  return out;
}

void Phases::advance(std::uint32_t entity, Walk& walk) const {
  walk.start = walk.end;
  walk.slow = !walk.slow;
  ++walk.number;
  RandomStream random = stream(entity, walk.number);
  walk.end = end_of(walk, random);
}

RandomStream Phases::stream(std::uint32_t entity, std::uint64_t number) const {
  constexpr unsigned kNumberBits = 44;
  return {source_.seed, source_.purpose, entity, std::uint64_t{source_.process} << kNumberBits | number};
}

Time Phases::end_of(const Walk& walk, RandomStream& random) const {
  const std::int64_t length = std::max<std::int64_t>(draw(walk.slow ? spec_.slow : spec_.usual, random).ns, 1);
  return walk.start.ns > kNever.ns - length ? kNever : walk.start + Duration{length};
}

}  // namespace peloton
