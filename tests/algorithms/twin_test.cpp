#include "algorithms/twin.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "tests/algorithms/harness.hpp"

using namespace peloton;
using namespace peloton::test;
using Catch::Matchers::ContainsSubstring;

namespace {

/// f(x) = x² / 2 from x = 1, float64 throughout, two workers of one speed on an instant network. Both first compute at x_0; from then on
/// each finds one update made meanwhile: update k is made of the gradient at x_{k−2}, updates 1 and 2 of that at x_0.
const char* const kTwo = R"({
  "name": "two", "precision": "float64", "wire_dtype": "float64",
  "cluster": {"workers": 2, "compute": {"distribution": "constant", "value": "1 ms"}, "network": {"model": "none"}},
  "task": {"model": {"kind": "quadratic", "eigenvalues": [1], "initial": "ones"}},
  "algorithm": {"name": "async_sgd", "learning_rate": 0.5},
  "twin": {"remove": "delay"},
  "measure": {"updates": 1},
  "stop": {"updates": 4}})";

/// Two functions (x − a_i)² / 2 with a = (0, 4).
const char* const kCentres = R"(task={"model":{"kind":"quadratic","eigenvalues":[1],"centres":[0,4],"initial":"ones"}})";

const char* const kBlobs = R"({
  "name": "blobs", "seed": 4,
  "cluster": {"workers": 4, "compute": {"distribution": "exponential", "mean": "1 ms"}, "network": {"model": "none"}},
  "task": {"model": {"kind": "softmax"}, "data": {"kind": "blobs", "samples": 200, "features": 5, "classes": 3}, "batch_size": 8},
  "algorithm": {"name": "async_sgd", "learning_rate": 0.1},
  "twin": {"remove": "delay"},
  "measure": {"updates": 10},
  "stop": {"updates": 40}})";

struct Outcome {
  std::vector<UpdateRecord> updates;
  std::vector<MetricsRow> rows;
  std::vector<double> x;
  std::vector<double> y;
  std::uint64_t evaluations = 0;
};

Outcome outcome(const Scenario& scenario) {
  Run run(scenario, execution_of());
  UpdateLog log;
  run.add_observer(log);
  while (run.advance()) {}
  Model twin;
  twin.values = run.cluster().twin()->model();
  return {log.records, run.rows(), values_of(run.reported_model()), values_of(twin), run.cluster().twin()->evaluations()};
}

std::vector<double> column(const std::vector<UpdateRecord>& updates, std::optional<double> UpdateRecord::*member) {
  std::vector<double> out;
  for (const UpdateRecord& r : updates) out.push_back((r.*member).value());
  return out;
}

}  // namespace

TEST_CASE("the twin of delayed gradient descent on a parabola is gradient descent", "[algorithms][twin]") {
  // Hand computation, exact in binary: x = 1, 1/2, 0, -1/4, -1/4 with g = x two versions old and η = 1/2; y = 1, 1/2, 1/4, 1/8, 1/16.
  // The discrepancy is |x_stale − x_current|.
  const Outcome o = outcome(scenario_of(kTwo));
  CHECK(o.x == std::vector<double>{-0.25});
  CHECK(o.y == std::vector<double>{0.0625});
  CHECK(column(o.updates, &UpdateRecord::twin_distance) == std::vector<double>{0, 0.25, 0.375, 0.3125});
  CHECK(column(o.updates, &UpdateRecord::gradient_discrepancy) == std::vector<double>{0, 0.5, 0.5, 0.25});
}

TEST_CASE("the floor starts at a millionth and shrinks where the map contracts", "[algorithms][twin]") {
  // Closed form: y' − y is halved by each step from 10⁻⁶ |y_0|.
  const Outcome o = outcome(scenario_of(kTwo));
  const std::vector<double> floors = column(o.updates, &UpdateRecord::twin_floor);
  for (std::size_t k = 0; k < floors.size(); ++k) CHECK(floors[k] == Approx(1e-6 * std::exp2(-static_cast<double>(k + 1))));
}

TEST_CASE("measurements state the distance, the loss gap and the mean discrepancy since the row before", "[algorithms][twin]") {
  // Hand computation: f(x) − f(y) = (x² − y²) / 2 after updates 2 and 4; the discrepancies 0, 1/2 and 1/2, 1/4.
  const Outcome o = outcome(scenario_of(kTwo, {"measure.updates=2"}));
  REQUIRE(o.rows.size() == 3);
  CHECK(o.rows[0].twin_distance == 0.0);
  CHECK(o.rows[0].twin_loss_gap == 0.0);
  CHECK_FALSE(o.rows[0].gradient_discrepancy.has_value());
  CHECK(o.rows[1].twin_distance == 0.25);
  CHECK(o.rows[1].twin_loss_gap == (0.0 - 0.0625) / 2);
  CHECK(o.rows[1].gradient_discrepancy == 0.25);
  CHECK(o.rows[2].twin_loss_gap == (0.0625 - 0.00390625) / 2);
  CHECK(o.rows[2].gradient_discrepancy == 0.375);
}

