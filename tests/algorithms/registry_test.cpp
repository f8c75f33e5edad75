#include "algorithms/registry.hpp"

#include "tests/algorithms/harness.hpp"

using namespace peloton;
using namespace peloton::test;

namespace {

const char* const kBase = R"({
  "name": "copied", "seed": 3,
  "cluster": {"workers": 5, "compute": {"distribution": "exponential", "mean": "2 ms"},
              "topology": {"kind": "star", "bandwidth": "10 Mbps", "latency": "100 us"}},
  "task": {"model": {"kind": "softmax"}, "data": {"kind": "blobs", "samples": 300, "features": 6, "classes": 3}, "batch_size": 8},
  "algorithm": {"name": "async_sgd"},
  "measure": {"every": "7 ms"},
  "stop": {"updates": 120}})";

const char* const kTransfers = R"({
  "name": "transfers",
  "cluster": {"topology": {"kind": "explicit", "nodes": ["a", "b", "c"],
      "links": [{"name": "l", "between": ["a", "b"], "bandwidth": "1 Mbps", "latency": "1 ms"},
                {"name": "m", "between": ["b", "c"], "bandwidth": "2 Mbps", "latency": "2 ms", "sharing": "half"}]}},
  "algorithm": {"name": "transfers", "flows": [
      {"at": "0 s", "from": "a", "to": "c", "size": "10 kB"}, {"at": "3 ms", "from": "b", "to": "c", "size": "20 kB"},
      {"at": "4 ms", "from": "c", "to": "a", "size": "5 kB"}, {"at": "90 ms", "from": "a", "to": "b", "size": "1 kB"}]}})";

/// A scenario of every registered method, in every variant of its options that changes its state.
std::vector<Scenario> every_method() {
  std::vector<Scenario> out;
  for (const AlgorithmEntry& e : algorithm_registry()) {
    if (!e.info.needs_task) continue;
    const std::string name = "algorithm.name=" + std::string(e.info.name);
    for (const char* optimizer : {"sgd", "momentum", "adam"})
      for (const char* precision : {"float32", "float64"})
        out.push_back(scenario_of(kBase, {name, std::string("algorithm.optimizer=") + optimizer, std::string("precision=") + precision}));
    for (const char* network : {"none", "constant"}) out.push_back(scenario_of(kBase, {name, std::string("cluster.network=") + network}));
    out.push_back(scenario_of(kBase, {name, "learning=false"}));
  }
  out.push_back(scenario_of(kBase, {"algorithm.max_staleness=3", "algorithm.delay_adaptive=true"}));
  out.push_back(scenario_of(kTransfers));
  return out;
}

std::string label(const Scenario& s) { return resolved(s)["algorithm"].dump() + resolved(s)["cluster"]["network"].dump(); }

}  // namespace

TEST_CASE("every registered method, saved and restored at random events, gives the same bytes", "[algorithms][registry]") {
  // Oracle: invariant. The copy continues in a Run of its own from the saved bytes; the original goes on undisturbed.
  RandomStream random(7, Purpose::test, 0, 0);
  for (const Scenario& scenario : every_method()) {
    INFO(label(scenario));
    const std::string expected = output_of(scenario, execution_of(2));
    for (int repeat = 0; repeat < 3; ++repeat) {
      Run original(scenario, execution_of(2));
      const std::uint32_t steps = random.below(scenario.task ? 400 : 12);
      for (std::uint32_t i = 0; i < steps && original.advance(); ++i) {}
      Run copy(scenario, execution_of(1));
      restore_state(copy, save_state(original));
      CHECK(print_state(copy) == print_state(original));
      while (original.advance()) {}
      while (copy.advance()) {}
      CHECK(output_of(original) == expected);
      CHECK(output_of(copy) == expected);
    }
  }
}

TEST_CASE("every registered method gives the same bytes with 1, 2 and 8 threads", "[algorithms][registry]") {
  for (const Scenario& scenario : every_method()) {
    INFO(label(scenario));
    const std::string one = output_of(scenario, execution_of(1));
    CHECK(output_of(scenario, execution_of(2)) == one);
    CHECK(output_of(scenario, execution_of(8)) == one);
  }
}

TEST_CASE("every registered method has the same event times with and without learning", "[algorithms][registry]") {
  // Oracle: invariant. No registered method lets values decide events, so the timing fingerprint cannot depend on learning.
  for (const AlgorithmEntry& e : algorithm_registry()) {
    if (!e.info.needs_task) continue;
    REQUIRE_FALSE(e.info.values_decide_events);
    const std::string name = "algorithm.name=" + std::string(e.info.name);
    const auto fingerprint = [&](const std::string& learning) {
      Run run(scenario_of(kBase, {name, learning}), execution_of());
      while (run.advance()) {}
      return run.summary().timing_fingerprint;
    };
    CHECK(fingerprint("learning=true") == fingerprint("learning=false"));
  }
}

TEST_CASE("an unknown algorithm is refused with the nearest name", "[algorithms][registry]") {
  try {
    (void)scenario_of(kBase, {"algorithm.name=async_sdg"});
    FAIL("accepted");
  } catch (const InputError& e) {
    CHECK(std::string(e.what()).find("test: /algorithm/name: must be an algorithm") == 0);
    CHECK(std::string(e.what()).find("did you mean \"async_sgd\"?") != std::string::npos);
  }
}

TEST_CASE("names of algorithms ignore case, dashes and underscores; short forms are accepted", "[algorithms][registry]") {
  CHECK(scenario_of(kBase, {"algorithm.name=Async-SGD"}).algorithm.name == "async_sgd");
  CHECK(scenario_of(kBase, {"algorithm=syncsgd:0.25"}).algorithm.options["learning_rate"]["value"] == 0.25);
}
