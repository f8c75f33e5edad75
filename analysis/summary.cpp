#include "analysis/summary.hpp"

#include <algorithm>
#include <cmath>

namespace peloton {
namespace {

constexpr std::size_t kMostWorkersListed = 1000;

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

/// JSON has no infinities: what is not finite is undefined here (the metrics keep it).
Json or_null(const std::optional<double>& value) { return value && std::isfinite(*value) ? Json(*value) : Json(nullptr); }

Json totals(const std::array<std::uint64_t, kTrafficKinds>& values) {
  return {{"uplink", values[0]},
          {"downlink", values[1]},
          {"peer", values[2]},
          {"control", values[3]},
          {"total", values[0] + values[1] + values[2] + values[3]}};
}

Json staleness_json(const StalenessObserver& observer) {
  const Histogram& h = observer.total();
  Json histogram = Json::array();
  for (const auto& [value, count] : h.entries()) histogram.push_back(Json::array({value, count}));
  return {{"mean", or_null(h.mean())},
          {"p50", or_null(h.quantile(0.5))},
          {"p95", or_null(h.quantile(0.95))},
          {"max", or_null(h.max())},
          {"mean_seconds", or_null(observer.mean_seconds())},
          {"dropped", observer.dropped()},
          {"histogram", std::move(histogram)}};
}

/// The facts of the task; all null where it is not convex.
Json task_json(const ConvexFacts* task) {
  const ConvexFacts facts = task == nullptr ? ConvexFacts{} : *task;
  return {{"optimal_value", or_null(facts.optimal_value)},       {"smoothness", or_null(facts.smoothness)},
          {"strong_convexity", or_null(facts.strong_convexity)}, {"condition_number", or_null(facts.condition_number())},
          {"gradient_noise", or_null(facts.gradient_noise)},     {"gradient_noise_batch", or_null(facts.batch_noise)},
          {"heterogeneity", or_null(facts.heterogeneity)}};
}

Json twin_json(const TwinReport& twin) {
  const auto range = [](const TwinReport::Range& r) { return Json{{"mean", or_null(r.mean)}, {"max", or_null(std::optional(r.max))}}; };
  return {{"remove", twin.removes},
          {"distance", range(twin.distance)},
          {"floor", range(twin.floor)},
          {"gradient_discrepancy", range(twin.discrepancy)},
          {"evaluations", twin.evaluations}};
}

Json worker_json(const WorkerReport& w, bool faults) {
  Json out{{"busy", w.busy.seconds()}, {"waiting", w.waiting.seconds()}, {"gradients", w.gradients}};
  if (faults) out["down"] = w.down.seconds();
  return out;
}

Json all_workers_json(const std::vector<WorkerReport>& workers, bool faults) {
  Json out{{"count", workers.size()}};
  if (workers.empty()) return out;
  const auto range = [&](const char* name, auto value) {
    double sum = 0;
    double low = value(workers.front());
    double high = low;
    for (const WorkerReport& w : workers) {
      sum += value(w);
      low = std::min(low, value(w));
      high = std::max(high, value(w));
    }
    out[name] = {{"mean", sum / static_cast<double>(workers.size())}, {"min", low}, {"max", high}};
  };
  range("busy", [](const WorkerReport& w) { return w.busy.seconds(); });
  range("waiting", [](const WorkerReport& w) { return w.waiting.seconds(); });
  if (faults) range("down", [](const WorkerReport& w) { return w.down.seconds(); });
  range("gradients", [](const WorkerReport& w) { return static_cast<double>(w.gradients); });
  return out;
}

Json machine_json(const MachineReport& m) {
  return {{"wall_seconds", m.wall_seconds},
          {"setup_seconds", m.setup_seconds},
          {"peak_memory_bytes", m.peak_memory_bytes},
          {"threads", m.threads},
          {"kernels", m.kernels},
          {"cpu", m.cpu},
          {"build", m.build},
          {"events_per_second", m.events_per_second},
          {"gradients_per_second", m.gradients_per_second}};
}

}  // namespace

std::string status_name(RunStatus status) { return OptionType<RunStatus>::write(status).get<std::string>(); }

Json summary_json(const RunSummary& s) {
  Json workers = Json::array();
  for (std::size_t i = 0; i < std::min(kMostWorkersListed, s.workers.size()); ++i)
    workers.push_back(worker_json(s.workers[i], s.faults.has_value()));
  Json out{{"name", s.name},
           {"algorithm", s.algorithm},
           {"seed", s.seed},
           {"status", status_name(s.status)},
           {"virtual_seconds", s.last.time.seconds()},
           {"updates", s.last.updates},
           {"gradients", s.last.gradients},
           {"evaluations", s.last.evaluations},
           {"samples", s.last.samples},
           {"epochs", or_null(s.last.epochs)},
           {"bits", totals(s.last.bits)},
           {"wire_bytes", totals(s.wire_bytes)},
           {"loss", or_null(s.last.loss)},
           {"test_loss", or_null(s.last.test_loss)},
           {"accuracy", or_null(s.last.accuracy)},
           {"accuracy_on", s.accuracy_on.empty() ? Json(nullptr) : Json(s.accuracy_on)},
           {"suboptimality", or_null(s.last.suboptimality)},
           {"task", task_json(s.task)},
           {"staleness", staleness_json(*s.staleness)},
           {"workers", std::move(workers)},
           {"workers_all", all_workers_json(s.workers, s.faults.has_value())},
           {"events", s.events},
           {"fingerprint", {{"timing", s.timing_fingerprint}, {"learning", or_null(s.learning_fingerprint)}}},
           {"version", s.version},
           {"machine", machine_json(s.machine)}};
  if (s.nominal_parameters)
    out["nominal_parameters"] = {{"parameters", *s.nominal_parameters},
                                 {"scale", s.parameter_scale},
                                 {"scaled", {"time of messages that carry parameters or gradients"}},
                                 {"not_scaled", {"bits", "wire_bytes"}}};
  if (!s.reason.empty()) out["reason"] = s.reason;
  if (s.faults)
    out["faults"] = {
        {"lost_messages", s.faults->lost_messages}, {"lost_bits", s.faults->lost_bits}, {"lost_computations", s.faults->lost_computations}};
  if (s.twin) out["twin"] = twin_json(*s.twin);
  return out;
}

}  // namespace peloton
