#include "sim/compute/layer_schedule.hpp"

#include <cmath>

#include "sim/base/error.hpp"

namespace peloton {
namespace {

Duration share_of(Duration whole, double share) {
  if (share == 1) return whole;  // exact, however long
  return {std::llround(static_cast<double>(whole.ns) * share)};
}

}  // namespace

LayerSchedule::LayerSchedule(const LayerwiseOverlap& options, std::span<const Tensor> tensors, double bytes_per_coordinate)
    : backward_(options.backward.value) {
  double work = 0;
  std::size_t end = 0;
  for (const Tensor& tensor : tensors) {
    work += tensor.work;
    end += tensor.coordinates;
  }
  PELOTON_INVARIANT(end > 0, "a model has a parameter");
  const bool by_size = work == 0;
  if (by_size) work = static_cast<double>(end);
  double done = 0;
  std::size_t begin = end;
  for (std::size_t i = tensors.size(); i-- > 0;) {
    begin -= tensors[i].coordinates;
    done += by_size ? static_cast<double>(tensors[i].coordinates) : tensors[i].work;
    const double bytes = static_cast<double>(end - begin) * bytes_per_coordinate;
    if (begin == end || (bytes < options.bucket.value && begin > 0)) continue;
    buckets_.push_back({begin, end});
    done_.push_back(done / work);
    end = begin;
  }
  done_.back() = 1;  // tensors without coordinates may stand before the first
}

Duration LayerSchedule::backward(Duration mini_batch) const { return share_of(mini_batch, backward_); }

Duration LayerSchedule::released(std::size_t k, Duration backward) const { return share_of(backward, done_[k]); }

Duration LayerSchedule::needed(std::size_t k, Duration forward) const { return forward - share_of(forward, done_[k]); }

}  // namespace peloton
