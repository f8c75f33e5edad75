#include "algorithms/sparse_sgd.hpp"

#include <fmt/format.h>

#include "tests/algorithms/plain_sasg.hpp"

using namespace peloton;
using namespace peloton::test;

namespace {

/// f(x) = (x_0² + 4 x_1²) / 2 from (1, 1), without noise; one of two coordinates is sent.
const char* const kTwo = R"({
  "name": "two", "precision": "float64", "wire_dtype": "float64",
  "cluster": {"workers": 2, "compute": {"distribution": "constant", "value": "1 ms"}, "network": {"model": "none"}},
  "task": {"model": {"kind": "quadratic", "eigenvalues": [1, 4]}},
  "algorithm": {"name": "sparse_sgd", "learning_rate": 0.125, "compressor": {"name": "topk", "ratio": 0.5}},
  "stop": {"updates": 1}})";

const char* const kBlobs = R"({
  "name": "blobs",
  "cluster": {"workers": 4, "compute": {"distribution": "exponential", "mean": "1 ms"}, "network": {"model": "none"}},
  "task": {"model": {"kind": "softmax"}, "data": {"kind": "blobs", "samples": 400, "features": 6, "classes": 3}, "batch_size": 16},
  "algorithm": {"name": "sparse_sgd", "learning_rate": 0.5, "compressor": {"name": "topk", "ratio": 1}},
  "stop": {"updates": 60}})";

}  // namespace

TEST_CASE("sparse_sgd sends the largest coordinate and remembers the others", "[algorithms][sparse_sgd]") {
  // Hand computation of the sum over the two equal workers, η = 1/8, everything a sum of few powers of two:
  //   round 0  η g = (1/8, 1/2)                 push 1/2 of x_1    w = (1, 1/2)     e = (1/8, 0)
  //   round 1  η g + e = (1/8 + 1/8, 1/4)       a tie: x_0 wins    w = (3/4, 1/2)   e = (0, 1/4)
  //   round 2  η g + e = (3/32, 1/4 + 1/4)      push 1/2 of x_1    w = (3/4, 0)     e = (3/32, 0)
  //   round 3  η g + e = (3/32 + 3/32, 0)       push x_0           w = (9/16, 0)    e = (0, 0)
  const std::vector<Numbers> model = {{1, 0.5}, {0.75, 0.5}, {0.75, 0}, {0.5625, 0}};
  const std::vector<Numbers> error = {{0.125, 0}, {0, 0.25}, {0.09375, 0}, {0, 0}};
  for (std::size_t t = 0; t < model.size(); ++t) {
    INFO("round " << t);
    const auto run = run_of(kTwo, {fmt::format("stop.updates={}", t + 1)});
    CHECK(values_of(run->reported_model()) == model[t]);
    const auto& method = dynamic_cast<const Sasg&>(run->algorithm());
    for (NodeId m = 0; m < 2; ++m) {
      const Numbers e = values_of({.values = method.error(m), .created = {}});
      CHECK(2 * e[0] == error[t][0]);
      CHECK(2 * e[1] == error[t][1]);
    }
  }
}

TEST_CASE("sparse_sgd with every coordinate is sync_sgd", "[algorithms][sparse_sgd]") {
  // Oracle: reduction, bit for bit and event for event but for the lengths of messages: γ = 0.5 / 4 is a power of two.
  for (const char* precision : {"float32", "float64"}) {
    const std::vector<std::string> types = {fmt::format("precision={}", precision), fmt::format("wire_dtype={}", precision)};
    const auto sparse = run_of(kBlobs, types);
    const auto sync = run_of(kBlobs, {types[0], types[1], R"(algorithm={"name":"sync_sgd","learning_rate":0.5})"});
    CHECK(values_of(sparse->reported_model()) == values_of(sync->reported_model()));
    CHECK(sparse->cluster().now() == sync->cluster().now());
    CHECK(sparse->cluster().gradients() == sync->cluster().gradients());
  }
}

TEST_CASE("sparse_sgd is top-k with error feedback, written out with plain loops", "[algorithms][sparse_sgd]") {
  // Oracle: reference implementation (plain_sasg.hpp) with a window that never ends.
  const auto run =
      run_of(kBlobs,
             {"precision=float64", "wire_dtype=float64",
              R"(algorithm={"name":"sparse_sgd","learning_rate":0.4,"compressor":{"name":"topk","ratio":0.1,"scope":"tensor"}})"},
             execution_of(1, "reference"));
  PlainSasg plain{.eta = 0.4, .ratio = 0.1, .window = 1000, .narrow_wire = false};
  plain.run(run->scenario(), 60);
  const Numbers x = values_of(run->reported_model());
  for (std::size_t i = 0; i < x.size(); ++i) CHECK(x[i] == Approx(plain.x[i]).epsilon(1e-10));
  CHECK(upload_columns(*run)[1] == std::vector<std::uint64_t>{60, 60, 60, 60});
  CHECK(upload_columns(*run)[2] == std::vector<std::uint64_t>{0, 0, 0, 0});
}

TEST_CASE("error feedback reaches the minimum with one coordinate in ten", "[algorithms][sparse_sgd]") {
  // Oracle: known minimum 0. Without noise, top-k with error feedback converges linearly for a small enough step
  // (Karimireddy et al., ICML 2019): from f = 16.5 to below 1e-12.
  const auto run = run_of(kTwo, {R"(task.model={"kind":"quadratic","dimension":60})", "algorithm.compressor.ratio=0.1",
                                 "algorithm.learning_rate=0.1", "stop.updates=3000"});
  CHECK(*run->rows().front().suboptimality > 10);
  CHECK(*run->rows().back().suboptimality < 1e-12);
}

TEST_CASE("sparse_sgd needs neither a second gradient nor learning for its events", "[algorithms][sparse_sgd]") {
  // Hand computation: d = 21, k = 4, wire float32: 4 · (32 + 5) = 148 bits per worker and round.
  const std::vector<std::string> settings = {"algorithm.compressor.ratio=0.2"};
  const auto run = run_of(kBlobs, settings);
  CHECK(run->cluster().traffic().bits[static_cast<std::size_t>(Traffic::uplink)] == 4 * 60 * 148);
  CHECK(run->cluster().traffic().messages[static_cast<std::size_t>(Traffic::control)] == 0);
  CHECK(run->cluster().gradients() == 4 * 60);
  const auto timing = run_of(kBlobs, {settings[0], "learning=false"});
  CHECK(timing->summary().timing_fingerprint == run->summary().timing_fingerprint);
}
