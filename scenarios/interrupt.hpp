#pragma once

namespace peloton {

/// Turns the first Ctrl-C (SIGINT) or SIGTERM into a request that the run loop sees; the second one ends the process at once.
/// A signal belongs to the process, so this is the one place with process-wide state.
class InterruptGuard {
 public:
  InterruptGuard();
  ~InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;
  [[nodiscard]] bool requested() const;
};

}  // namespace peloton
