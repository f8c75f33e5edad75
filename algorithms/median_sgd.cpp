#include "algorithms/median_sgd.hpp"

namespace peloton {
namespace {

SyncSgd::Options parts(const StepSize& learning_rate, const OptimizerSpec& optimizer, const NoiseSpec& noise, const OnFailure& on_failure) {
  SyncSgd::Options out;
  out.learning_rate = learning_rate;
  out.optimizer = optimizer;
  out.aggregator = CoordinateMedianOptions{};
  out.noise = noise;
  out.on_failure = on_failure;
  return out;
}

}  // namespace

MedianSgd::MedianSgd(const StepSize& learning_rate, const OptimizerSpec& optimizer, const NoiseSpec& noise, const OnFailure& on_failure)
    : SyncSgd(parts(learning_rate, optimizer, noise, on_failure)) {}

}  // namespace peloton
