#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sim/base/option_types.hpp"

namespace peloton {

/// A rate of floating-point operations per second: 312e12 or "312 TFLOPS".
struct FlopRate {
  double value = 0;
};

template <>
struct OptionType<FlopRate> {
  static FlopRate parse(const Json& json, const Place& place);
  static Json write(FlopRate v) { return v.value; }
  static Json schema() { return {{"type", Json::array({"number", "string"})}}; }
  static std::string type() { return "rate of operations"; }
  static double number(FlopRate v) { return v.value; }
};

/// "636 kFLOP", "19.5 TFLOP".
[[nodiscard]] std::string show_flops(double operations);

/// The number format that a peak rate is of. fp16, bf16 and tf32 are those of the matrix units with fp32 accumulation, dense.
enum class NumberFormat { fp64, fp32, tf32, fp16, bf16 };
template <>
struct EnumNames<NumberFormat> {
  static constexpr std::array<std::pair<std::string_view, NumberFormat>, 5> names{{{"fp64", NumberFormat::fp64},
                                                                                   {"fp32", NumberFormat::fp32},
                                                                                   {"tf32", NumberFormat::tf32},
                                                                                   {"fp16", NumberFormat::fp16},
                                                                                   {"bf16", NumberFormat::bf16}}};
};

/// Processors whose vendors' peak rates are known here.
enum class Processor { h100, a100, v100, p100, t4, l4, rtx3090, rtx4090, mi250x, mi300x, tpu_v3, tpu_v4, epyc_7763_core, xeon_8380_core };
template <>
struct EnumNames<Processor> {
  static constexpr std::array<std::pair<std::string_view, Processor>, 14> names{{{"h100", Processor::h100},
                                                                                 {"a100", Processor::a100},
                                                                                 {"v100", Processor::v100},
                                                                                 {"p100", Processor::p100},
                                                                                 {"t4", Processor::t4},
                                                                                 {"l4", Processor::l4},
                                                                                 {"rtx3090", Processor::rtx3090},
                                                                                 {"rtx4090", Processor::rtx4090},
                                                                                 {"mi250x", Processor::mi250x},
                                                                                 {"mi300x", Processor::mi300x},
                                                                                 {"tpu_v3", Processor::tpu_v3},
                                                                                 {"tpu_v4", Processor::tpu_v4},
                                                                                 {"epyc_7763_core", Processor::epyc_7763_core},
                                                                                 {"xeon_8380_core", Processor::xeon_8380_core}}};
};

/// The peak rate in FLOP/s (a fused multiply-add counts two) of its vendor's data sheet; nothing for formats without one.
[[nodiscard]] std::optional<double> peak_rate(Processor processor, NumberFormat format);

}  // namespace peloton
