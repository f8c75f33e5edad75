#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "models/computation.hpp"
#include "models/data/batch.hpp"
#include "models/objective.hpp"
#include "models/vector.hpp"

namespace peloton {

class GradientExecutor;

/// A handle to a stochastic gradient, or to the results of the run's Computation, evaluated when somebody first reads it.
/// Reference-counted; empty in runs without learning.
class LazyGradient {
 public:
  LazyGradient() = default;
  LazyGradient(const LazyGradient& other) noexcept : task_(other.task_) { retain(); }
  LazyGradient(LazyGradient&& other) noexcept : task_(std::exchange(other.task_, nullptr)) {}
  LazyGradient& operator=(LazyGradient other) noexcept {
    std::swap(task_, other.task_);
    return *this;
  }
  ~LazyGradient() { release(); }
  [[nodiscard]] explicit operator bool() const { return task_ != nullptr; }

 private:
  friend class GradientExecutor;
  struct Task;
  explicit LazyGradient(Task* task) : task_(task) {}
  void retain() const;
  void release();
  Task* task_ = nullptr;
};

/// What a task is computed from, for those who compute it again at another model.
struct TaskOrigin {
  TaskAddress address;
  Vector model;
  bool model_on_wire = false;  ///< the model crossed a wire of float32 numbers on its way to the worker
  std::vector<Vector> inputs;
};

/// Evaluates gradients lazily (DESIGN §3): a task that nobody reads is never evaluated; when one is needed, the pending tasks that are
/// due next are evaluated with it, one task per thread at a time. A task's result does not depend on what it is evaluated with.
class GradientExecutor {
 public:
  struct Options {
    std::uint64_t seed = 1;                   ///< of the objective's noise
    std::size_t result_budget = 64UL << 20U;  ///< bytes of results that may wait for a reader
  };

  /// Pending tasks that are evaluated together, per thread: enough that no thread waits long for the last.
  static constexpr std::size_t kTasksPerThread = 4;

  /// All referees must outlive the executor. `sampler` is null for objectives without data.
  GradientExecutor(const Objective& objective, const BatchSampler* sampler, VectorSpace& space, const Options& options);
  ~GradientExecutor();
  GradientExecutor(const GradientExecutor&) = delete;
  GradientExecutor& operator=(const GradientExecutor&) = delete;

  /// What the tasks run; null, as before the first call: one plain gradient. Must outlive the executor's tasks.
  void set_computation(const Computation* computation) { computation_ = computation; }

  /// A task at `model`: by default the gradient of `worker`'s batch number `call`. `due`: virtual completion time, the order in which
  /// tasks are worked off.
  [[nodiscard]] LazyGradient submit(const TaskAddress& address, const Vector& model, std::int64_t due, std::vector<Vector> inputs = {});

  /// From now on tasks keep what they were computed from, as long as there is a handle to them.
  void keep_origins() { keeps_origins_ = true; }
  /// Where a task comes from; null where it was not kept. `model_on_wire` is for the caller to say.
  [[nodiscard]] std::shared_ptr<const TaskOrigin> origin(const LazyGradient& gradient) const;
  void set_model_on_wire(const LazyGradient& gradient);
  /// Evaluates tasks of `computation` (null: plain gradients) now, spread over the threads, beside the run's own: nothing is counted,
  /// nothing is kept. All results of each task, in the order of the tasks.
  [[nodiscard]] std::vector<std::vector<Vector>> evaluate_apart(const Computation* computation, std::span<const TaskOrigin> tasks);

  /// The first result; evaluates when needed. Gives float32-rounded numbers once `round` was called.
  [[nodiscard]] const Vector& value(const LazyGradient& gradient);
  /// Result number i of the run's Computation, never rounded but for the first.
  [[nodiscard]] const Vector& result(const LazyGradient& gradient, std::size_t i);
  [[nodiscard]] std::span<const double> scalars(const LazyGradient& gradient);

  /// The gradient has crossed a float32 wire: from now on its value is rounded (nothing to do for float32 runs).
  void round(const LazyGradient& gradient);
  /// Whether `round` has made a difference.
  [[nodiscard]] bool is_rounded(const LazyGradient& gradient) const;

  /// Calls body(values) for the gradients in the order given, a few at a time, and drops each right after: at most the budget is
  /// held at once. How many come together depends on the thread count; a body that treats them one after the other does not.
  void consume(std::vector<LazyGradient> gradients, const std::function<void(std::span<const Vector> values)>& body);

  /// Gradients in the tasks that were read at least once (not those evaluated ahead of need): the same for every thread count.
  [[nodiscard]] std::uint64_t evaluations() const { return evaluations_; }
  /// The most results that waited for a reader at once, and the room for them.
  [[nodiscard]] std::size_t most_results() const;
  [[nodiscard]] VectorSpace& space() const { return space_; }

  /// Saves or restores a handle with all it needs; shared tasks stay shared.
  void visit(StateVisitor& v, std::string_view name, LazyGradient& gradient);
  void visit(StateVisitor& v, std::string_view name, std::shared_ptr<const TaskOrigin>& origin);
  void visit_state(StateVisitor& v) { v("evaluations", evaluations_); }

 private:
  using Task = LazyGradient::Task;
  friend class LazyGradient;
  /// A pending task in the order of due time; stale when the task's serial number has changed.
  struct Pending {
    std::int64_t due;
    std::uint64_t serial;
    Task* task;
    friend bool operator>(const Pending& a, const Pending& b) { return a.due != b.due ? a.due > b.due : a.serial > b.serial; }
  };

  static bool stale(const Pending& pending);
  void drop_stale();
  Task* take_task();
  void recycle(Task* task);
  void evaluate(std::span<Task* const> tasks);
  void evaluate_one(Task& task, std::size_t thread);
  /// Runs a task on a thread. `results` and `scalars` have the sizes that the computation asks for.
  void run(const Computation* computation, const TaskAddress& address, ConstView model, std::span<const Vector> inputs,
           std::span<const MutableView> results, std::span<double> scalars, std::size_t thread);
  void evaluate_with_next(Task& task);
  void read(Task& task);
  void visit_task(StateVisitor& v, Task& task);
  Vector rounded(const Vector& value) { return space_.rounded_to_float32(value); }

  const Objective& objective_;
  const BatchSampler* sampler_;
  VectorSpace& space_;
  Options options_;
  std::vector<std::unique_ptr<Workspace>> workspaces_;
  std::vector<std::vector<std::uint32_t>> rows_;
  std::vector<TaskScratch> scratch_;
  const Computation* computation_ = nullptr;
  std::vector<std::unique_ptr<Task>> tasks_;
  std::vector<Task*> free_;
  std::vector<Pending> pending_;    ///< a heap; tasks evaluated or dropped meanwhile stay in it until they surface
  std::size_t pending_limit_ = 64;  ///< the size at which stale entries are swept out
  std::vector<Task*> group_;
  std::uint64_t next_serial_ = 1;
  std::uint64_t evaluations_ = 0;
  std::size_t waiting_results_ = 0;
  bool keeps_origins_ = false;
};

}  // namespace peloton
