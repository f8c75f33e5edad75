#include "sim/compute/processors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace peloton {
namespace {

/// In TFLOP/s; 0: the processor has no units of its own for the format, or its data sheet gives no rate.
struct Peaks {
  Processor processor;
  double fp64;
  double fp32;
  double tf32;
  double fp16;
  double bf16;
};

constexpr std::array<Peaks, 14> kPeaks{{
    // NVIDIA H100 data sheet, SXM5; matrix units without sparsity.
    {Processor::h100, 34, 67, 494.7, 989.4, 989.4},
    // NVIDIA A100 data sheet, SXM4.
    {Processor::a100, 9.7, 19.5, 156, 312, 312},
    // NVIDIA V100 data sheet, SXM2.
    {Processor::v100, 7.8, 15.7, 0, 125, 0},
    // NVIDIA P100 data sheet, SXM2.
    {Processor::p100, 5.3, 10.6, 0, 21.2, 0},
    // NVIDIA T4 data sheet.
    {Processor::t4, 0, 8.1, 0, 65, 0},
    // NVIDIA L4 data sheet; its matrix rates are with sparsity, here half of them.
    {Processor::l4, 0, 30.3, 60, 121, 121},
    // NVIDIA Ampere GA102 architecture white paper, table of GeForce RTX 3090; fp16 and bf16 with fp32 accumulation.
    {Processor::rtx3090, 0, 35.6, 35.6, 71, 71},
    // NVIDIA Ada architecture white paper, table of GeForce RTX 4090; fp16 and bf16 with fp32 accumulation.
    {Processor::rtx4090, 0, 82.6, 82.6, 165.2, 165.2},
    // AMD Instinct MI250X data sheet, both dies; fp64 and fp32 of the vector units.
    {Processor::mi250x, 47.9, 47.9, 0, 383, 383},
    // AMD Instinct MI300X data sheet; fp64 and fp32 of the vector units, without sparsity.
    {Processor::mi300x, 81.7, 163.4, 653.7, 1307.4, 1307.4},
    // Google Cloud TPU documentation, peak compute per chip.
    {Processor::tpu_v3, 0, 0, 0, 0, 123},
    {Processor::tpu_v4, 0, 0, 0, 0, 275},
    // One core at its base clock: 2.45 GHz · 2 FMA units of 256 bit (AMD EPYC 7763, Zen 3) · 2 operations.
    {Processor::epyc_7763_core, 0.0392, 0.0784, 0, 0, 0},
    // One core at its base clock: 2.3 GHz · 2 FMA units of 512 bit (Intel Xeon Platinum 8380, Ice Lake) · 2 operations.
    {Processor::xeon_8380_core, 0.0736, 0.1472, 0, 0, 0},
}};

constexpr std::array<std::pair<std::string_view, double>, 5> kUnits{
    {{"FLOPS", 1.0}, {"MFLOPS", 1e6}, {"GFLOPS", 1e9}, {"TFLOPS", 1e12}, {"PFLOPS", 1e15}}};

}  // namespace

std::string show_flops(double operations) {
  std::string_view prefix;
  for (const std::string_view larger : {"k", "M", "G", "T", "P"}) {
    if (operations < 1000) break;
    operations /= 1000;
    prefix = larger;
  }
  return fmt::format("{:.4g} {}FLOP", operations, prefix);
}

std::optional<double> peak_rate(Processor processor, NumberFormat format) {
  const auto found = std::find_if(kPeaks.begin(), kPeaks.end(), [&](const Peaks& p) { return p.processor == processor; });
  PELOTON_INVARIANT(found != kPeaks.end(), "every processor has its peak rates");
  double rate = 0;
  switch (format) {
    case NumberFormat::fp64: rate = found->fp64; break;
    case NumberFormat::fp32: rate = found->fp32; break;
    case NumberFormat::tf32: rate = found->tf32; break;
    case NumberFormat::fp16: rate = found->fp16; break;
    case NumberFormat::bf16: rate = found->bf16; break;
  }
  if (rate == 0) return std::nullopt;
  return rate * 1e12;
}

FlopRate OptionType<FlopRate>::parse(const Json& json, const Place& place) {
  if (json.is_number()) return {OptionType<double>::parse(json, place)};
  const std::string expected = "operations per second, such as \"312 TFLOPS\" (FLOPS, MFLOPS, GFLOPS, TFLOPS, PFLOPS)";
  if (!json.is_string()) wrong_type(place, expected, json);
  const std::string text = json.get<std::string>();
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  unit.remove_prefix(std::min(unit.find_first_not_of(' '), unit.size()));
  for (const auto& [name, factor] : kUnits)
    if (error == std::errc() && normalised(unit) == normalised(name)) return {number * factor};
  wrong_type(place, expected, json);
}

}  // namespace peloton
