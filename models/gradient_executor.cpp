#include "models/gradient_executor.hpp"

#include <algorithm>
#include <tuple>

namespace peloton {

struct LazyGradient::Task {
  GradientExecutor* home = nullptr;
  std::uint32_t references = 0;
  std::uint32_t worker = 0;
  std::uint64_t step = 0;
  std::int64_t due = 0;
  std::uint64_t serial = 0;
  bool read = false;
  bool rounded = false;
  Vector model;   ///< until evaluated
  Vector result;  ///< once evaluated
};

void LazyGradient::retain() const {
  if (task_ != nullptr) ++task_->references;
}

void LazyGradient::release() {
  if (task_ != nullptr && --task_->references == 0) task_->home->recycle(task_);
  task_ = nullptr;
}

GradientExecutor::GradientExecutor(const Objective& objective, const BatchSampler* sampler, VectorSpace& space, const Options& options)
    : objective_(objective), sampler_(sampler), space_(space), options_(options), rows_(space.pool().size()) {
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
  task->model = Vector();
  task->result = Vector();
  task->serial = 0;
  free_.push_back(task);
}

LazyGradient GradientExecutor::submit(std::uint32_t worker, std::uint64_t step, const Vector& model, std::int64_t due) {
  Task* task = take_task();
  task->worker = worker;
  task->step = step;
  task->due = due;
  task->model = model;
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

void GradientExecutor::evaluate_one(Task& task, std::size_t thread) {
  Sample sample{.rows = {}, .seed = options_.seed, .worker = task.worker, .step = task.step};
  if (sampler_ != nullptr) sample.rows = sampler_->rows(task.worker, task.step, rows_[thread]);
  objective_.gradient(task.model.view(), sample, task.result.write(), *workspaces_[thread]);
}

void GradientExecutor::evaluate(std::span<Task* const> tasks) {
  for (Task* task : tasks) task->result = space_.make();
  waiting_results_ += tasks.size();
  if (tasks.size() == 1)
    evaluate_one(*tasks.front(), 0);
  else
    space_.pool().run(tasks.size(), [&](std::size_t i, std::size_t thread) { evaluate_one(*tasks[i], thread); });
  for (Task* task : tasks) {
    task->model = Vector();
    if (task->rounded) task->result = rounded(task->result);
  }
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
  if (!task.read) ++evaluations_;
  task.read = true;
}

const Vector& GradientExecutor::value(const LazyGradient& gradient) {
  PELOTON_INVARIANT(gradient.task_ != nullptr, "only a run with learning has gradient values");
  read(*gradient.task_);
  return gradient.task_->result;
}

void GradientExecutor::round(const LazyGradient& gradient) {
  if (!gradient || space_.precision() == Precision::float32 || gradient.task_->rounded) return;
  gradient.task_->rounded = true;
  if (gradient.task_->result) gradient.task_->result = rounded(gradient.task_->result);
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
      fields.worker = task.worker, fields.step = task.step, fields.due = task.due;
      fields.read = task.read, fields.rounded = task.rounded;
      fields.model = task.model, fields.result = task.result;
    }
    v("worker", fields.worker);
    v("step", fields.step);
    v("due", fields.due);
    v("read", fields.read);
    v("rounded", fields.rounded);
    space_.visit(v, "model", fields.model);
    space_.visit(v, "result", fields.result);
    if (v.reading()) {
      gradient = submit(fields.worker, fields.step, fields.model, fields.due);
      gradient.task_->read = fields.read;
      gradient.task_->rounded = fields.rounded;
      gradient.task_->result = fields.result;
      if (fields.result) ++waiting_results_;
      v.remember(number, std::make_shared<LazyGradient>(gradient));
    }
  }
  v.end();
}

}  // namespace peloton
