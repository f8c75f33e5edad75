#include "algorithms/cluster_faults.hpp"

#include <fmt/format.h>

#include "tests/algorithms/harness.hpp"

using namespace peloton;
using namespace peloton::test;

namespace {

/// f(x) = h x² / 2 on an instant network, every computation 10 ms: update times can be counted on the fingers.
const char* const kScalar = R"({
  "name": "scalar", "precision": "float64", "wire_dtype": "float64",
  "cluster": {"workers": 1, "compute": {"distribution": "constant", "value": "10 ms"}, "network": {"model": "none"},
              "failure_detection": "8 ms"},
  "task": {"model": {"kind": "quadratic", "eigenvalues": [1], "initial": "ones"}},
  "algorithm": {"name": "async_sgd", "learning_rate": 0.1},
  "stop": {"updates": 4}})";

const char* const kFlow = R"({
  "name": "flow",
  "cluster": {"topology": {"kind": "explicit", "nodes": ["a", "b", "c"],
      "links": [{"name": "l", "between": ["a", "b"], "bandwidth": "1 Mbps", "latency": "0 s"},
                {"name": "m", "between": ["a", "c"], "bandwidth": "1 Mbps", "latency": "0 s"}]}},
  "algorithm": {"name": "transfers", "flows": [{"at": "0 s", "from": "a", "to": "b", "size": "125 kB"},
                                               {"at": "0 s", "from": "a", "to": "c", "size": "125 kB"}]}})";

struct Outcome {
  std::vector<double> updates;  ///< their times in ms
  RunSummary summary;
  std::vector<UpdateRecord> records;
};

Outcome outcome_of(const std::vector<std::string>& settings) {
  Run run(scenario_of(kScalar, settings), execution_of());
  UpdateLog log;
  run.add_observer(log);
  while (run.advance()) {}
  Outcome out{{}, run.summary(), log.records};
  out.summary.staleness = nullptr;  // goes with the run
  for (const UpdateRecord& r : log.records)
    if (r.applied && (out.updates.empty() || out.updates.back() != r.time.seconds() * 1e3)) out.updates.push_back(r.time.seconds() * 1e3);
  return out;
}

std::string faults(const std::string& list) { return "cluster.faults=[" + list + "]"; }

/// transfers.csv without its head.
std::vector<std::vector<std::string>> flows_of(const std::vector<std::string>& settings) {
  Run run(scenario_of(kFlow, settings), execution_of());
  while (run.advance()) {}
  return run.tables().front().rows;
}

}  // namespace

// ---- one worker -------------------------------------------------------------------------------------------------------------------

TEST_CASE("a pause delays what a worker computes by exactly its length", "[algorithms][faults]") {
  // Updates at 10, 20, 30, 40 ms. Paused from 25 ms for 7 ms: the third and the fourth come 7 ms later.
  const Outcome out = outcome_of({faults(R"({"at":"25 ms","pause":"w0","for":"7 ms"})")});
  CHECK(out.updates == std::vector<double>{10, 20, 37, 47});
  CHECK(out.summary.workers[0].busy.ns == 40'000'000);
  CHECK(out.summary.workers[0].waiting.ns == 7'000'000);
  CHECK(out.summary.faults->lost_computations == 0);
}

TEST_CASE("a pause that begins between two events delays the messages that come meanwhile", "[algorithms][faults]") {
  // The server is paused from 15 to 32 ms. The gradient of 20 ms waits until 32; the next two take 10 ms each.
  const Outcome out = outcome_of({faults(R"({"at":"15 ms","pause":"server","for":"17 ms"})")});
  CHECK(out.updates == std::vector<double>{10, 32, 42, 52});
}

TEST_CASE("a crash loses the computation under way, and the worker starts anew when it is back", "[algorithms][faults]") {
  // The computation of 20 to 30 ms is lost at 25; back at 32, before the crash would have been noticed at 33: update at 42.
  for (const char* state : {"lost", "kept"}) {
    const Outcome out =
        outcome_of({faults(fmt::format(R"({{"at":"25 ms","crash":"w0","for":"7 ms","state":"{}"}})", state)), "stop.updates=3"});
    CHECK(out.updates == std::vector<double>{10, 20, 42});
    CHECK(out.summary.faults->lost_computations == 1);
    CHECK(out.summary.faults->lost_messages == 0);
    CHECK(out.summary.last.gradients == 3);
    CHECK(out.summary.last.evaluations == 3);  // what was lost is never evaluated
    CHECK(out.summary.workers[0].busy.ns == 35'000'000);
    CHECK(out.summary.workers[0].down.ns == 7'000'000);
    CHECK(out.summary.workers[0].waiting.ns == 0);
  }
}

