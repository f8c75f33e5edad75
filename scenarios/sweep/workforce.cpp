#include "scenarios/sweep/workforce.hpp"

#include "scenarios/execution_flags.hpp"

namespace peloton {
namespace {

double limit_of(const Execution& execution) { return execution.max_memory ? execution.max_memory->value : physical_memory(); }

}  // namespace

ThreadWorkforce::ThreadWorkforce(const Execution& execution, std::size_t jobs)
    : shared_(limit_of(execution), resident_memory()), execution_(execution) {
  execution_.shared = &shared_;
  for (std::size_t i = 0; i < jobs; ++i) threads_.emplace_back([this] { work(); });
}

ThreadWorkforce::~ThreadWorkforce() {
  drop();
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  has_task_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

bool ThreadWorkforce::wants_work() const {
  const std::lock_guard lock(mutex_);
  return tasks_.size() < threads_.size();  // a task waits for each thread, so that none waits for a task
}

void ThreadWorkforce::start(PointTask task) {
  {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
  }
  ++pending_;
  has_task_.notify_one();
}

std::optional<PointOutcome> ThreadWorkforce::wait(std::chrono::microseconds patience) {
  std::unique_lock lock(mutex_);
  if (!has_outcome_.wait_for(lock, patience, [&] { return !outcomes_.empty(); })) return std::nullopt;
  PointOutcome out = std::move(outcomes_.front());
  outcomes_.pop_front();
  --pending_;
  return out;
}

void ThreadWorkforce::drop() {
  stop_ = true;
  const std::lock_guard lock(mutex_);
  for (const PointTask& task : tasks_) {
    outcomes_.emplace_back();
    outcomes_.back().index = task.index;
  }
  tasks_.clear();
}

void ThreadWorkforce::work() {
  while (true) {
    PointTask task;
    {
      std::unique_lock lock(mutex_);
      has_task_.wait(lock, [&] { return closing_ || !tasks_.empty(); });
      if (tasks_.empty()) return;
      task = std::move(tasks_.front());
      tasks_.pop_front();
    }
    PointOutcome outcome = run_point(task, execution_, stop_);
    {
      const std::lock_guard lock(mutex_);
      outcomes_.push_back(std::move(outcome));
    }
    has_outcome_.notify_one();
  }
}

std::unique_ptr<Workforce> make_thread_workforce(const Execution& execution, std::optional<std::size_t> jobs) {
  return std::make_unique<ThreadWorkforce>(execution, jobs.value_or(core_count()));
}

bool run_points(Workforce& workforce, const PointCallbacks& callbacks) {
  constexpr std::chrono::milliseconds kPatience{100};
  bool stopped = false;
  bool exhausted = false;
  while (true) {
    while (!stopped && !exhausted && workforce.wants_work()) {
      std::optional<PointTask> task = callbacks.next();
      exhausted = !task;
      if (task) workforce.start(std::move(*task));
    }
    if (workforce.pending() == 0) return !stopped;
    std::optional<PointOutcome> outcome = workforce.wait(kPatience);
    if (outcome && outcome->kind != PointOutcome::Kind::dropped) callbacks.done(std::move(*outcome));
    if (!stopped && callbacks.stopped()) {
      stopped = true;
      workforce.drop();
    }
  }
}

}  // namespace peloton
