#include "scenarios/memory_budget.hpp"

#include <atomic>
#include <thread>

#include "tests/test.hpp"

using namespace peloton;

TEST_CASE("runs that fit together hold memory together; alone one never waits", "[scenarios][memory_budget]") {
  // Limit 100, program 10, shared 20: 70 are left for the runs.
  MemoryBudget budget(100, 10);
  const MemoryBudget::Share a = budget.take(30, 20);
  const MemoryBudget::Share b = budget.take(40, 20);
  MemoryBudget alone(100, 10);
  const MemoryBudget::Share large = alone.take(1000, 0);
  SUCCEED("nobody waited");
}

TEST_CASE("a run waits until what it needs is free", "[scenarios][memory_budget]") {
  MemoryBudget budget(100, 10);
  std::atomic<bool> released{false};
  std::atomic<bool> early{false};
  std::thread waiting;
  {
    const MemoryBudget::Share first = budget.take(50, 0);
    waiting = std::thread([&] {
      const MemoryBudget::Share second = budget.take(50, 0);
      early = !released;
    });
    std::this_thread::yield();
    released = true;  // before the share ends with this scope
  }
  waiting.join();
  CHECK_FALSE(early);
}