TEST_CASE("a worker that is available half of the time computes in its windows only", "[algorithms][faults]") {
  // 4 ms a computation; there in [0, 5), [10, 15), [20, 25): one update in each window, the second computation is lost at its end.
  const Outcome out = outcome_of(
      {faults(R"({"available":"w0","period":"10 ms","duty":"50%","phase":"0 s"})"), "cluster.compute=constant:0.004", "stop.updates=3"});
  CHECK(out.updates == std::vector<double>{4, 14, 24});
  CHECK(out.summary.faults->lost_computations == 2);
  const Outcome windows = outcome_of({faults(R"({"available":"w0","windows":[{"from":"3 ms","until":"8 ms"},{"from":"20 ms"}]})"),
                                      "cluster.compute=constant:0.004", "stop.updates=3"});
  CHECK(windows.updates == std::vector<double>{7, 24, 28});
}

// ---- messages ---------------------------------------------------------------------------------------------------------------------

TEST_CASE("messages from and to a node that crashes are lost, and their bits count", "[algorithms][faults]") {
  // Up and down take 64 bit / 6.4 kbit/s = 10 ms each (constant model, no latency): model at 10, computed at 20, at the server at 30.
  // The worker crashes at 25, with its gradient under way; it is back at 28: model at 38, computed at 48, update at 58.
  const std::vector<std::string> base = {"cluster.network=constant", "stop.updates=1",
                                         R"(cluster.topology={"kind":"star","bandwidth":"6.4 kbps","latency":"0 s"})"};
  const auto with = [&](const std::string& list) {
    std::vector<std::string> settings = base;
    settings.push_back(faults(list));
    return outcome_of(settings);
  };
  const Outcome from = with(R"({"at":"25 ms","crash":"w0","for":"3 ms"})");
  CHECK(from.updates == std::vector<double>{58});
  CHECK(from.summary.faults->lost_messages == 1);
  CHECK(from.summary.faults->lost_bits == 64);
  CHECK(from.summary.last.bits[0] == 2 * 64);
  // It crashes at 5, with the model under way to it; back at 8: model at 18, update at 38.
  const Outcome to = with(R"({"at":"5 ms","crash":"w0","for":"3 ms"})");
  CHECK(to.updates == std::vector<double>{38});
  CHECK(to.summary.faults->lost_messages == 1);
  CHECK(to.summary.last.bits[1] == 3 * 64);
}

TEST_CASE("a cut of ten seconds delays a flow by ten seconds, and no other", "[algorithms][faults][transfers]") {
  // 1 Mbit over 1 Mbit/s ends at 1 s; from 0.4 s on nothing passes between a and b for 10 s.
  const std::string cut = faults(R"({"at":"400 ms","cut":["a","b"],"for":"10 s"})");
  for (const char* network : {"fluid", "constant"}) {
    INFO(network);
    const auto flows = flows_of({cut, std::string("cluster.network=") + network});
    CHECK(flows[0][5] == "11.000000000");
    CHECK(flows[1][5] == "1.000000000");
    CHECK(flows[0][7] == "arrived");
  }
  // Store and forward: the message has left a when its last bit has, at 1 s, and waits at the cut until it heals.
  const auto stored = flows_of({cut, "cluster.network=fifo"});
  CHECK(stored[0][5] == "10.400000000");
  CHECK(stored[1][5] == "1.000000000");
}

TEST_CASE("one set of nodes is cut off from all others, and an empty message waits for the cut, too", "[algorithms][faults][transfers]") {
  // Nothing passes to or from c between 0 and 3 s.
  const std::string cut = faults(R"({"at":"0 s","cut":["c"],"for":"3 s"})");
  for (const char* network : {"fluid", "constant", "fifo"}) {
    INFO(network);
    const auto flows =
        flows_of({cut, std::string("cluster.network=") + network,
                  R"(algorithm.flows=[{"at":"1 s","from":"a","to":"c","size":0},{"at":"1 s","from":"a","to":"b","size":0}])"});
    CHECK(flows[0][5] == "3.000000000");
    CHECK(flows[1][5] == "1.000000000");
  }
}

TEST_CASE("flows of nodes that are down have no finish, and a run of them ends", "[algorithms][faults][transfers]") {
  // b crashes at 0.5 s, with half of its flow there; a is down at 2 s, when it should have sent, and back at 3 s.
  const auto flows =
      flows_of({faults(R"({"at":"500 ms","crash":"b"},{"at":"1500 ms","crash":"a","for":"1500 ms"})"),
                R"(algorithm.flows=[{"at":"0 s","from":"a","to":"b","size":"125 kB"},{"at":"2 s","from":"a","to":"c","size":"1 kB"},
                                                   {"at":"4 s","from":"a","to":"c","size":"125 kB"}])"});
  CHECK(flows[0] == std::vector<std::string>{"0", "a", "b", "125000", "0.000000000", "", "", "lost"});
  CHECK(flows[1] == std::vector<std::string>{"1", "a", "c", "1000", "2.000000000", "", "", "not_sent"});
  CHECK(flows[2].back() == "arrived");
  CHECK(flows[2][5] == "5.000000000");
}

