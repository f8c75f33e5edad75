#include "algorithms/aggregation/aggregator.hpp"

#include "algorithms/aggregation/coordinate_median.hpp"
#include "algorithms/aggregation/majority_vote.hpp"
#include "algorithms/aggregation/mean.hpp"

namespace peloton {
namespace {

std::unique_ptr<Aggregator> make(const MeanOptions& o) { return std::make_unique<Mean>(o); }
std::unique_ptr<Aggregator> make(const MajorityVoteOptions&) { return std::make_unique<MajorityVote>(); }
std::unique_ptr<Aggregator> make(const CoordinateMedianOptions&) { return std::make_unique<CoordinateMedian>(); }

}  // namespace

std::vector<double> Aggregator::weights(std::span<const double> samples) const {
  return std::vector<double>(samples.size(), 1.0 / static_cast<double>(samples.size()));
}

std::unique_ptr<Aggregator> make_aggregator(const AggregatorSpec& spec) {
  return std::visit([](const auto& o) { return make(o); }, spec.value);
}

}  // namespace peloton
