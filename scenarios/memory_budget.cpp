#include "scenarios/memory_budget.hpp"

namespace peloton {

MemoryBudget::Share MemoryBudget::take(double bytes, double shared) {
  std::unique_lock lock(mutex_);
  freed_.wait(lock, [&] { return holders_ == 0 || program_ + shared + taken_ + bytes <= limit_; });
  taken_ += bytes;
  ++holders_;
  return {*this, bytes};
}

MemoryBudget::Share::~Share() {
  if (budget_ == nullptr) return;
  {
    const std::lock_guard lock(budget_->mutex_);
    budget_->taken_ -= bytes_;
    --budget_->holders_;
  }
  budget_->freed_.notify_all();
}

}  // namespace peloton
