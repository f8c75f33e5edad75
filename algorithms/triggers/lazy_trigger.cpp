#include "algorithms/triggers/lazy_trigger.hpp"

#include <algorithm>

namespace peloton {

void MovementWindow::push(double squared) {
  if (squared_.size() < length_) {
    squared_.push_back(squared);
  } else if (length_ > 0) {
    squared_[oldest_] = squared;
    oldest_ = (oldest_ + 1) % length_;
  }
}

double MovementWindow::sum() const {
  double total = 0;
  for (std::size_t i = 0; i < squared_.size(); ++i) total += squared_[(oldest_ + i) % squared_.size()];
  return total;
}

void MovementWindow::visit_state(StateVisitor& v) {
  v("squared", squared_);
  v("oldest", oldest_);
}

bool LazyTrigger::always() const {
  return options_.window == 0 || options_.scale == 0 ||
         (options_.weight.is<ConstantWeight>() && options_.weight.get<ConstantWeight>().value == 0);
}

bool LazyTrigger::due(Count round, Count age) const { return always() || round < options_.window || age > options_.max_age; }

double LazyTrigger::threshold(const MovementWindow& movements, std::size_t workers, double step_size) const {
  if (always()) return 0;
  const double weight = options_.weight.is<ConstantWeight>() ? options_.weight.get<ConstantWeight>().value : 1 / (2 * step_size);
  const auto m = static_cast<double>(workers);
  return options_.scale / (m * m) * weight * movements.sum();
}

std::size_t LazyTrigger::remembered_models(std::size_t workers) const {
  return std::min(workers, static_cast<std::size_t>(options_.max_age) + 1);
}

}  // namespace peloton