TEST_CASE("a contribution of local steps is compared and replayed as its change", "[algorithms][twin]") {
  // Hand computation: two local steps of 1/2 take w to w/4, so the change is 3w/4. x = 1, 1/4, -1/2, -11/16, -5/16; y = 4^-k.
  const Outcome o = outcome(
      scenario_of(kTwo, {R"(algorithm={"name":"fedbuff","learning_rate":0.5,"local_steps":2,"buffer":1,"staleness_weight":"none"})"}));
  CHECK(column(o.updates, &UpdateRecord::twin_distance) == std::vector<double>{0, 0.5625, 0.703125, 0.31640625});
  CHECK(column(o.updates, &UpdateRecord::gradient_discrepancy) == std::vector<double>{0, 0.5625, 0.5625, 0.140625});
}

TEST_CASE("realised weights are the run's and not the twin's", "[algorithms][twin]") {
  // Hand computation: with one local step of 1 the change is w. A contribution of staleness τ counts 1/√(1 + τ) in the run, and so it does
  // in the twin, where it is not stale: y_{k+1} = (1 − η s_k) y_k with s = 1, 1/√2, 1/√2, 1/√2 and η = 1/2.
  const Outcome o = outcome(scenario_of(kTwo, {R"(algorithm={"name":"fedbuff","learning_rate":1,"buffer":1,"server_learning_rate":0.5})"}));
  CHECK(o.y[0] == Approx(0.5 * std::pow(1 - 0.5 / std::sqrt(2.0), 3)).epsilon(1e-14));
}

TEST_CASE("the twin has an optimiser of its own", "[algorithms][twin]") {
  // Oracle: the recursion of momentum written out, v ← β v + g, y ← y − η v, with g = y at once.
  const Outcome o =
      outcome(scenario_of(kTwo, {R"(algorithm={"name":"async_sgd","learning_rate":0.1,"optimizer":"momentum"})", "stop.updates=30"}));
  double y = 1;
  double v = 0;
  for (int k = 0; k < 30; ++k) {
    v = 0.9 * v + y;
    y -= 0.1 * v;
  }
  CHECK(o.y[0] == Approx(y).epsilon(1e-12));
  CHECK(o.x[0] != Approx(y).epsilon(1e-3));
}

TEST_CASE("the twin of gossip is the mean model's own descent", "[algorithms][twin]") {
  // Oracle: y ← y − η mean_i ∇f_i(y) written out, f_i(x) = ½ (x − a_i)². The gradients are linear with one slope, so that the mean of the
  // nodes' models does the same, however far they are apart.
  for (const char* order : {"adapt_then_combine", "combine_then_adapt"}) {
    const Outcome o = outcome(scenario_of(
        kTwo, {kCentres, fmt::format(R"(algorithm={{"name":"d_psgd","learning_rate":0.1,"order":"{}"}})", order), "stop.updates=20"}));
    double y = 1;
    for (int k = 0; k < 20; ++k) y -= 0.1 * (y - 2);
    CHECK(o.y[0] == Approx(y).epsilon(1e-13));
    CHECK(o.rows.back().twin_distance.value() < 1e-14);
  }
}

TEST_CASE("the twin of leader SGD has all workers at one model and the run's leaders", "[algorithms][twin]") {
  // Hand computation, exact: one step of 1/2 takes x to (x + a_i) / 2, λ = 1/2, worker 0 leads. Run: ends 1/2, 5/2, pulled to 1/2, 3/2;
  // ends 1/4, 11/4, pulled to 1/4, 3/2; means 1, 7/8. The weights of the ends in the mean are 3/4 and 1/4. Twin: 3/4 · 1/2 + 1/4 · 5/2 = 1,
  // again 1.
  const Outcome o =
      outcome(scenario_of(kTwo, {kCentres, R"(algorithm={"name":"lsgd","learning_rate":0.5,"period":1,"pull":0.5})", "stop.updates=2"}));
  CHECK(o.y == std::vector<double>{1.0});
  CHECK(column(o.updates, &UpdateRecord::twin_distance) == std::vector<double>{0, 0, 0.125, 0.125});
}

TEST_CASE("the twin of asynchronous elastic averaging exchanges with the centre of the moment", "[algorithms][twin]") {
  // Oracle: the rule without delays written out. Worker i: chain with its last pull, then e_i = α (y_i − ỹ), ỹ ← ỹ + e_i, in the order in
  // which the pushes arrived.
  const Outcome o =
      outcome(scenario_of(kTwo, {kCentres, R"(algorithm={"name":"easgd","learning_rate":0.25,"period":1,"beta":0.5,"mode":"asynchronous"})",
                                 "stop.updates=9"}));
  const std::array<double, 2> a = {0, 4};
  std::array<double, 2> y = {1, 1};
  std::array<double, 2> e = {0, 0};
  std::array<bool, 2> started = {false, false};
  double centre = 1;
  for (const UpdateRecord& r : o.updates) {
    const std::size_t i = r.worker;
    if (started[i]) y[i] = y[i] - 0.25 * (y[i] - a[i]) - e[i];
    started[i] = true;
    e[i] = 0.25 * (y[i] - centre);
    centre += e[i];
  }
  CHECK(o.y[0] == Approx(centre).epsilon(1e-14));
}

