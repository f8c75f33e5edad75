#include "algorithms/aggregation/aggregator.hpp"

#include "algorithms/aggregation/mean.hpp"

namespace peloton {
namespace {

std::unique_ptr<Aggregator> make(const MeanOptions& o) { return std::make_unique<Mean>(o); }

}  // namespace

std::unique_ptr<Aggregator> make_aggregator(const AggregatorSpec& spec) {
  return std::visit([](const auto& o) { return make(o); }, spec.value);
}

}  // namespace peloton
