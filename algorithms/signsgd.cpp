#include "algorithms/signsgd.hpp"

namespace peloton {
namespace {

SyncSgd::Options parts(const StepSize& learning_rate, ZeroSign zero, const NoiseSpec& noise, const OnFailure& on_failure) {
  SyncSgd::Options out;
  out.learning_rate = learning_rate;
  out.aggregator = MajorityVoteOptions{};
  out.compressor = SignOptions{.zero = zero};
  out.noise = noise;
  out.on_failure = on_failure;
  return out;
}

}  // namespace

SignSgd::SignSgd(const StepSize& learning_rate, ZeroSign zero, const NoiseSpec& noise, const OnFailure& on_failure)
    : SyncSgd(parts(learning_rate, zero, noise, on_failure)), zero_(zero) {}

std::optional<CodecSpec> SignSgd::downlink(std::size_t workers) const {
  const bool decided = workers % 2 == 1 && zero_ != ZeroSign::keep;  // no vote can be zero
  return SignOptions{.zero = decided ? ZeroSign::plus : ZeroSign::keep};
}

}  // namespace peloton
