#include "algorithms/lasg.hpp"

#include <fmt/format.h>

#include "tests/algorithms/plain_sasg.hpp"

using namespace peloton;
using namespace peloton::test;

namespace {

/// f(x) = x² / 2 from x = 1 on one worker, without noise.
const char* const kScalar = R"({
  "name": "scalar", "precision": "float64", "wire_dtype": "float64",
  "cluster": {"workers": 1, "compute": {"distribution": "constant", "value": "1 ms"}, "network": {"model": "none"}},
  "task": {"model": {"kind": "quadratic", "eigenvalues": [1]}},
  "algorithm": {"name": "lasg", "learning_rate": 0.5, "trigger": {"window": 1, "max_age": 5, "weight": 2}},
  "stop": {"updates": 1}})";

const char* const kBlobs = R"({
  "name": "blobs",
  "cluster": {"workers": 4, "compute": {"distribution": "constant", "value": "1 ms"}, "network": {"model": "none"}},
  "task": {"model": {"kind": "softmax"}, "data": {"kind": "blobs", "samples": 400, "features": 6, "classes": 3}, "batch_size": 16},
  "algorithm": {"name": "lasg", "learning_rate": 0.5},
  "stop": {"updates": 60}})";

}  // namespace

TEST_CASE("lasg reuses a gradient until it changed by the threshold", "[algorithms][lasg]") {
  // Hand computation, η = 1/2, D = 1, c = 2, everything a power of two:
  //   round 0  due: push 1                                        w = 1/2
  //   round 1  change (1/2 − 1)² = 1/4 < 2 (1/2)² = 1/2: reuse 1    w = 0
  //   round 2  change (0 − 1)² = 1 ≥ 2 (1/2)² = 1/2: push 0         w = 0
  //   round 3  change 0 ≥ 0, since nothing moved: push 0            w = 0
  const std::vector<std::pair<double, std::uint64_t>> expected = {{0.5, 1}, {0, 1}, {0, 2}, {0, 3}};
  for (std::size_t rounds = 1; rounds <= expected.size(); ++rounds) {
    INFO(rounds << " rounds");
    const auto run = run_of(kScalar, {fmt::format("stop.updates={}", rounds)});
    CHECK(values_of(run->reported_model()) == Numbers{expected[rounds - 1].first});
    CHECK(upload_columns(*run)[1] == std::vector<std::uint64_t>{expected[rounds - 1].second});
  }
}

TEST_CASE("a reused gradient keeps the step size it was pushed with", "[algorithms][lasg]") {
  // Hand computation, η = 1/2, then 1/4: w = 1/2 after the push of 1; the reused message is −1/2 again: w = 0, not 1/4.
  const std::vector<std::string> steps = {R"(algorithm.learning_rate={"kind":"step","value":0.5,"factor":0.5,"milestones":[1]})"};
  CHECK(values_of(run_of(kScalar, {steps[0], "stop.updates=2"})->reported_model()) == Numbers{0});
}

TEST_CASE("lasg without a threshold is sync_sgd", "[algorithms][lasg]") {
  // Oracle: reduction, bit for bit in float32: γ = 0.5 / 4 is a power of two. To rounding in float64 for another γ.
  const auto values = [](std::vector<std::string> settings, const char* algorithm) {
    settings.push_back(fmt::format("algorithm={}", algorithm));
    return values_of(run_of(kBlobs, settings)->reported_model());
  };
  CHECK(values({}, R"({"name":"lasg","learning_rate":0.5,"trigger":{"scale":0}})") ==
        values({}, R"({"name":"sync_sgd","learning_rate":0.5})"));
  const std::vector<std::string> wide = {"precision=float64", "wire_dtype=float64", "cluster.workers=7"};
  const Numbers lasg = values(wide, R"({"name":"lasg","learning_rate":0.3,"trigger":{"window":0}})");
  const Numbers sync = values(wide, R"({"name":"sync_sgd","learning_rate":0.3})");
  for (std::size_t i = 0; i < sync.size(); ++i) CHECK(lasg[i] == Approx(sync[i]).epsilon(1e-12));
}

TEST_CASE("lasg is the paper's rule, written out with plain loops", "[algorithms][lasg]") {
  // Oracle: reference implementation (plain_sasg.hpp), every coordinate sent; with the weights of the CADA authors' code, 1 / (10 η²).
  const double eta = 0.5;
  const double weight = 1 / (10 * eta * eta);
  const auto run = run_of(kBlobs, {"precision=float64", "wire_dtype=float64", fmt::format("algorithm.trigger.weight={}", weight)},
                          execution_of(1, "reference"));
  PlainSasg plain{.eta = eta, .ratio = 1, .window = 10, .narrow_wire = false, .weight = weight};
  plain.run(run->scenario(), 60);
  CHECK(upload_columns(*run)[1] == plain.uploads);
  CHECK(total(plain.uploads) < 4 * 60);
  const Numbers x = values_of(run->reported_model());
  for (std::size_t i = 0; i < x.size(); ++i) CHECK(x[i] == Approx(plain.x[i]).epsilon(1e-10));
}

TEST_CASE("workers compare models as the wire gave them", "[algorithms][lasg]") {
  // Oracle: reference implementation. Full batches, strong convexity, float64 parameters: the model settles until only the rounding of
  // the float32 wire moves it, and decides who uploads.
  const auto run = run_of(kBlobs,
                          {"precision=float64", "task.model.l2=0.5", "task.batch_size=full", "stop.updates=200",
                           "algorithm.trigger.weight=0.01", "algorithm.trigger.max_age=10"},
                          execution_of(1, "reference"));
  PlainSasg plain{.eta = 0.5, .ratio = 1, .window = 10, .narrow_wire = true, .weight = 0.01, .feedback = false};
  plain.run(run->scenario(), 200);
  CHECK(upload_columns(*run)[1] == plain.uploads);
  CHECK(values_of(run->reported_model()) == plain.x);
}

TEST_CASE("lasg sends 32 d bits or a flag", "[algorithms][lasg]") {
  // Hand computation: d = 6 · 3 + 3 = 21. Dense messages have no positions, so that papers count them alike: one table.
  const auto run = run_of(kBlobs, {});
  const std::uint64_t uploads = total(upload_columns(*run)[1]);
  CHECK(uploads < 4 * 60);
  CHECK(run->cluster().traffic().bits[static_cast<std::size_t>(Traffic::uplink)] == uploads * 21 * 32);
  CHECK(run->cluster().traffic().bits[static_cast<std::size_t>(Traffic::control)] == 4 * 60 - uploads);
  CHECK(run->tables().size() == 1);
}