// ---- the server -------------------------------------------------------------------------------------------------------------------

TEST_CASE("when the server is back from a crash, all workers begin again at its model", "[algorithms][faults]") {
  // Two workers. The gradients of 30 ms find nobody; at 35 ms both are sent the model of 20 ms: updates at 45 ms.
  const Outcome out = outcome_of({"cluster.workers=2", faults(R"({"at":"25 ms","crash":"server","for":"10 ms"})"), "stop.updates=6"});
  CHECK(out.updates == std::vector<double>{10, 20, 45});
  CHECK(out.summary.faults->lost_messages == 2);
  CHECK(out.summary.faults->lost_computations == 0);
  // Back at 29 ms: the computations that would have ended at 30 ms are dropped.
  const Outcome sooner = outcome_of({"cluster.workers=2", faults(R"({"at":"25 ms","crash":"server","for":"4 ms"})"), "stop.updates=6"});
  CHECK(sooner.updates == std::vector<double>{10, 20, 39});
  CHECK(sooner.summary.faults->lost_computations == 2);
}

TEST_CASE("a synchronous round goes on with the answers that it had before the server crashed", "[algorithms][faults]") {
  // Worker 0 needs 10 ms, worker 1 20 ms. The server has worker 0's first gradient when it crashes at 15 ms; back at 18 ms it sends the
  // model to worker 1 alone, which answers at 38 ms.
  const Outcome out =
      outcome_of({"cluster.workers=2", "algorithm=sync_sgd", R"(cluster.compute={"distribution":"list","values":[0.01,0.02]})",
                  faults(R"({"at":"15 ms","crash":"server","for":"3 ms"})"), "stop.updates=2"});
  CHECK(out.updates == std::vector<double>{38, 58});
  CHECK(out.summary.last.gradients == 4);
}

// ---- rounds -----------------------------------------------------------------------------------------------------------------------

TEST_CASE("a round goes on without a worker when its crash has been noticed", "[algorithms][faults]") {
  // Three workers. Worker 2 crashes at 15 ms, in the second round, which the others have answered at 20 ms; it is noticed at 23 ms.
  const std::vector<std::string> base = {"cluster.workers=3", faults(R"({"at":"15 ms","crash":"w2"})")};
  for (const char* method :
       {"sync_sgd", "local_sgd:schedule=fixed:1", "signsgd", "median_sgd", "sparse_sgd", "allreduce_sgd",
        R"({"name":"d_psgd","graph":"complete"})", R"({"name":"easgd","period":1})", R"({"name":"lsgd","period":1})"}) {
    INFO(method);
    std::vector<std::string> settings = base;
    settings.push_back(std::string("algorithm=") + method);
    CHECK(outcome_of(settings).updates == std::vector<double>{10, 23, 33, 43});
  }
}

TEST_CASE("a round that times out takes the answers it has, and the late one is discarded", "[algorithms][faults]") {
  // Worker 0 needs 10 ms, worker 1 35 ms; a round ends after 12 ms with at least one answer. Rounds of both begin at 0 and, after worker
  // 1's late answer at 35 ms, at 42 ms; those between are worker 0's alone.
  const Outcome out =
      outcome_of({"cluster.workers=2", R"(algorithm={"name":"sync_sgd","on_failure":{"kind":"continue","timeout":"12 ms"}})",
                  R"(cluster.compute={"distribution":"list","values":[0.01,0.035]})", "stop.updates=5"});
  CHECK(out.updates == std::vector<double>{12, 22, 32, 42, 54});
  const auto dropped = std::count_if(out.records.begin(), out.records.end(), [](const UpdateRecord& r) { return !r.applied; });
  CHECK(dropped == 1);
}

TEST_CASE("a round with too few answers waits for a worker that comes back", "[algorithms][faults]") {
  // Two workers, a quorum of two. Worker 1 crashes at 12 ms and is back at 50 ms: it is sent the second round's model and answers at 60.
  const Outcome out = outcome_of({"cluster.workers=2", R"(algorithm={"name":"sync_sgd","on_failure":{"kind":"continue","quorum":2}})",
                                  faults(R"({"at":"12 ms","crash":"w1","for":"38 ms"})"), "stop.updates=3"});
  CHECK(out.updates == std::vector<double>{10, 60, 70});
}

