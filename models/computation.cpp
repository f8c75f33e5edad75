#include "models/computation.hpp"

namespace peloton {

std::span<const MutableView> TaskScratch::vectors(Precision precision, std::size_t size, std::size_t count) {
  constexpr std::size_t kLine = 64;  // each vector starts on a cache line of its own
  const std::size_t stride = (size * bytes_of(precision) + kLine - 1) / kLine * kLine;
  if (memory_.size() < count * stride) memory_.resize(count * stride);
  views_.clear();
  for (std::size_t i = 0; i < count; ++i) views_.push_back({precision, memory_.data() + i * stride, size});
  return views_;
}

void TaskRun::gradient(std::uint64_t h, ConstView x, MutableView out, double* loss) {
  PELOTON_INVARIANT(h < address.steps, "a task draws as many mini-batches as it has steps");
  const std::uint64_t call = address.call + h;
  Sample sample{.rows = {}, .seed = seed_, .worker = address.worker, .step = call};
  if (sampler_ != nullptr) sample.rows = sampler_->rows(address.worker, call, rows_);
  objective_.gradient(x, sample, out, workspace_, loss);
}

}  // namespace peloton
