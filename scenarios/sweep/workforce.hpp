#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "scenarios/shared_parts.hpp"
#include "scenarios/sweep/point_run.hpp"

namespace peloton {

/// Who makes the runs of a sweep: threads of this process, or processes on other machines. Used by one thread.
class Workforce {
 public:
  virtual ~Workforce() = default;
  /// Whether it can use another task now.
  [[nodiscard]] virtual bool wants_work() const = 0;
  virtual void start(PointTask task) = 0;
  /// Tasks started whose outcomes were not handed out yet.
  [[nodiscard]] virtual std::size_t pending() const = 0;
  /// The next outcome, in the order of their ends; nothing when `patience` passes without one.
  [[nodiscard]] virtual std::optional<PointOutcome> wait(std::chrono::microseconds patience) = 0;
  /// Drops what was started: the outcomes of the remaining tasks come soon, most of them `dropped`.
  virtual void drop() = 0;
};

/// Threads of this process, a run each. They share data sets, facts of the task and the memory limit.
class ThreadWorkforce final : public Workforce {
 public:
  /// `execution` is that of each run.
  ThreadWorkforce(const Execution& execution, std::size_t jobs);
  /// Drops what is under way.
  ~ThreadWorkforce() override;
  ThreadWorkforce(const ThreadWorkforce&) = delete;
  ThreadWorkforce& operator=(const ThreadWorkforce&) = delete;

  [[nodiscard]] bool wants_work() const override;
  void start(PointTask task) override;
  [[nodiscard]] std::size_t pending() const override { return pending_; }
  [[nodiscard]] std::optional<PointOutcome> wait(std::chrono::microseconds patience) override;
  void drop() override;

 private:
  void work();

  SharedParts shared_;
  Execution execution_;
  std::atomic<bool> stop_{false};
  std::size_t pending_ = 0;
  mutable std::mutex mutex_;
  std::condition_variable has_task_;
  std::condition_variable has_outcome_;
  std::deque<PointTask> tasks_;
  std::deque<PointOutcome> outcomes_;
  bool closing_ = false;
  std::vector<std::thread> threads_;
};

/// Makes the workforce of a sweep. `jobs`: as given by --jobs.
using MakeWorkforce = std::function<std::unique_ptr<Workforce>(const Execution& execution, std::optional<std::size_t> jobs)>;

/// Threads; all cores unless `jobs` says how many.
[[nodiscard]] std::unique_ptr<Workforce> make_thread_workforce(const Execution& execution, std::optional<std::size_t> jobs);

/// What the caller of `run_points` is asked and told, always in its own thread.
struct PointCallbacks {
  std::function<std::optional<PointTask>()> next;  ///< the next task; nothing at the end
  std::function<void(PointOutcome)> done;          ///< in the order of their ends; dropped ones are not told
  /// Looked at ten times a second: true gives up what is under way. A place to show progress, too.
  std::function<bool()> stopped = [] { return false; };
};

/// Runs tasks until there are no more or they are stopped; false when stopped. What `done` throws ends it.
bool run_points(Workforce& workforce, const PointCallbacks& callbacks);

}  // namespace peloton