TEST_CASE("a worker that comes back takes part from the next round on, or at once where all are waited for", "[algorithms][faults]") {
  // Worker 1 crashes at 12 ms, noticed at 20 ms with the second round's other answer; back at 43 ms, in the fifth round (40 to 50 ms).
  const std::vector<std::string> base = {"cluster.workers=2", faults(R"({"at":"12 ms","crash":"w1","for":"31 ms"})"), "stop.updates=6"};
  const auto with = [&](const char* method) {
    std::vector<std::string> settings = base;
    settings.push_back(std::string("algorithm=") + method);
    return outcome_of(settings);
  };
  const Outcome next = with("sync_sgd");
  CHECK(next.updates == std::vector<double>{10, 20, 30, 40, 50, 60});
  CHECK(next.summary.last.gradients == 2 + 4 + 2);
  const Outcome at_once = with(R"({"name":"sync_sgd","on_failure":"wait"})");
  CHECK(at_once.updates == std::vector<double>{10, 53, 63, 73, 83, 93});
  const Outcome ring = with("allreduce_sgd");
  CHECK(ring.updates == std::vector<double>{10, 20, 30, 40, 50, 60});
  CHECK(ring.summary.last.gradients == 2 + 4 + 2);
}

// ---- reductions -------------------------------------------------------------------------------------------------------------------

TEST_CASE("a worker that is never there leaves the run of the others", "[algorithms][faults]") {
  // Oracle: reduction. The noise of a worker's gradient depends on its number and on its count of computations alone.
  const std::string model = R"(task.model={"kind":"quadratic","eigenvalues":[1,2,5],"initial":"ones","noise":0.5})";
  // (Not so for gossip: the weights of a node that is there differ from those of one that never was.)
  for (const char* method : {"sync_sgd", "async_sgd", "local_sgd", R"({"name":"fedbuff","buffer":2})", "median_sgd", "allreduce_sgd",
                             "sparse_sgd", R"({"name":"lsgd","period":2})"}) {
    INFO(method);
    const auto values = [&](const char* workers, const std::string& list) {
      return final_values(scenario_of(kScalar, {std::string("cluster.workers=") + workers, faults(list), std::string("algorithm=") + method,
                                                model, "stop.updates=30", "cluster.compute=exponential:0.01"}));
    };
    CHECK(values("4", R"({"at":"0 s","crash":"w3"})") == values("3", ""));
  }
}

TEST_CASE("to asynchronous workers one that crashes at the start is one that is infinitely slow", "[algorithms][faults]") {
  // Oracle: metamorphic. The updates of the others are the same, at the same times.
  for (const char* method : {"async_sgd", R"({"name":"fedbuff","buffer":2})"}) {
    const std::vector<std::string> base = {"cluster.workers=3", std::string("algorithm=") + method, "stop.updates=50",
                                           "cluster.compute=exponential:0.01"};
    std::vector<std::string> crashed = base;
    crashed.push_back(faults(R"({"at":"1 ns","crash":"w2"})"));
    std::vector<std::string> slow = base;
    slow.emplace_back(R"(cluster.stragglers=[{"workers":[2],"slowdown":1e6}])");
    const Outcome a = outcome_of(crashed);
    const Outcome b = outcome_of(slow);
    CHECK(a.updates == b.updates);
    REQUIRE(a.records.size() == b.records.size());
    for (std::size_t i = 0; i < a.records.size(); ++i) {
      CHECK(a.records[i].worker == b.records[i].worker);
      CHECK(a.records[i].base == b.records[i].base);
    }
    CHECK(a.summary.last.loss == b.summary.last.loss);
  }
}

TEST_CASE("a worker that comes back without its state is a fresh one", "[algorithms][faults]") {
  // One worker, EASGD with one local step: x = 1, centre 1. Back without x, it begins at the centre; with it, at its own x.
  // Constant gradients tell the two apart: h x with h = 1, η = 0.1, α = β = 0.5, asynchronous.
  //   0 ms   e = 0; x₁ = x₀ − 0.1 x₀ = 0.9 at 10 ms; asks, e₁ = 0.5 (0.9 − 1) = −0.05: centre 0.95; x₂ = 0.9 + 0.05 − 0.09 = 0.86, lost
  //   at 15. 16 ms  kept: e = 0.5 (0.9 − 0.95) = −0.025, centre 0.925.   lost: x = 0.95, e = 0: centre 0.95.
  const std::vector<std::string> base = {R"(algorithm={"name":"easgd","mode":"asynchronous","period":1,"beta":0.5,"learning_rate":0.1})",
                                         "stop={\"updates\":3}"};
  const auto centre = [&](const char* state) {
    std::vector<std::string> settings = base;
    settings.push_back(faults(fmt::format(R"({{"at":"15 ms","crash":"w0","for":"1 ms","state":"{}"}})", state)));
    return final_values(scenario_of(kScalar, settings)).front();
  };
  CHECK(centre("kept") == Approx(0.925));
  CHECK(centre("lost") == Approx(0.95));
}
