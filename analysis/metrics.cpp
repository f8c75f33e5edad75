#include "analysis/metrics.hpp"

#include <fmt/format.h>

#include "analysis/text.hpp"

namespace peloton {

std::vector<std::string> metrics_columns() {
  return {"time",
          "updates",
          "gradients",
          "evaluations",
          "samples",
          "epochs",
          "bits_uplink",
          "bits_downlink",
          "bits_peer",
          "bits_control",
          "wire_bytes",
          "loss",
          "test_loss",
          "accuracy",
          "grad_norm",
          "suboptimality",
          "distance_to_optimum",
          "staleness_mean",
          "staleness_max",
          "consensus_distance",
          "worker_loss_mean",
          "worker_loss_worst10",
          "worker_accuracy_mean",
          "worker_accuracy_worst10"};
}

std::vector<std::string> metrics_cells(const MetricsRow& row) {
  const auto count = [](std::uint64_t n) { return fmt::format("{}", n); };
  return {decimal_seconds(row.time),
          count(row.updates),
          count(row.gradients),
          count(row.evaluations),
          count(row.samples),
          real_text(row.epochs),
          count(row.bits[static_cast<std::size_t>(Traffic::uplink)]),
          count(row.bits[static_cast<std::size_t>(Traffic::downlink)]),
          count(row.bits[static_cast<std::size_t>(Traffic::peer)]),
          count(row.bits[static_cast<std::size_t>(Traffic::control)]),
          count(row.wire_bytes),
          real_text(row.loss),
          real_text(row.test_loss),
          real_text(row.accuracy),
          real_text(row.grad_norm),
          real_text(row.suboptimality),
          real_text(row.distance_to_optimum),
          real_text(row.staleness_mean),
          row.staleness_max ? fmt::format("{}", *row.staleness_max) : "",
          real_text(row.consensus_distance),
          real_text(row.worker_loss_mean),
          real_text(row.worker_loss_worst10),
          real_text(row.worker_accuracy_mean),
          real_text(row.worker_accuracy_worst10)};
}

void MetricsRow::visit_state(StateVisitor& v) {
  v("time", time);
  v("updates", updates);
  v("gradients", gradients);
  v("evaluations", evaluations);
  v("samples", samples);
  v("epochs", epochs);
  v("bits", bits);
  v("wire_bytes", wire_bytes);
  v("loss", loss);
  v("test_loss", test_loss);
  v("accuracy", accuracy);
  v("grad_norm", grad_norm);
  v("suboptimality", suboptimality);
  v("distance_to_optimum", distance_to_optimum);
  v("staleness_mean", staleness_mean);
  v("staleness_max", staleness_max);
  v("consensus_distance", consensus_distance);
  v("worker_loss_mean", worker_loss_mean);
  v("worker_loss_worst10", worker_loss_worst10);
  v("worker_accuracy_mean", worker_accuracy_mean);
  v("worker_accuracy_worst10", worker_accuracy_worst10);
}

}  // namespace peloton
