#include "models/gradient_executor.hpp"

#include <algorithm>
#include <tuple>

namespace peloton {

struct LazyGradient::Task {
  GradientExecutor* home = nullptr;
  std::uint32_t references = 0;
  bool read = false;
  bool rounded = false;
  TaskAddress address;
  std::int64_t due = 0;
  std::uint64_t serial = 0;
  std::shared_ptr<TaskOrigin> origin;  ///< where it is kept
  Vector model;                        ///< until evaluated
  Vector result;                       ///< once evaluated
  std::vector<Vector> inputs;          ///< until evaluated; most computations have none
  std::vector<Vector> others;          ///< the results but the first, once evaluated
  std::vector<double> scalars;
};

void LazyGradient::retain() const {
  if (task_ != nullptr) ++task_->references;
}

void LazyGradient::release() {
  if (task_ != nullptr && --task_->references == 0) task_->home->recycle(task_);
  task_ = nullptr;
}

GradientExecutor::GradientExecutor(const Objective& objective, const BatchSampler* sampler, VectorSpace& space, const Options& options)
    : objective_(objective),
      sampler_(sampler),
      space_(space),
      options_(options),
      rows_(space.pool().size()),
      scratch_(space.pool().size()) {
  for (std::size_t i = 0; i < space.pool().size(); ++i) workspaces_.push_back(objective.workspace());
}

GradientExecutor::~GradientExecutor() = default;

std::size_t GradientExecutor::most_results() const {
  const std::size_t group = kTasksPerThread * space_.pool().size();
  return std::min(group, std::max<std::size_t>(space_.pool().size(), options_.result_budget / space_.bytes_per_vector()));
}

GradientExecutor::Task* GradientExecutor::take_task() {
  if (free_.empty()) {
    tasks_.push_back(std::make_unique<Task>());
    tasks_.back()->home = this;
    free_.push_back(tasks_.back().get());
  }
  Task* task = free_.back();
  free_.pop_back();
  task->serial = next_serial_++;
  task->read = task->rounded = false;
  return task;
}

void GradientExecutor::recycle(Task* task) {
  if (task->result) --waiting_results_;
  task->origin.reset();
  task->model = Vector();
  task->result = Vector();
  task->inputs.clear();
  task->others.clear();
  task->scalars.clear();
  task->serial = 0;
  free_.push_back(task);
}

LazyGradient GradientExecutor::submit(const TaskAddress& address, const Vector& model, std::int64_t due, std::vector<Vector> inputs) {
  Task* task = take_task();
  task->address = address;
  task->due = due;
  task->model = model;
  task->inputs = std::move(inputs);
  if (keeps_origins_)
    task->origin =
        std::make_shared<TaskOrigin>(TaskOrigin{.address = address, .model = model, .model_on_wire = false, .inputs = task->inputs});
  task->references = 1;
  if (space_.pool().size() > 1) {  // one thread never works ahead
    if (pending_.size() >= pending_limit_) drop_stale();
    pending_.push_back({due, task->serial, task});
    std::push_heap(pending_.begin(), pending_.end(), std::greater<>());
  }
  return LazyGradient(task);
}

bool GradientExecutor::stale(const Pending& pending) { return pending.task->serial != pending.serial || pending.task->result; }

void GradientExecutor::drop_stale() {
  std::erase_if(pending_, stale);
  std::make_heap(pending_.begin(), pending_.end(), std::greater<>());
  pending_limit_ = std::max<std::size_t>(64, 2 * pending_.size());
}

void GradientExecutor::run(const Computation* computation, const TaskAddress& address, ConstView model, std::span<const Vector> inputs,
                           std::span<const MutableView> results, std::span<double> scalars, std::size_t thread) {
  TaskRun run(objective_, sampler_, space_.kernels(), options_.seed, *workspaces_[thread], rows_[thread], scratch_[thread]);
  run.address = address;
  run.model = model;
  if (computation == nullptr) return run.gradient(0, run.model, results[0]);
  std::vector<ConstView> views;
  for (const Vector& input : inputs) views.push_back(input.view());
  run.inputs = views;
  computation->run(run, results, scalars);
}

void GradientExecutor::evaluate_one(Task& task, std::size_t thread) {
  if (task.others.empty()) {
    const MutableView result = task.result.write();
    return run(computation_, task.address, task.model.view(), task.inputs, {&result, 1}, task.scalars, thread);
  }
  std::vector<MutableView> results{task.result.write()};
  for (Vector& other : task.others) results.push_back(other.write());
  run(computation_, task.address, task.model.view(), task.inputs, results, task.scalars, thread);
}

void GradientExecutor::evaluate(std::span<Task* const> tasks) {
  for (Task* task : tasks) {
    task->result = space_.make();
    if (computation_ == nullptr) continue;
    while (task->others.size() + 1 < computation_->results()) task->others.push_back(space_.make());
    task->scalars.assign(computation_->scalars(), 0.0);
  }
  waiting_results_ += tasks.size();
  if (tasks.size() == 1)
    evaluate_one(*tasks.front(), 0);
  else
    space_.pool().run(tasks.size(), [&](std::size_t i, std::size_t thread) { evaluate_one(*tasks[i], thread); });
  for (Task* task : tasks) {
    task->model = Vector();
    task->inputs.clear();
    if (task->rounded) task->result = rounded(task->result);
  }
}

std::vector<std::vector<Vector>> GradientExecutor::evaluate_apart(const Computation* computation, std::span<const TaskOrigin> tasks) {
  std::vector<std::vector<Vector>> out(tasks.size());
  std::vector<std::vector<MutableView>> results(tasks.size());
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    for (std::size_t k = 0; k < (computation == nullptr ? 1 : computation->results()); ++k) out[i].push_back(space_.make());
    for (Vector& result : out[i]) results[i].push_back(result.write());
  }
  const std::size_t scalars = computation == nullptr ? 0 : computation->scalars();
  const auto evaluate_one_apart = [&](std::size_t i, std::size_t thread) {
    std::vector<double> numbers(scalars);
    run(computation, tasks[i].address, tasks[i].model.view(), tasks[i].inputs, results[i], numbers, thread);
  };
  if (tasks.size() == 1)
    evaluate_one_apart(0, 0);
  else
    space_.pool().run(tasks.size(), evaluate_one_apart);
  return out;
}

