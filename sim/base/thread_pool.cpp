#include "sim/base/thread_pool.hpp"

#include <cstdint>

#include "sim/base/error.hpp"

namespace peloton {
namespace {

/// How often a waiting thread looks before it sleeps: about 20 µs, longer than the pause between two batches of gradients.
constexpr int kSpins = 2000;

void relax() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

}  // namespace

ThreadPool::ThreadPool(std::size_t threads) {
  PELOTON_INVARIANT(threads >= 1, "a thread pool needs a thread");
  threads_.reserve(threads - 1);
  for (std::size_t i = 1; i < threads; ++i) threads_.emplace_back([this, i] { serve(i); });
}

ThreadPool::~ThreadPool() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
    generation_.fetch_add(1);
  }
  wake_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void ThreadPool::run(std::size_t count, const std::function<void(std::size_t, std::size_t)>& body) {
  if (count == 0) return;
  if (threads_.empty() || count == 1) {
    for (std::size_t i = 0; i < count; ++i) body(i, 0);
    return;
  }
  count_ = count;
  body_ = &body;
  failure_ = nullptr;
  next_.store(0, std::memory_order_relaxed);
  busy_.store(threads_.size(), std::memory_order_relaxed);
  {
    const std::lock_guard lock(mutex_);
    generation_.fetch_add(1, std::memory_order_release);
  }
  wake_.notify_all();
  work(0);
  for (int spin = 0; busy_.load(std::memory_order_acquire) != 0; ++spin) {
    if (spin < kSpins)
      relax();
    else
      std::this_thread::yield();
  }
  if (failure_) std::rethrow_exception(failure_);
}

std::uint64_t ThreadPool::await_generation(std::uint64_t seen) {
  for (int spin = 0; spin < kSpins; ++spin) {
    const std::uint64_t now = generation_.load(std::memory_order_acquire);
    if (now != seen) return now;
    relax();
  }
  std::unique_lock lock(mutex_);
  wake_.wait(lock, [&] { return generation_.load(std::memory_order_acquire) != seen; });
  return generation_.load(std::memory_order_acquire);
}

void ThreadPool::serve(std::size_t thread) {
  std::uint64_t seen = 0;
  while (true) {
    seen = await_generation(seen);
    if (stop_) return;
    work(thread);
    busy_.fetch_sub(1, std::memory_order_release);
  }
}

void ThreadPool::work(std::size_t thread) {
  while (true) {
    const std::size_t index = next_.fetch_add(1, std::memory_order_relaxed);
    if (index >= count_) return;
    try {
      (*body_)(index, thread);
    } catch (...) {
      const std::lock_guard lock(failure_mutex_);
      if (!failure_ || index < failed_index_) {
        failure_ = std::current_exception();
        failed_index_ = index;
      }
    }
  }
}

}  // namespace peloton
