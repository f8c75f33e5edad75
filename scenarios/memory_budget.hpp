#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <utility>

namespace peloton {

/// Memory that runs of one process share: a run waits until what it needs fits beside those that run already. Alone it never waits.
class MemoryBudget {
 public:
  /// What a run holds, given back at the end of the scope.
  class Share {
   public:
    Share() = default;
    Share(MemoryBudget& budget, double bytes) : budget_(&budget), bytes_(bytes) {}
    Share(Share&& other) noexcept : budget_(std::exchange(other.budget_, nullptr)), bytes_(other.bytes_) {}
    Share& operator=(Share&& other) noexcept {
      std::swap(budget_, other.budget_);
      std::swap(bytes_, other.bytes_);
      return *this;
    }
    ~Share();

   private:
    MemoryBudget* budget_ = nullptr;
    double bytes_ = 0;
  };

  /// `limit`: bytes for everything; `program`: bytes that the process holds before the runs.
  MemoryBudget(double limit, double program) : limit_(limit), program_(program) {}

  [[nodiscard]] double limit() const { return limit_; }
  [[nodiscard]] double program() const { return program_; }

  /// `bytes`: of the run alone; `shared`: what all runs hold together, such as data. Both in bytes.
  [[nodiscard]] Share take(double bytes, double shared);

 private:
  double limit_;
  double program_;
  std::mutex mutex_;
  std::condition_variable freed_;
  double taken_ = 0;
  std::size_t holders_ = 0;
};

}  // namespace peloton
