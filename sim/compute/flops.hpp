#pragma once

#include <optional>

#include "sim/base/options.hpp"
#include "sim/base/random.hpp"
#include "sim/compute/compute_call.hpp"
#include "sim/compute/law_sources.hpp"
#include "sim/compute/processors.hpp"

namespace peloton {

/// T = samples · flops_per_sample / (efficiency · rate) + overhead: the work of a mini-batch on a processor of known speed.
struct FlopsLaw {
  static constexpr std::string_view kind = "flops";
  static constexpr std::string_view help = "the operations of the model's gradients over the rate of a processor, plus an overhead";
  std::optional<FlopRate> rate;
  std::optional<Processor> device;
  NumberFormat format = NumberFormat::fp32;
  double efficiency = 1;
  Seconds overhead{0};
  std::optional<double> flops_per_sample;
  /// Seconds per sample; computed by `prepare`.
  double per_sample = 0;

  static auto fields() {
    return options(field("rate", &FlopsLaw::rate, kPositive, "operations per second, such as \"10 TFLOPS\"; or a device"),
                   field("device", &FlopsLaw::device, "a processor, whose peak rate is its vendor's"),
                   field("format", &FlopsLaw::format, "the number format that the device's rate is of"),
                   field("efficiency", &FlopsLaw::efficiency, Check{.low = 0, .high = 1, .low_open = true},
                         "share of the rate that is reached (1: the peak; large models on GPUs mostly reach 0.3 to 0.5)"),
                   field("overhead", &FlopsLaw::overhead, kNonNegative, "added to each computation"),
                   field("flops_per_sample", &FlopsLaw::flops_per_sample, kPositive,
                         "of one sample's gradient (default: what the task's model takes)"));
  }
  void validate(const Place& place) const;
  /// Errors: no flops_per_sample and no task to take it from.
  void prepare(const LawSources& sources, const Place& place);
  /// What a sample's gradient takes.
  [[nodiscard]] std::string note() const;
  double sample(RandomStream& random, const ComputeCall& call) const;
  /// Of a mini-batch of one sample.
  double expectation(NodeId worker) const;

 private:
  [[nodiscard]] double peak() const { return rate ? rate->value : peak_rate(*device, format).value(); }
};

}  // namespace peloton
