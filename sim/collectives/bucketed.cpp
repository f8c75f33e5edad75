#include "sim/collectives/bucketed.hpp"

#include "sim/base/error.hpp"

namespace peloton {

BucketedCollective::BucketedCollective(const CollectiveSpec& spec) : joined_(spec.ranks), entered_(spec.ranks) {
  for (const std::uint64_t coordinates : spec.buckets) {
    CollectiveSpec one = spec;
    one.buckets.clear();
    one.coordinates = coordinates;
    buckets_.push_back(make_collective(one));
  }
}

void BucketedCollective::join(std::uint32_t rank, std::vector<CollectiveMessage>& out) {
  PELOTON_INVARIANT(joined_[rank] < buckets_.size(), "a rank joins once for every bucket");
  ++joined_[rank];
  enter(rank, out);
}

void BucketedCollective::receive(const CollectiveMessage& m, std::vector<CollectiveMessage>& out) {
  const auto count = static_cast<std::uint32_t>(buckets_.size());
  const std::size_t first = out.size();
  CollectiveMessage inner = m;
  inner.step = m.step / count;
  buckets_[m.step % count]->receive(inner, out);
  number(m.step % count, first, out);
  enter(m.to, out);
}

void BucketedCollective::enter(std::uint32_t rank, std::vector<CollectiveMessage>& out) {
  std::uint32_t& bucket = entered_[rank];
  while (bucket < joined_[rank] && (bucket == 0 || buckets_[bucket - 1]->done(rank))) {
    const std::size_t first = out.size();
    buckets_[bucket]->join(rank, out);
    number(bucket++, first, out);
  }
}

void BucketedCollective::number(std::size_t bucket, std::size_t first, std::vector<CollectiveMessage>& out) const {
  for (std::size_t i = first; i < out.size(); ++i) out[i].step = static_cast<std::uint32_t>(out[i].step * buckets_.size() + bucket);
}

void BucketedCollective::visit_state(StateVisitor& v) {
  v("joined", joined_);
  v("entered", entered_);
  for (const std::unique_ptr<Collective>& bucket : buckets_) bucket->visit_state(v);
}

}  // namespace peloton
