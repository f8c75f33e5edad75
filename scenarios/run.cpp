#include "scenarios/run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "algorithms/twin.hpp"
#include "models/evaluation.hpp"
#include "scenarios/run_parts.hpp"

namespace peloton {
namespace {

bool reached(const std::optional<Count>& limit, std::uint64_t value) { return limit && value >= static_cast<std::uint64_t>(*limit); }

double distance(ConstView x, const std::vector<double>& point) {
  double sum = 0;
  for (std::size_t i = 0; i < x.size; ++i) {
    const double xi = x.precision == Precision::float32 ? static_cast<double>(x.as<float>()[i]) : x.as<double>()[i];
    sum += (xi - point[i]) * (xi - point[i]);
  }
  return std::sqrt(sum);
}

}  // namespace

Run::Run(Scenario scenario, const Execution& execution)
    : scenario_(std::move(scenario)), parts_(std::make_unique<Parts>(scenario_, execution, memory_)) {
  parts_->cluster->add_observer(staleness_);
  if (scenario_.measure.every) next_measure_ = to_time(*scenario_.measure.every);
  if (scenario_.measure.updates) next_measured_update_ = static_cast<std::uint64_t>(*scenario_.measure.updates);
}

Run::~Run() = default;

void Run::add_observer(Observer& observer) { parts_->cluster->add_observer(observer); }

const Cluster& Run::cluster() const { return *parts_->cluster; }

const LayerSchedule* Run::layers() const { return parts_->layers ? &*parts_->layers : nullptr; }

const Topology& Run::topology() const { return *parts_->topology; }

const Algorithm& Run::algorithm() const { return *parts_->algorithm; }

const ComputeModel* Run::compute() const { return parts_->compute.get(); }

const Objective* Run::objective() const { return parts_->learning ? parts_->objective.get() : nullptr; }

const ConvexFacts* Run::convex() const { return parts_->convex ? &*parts_->convex : nullptr; }

std::vector<Table> Run::tables() const {
  std::vector<Table> out = parts_->algorithm->tables(*parts_->cluster);
  if (parts_->processing) out.push_back(parts_->processing->table(*parts_->topology));
  return out;
}

std::string Run::kernels() const { return parts_->kernels_name; }

Model Run::reported_model() const { return parts_->algorithm->reported_model(*parts_->cluster); }

// ---- the loop ---------------------------------------------------------------------------------------------------------------------

void Run::start() {
  started_ = true;
  parts_->algorithm->on_start(*parts_->cluster);
  measure();
}

Time Run::stop_time() const { return scenario_.stop.time ? to_time(*scenario_.stop.time) : kNever; }

bool Run::advance() {
  if (status_) return false;
  if (!started_) {
    start();
    return !status_;
  }
  Cluster& cluster = *parts_->cluster;
  Simulation& simulation = cluster.simulation();
  const Time next = simulation.next_time();
  if (next == kNever || (cluster.has_faults() && nothing_to_come())) {
    end(parts_->algorithm->finished() ? RunStatus::finished : RunStatus::stalled);
  } else if (next_measure_ < next && next_measure_ <= stop_time()) {  // simultaneous events come first
    simulation.advance_to(next_measure_);
    next_measure_ = next_measure_ + to_duration(*scenario_.measure.every);
    measure();
  } else if (next > stop_time()) {
    simulation.advance_to(stop_time());
    end(RunStatus::finished);
  } else {
    cluster.step(*parts_->algorithm);
    if (next_measured_update_ != 0 && cluster.updates() >= next_measured_update_) {
      next_measured_update_ += static_cast<std::uint64_t>(*scenario_.measure.updates);
      measure();
    }
    if (!status_) check_limits();
  }
  return !status_;
}

bool Run::nothing_to_come() const { return cluster().hopeless() || (cluster().only_faults_left() && parts_->algorithm->finished()); }

std::string Run::reason() const {
  if (status_ != RunStatus::stalled) return {};
  const std::string faults = cluster().faults_text();
  const std::string missing = parts_->algorithm->waits_for(cluster());
  const std::string& name = scenario_.algorithm.name;
  const std::string waits = missing.empty() ? fmt::format("{} has nothing to go on with", name) : fmt::format("{}: {}", name, missing);
  return faults.empty() ? waits : fmt::format("{}; {}", faults, waits);
}

void Run::check_limits() {
  const StopSpec& stop = scenario_.stop;
  const Cluster& cluster = *parts_->cluster;
  const bool over = reached(stop.updates, cluster.updates()) || reached(stop.gradients, cluster.gradients()) ||
                    reached(stop.bits, cluster.traffic().total_bits()) || (stop.epochs && epochs() && *epochs() >= *stop.epochs);
  if (over) end(RunStatus::finished);
}

void Run::interrupt() {
  if (!started_) start();
  if (!status_) end(RunStatus::interrupted);
}

void Run::end(RunStatus status) {
  status_ = status;
  const bool fresh = rows_.empty() || rows_.back().time != cluster().now() || rows_.back().gradients != cluster().gradients() ||
                     rows_.back().updates != cluster().updates();
  if (fresh) measure();
}

// ---- measurements -----------------------------------------------------------------------------------------------------------------

std::optional<double> Run::epochs() const {
  if (parts_->training_rows == 0) return std::nullopt;
  return static_cast<double>(cluster().samples()) / static_cast<double>(parts_->training_rows);
}

void Run::measure() {
  const Cluster& cluster = *parts_->cluster;
  MetricsRow row;
  row.time = cluster.now();
  row.updates = cluster.updates();
  row.gradients = cluster.gradients();
  row.evaluations = parts_->executor ? parts_->executor->evaluations() : 0;
  row.samples = cluster.samples();
  row.epochs = epochs();
  row.bits = cluster.traffic().bits;
  for (const std::uint64_t bytes : cluster.traffic().wire_bytes) row.wire_bytes += bytes;
  const StalenessObserver::Interval staleness = staleness_.take_interval();
  row.staleness_mean = staleness.mean;
  row.staleness_max = staleness.max;
  if (parts_->learning) measure_learning(row);
  rows_.push_back(row);
  if (parts_->learning) check_targets(row);
}

void Run::measure_learning(MetricsRow& row) {
  const Objective& objective = *parts_->objective;
  const Model reported = reported_model();
  const ConstView x = reported.values.view();
  row.consensus_distance = parts_->algorithm->consensus_distance(*parts_->cluster);
  const Evaluation train = evaluate(objective, x, Split::train, scenario_.measure.gradient, *parts_->pool);
  row.loss = train.loss;
  row.grad_norm = train.gradient_norm;
  row.accuracy = train.accuracy;
  if (objective.rows(Split::test) > 0) {
    const Evaluation test = evaluate(objective, x, Split::test, false, *parts_->pool);
    row.test_loss = test.loss;
    row.accuracy = test.accuracy;
  }
  if (const ConvexFacts* facts = convex()) {
    if (facts->optimal_value) row.suboptimality = train.loss - *facts->optimal_value;
    if (facts->optimum) row.distance_to_optimum = distance(x, *facts->optimum);
  }
  if (scenario_.measure.per_worker) measure_workers(x, row);
  if (ZeroDelayTwin* twin = parts_->cluster->twin()) {
    row.twin_distance = parts_->space->distance(reported.values, twin->model());
    row.twin_floor = twin->floor();
    row.gradient_discrepancy = twin->take_discrepancy();
    row.twin_loss_gap = train.loss - evaluate(objective, twin->model().view(), Split::train, false, *parts_->pool).loss;
  }
  learning_.add_bytes(x.data, x.size * bytes_of(x.precision));
}

void Run::measure_workers(ConstView x, MetricsRow& row) const {
  std::vector<double> losses;
  std::vector<double> accuracies;
  for (const Evaluation& worker : evaluate_workers(*parts_->objective, x, parts_->functions, *parts_->pool)) {
    losses.push_back(worker.loss);
    if (worker.accuracy) accuracies.push_back(*worker.accuracy);
  }
  const WorkerSpread loss = worker_spread(std::move(losses), Worst::highest);
  row.worker_loss_mean = loss.mean;
  row.worker_loss_worst10 = loss.worst_tenth;
  if (accuracies.empty()) return;
  const WorkerSpread accuracy = worker_spread(std::move(accuracies), Worst::lowest);
  row.worker_accuracy_mean = accuracy.mean;
  row.worker_accuracy_worst10 = accuracy.worst_tenth;
}

void Run::check_targets(const MetricsRow& row) {
  const StopSpec& stop = scenario_.stop;
  if (rows_.size() == 1) diverged_above_ = stop.divergence * std::max(1.0, *row.loss);
  if (status_ == RunStatus::interrupted) return;
  if (!std::isfinite(*row.loss) || *row.loss > diverged_above_) {
    status_ = RunStatus::diverged;
    return;
  }
  const bool met = (stop.loss && *row.loss <= *stop.loss) || (stop.accuracy && row.accuracy && *row.accuracy >= *stop.accuracy) ||
                   (stop.suboptimality && row.suboptimality && *row.suboptimality <= *stop.suboptimality);
  if (met) status_ = RunStatus::target;
}

// ---- results ----------------------------------------------------------------------------------------------------------------------

std::optional<double> Run::progress() const {
  std::optional<double> share;
  const auto consider = [&](const auto& limit, double value, double scale) {
    if (limit) share = std::max(share.value_or(0.0), std::min(1.0, value / scale));
  };
  const StopSpec& stop = scenario_.stop;
  const Cluster& c = cluster();
  consider(stop.time, c.now().seconds(), stop.time ? stop.time->value : 1);
  consider(stop.updates, static_cast<double>(c.updates()), static_cast<double>(stop.updates.value_or(1)));
  consider(stop.gradients, static_cast<double>(c.gradients()), static_cast<double>(stop.gradients.value_or(1)));
  consider(stop.bits, static_cast<double>(c.traffic().total_bits()), static_cast<double>(stop.bits.value_or(1)));
  consider(stop.epochs, epochs().value_or(0), stop.epochs.value_or(1));
  return share;
}

RunSummary Run::summary() const {
  PELOTON_INVARIANT(status_.has_value(), "only a run that has ended has a summary");
  const Cluster& c = cluster();
  RunSummary out;
  out.name = scenario_.name;
  out.algorithm = scenario_.algorithm.name;
  out.seed = static_cast<std::uint64_t>(scenario_.seed);
  out.status = *status_;
  out.last = rows_.back();
  out.wire_bytes = c.traffic().wire_bytes;
  if (out.last.accuracy) out.accuracy_on = parts_->objective->rows(Split::test) > 0 ? "test" : "train";
  if (scenario_.task && scenario_.task->nominal_parameters) {
    out.nominal_parameters = static_cast<std::uint64_t>(*scenario_.task->nominal_parameters);
    out.parameter_scale = parts_->parameter_scale(scenario_);
  }
  out.task = convex();
  out.staleness = &staleness_;
  const std::vector<Duration> busy = c.busy();
  for (const NodeId w : c.workers()) {
    const Duration down = c.down_time(w);
    out.workers.push_back({busy[w], c.now() - Time{} - busy[w] - down, down, c.totals(w).gradients});
  }
  if (const FaultTotals* faults = c.fault_totals())
    out.faults = FaultReport{faults->lost_messages, faults->lost_bits, faults->lost_computations};
  out.reason = reason();
  if (const ZeroDelayTwin* twin = c.twin())
    out.twin = TwinReport{.removes = OptionType<TwinRemoves>::write(twin->spec().remove).get<std::string>(),
                          .distance = {twin->distances().mean(), twin->distances().largest},
                          .floor = {twin->floors().mean(), twin->floors().largest},
                          .discrepancy = {twin->discrepancies().mean(), twin->discrepancies().largest},
                          .evaluations = twin->evaluations()};
  out.events = c.simulation().events();
  out.timing_fingerprint = c.simulation().fingerprint().hex();
  if (parts_->learning) out.learning_fingerprint = learning_.hex();
  out.version = PELOTON_VERSION;
  return out;
}

void Run::visit_state(StateVisitor& v) {
  v("started", started_);
  v("cluster", *parts_->cluster);
  v.begin("algorithm");
  parts_->algorithm->visit_state(v, *parts_->cluster);
  v.end();
  v("staleness", staleness_);
  v("rows", rows_);
  std::uint64_t raw = learning_.raw();
  v("learning", raw);
  learning_.set_raw(raw);
  v("next_measure", next_measure_);
  v("next_measured_update", next_measured_update_);
  v("diverged_above", diverged_above_);
  v("status", status_);
}

}  // namespace peloton
