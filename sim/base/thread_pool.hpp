#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace peloton {

/// A fixed set of threads that run the indices of a loop. The caller takes part, so `ThreadPool(1)` starts no thread.
/// Which thread runs which index is not defined: the body must write only what belongs to its index.
class ThreadPool {
 public:
  /// `threads` ≥ 1, the caller included.
  explicit ThreadPool(std::size_t threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  [[nodiscard]] std::size_t size() const { return threads_.size() + 1; }

  /// Runs body(index, thread) for index = 0 … count − 1, with 0 ≤ thread < size(); returns when all are done. The exception of
  /// the lowest failing index is thrown to the caller. Not reentrant.
  void run(std::size_t count, const std::function<void(std::size_t index, std::size_t thread)>& body);

 private:
  void serve(std::size_t thread);
  void work(std::size_t thread);
  [[nodiscard]] std::uint64_t await_generation(std::uint64_t seen);

  std::vector<std::thread> threads_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::atomic<std::uint64_t> generation_{0};
  std::atomic<bool> stop_{false};
  std::atomic<std::size_t> next_{0};
  std::atomic<std::size_t> busy_{0};
  std::size_t count_ = 0;
  const std::function<void(std::size_t, std::size_t)>* body_ = nullptr;
  std::mutex failure_mutex_;
  std::size_t failed_index_ = 0;
  std::exception_ptr failure_;
};

}  // namespace peloton