void GradientExecutor::evaluate_with_next(Task& task) {
  group_.assign(1, &task);
  const std::size_t most = most_results();
  const std::size_t room = most - std::min(most - 1, waiting_results_);
  while (group_.size() < room && !pending_.empty()) {
    const Pending next = pending_.front();
    std::pop_heap(pending_.begin(), pending_.end(), std::greater<>());
    pending_.pop_back();
    if (!stale(next) && next.task != &task) group_.push_back(next.task);
  }
  evaluate(group_);
}

void GradientExecutor::read(Task& task) {
  if (!task.result) evaluate_with_next(task);
  if (!task.read) evaluations_ += task.address.steps * (computation_ == nullptr ? 1 : computation_->gradients_per_step());
  task.read = true;
}

const Vector& GradientExecutor::value(const LazyGradient& gradient) {
  PELOTON_INVARIANT(gradient.task_ != nullptr, "only a run with learning has gradient values");
  read(*gradient.task_);
  return gradient.task_->result;
}

const Vector& GradientExecutor::result(const LazyGradient& gradient, std::size_t i) {
  const Vector& first = value(gradient);
  PELOTON_INVARIANT(i <= gradient.task_->others.size(), "a computation has the results it declares");
  return i == 0 ? first : gradient.task_->others[i - 1];
}

std::span<const double> GradientExecutor::scalars(const LazyGradient& gradient) {
  static_cast<void>(value(gradient));
  return gradient.task_->scalars;
}

void GradientExecutor::round(const LazyGradient& gradient) {
  if (!gradient || space_.precision() == Precision::float32 || gradient.task_->rounded) return;
  gradient.task_->rounded = true;
  if (gradient.task_->result) gradient.task_->result = rounded(gradient.task_->result);
}

bool GradientExecutor::is_rounded(const LazyGradient& gradient) const { return gradient && gradient.task_->rounded; }

std::shared_ptr<const TaskOrigin> GradientExecutor::origin(const LazyGradient& gradient) const {
  return gradient ? gradient.task_->origin : nullptr;
}

