#include "sim/base/thread_pool.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <stdexcept>
#include <string>
#include <vector>

#include "sim/base/error.hpp"
#include "tests/test.hpp"

using namespace peloton;

TEST_CASE("every index runs once, on a thread of the pool", "[sim][base][thread_pool]") {
  for (const std::size_t threads : {1, 2, 8}) {
    ThreadPool pool(threads);
    CHECK(pool.size() == threads);
    for (const std::size_t count : {0, 1, 2, 7, 1000}) {
      CAPTURE(threads, count);
      std::vector<std::atomic<int>> runs(count);
      std::atomic<bool> strange_thread{false};
      pool.run(count, [&](std::size_t index, std::size_t thread) {
        ++runs[index];
        if (thread >= threads) strange_thread = true;
      });
      CHECK_FALSE(strange_thread);
      CHECK(std::all_of(runs.begin(), runs.end(), [](const std::atomic<int>& r) { return r == 1; }));
    }
  }
}

TEST_CASE("a thread number is used by one thread at a time", "[sim][base][thread_pool]") {
  // Invariant: scratch memory indexed by the thread number needs no lock.
  ThreadPool pool(8);
  std::vector<std::atomic<bool>> busy(8);
  std::atomic<int> collisions{0};
  pool.run(2000, [&](std::size_t, std::size_t thread) {
    if (busy[thread].exchange(true)) ++collisions;
    busy[thread] = false;
  });
  CHECK(collisions == 0);
}

TEST_CASE("many small runs follow each other", "[sim][base][thread_pool]") {
  // Invariant: what a run wrote is there when it returns, and no thread is late for its run.
  for (const std::size_t threads : {1, 2, 8}) {
    CAPTURE(threads);
    ThreadPool pool(threads);
    std::vector<std::size_t> values(3);
    for (std::size_t round = 0; round < 500; ++round) {
      pool.run(values.size(), [&](std::size_t index, std::size_t) { values[index] += round; });
      for (const std::size_t value : values) REQUIRE(value == round * (round + 1) / 2);
    }
  }
}

TEST_CASE("the failure of the lowest index reaches the caller", "[sim][base][thread_pool]") {
  for (const std::size_t threads : {1, 2, 8}) {
    CAPTURE(threads);
    ThreadPool pool(threads);
    const auto fail_from_13 = [](std::size_t index, std::size_t) {
      if (index >= 13) throw std::runtime_error("index " + std::to_string(index));
    };
    for (int i = 0; i < 20; ++i) CHECK_THROWS_WITH(pool.run(40, fail_from_13), "index 13");
    CHECK_THROWS_WITH(pool.run(1, [](std::size_t, std::size_t) { throw std::runtime_error("alone"); }), "alone");

    std::atomic<int> runs{0};
    pool.run(40, [&](std::size_t, std::size_t) { ++runs; });  // the pool goes on, and the old failure is gone
    CHECK(runs == 40);
  }
}

TEST_CASE("a failure that comes late is still the lowest", "[sim][base][thread_pool]") {
  // Index 13 fails 2 ms after another thread has failed at a higher index.
  ThreadPool pool(2);
  std::atomic<bool> failed{false};
  const auto body = [&](std::size_t index, std::size_t) {
    if (index < 13) return;
    if (index == 13) {
      while (!failed) std::this_thread::yield();
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    failed = true;
    throw std::runtime_error("index " + std::to_string(index));
  };
  CHECK_THROWS_WITH(pool.run(20, body), "index 13");
}

TEST_CASE("a pool without a thread breaks an invariant", "[sim][base][thread_pool]") { CHECK_THROWS_AS(ThreadPool(0), BrokenInvariant); }

TEST_CASE("pools come and go", "[sim][base][thread_pool]") {
  for (int i = 0; i < 50; ++i) {
    ThreadPool idle(4);  // destroyed before its threads have slept or worked
    ThreadPool used(3);
    std::atomic<int> runs{0};
    used.run(3, [&](std::size_t, std::size_t) { ++runs; });
    REQUIRE(runs == 3);
  }
}
