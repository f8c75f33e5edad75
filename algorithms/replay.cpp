#include "algorithms/replay.hpp"

#include <algorithm>

namespace peloton {

std::optional<TaskOrigin> Replay::task(const TaskOrigin& origin, const Vector& model) {
  TaskOrigin out{.address = origin.address, .model = model, .model_on_wire = false, .inputs = origin.inputs};
  const std::size_t worker = origin.address.worker;
  if (worker < carried_.size()) std::copy(carried_[worker].begin(), carried_[worker].end(), out.inputs.begin());
  return out;
}

Vector Replay::contribution(const TaskOrigin& origin, const Vector& /*model*/, std::vector<Vector> results) {
  const std::size_t count = computation_ == nullptr ? 0 : computation_->carried();
  if (count > 0) {
    const std::size_t worker = origin.address.worker;
    if (worker >= carried_.size()) carried_.resize(worker + 1);
    const auto first = results.begin() + 1;
    carried_[worker].assign(first, first + static_cast<std::ptrdiff_t>(count));
  }
  return std::move(results.front());
}

void Replay::visit_state(StateVisitor& v) {
  std::uint64_t workers = carried_.size();
  v("workers", workers);
  carried_.resize(workers);
  for (std::vector<Vector>& vectors : carried_) space().visit(v, "carried", vectors);
}

}  // namespace peloton