void GradientExecutor::set_model_on_wire(const LazyGradient& gradient) {
  if (gradient && gradient.task_->origin) gradient.task_->origin->model_on_wire = true;
}

void GradientExecutor::consume(std::vector<LazyGradient> gradients, const std::function<void(std::span<const Vector>)>& body) {
  const std::size_t window = space_.pool().size() == 1 ? 1 : most_results();
  std::vector<Vector> values;
  for (std::size_t begin = 0; begin < gradients.size(); begin += window) {
    const std::size_t end = std::min(gradients.size(), begin + window);
    group_.clear();
    for (std::size_t i = begin; i < end; ++i)
      if (!gradients[i].task_->result) group_.push_back(gradients[i].task_);
    std::sort(group_.begin(), group_.end());  // a gradient listed twice is evaluated once
    group_.erase(std::unique(group_.begin(), group_.end()), group_.end());
    if (!group_.empty()) evaluate(group_);
    values.clear();
    for (std::size_t i = begin; i < end; ++i) {
      read(*gradients[i].task_);
      values.push_back(gradients[i].task_->result);
      gradients[i] = LazyGradient();
    }
    body(values);
  }
}

void GradientExecutor::visit_task(StateVisitor& v, Task& task) {
  v("worker", task.address.worker);
  v("call", task.address.call);
  v("steps", task.address.steps);
  v("first_step", task.address.first_step);
  v("due", task.due);
  v("read", task.read);
  v("rounded", task.rounded);
  std::shared_ptr<const TaskOrigin> origin = task.origin;
  visit(v, "origin", origin);
  if (v.reading() && origin) task.origin = std::make_shared<TaskOrigin>(*origin);
  space_.visit(v, "model", task.model);
  space_.visit(v, "result", task.result);
  space_.visit(v, "inputs", task.inputs);
  space_.visit(v, "others", task.others);
  v("scalars", task.scalars);
}

void GradientExecutor::visit(StateVisitor& v, std::string_view name, std::shared_ptr<const TaskOrigin>& origin) {
  v.begin(name);
  bool kept = origin != nullptr;
  v("kept", kept);
  auto fields = std::make_shared<TaskOrigin>(origin ? *origin : TaskOrigin{});
  if (kept) {
    v("worker", fields->address.worker);
    v("call", fields->address.call);
    v("steps", fields->address.steps);
    v("first_step", fields->address.first_step);
    v("model_on_wire", fields->model_on_wire);
    space_.visit(v, "model", fields->model);
    space_.visit(v, "inputs", fields->inputs);
  }
  if (v.reading()) origin = kept ? std::move(fields) : nullptr;
  v.end();
}

void GradientExecutor::visit(StateVisitor& v, std::string_view name, LazyGradient& gradient) {
  v.begin(name);
  std::uint64_t number = 0;
  bool first = false;
  if (!v.reading() && gradient) std::tie(number, first) = v.identify(gradient.task_);
  v("task", number);
  if (v.reading()) {
    gradient = LazyGradient();
    if (const auto known = v.object(number))
      gradient = *std::static_pointer_cast<LazyGradient>(known);
    else if (number != 0)
      first = true;
  }
  if (first) {
    Task fields;
    if (!v.reading()) {
      const Task& task = *gradient.task_;
      fields.origin = task.origin, fields.address = task.address, fields.due = task.due;
      fields.read = task.read, fields.rounded = task.rounded;
      fields.model = task.model, fields.result = task.result;
      fields.inputs = task.inputs, fields.others = task.others, fields.scalars = task.scalars;
    }
    visit_task(v, fields);
    if (v.reading()) {
      gradient = submit(fields.address, fields.model, fields.due, std::move(fields.inputs));
      gradient.task_->origin = std::move(fields.origin);
      gradient.task_->read = fields.read;
      gradient.task_->rounded = fields.rounded;
      gradient.task_->result = fields.result;
      gradient.task_->others = std::move(fields.others);
      gradient.task_->scalars = std::move(fields.scalars);
      if (fields.result) ++waiting_results_;
      v.remember(number, std::make_shared<LazyGradient>(gradient));
    }
  }
  v.end();
}

}  // namespace peloton
