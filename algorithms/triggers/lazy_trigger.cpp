#include "algorithms/triggers/lazy_trigger.hpp"

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

double LazyTrigger::threshold(const MovementWindow& movements, std::size_t workers, double step_size) const {
  const double sum = movements.sum();
  if (options_.scale == 0 || sum == 0) return 0;
  const double weight = options_.weight.is<ConstantWeight>() ? options_.weight.get<ConstantWeight>().value : 1 / (2 * step_size);
  const auto m = static_cast<double>(workers);
  return options_.scale / (m * m) * weight * sum;
}

bool LazyTrigger::uploads(Count round, const Worker& worker, double threshold) const {
  return round < options_.window || worker.age > options_.max_age || !(worker.squared_change < threshold);
}

}  // namespace peloton