TEST_CASE("without delay and compression the twin of compressed SGD is plain SGD", "[algorithms][twin]") {
  // Oracle: reduction, bit for bit: a run of its own without compressors.
  const std::string plain = R"(algorithm={"name":"sync_sgd","learning_rate":0.1})";
  const std::string compressed = R"(algorithm={"name":"sync_sgd","learning_rate":0.1,"compressor":"topk:0.2","downlink":"sign"})";
  const Outcome o = outcome(scenario_of(kBlobs, {compressed, "twin.remove=delay+compression"}));
  CHECK(o.y == final_values(scenario_of(kBlobs, {plain})));
  CHECK(o.rows.back().twin_distance.value() > 0.1);
}

TEST_CASE("old uploads that a lazy method counts again are the same in the twin and stale in the run", "[algorithms][twin]") {
  // Oracle: invariant. Who uploads is settled by the run, so that a synchronous twin never parts from it; a reused gradient differs from
  // the one at the current model.
  const Outcome o = outcome(scenario_of(kBlobs, {R"(algorithm={"name":"lasg","learning_rate":0.1,"trigger":{"window":2,"scale":100}})"}));
  CHECK(o.x == o.y);
  for (const UpdateRecord& r : o.updates) CHECK((r.staleness > 0) == (r.gradient_discrepancy.value() > 0));
  CHECK(std::any_of(o.updates.begin(), o.updates.end(), [](const UpdateRecord& r) { return r.staleness > 0; }));
}

TEST_CASE("the twin counts the gradients that it costs", "[algorithms][twin]") {
  // Hand computation: each of 4 updates has one gradient at y and one at y'; three have one at x, which for the first is where it was
  // taken.
  CHECK(outcome(scenario_of(kTwo)).evaluations == 2 * 4 + 3);
}

TEST_CASE("the summary states what the twin found, and says nothing of a twin that is not there", "[algorithms][twin]") {
  // Hand computation: distances 0, 1/4, 3/8, 5/16 and discrepancies 0, 1/2, 1/2, 1/4, as above.
  Run run(scenario_of(kTwo), execution_of());
  while (run.advance()) {}
  const Json twin = summary_json(run.summary())["twin"];
  CHECK(twin["remove"] == "delay");
  CHECK(twin["distance"] == Json{{"mean", 0.234375}, {"max", 0.375}});
  CHECK(twin["gradient_discrepancy"] == Json{{"mean", 0.3125}, {"max", 0.5}});
  CHECK(twin["evaluations"] == 11);
  Run alone(scenario_of(kTwo, {"twin=null"}), execution_of());
  while (alone.advance()) {}
  CHECK_FALSE(summary_json(alone.summary()).contains("twin"));
}

TEST_CASE("gradients that are dropped have no part in the twin", "[algorithms][twin]") {
  // Hand computation: with max_staleness 0 only the first of each pair of equal arrivals counts: gradient descent with η = 1/2, and so y =
  // x.
  const Outcome o = outcome(scenario_of(kTwo, {"algorithm.max_staleness=0"}));
  CHECK(o.x == o.y);
  CHECK(std::any_of(o.updates.begin(), o.updates.end(), [](const UpdateRecord& r) { return !r.applied; }));
  for (const UpdateRecord& r : o.updates) CHECK(r.applied == r.twin_distance.has_value());
}

TEST_CASE("a twin where none can be is refused with the reason", "[algorithms][twin]") {
  CHECK_THROWS_WITH(scenario_of(kTwo, {"learning=false"}), ContainsSubstring("test: /twin: ") && ContainsSubstring("\"learning\": true"));
  CHECK_THROWS_WITH(scenario_of(kTwo, {"twin.remove=dealy"}),
                    ContainsSubstring("/twin/remove") && ContainsSubstring("did you mean \"delay\"?"));
  CHECK_THROWS_WITH(scenario_of(R"({"name": "t", "twin": {}, "cluster": {"topology": {"kind": "explicit", "nodes": ["a", "b"],
                                    "links": [{"name": "l", "between": ["a", "b"], "bandwidth": "1 Mbps", "latency": "1 ms"}]}},
                                    "algorithm": {"name": "transfers", "flows": [{"at": 0, "from": "a", "to": "b", "size": 1}]}})"),
                    ContainsSubstring("test: /twin: ") && ContainsSubstring("transfers"));
}

TEST_CASE("the twin's vectors are in the memory estimate", "[algorithms][twin]") {
  // Hand computation: y, y', the last x; a task on one thread with two more at the current model, and two sums: 3 + 3 + 2 vectors.
  const Run with(scenario_of(kTwo), execution_of());
  const Run without(scenario_of(kTwo, {"twin=null"}), execution_of());
  const auto of = [](const Run& run) {
    for (const MemoryEstimate::Item& item : run.memory().items)
      if (item.what == "twin") return item.bytes;
    return 0.0;
  };
  CHECK(of(without) == 0);
  CHECK(of(with) == 8.0 * 128);  // a vector of one number: 64 bytes of bookkeeping and a line of 64
}
