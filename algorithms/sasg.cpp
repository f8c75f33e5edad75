#include "algorithms/sasg.hpp"

#include <fmt/format.h>

#include <limits>

#include "algorithms/cluster.hpp"
#include "sim/base/random.hpp"

namespace peloton {
namespace {

/// The gradients at the model and at the input, on the same samples.
class TwoGradients final : public Computation {
 public:
  [[nodiscard]] std::size_t results() const override { return 2; }
  [[nodiscard]] std::uint64_t gradients_per_step() const override { return 2; }
  void run(TaskRun& task, std::span<const MutableView> results, std::span<double>) const override {
    task.gradient(0, task.model, results[0]);
    task.gradient(0, task.inputs[0], results[1]);
  }
};

}  // namespace

void Sasg::prepare(Cluster& c) {
  const std::size_t n = c.worker_count();
  learning_rate_ = c.resolved(options_.learning_rate);
  codec_ = &c.make_codec(options_.compressor.value_or(IdentityOptions{}));
  if (options_.trigger) {
    trigger_.emplace(*options_.trigger);
    movements_ = trigger_->window();
    c.set_computation(std::make_unique<TwoGradients>());
  }
  for (std::size_t m = 0; m < n && c.learning(); ++m) errors_.emplace_back(c.space());
  stored_.resize(n);
  ages_.assign(n, 1);
  uploads_.assign(n, 0);
}

void Sasg::on_start(Cluster& c) {
  model_ = c.initial_model();
  uploaded_.assign(c.worker_count(), model_);
  start_round(c);
}

void Sasg::start_round(Cluster& c) {
  missing_ = c.worker_count();
  for (const NodeId w : c.workers()) c.send(c.server(), w, model_);
}

void Sasg::on_model(Cluster& c, const ModelMessage& m) {
  Task task;
  if (trigger_) task.inputs = {uploaded_[m.to].values};
  c.compute(m.to, m.model, std::move(task));
}

double Sasg::gamma(const Cluster& c) const {
  return step_size(learning_rate_, static_cast<std::int64_t>(c.updates())) / static_cast<double>(c.worker_count());
}

void Sasg::on_gradient_ready(Cluster& c, const Gradient& g) {
  if (uploads(c, g)) return upload(c, g);
  ++ages_[g.node];
  c.send_control(g.node, c.server(), 0, {}, static_cast<std::uint64_t>(options_.flag_bits));
}

bool Sasg::uploads(Cluster& c, const Gradient& g) const {
  if (!trigger_) return true;
  const auto round = static_cast<Count>(c.updates());
  LazyTrigger::Worker worker{.squared_change = 0, .age = ages_[g.node]};
  if (!c.learning()) {
    const bool due = trigger_->uploads(round, worker, std::numeric_limits<double>::infinity());
    return due || RandomStream(c.seed(), Purpose::surrogate, g.node, c.updates()).uniform() < options_.upload_probability->value;
  }
  const double change = c.space().distance(c.result(g, 0), c.result(g, 1));
  worker.squared_change = change * change;
  return trigger_->uploads(round, worker, trigger_->threshold(movements_, c.worker_count(), gamma(c)));
}

void Sasg::upload(Cluster& c, const Gradient& g) {
  ages_[g.node] = 1;
  ++uploads_[g.node];
  if (!c.learning()) {
    c.send(g.node, c.server(), c.encoded(g, *codec_));
    return;
  }
  Vector step = c.combine(std::vector{gamma(c)}, std::vector{c.value(g)});
  c.send(g.node, c.server(), c.encoded(g, std::move(step), *codec_, errors_[g.node]));
  uploaded_[g.node] = model_;
}

void Sasg::on_gradient(Cluster& c, const GradientMessage& m) {
  stored_[m.from] = m.gradient;
  arrived(c);
}

void Sasg::on_control(Cluster& c, const ControlMessage&) { arrived(c); }

void Sasg::arrived(Cluster& c) {
  if (--missing_ > 0) return;
  const Vector before = model_.values;
  Vector sum;
  if (c.learning()) {
    sum = c.space().zeros();
    for (const Gradient& stored : stored_) c.space().add_scaled(sum, 1.0, c.value(stored));
  }
  model_ = c.apply(std::move(model_), sum, stored_);
  if (c.learning() && trigger_) {
    const double moved = c.space().distance(model_.values, before);
    movements_.push(moved * moved);
  }
  start_round(c);
}

std::string Sasg::needs_values() const {
  if (!options_.trigger || options_.upload_probability) return {};
  return "the trigger of sasg reads gradients; give algorithm.upload_probability to stand for it";
}

RoundPlan Sasg::plan(const PlanContext& context) const {
  const std::uint64_t n = context.workers;
  const std::uint64_t up = message_bits(options_.compressor, context);
  RoundPlan plan;
  plan.gradients = n * (options_.trigger ? 2 : 1);
  plan.up = {.count = n, .bits = n * up};
  plan.down = {.count = n, .bits = n * context.dense_bits()};
  plan.barrier = true;
  plan.live_models = 2 + (options_.trigger ? n : 0);
  plan.results_each = options_.trigger ? 2 : 1;
  plan.state_vectors = n;
  plan.held_bytes = 2 * n * ((up + 7) / 8);
  return plan;
}

std::vector<Table> Sasg::tables(const Cluster& c) const {
  Table out{"uploads", {"worker", "rounds", "uploads"}, {}};
  for (const NodeId w : c.workers())
    out.rows.push_back({fmt::format("{}", w), fmt::format("{}", c.updates()), fmt::format("{}", uploads_[w])});
  return {out};
}

void Sasg::visit_state(StateVisitor& v, Cluster& c) {
  c.visit(v, "model", model_);
  v("movements", movements_);
  for (ErrorFeedback& error : errors_) v("error", error);
  c.visit(v, "uploaded", uploaded_);
  v("ages", ages_);
  c.visit(v, "stored", stored_);
  v("uploads", uploads_);
  v("missing", missing_);
}

}  // namespace peloton
