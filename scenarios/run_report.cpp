#include "scenarios/run_report.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/base/units.hpp"

namespace peloton {
namespace {

constexpr std::size_t kMostRows = 12;

std::string optional_text(const std::optional<double>& value, std::string_view format) {
  return value ? fmt::format(fmt::runtime(format), *value) : std::string("–");
}

/// Pads by characters, not bytes: a dash or a micro sign is one column wide.
std::string padded(const std::string& text, std::size_t width) {
  const auto characters = static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
  return std::string(width > characters ? width - characters : 0, ' ') + text;
}

/// The rows to show: all, or evenly spaced ones with the first and the last.
std::vector<std::size_t> chosen_rows(std::size_t count) {
  std::vector<std::size_t> out;
  const std::size_t shown = std::min(count, kMostRows);
  for (std::size_t i = 0; i < shown; ++i) out.push_back(shown == 1 ? 0 : i * (count - 1) / (shown - 1));
  return out;
}

std::string curve_text(const std::vector<MetricsRow>& rows, const std::string& accuracy_on) {
  const std::vector<std::string> head = {
      "time", "updates", "bits sent", "loss", accuracy_on.empty() ? "accuracy" : accuracy_on + " accuracy", "|gradient|", "staleness"};
  std::string out;
  for (const std::string& name : head) out += padded(name, 15);
  out += '\n';
  for (const std::size_t i : chosen_rows(rows.size())) {
    const MetricsRow& r = rows[i];
    const auto bits = static_cast<double>(r.bits[0] + r.bits[1] + r.bits[2] + r.bits[3]);
    out += padded(show_seconds(r.time.seconds()), 15) + padded(fmt::format("{}", r.updates), 15) + padded(show_bits(bits), 15);
    out += padded(optional_text(r.loss, "{:.5g}"), 15) + padded(optional_text(r.accuracy, "{:.4f}"), 15);
    out += padded(optional_text(r.grad_norm, "{:.3g}"), 15) + padded(optional_text(r.staleness_mean, "{:.2f}"), 15) + '\n';
  }
  return out;
}

/// An algorithm's own table, its first rows.
std::string table_text(const Table& table) {
  constexpr std::size_t kMostTableRows = 20;
  std::vector<std::size_t> widths(table.columns.size(), 20);
  for (std::size_t i = 0; i < std::min(kMostTableRows, table.rows.size()); ++i)
    for (std::size_t k = 0; k < widths.size(); ++k) widths[k] = std::max(widths[k], table.rows[i][k].size() + 2);
  std::string out;
  const auto add = [&](const std::vector<std::string>& cells) {
    for (std::size_t k = 0; k < cells.size(); ++k) out += padded(cells[k], widths[k]);
    out += '\n';
  };
  add(table.columns);
  for (std::size_t i = 0; i < std::min(kMostTableRows, table.rows.size()); ++i) add(table.rows[i]);
  if (table.rows.size() > kMostTableRows)
    out += fmt::format("  … {} more rows in {}.csv\n", table.rows.size() - kMostTableRows, table.name);
  return out;
}

std::string line(std::string_view name, const std::string& value) { return fmt::format("  {:<14} {}\n", name, value); }

/// "f* 0.3221, L 1.6, μ 0.0001 (κ 1.6e+04), gradient noise σ² 0.12 at x* (0.0019 for a batch), heterogeneity ζ² 0.03 over 10 workers"
std::string convex_text(const ConvexFacts& facts, Count workers) {
  const auto number = [](const std::optional<double>& value) { return value ? fmt::format("{:.4g}", *value) : "unknown"; };
  std::string out = fmt::format("f* {}, L {}, μ {}", facts.missing.empty() ? number(facts.optimal_value) : facts.missing,
                                number(facts.smoothness), number(facts.strong_convexity));
  if (facts.condition_number()) out += fmt::format(" (κ {})", number(facts.condition_number()));
  if (facts.gradient_noise) out += fmt::format(", gradient noise σ² {} at x*", number(facts.gradient_noise));
  if (facts.batch_noise) out += fmt::format(" ({} for a batch)", number(facts.batch_noise));
  if (facts.heterogeneity)
    out += fmt::format(", heterogeneity ζ² {} over {} worker{}", number(facts.heterogeneity), workers, workers == 1 ? "" : "s");
  return out;
}

std::string workers_text(const RunSummary& s) {
  double busy = 0;
  double waiting = 0;
  double down = 0;
  for (const WorkerReport& w : s.workers) {
    busy += w.busy.seconds();
    waiting += w.waiting.seconds();
    down += w.down.seconds();
  }
  const double all = busy + waiting + down;
  std::string out = fmt::format("{}, computing {:.1f} % of the time, waiting {:.1f} %", s.workers.size(), all > 0 ? 100 * busy / all : 0.0,
                                all > 0 ? 100 * waiting / all : 0.0);
  if (s.faults) out += fmt::format(", down {:.1f} %", all > 0 ? 100 * down / all : 0.0);
  return out;
}

std::string bits_text(const RunSummary& s) {
  const auto& b = s.last.bits;
  const auto each = [](std::uint64_t n) { return show_bits(static_cast<double>(n)); };
  return fmt::format("{} up, {} down, {} peer to peer, {} control", each(b[0]), each(b[1]), each(b[2]), each(b[3]));
}

/// "distance mean 0.012, max 0.034; floor mean 1.2e-06, max 2e-06; gradient discrepancy mean 0.1, max 0.4"
std::string twin_text(const TwinReport& twin) {
  const auto range = [](const TwinReport::Range& r) { return fmt::format("mean {}, max {:.4g}", optional_text(r.mean, "{:.4g}"), r.max); };
  return fmt::format("distance {}; floor {}; gradient discrepancy {}", range(twin.distance), range(twin.floor), range(twin.discrepancy));
}

}  // namespace

std::string setup_text(const Run& run) {
  const Scenario& s = run.scenario();
  std::string out = fmt::format("{}: {}", s.name, s.algorithm.name);
  if (s.cluster.workers > 0) out += fmt::format(" on {} worker{}", s.cluster.workers, s.cluster.workers == 1 ? "" : "s");
  out += fmt::format(", {} topology, {} network\n", s.cluster.topology.kind(), s.cluster.network.model.kind());
  for (const std::string& text : s.description) out += "  " + text + "\n";
  if (const Objective* f = run.objective()) {
    out += fmt::format("model {} with {} parameters ({})", f->name(), f->dimension(),
                       OptionType<Precision>::write(s.precision).get<std::string>());
    if (f->rows(Split::train) > 0) out += fmt::format(", {} training and {} test rows", f->rows(Split::train), f->rows(Split::test));
    out += fmt::format(", kernels {}\n", run.kernels());
    if (const ConvexFacts* facts = run.convex()) out += fmt::format("convex: {}\n", convex_text(*facts, s.cluster.workers));
  } else if (s.task) {
    out += "timing only: no gradient is evaluated\n";
  }
  if (const LayerSchedule* layers = run.layers())
    out += fmt::format("overlap: {} bucket{} of at least {}\n", layers->size(), layers->size() == 1 ? "" : "s",
                       show_bytes(s.cluster.overlap.get<LayerwiseOverlap>().bucket.value));
  if (s.cluster.servers > 1) out += fmt::format("{} parameter servers, a shard of the model each\n", s.cluster.servers);
  if (!s.cluster.faults.empty())
    out += fmt::format("faults: {} in the list; a crash is found out after {}\n", s.cluster.faults.size(),
                       show_seconds(s.cluster.failure_detection.value));
  if (s.twin)
    out += fmt::format("zero-delay twin without {}: about three more gradients for each that is applied (y, y', the current model)\n",
                       s.twin->remove == TwinRemoves::delay ? "delay" : "delay and compression");
  if (const ComputeModel* compute = run.compute(); compute != nullptr && !compute->note().empty()) out += compute->note() + "\n";
  for (const ProcessingSpec& processing : s.cluster.processing) out += fmt::format("processing at {}\n", processing.text());
  const std::string note = run.algorithm().setup_note();
  if (!note.empty()) out += note + "\n";
  return out + run.memory().text() + "\n";
}

std::string result_text(const Run& run, const RunSummary& s) {
  std::string out =
      fmt::format("{} ({}): {} after {} virtual time\n\n", s.name, s.algorithm, status_name(s.status), show_seconds(s.last.time.seconds()));
  if (!s.reason.empty()) out.insert(out.size() - 1, "  " + s.reason + "\n");
  if (run.scenario().task) out += curve_text(run.rows(), s.accuracy_on) + "\n";
  for (const Table& table : run.tables()) out += table_text(table) + "\n";
  if (run.scenario().task)
    out += line("updates", fmt::format("{} from {} gradients ({} evaluated, {} samples)", s.last.updates, s.last.gradients,
                                       s.last.evaluations, s.last.samples));
  out += line("bits", bits_text(s));
  if (s.nominal_parameters)
    out += line("nominal", fmt::format("messages took the time of {} parameters, {:.6g} for each of the model's; bits are not scaled",
                                       *s.nominal_parameters, s.parameter_scale));
  if (const Histogram& h = s.staleness->total(); h.count() > 0)
    out += line("staleness", fmt::format("mean {:.2f}, p50 {}, p95 {}, max {} versions; {} dropped", *h.mean(), *h.quantile(0.5),
                                         *h.quantile(0.95), *h.max(), s.staleness->dropped()));
  if (s.twin) {
    out += line("twin", twin_text(*s.twin));
    out +=
        line("twin's cost",
             fmt::format("{} gradients beside the run's {} ({:.2f} times as many)", s.twin->evaluations, s.last.evaluations,
                         static_cast<double>(s.twin->evaluations) / static_cast<double>(std::max<std::uint64_t>(1, s.last.evaluations))));
  }
  if (!s.workers.empty()) out += line("workers", workers_text(s));
  if (s.faults)
    out += line("faults", fmt::format("lost {} computations and {} messages of {}", s.faults->lost_computations, s.faults->lost_messages,
                                      show_bits(static_cast<double>(s.faults->lost_bits))));
  if (s.last.test_loss) out += line("test loss", fmt::format("{:.5g}", *s.last.test_loss));
  if (s.last.worker_loss_mean)
    out += line("shard loss", fmt::format("mean {:.5g}, worst tenth {:.5g}", *s.last.worker_loss_mean, *s.last.worker_loss_worst10));
  if (s.last.worker_accuracy_mean)
    out += line("shard accuracy",
                fmt::format("mean {:.4f}, worst tenth {:.4f}", *s.last.worker_accuracy_mean, *s.last.worker_accuracy_worst10));
  if (s.last.suboptimality) out += line("f - f*", fmt::format("{:.5g}", *s.last.suboptimality));
  out += line("fingerprint", fmt::format("timing {}, learning {}", s.timing_fingerprint, s.learning_fingerprint.value_or("–")));
  out += line("machine", fmt::format("{} events ({}/s), {} gradients/s, {} wall, {} peak memory, {} thread{}, {}", s.events,
                                     show_count(s.machine.events_per_second), show_count(s.machine.gradients_per_second),
                                     show_seconds(s.machine.wall_seconds), show_bytes(static_cast<double>(s.machine.peak_memory_bytes)),
                                     s.machine.threads, s.machine.threads == 1 ? "" : "s",
                                     s.machine.kernels.empty() ? "no kernels" : s.machine.kernels));
  return out;
}

}  // namespace peloton
