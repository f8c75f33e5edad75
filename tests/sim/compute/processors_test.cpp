#include "sim/compute/processors.hpp"

#include "tests/test.hpp"

using namespace peloton;

TEST_CASE("every processor has a peak rate, and matrix units are no slower in shorter formats", "[sim][compute][processors]") {
  // Invariant of the data sheets: fp64 ≤ fp32 ≤ tf32 ≤ fp16 = bf16 where they are given.
  for (const auto& [name, processor] : EnumNames<Processor>::names) {
    INFO(name);
    double before = 0;
    for (const auto& [format_name, format] : EnumNames<NumberFormat>::names) {
      const std::optional<double> rate = peak_rate(processor, format);
      if (!rate) continue;
      CHECK(*rate >= before);
      CHECK((*rate > 1e10 && *rate < 2e15));  // between a core and a board
      before = *rate;
    }
    CHECK(before > 0);
  }
}

TEST_CASE("cores have the rate of their clock and units", "[sim][compute][processors]") {
  // Hand computation: 2.45 GHz · 2 units · 8 fp32 numbers · 2 operations = 78.4 GFLOP/s; 2.3 GHz · 2 · 16 · 2 = 147.2 GFLOP/s.
  CHECK(peak_rate(Processor::epyc_7763_core, NumberFormat::fp32).value() == Approx(78.4e9).epsilon(1e-12));
  CHECK(peak_rate(Processor::xeon_8380_core, NumberFormat::fp32).value() == Approx(147.2e9).epsilon(1e-12));
}

TEST_CASE("rates of operations have units", "[sim][compute][processors]") {
  const auto rate = [](const char* json) { return OptionType<FlopRate>::parse(Json::parse(json), {"x.json", "/rate"}).value; };
  CHECK(rate("2.5e9") == 2.5e9);
  CHECK(rate("\"312 TFLOPS\"") == 312e12);
  CHECK(rate("\"1.5gflops\"") == 1.5e9);
  CHECK(rate("\"2 MFLOPS\"") == 2e6);
  CHECK(rate("\"1 PFLOPS\"") == 1e15);
  CHECK(rate("\"7 FLOPS\"") == 7);
}

TEST_CASE("numbers of operations are shown with a prefix", "[sim][compute][processors]") {
  CHECK(show_flops(84) == "84 FLOP");
  CHECK(show_flops(636e3) == "636 kFLOP");
  CHECK(show_flops(19.5e12) == "19.5 TFLOP");
}
