#include "sim/compute/flops.hpp"

#include "sim/compute/compute_model.hpp"
#include "tests/test.hpp"

using namespace peloton;

namespace {

const Place kCluster{"x.json", "/cluster"};

Duration time_of(const std::string& keys, std::size_t samples, double model_flops = 0) {
  const auto spec = parse_options<ComputeSpec>(Json::parse(R"({"distribution": "flops", )" + keys + "}"), kCluster / "compute");
  return ComputeModel({spec}, {.workers = 1, .flops_per_sample = model_flops}, kCluster).draw(0, 0, samples);
}

std::string error(const std::string& keys) {
  try {
    (void)time_of(keys, 1);
  } catch (const InputError& e) {
    return e.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("a computation takes its operations over the rate, and the overhead", "[sim][compute][flops]") {
  // Hand computation: 32 samples of 10^9 operations at 10 TFLOP/s: 3.2 ms; at 40 % of it 8 ms; with an overhead of 2 ms 10 ms.
  const std::string rate = R"("flops_per_sample": 1e9, "rate": "10 TFLOPS")";
  CHECK(time_of(rate, 32).ns == 3'200'000);
  CHECK(time_of(rate + R"(, "efficiency": 0.4)", 32).ns == 8'000'000);
  CHECK(time_of(rate + R"(, "efficiency": 0.4, "overhead": "2 ms")", 32).ns == 10'000'000);
}

TEST_CASE("a device computes at its data sheet's rate", "[sim][compute][flops]") {
  // NVIDIA A100: 19.5 TFLOP/s in fp32, 156 in tf32, 312 in fp16.
  CHECK(time_of(R"("flops_per_sample": 19.5e9, "device": "a100")", 1).ns == 1'000'000);
  CHECK(time_of(R"("flops_per_sample": 19.5e9, "device": "a100", "format": "tf32")", 1).ns == 125'000);
  CHECK(time_of(R"("flops_per_sample": 19.5e9, "device": "A100", "format": "fp16")", 1).ns == 62'500);
}

TEST_CASE("the task's model tells its operations unless the scenario does", "[sim][compute][flops]") {
  CHECK(time_of(R"("rate": 1e9)", 10, 5e5).ns == 5'000'000);
  CHECK(time_of(R"("rate": 1e9, "flops_per_sample": 1e6)", 10, 5e5).ns == 10'000'000);
}

TEST_CASE("the options of the law of operations are checked", "[sim][compute][flops]") {
  CHECK(error(R"("device": "a100")") ==
        "x.json: /cluster/compute: needs the key \"flops_per_sample\": there is no task whose model would tell it");
  CHECK(error(R"("flops_per_sample": 1)") == "x.json: /cluster/compute: needs either \"rate\" or \"device\", got neither");
  CHECK(error(R"("rate": 1, "device": "a100")") == "x.json: /cluster/compute: needs either \"rate\" or \"device\", got both");
  CHECK(error(R"("device": "a10")").find("(did you mean \"a100\"?)") != std::string::npos);
  CHECK(error(R"("device": "v100", "format": "tf32")") ==
        "x.json: /cluster/compute/format: the rates known of v100 are of fp64, fp32, fp16, got tf32");
  CHECK(error(R"("rate": "10 TFLOPs/s")") ==
        "x.json: /cluster/compute/rate: must be operations per second, such as \"312 TFLOPS\" (FLOPS, "
        "MFLOPS, GFLOPS, TFLOPS, PFLOPS), got \"10 TFLOPs/s\"");
  CHECK(error(R"("rate": -1)") == "x.json: /cluster/compute/rate: must be > 0, got -1");
  CHECK(error(R"("rate": 1, "overhead": "-1 ms")") == "x.json: /cluster/compute/overhead: must be ≥ 0, got \"-1 ms\"");
  CHECK(error(R"("rate": 1, "efficiency": 1.5)") == "x.json: /cluster/compute/efficiency: must be > 0 and ≤ 1, got 1.5");
  CHECK(error(R"("rate": 1, "flops_per_sample": 1, "scale_with": "samples")") ==
        "x.json: /cluster/compute/scale_with: must be none: the law \"flops\" counts the samples itself");
}
