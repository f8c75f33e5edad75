/// Every registered method under every kind of fault: it ends, and how it ends is stated here. Later methods join by themselves.

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "algorithms/registry.hpp"
#include "tests/algorithms/harness.hpp"

using namespace peloton;
using namespace peloton::test;
using Catch::Matchers::ContainsSubstring;

namespace {

const char* const kBase = R"({
  "name": "faults", "seed": 5,
  "cluster": {"workers": 5, "compute": {"distribution": "exponential", "mean": "2 ms"}, "failure_detection": "5 ms",
              "topology": {"kind": "two_level", "racks": 2, "bandwidth": "10 Mbps", "latency": "100 us"}},
  "task": {"model": {"kind": "softmax"}, "data": {"kind": "blobs", "samples": 300, "features": 6, "classes": 3}, "batch_size": 8},
  "algorithm": {"name": "async_sgd"},
  "measure": {"every": "17 ms"},
  "stop": {"updates": 40, "time": "60 s"}})";

const char* const kFlows = R"({
  "name": "flows", "seed": 5,
  "cluster": {"workers": 5, "failure_detection": "5 ms",
              "topology": {"kind": "two_level", "racks": 2, "bandwidth": "1 Mbps", "latency": "100 us"}},
  "algorithm": {"name": "transfers", "flows": [
      {"at": "0 s", "from": "w0", "to": "w1", "size": "5 kB"}, {"at": "3 ms", "from": "w1", "to": "w4", "size": "5 kB"},
      {"at": "30 ms", "from": "w1", "to": "w2", "size": "2 kB"}, {"at": "90 ms", "from": "w3", "to": "w1", "size": "1 kB"}]}})";

/// How the methods may end under a fault: with their default reaction, and with the strict one (on_failure: wait, or stall), where they
/// have one: a server that waits for all, a group that does not form again.
enum class End { finished, stalled, either };
struct Fault {
  std::string name;
  std::string json;
  End lenient = End::finished;
  End waiting = End::finished;
  End stalling = End::stalled;
  bool of_server = false;
  bool cuts = false;
};

const std::vector<Fault> kFaults = {
    {"crash", R"({"at":"10 ms","crash":"w1"})", End::finished, End::stalled, End::stalled},
    {"two crashes", R"({"at":"10 ms","crash":["w1",3]})", End::finished, End::stalled, End::stalled},
    {"crash before the start", R"({"at":"0 s","crash":"w1"})", End::finished, End::stalled, End::either},
    {"restart, state lost", R"({"at":"10 ms","crash":"w1","for":"30 ms","state":"lost"})"},
    {"restart, state kept", R"({"at":"10 ms","crash":"w1","for":"30 ms","state":"kept"})"},
    {"restart before it is noticed", R"({"at":"10 ms","crash":"w1","for":"2 ms"})"},
    {"rack", R"({"at":"10 ms","crash":"rack0","for":"25 ms"})"},
    {"everybody", R"({"at":"10 ms","crash":"workers","for":"25 ms","state":"kept"})"},
    {"pause", R"({"at":"10 ms","pause":["w1","w2"],"for":"30 ms"})", End::finished, End::finished, End::finished},
    {"leave and join", R"({"at":"10 ms","leave":"w1"},{"at":"50 ms","join":"w1"})"},
    {"join", R"({"at":"12 ms","join":["w0","w1"]})", End::finished, End::finished, End::either},
    {"cut", R"({"at":"10 ms","cut":["rack0","rack1"],"for":"40 ms"})", End::finished, End::finished, End::finished, false, true},
    {"cut off", R"({"at":"10 ms","cut":["w1"],"for":"40 ms"})", End::finished, End::finished, End::finished, false, true},
    {"windows", R"({"available":"w1","windows":[{"from":"0 s","until":"10 ms"},{"from":"45 ms"}]})"},
    {"periods", R"({"available":["w1","w2"],"period":"40 ms","duty":"50%"})", End::finished, End::finished, End::stalled},
    {"churn",
     R"({"crash":["w1","w3"],"mean_time_to_failure":"15 ms","mean_time_to_repair":{"distribution":"uniform","low":"5 ms","high":"15 ms"}})",
     End::finished, End::finished, End::stalled},
    {"random crashes", R"({"crash":["w1","w3"],"mean_time_to_failure":"15 ms"})", End::finished, End::stalled, End::stalled},
    {"server crash", R"({"at":"10 ms","crash":"server"})", End::stalled, End::stalled, End::stalled, true},
    {"server restart", R"({"at":"10 ms","crash":"server","for":"15 ms"})", End::finished, End::finished, End::finished, true},
    {"server pause", R"({"at":"10 ms","pause":"server","for":"15 ms"})", End::finished, End::finished, End::finished, true},
    {"server and worker",
     R"({"at":"10 ms","crash":"server","for":"30 ms"},{"at":"15 ms","crash":"w1","for":"10 ms"},{"at":"5 ms","crash":"w2"})", End::finished,
     End::stalled, End::stalled, true},
};

/// A method in a variant of its options.
struct Method {
  std::string json;
  AlgorithmInfo info;
  bool waits = false;   ///< its strict reaction is "wait"
  bool stalls = false;  ///< its strict reaction is "stall"
  std::vector<std::string> surrogates = {};
};

const std::vector<std::string> kVariants = {
    R"({"name":"sync_sgd","compressor":"topk:0.2","downlink":"sign"})",
    R"({"name":"sync_sgd","on_failure":{"kind":"continue","quorum":2,"timeout":"4 ms"},"downlink":"sign"})",
    R"({"name":"local_sgd","optimizer":"momentum","schedule":"fixed:3"})",
    R"({"name":"local_sgd","on_failure":{"kind":"continue","quorum":3,"timeout":"6 ms"},"message":"update","server_optimizer":"adam"})",
    R"({"name":"fedbuff","buffer":3,"local_steps":2})",
    R"({"name":"easgd","mode":"asynchronous","period":2,"optimizer":"momentum"})",
    R"({"name":"easgd","on_failure":{"kind":"continue","quorum":2,"timeout":"6 ms"},"period":2})",
    R"({"name":"d_psgd","graph":"ring","order":"combine_then_adapt","optimizer":"momentum"})",
    R"({"name":"d_psgd","graph":"path","local_steps":2})",
    R"({"name":"lsgd","groups":2,"period":2,"global_period":4,"optimizer":"momentum"})",
};

Method method_of(const std::string& json) {
  Method out;
  out.json = json;
  const AlgorithmEntry& entry = find_algorithm(Json::parse(json)["name"].get<std::string>(), {});
  out.info = entry.info;
  for (const FieldInfo& field : entry.fields()) {
    if (field.name == "on_failure") {
      out.waits = field.type.find("wait") != std::string::npos;
      out.stalls = field.type.find("stall") != std::string::npos;
    }
    if (field.name == "upload_probability") out.surrogates.emplace_back("algorithm.upload_probability=0.4");
    if (field.name == "leader_surrogate") out.surrogates.emplace_back("algorithm.leader_surrogate=random");
  }
  return out;
}

std::vector<Method> methods() {
  std::vector<Method> out;
  for (const AlgorithmEntry& e : algorithm_registry())
    if (e.info.needs_task) out.push_back(method_of(fmt::format(R"({{"name":"{}"}})", e.info.name)));
  for (const std::string& variant : kVariants) out.push_back(method_of(variant));
  return out;
}

const std::vector<std::string> kNetworks = {"fluid", "constant", "fifo", "broadcast", "none"};
const std::vector<std::string> kModes = {"learning, lenient", "learning, strict", "timing, lenient", "timing, strict"};

struct Case {
  std::size_t method = 0;
  std::size_t fault = 0;
  std::size_t network = 0;
  std::size_t mode = 0;
};

bool possible(const Case& c, const std::vector<Method>& all) {
  const Fault& fault = kFaults[c.fault];
  if (fault.of_server && !all[c.method].info.needs_server) return false;
  return !(fault.cuts && kNetworks[c.network] == "none");
}

Scenario scenario_for(const Case& c, const Method& method) {
  const bool strict = c.mode % 2 == 1;
  std::vector<std::string> settings = {"algorithm=" + method.json, fmt::format("cluster.faults=[{}]", kFaults[c.fault].json),
                                       "cluster.network=" + kNetworks[c.network]};
  if (strict && method.waits) settings.emplace_back("algorithm.on_failure=wait");
  if (strict && method.stalls) settings.emplace_back("algorithm.on_failure=stall");
  if (c.mode >= 2) {
    settings.emplace_back("learning=false");
    settings.insert(settings.end(), method.surrogates.begin(), method.surrogates.end());
  }
  return scenario_of(kBase, settings);
}

End expected_end(const Case& c, const Method& method) {
  const Fault& fault = kFaults[c.fault];
  const bool strict = c.mode % 2 == 1;
  if (strict && method.waits && method.json.find("asynchronous") == std::string::npos) return fault.waiting;
  return strict && method.stalls ? fault.stalling : fault.lenient;
}

void check_end(const Run& run, End expected) {
  const RunSummary summary = run.summary();
  INFO(status_name(summary.status) << " after " << summary.last.time.seconds() << " s and " << summary.last.updates
                                   << " updates: " << summary.reason);
  CHECK((summary.status == RunStatus::finished || summary.status == RunStatus::stalled));
  if (expected == End::finished) CHECK(summary.last.updates >= 40);
  if (expected == End::stalled) CHECK(summary.status == RunStatus::stalled);
  CHECK((summary.status == RunStatus::stalled) == !summary.reason.empty());
}

void check_case(const Case& c, const std::vector<Method>& all) {
  const Method& method = all[c.method];
  INFO(method.json << ", " << kFaults[c.fault].name << ", " << kNetworks[c.network] << ", " << kModes[c.mode]);
  Run run(scenario_for(c, method), execution_of());
  while (run.advance()) {}
  check_end(run, expected_end(c, method));
}

/// A pairwise covering array, greedily: every pair of values of two of the four factors is in some case.
std::vector<Case> pairwise(const std::vector<Method>& all) {
  using Pair = std::array<std::size_t, 4>;  // two factors and their values
  const auto pairs_of = [](const Case& c) {
    const std::array<std::size_t, 4> v = {c.method, c.fault, c.network, c.mode};
    std::vector<Pair> out;
    for (std::size_t a = 0; a < 4; ++a)
      for (std::size_t b = a + 1; b < 4; ++b) out.push_back({a, b, v[a], v[b]});
    return out;
  };
  std::set<Pair> missing;
  std::vector<Case> every;
  for (std::size_t m = 0; m < all.size(); ++m)
    for (std::size_t f = 0; f < kFaults.size(); ++f)
      for (std::size_t n = 0; n < kNetworks.size(); ++n)
        for (std::size_t mode = 0; mode < kModes.size(); ++mode) {
          const Case c{m, f, n, mode};
          if (!possible(c, all)) continue;
          every.push_back(c);
          for (const Pair& pair : pairs_of(c)) missing.insert(pair);
        }
  std::vector<Case> out;
  // Each method with each fault once, in the network and the mode that cover the most that is missing.
  for (std::size_t m = 0; m < all.size(); ++m) {
    for (std::size_t f = 0; f < kFaults.size(); ++f) {
      std::size_t most = 0;
      std::optional<Case> best;
      for (std::size_t k = 0; k < kNetworks.size() * kModes.size(); ++k) {
        const std::size_t turn = k + 7 * m + 3 * f;  // so that ties do not always go to the first
        const Case c{m, f, turn % kNetworks.size(), turn / kNetworks.size() % kModes.size()};
        if (!possible(c, all)) continue;
        const std::vector<Pair> pairs = pairs_of(c);
        const auto gain =
            static_cast<std::size_t>(std::count_if(pairs.begin(), pairs.end(), [&](const Pair& p) { return missing.contains(p); }));
        if (best && gain <= most) continue;
        most = gain;
        best = c;
      }
      if (!best) continue;
      for (const Pair& pair : pairs_of(*best)) missing.erase(pair);
      out.push_back(*best);
    }
  }
  CHECK(missing.empty());
  return out;
}

std::string reason_of(const std::vector<std::string>& settings) {
  Run run(scenario_of(kBase, settings), execution_of());
  while (run.advance()) {}
  CHECK(run.summary().status == RunStatus::stalled);
  return run.summary().reason;
}

}  // namespace

TEST_CASE("every method under every kind of fault ends as stated", "[algorithms][faults]") {
  // Oracle: the outcomes of the table. Pairwise over method, fault, network, and learning × reaction.
  const std::vector<Method> all = methods();
  for (const Case& c : pairwise(all)) check_case(c, all);
}

TEST_CASE("every method under every kind of fault, on every network, with every reaction, ends as stated", "[long][algorithms][faults]") {
  // Oracle: the outcomes of the table.
  const std::vector<Method> all = methods();
  for (std::size_t m = 0; m < all.size(); ++m)
    for (std::size_t f = 0; f < kFaults.size(); ++f)
      for (std::size_t n = 0; n < kNetworks.size(); ++n)
        for (std::size_t mode = 0; mode < kModes.size(); ++mode)
          if (const Case c{m, f, n, mode}; possible(c, all)) check_case(c, all);
}

TEST_CASE("transfers tell what became of each flow under every kind of fault", "[algorithms][faults][transfers]") {
  // Oracle: invariant. A flow that has a finish has arrived, and no other has; all are settled or the run has stalled.
  for (const Fault& fault : kFaults) {
    if (fault.of_server) continue;
    for (const std::string& network : kNetworks) {
      if (fault.cuts && network == "none") continue;
      INFO(fault.name << ", " << network);
      Run run(scenario_of(kFlows, {fmt::format("cluster.faults=[{}]", fault.json), "cluster.network=" + network}), execution_of());
      while (run.advance()) {}
      CHECK(run.summary().status == RunStatus::finished);
      const Table table = run.tables().front();
      REQUIRE(table.columns.back() == "outcome");
      for (const auto& row : table.rows) {
        CHECK((row.back() == "arrived") == !row[5].empty());
        CHECK(row.back() != "waiting");
      }
    }
  }
}

TEST_CASE("every probe of the network ends under every kind of fault, or says that it has stalled", "[algorithms][faults]") {
  // Oracle: invariant. `finished` and a reason exclude each other; a stall comes with a node that is down.
  const std::map<std::string_view, std::string> options = {
      {"transfers",
       R"({"name":"transfers","flows":[{"at":"0 s","from":"w0","to":"w1","size":"5 kB"},{"at":"12 ms","from":"w1","to":"w4","size":"5 kB"}]})"},
      {"collective", R"({"name":"collective","operation":"ring_all_reduce","size":"4 kB","repeat":5})"}};
  for (const AlgorithmEntry& e : algorithm_registry()) {
    if (e.info.needs_task) continue;
    INFO(e.info.name << ": say above how it is run");
    REQUIRE(options.contains(e.info.name));
    for (const Fault& fault : kFaults) {
      if (fault.of_server) continue;
      INFO(fault.name);
      Run run(scenario_of(kFlows, {"algorithm=" + options.at(e.info.name), fmt::format("cluster.faults=[{}]", fault.json)}),
              execution_of());
      while (run.advance()) {}
      const RunSummary summary = run.summary();
      if (summary.status == RunStatus::stalled)
        CHECK_THAT(summary.reason, ContainsSubstring(std::string(e.info.name)));
      else
        CHECK((summary.status == RunStatus::finished && summary.reason.empty()));
    }
  }
}

TEST_CASE("every method, saved and restored at random events under faults, gives the same bytes", "[algorithms][faults]") {
  // Oracle: invariant. The copy continues in a Run of its own from the saved bytes; the original goes on undisturbed.
  RandomStream random(11, Purpose::test, 0, 0);
  const std::vector<Method> all = methods();
  for (std::size_t m = 0; m < all.size(); ++m) {
    for (std::size_t f = m % 3; f < kFaults.size(); f += 3) {
      const Case c{m, f, (m + f) % kNetworks.size(), (m + f / 3) % kModes.size()};
      if (!possible(c, all)) continue;
      INFO(all[m].json << ", " << kFaults[f].name << ", " << kNetworks[c.network] << ", " << kModes[c.mode]);
      const Scenario scenario = scenario_for(c, all[m]);
      Run whole(scenario, execution_of(2));
      while (whole.advance()) {}
      const std::string expected = output_of(whole);
      Run original(scenario, execution_of(2));
      const auto events = random.below(static_cast<std::uint32_t>(whole.cluster().simulation().events()));
      for (std::uint32_t i = 0; i < events && original.advance(); ++i) {}
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

TEST_CASE("faults after the end of a run change nothing in it", "[algorithms][faults]") {
  // Oracle: invariant. The same events at the same times, and the same numbers, for every method.
  const char* const later = R"(cluster.faults=[{"at":"1 h","crash":"w1"},{"at":"1 h","pause":"w2","for":"1 s"},
                               {"crash":"w3","mean_time_to_failure":{"distribution":"constant","value":"1 h"},"mean_time_to_repair":"1 s"}])";
  for (const Method& method : methods()) {
    INFO(method.json);
    const auto fingerprints = [&](const std::vector<std::string>& settings) {
      std::vector<std::string> given = {"algorithm=" + method.json};
      given.insert(given.end(), settings.begin(), settings.end());
      Run run(scenario_of(kBase, given), execution_of());
      while (run.advance()) {}
      return std::pair(run.summary().timing_fingerprint, run.summary().learning_fingerprint);
    };
    const auto undisturbed = fingerprints({});
    CHECK(fingerprints({"cluster.faults=[]"}) == undisturbed);
    CHECK(fingerprints({later}) == undisturbed);
    // Flows that may meet a cut are shared by the general solver, which rounds otherwise: the network without contention shows it.
    CHECK(fingerprints({"cluster.network=constant", R"(cluster.faults=[{"at":"1 h","cut":["rack0","rack1"]}])"}) ==
          fingerprints({"cluster.network=constant"}));
  }
}

TEST_CASE("a run that stalls says who is down and who waits for whom", "[algorithms][faults]") {
  // Oracle: hand computation. Constant times of 2 ms on an instant network: worker 1 crashes in its third round.
  const std::vector<std::string> base = {"cluster.compute=constant:0.002", "cluster.network=none", "measure.every=null"};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), base.begin(), base.end());
    return reason_of(more);
  };
  const std::string crash = R"(cluster.faults=[{"at":"5 ms","crash":"w1"}])";
  CHECK(with({R"(algorithm={"name":"sync_sgd","on_failure":"wait"})", crash}) ==
        "worker 1 is down since 5 ms; sync_sgd: round 3 has 4 of the 5 answers that it needs and waits for worker 1");
  CHECK_THAT(with({R"(algorithm={"name":"allreduce_sgd","on_failure":"stall"})", crash}),
             ContainsSubstring("worker 1 is down since 5 ms; allreduce_sgd: step 2 waits for"));
  CHECK(with({"algorithm=async_sgd", R"(cluster.faults=[{"at":"5 ms","crash":"server"}])"}) ==
        "server is down since 5 ms; async_sgd has nothing to go on with");
  CHECK(with({"algorithm=async_sgd", R"(cluster.faults=[{"at":"5 ms","crash":["workers"]}])"}) ==
        "worker 0 is down since 5 ms, worker 1 is down since 5 ms, worker 2 is down since 5 ms, worker 3 is down since 5 ms, worker 4 is "
        "down since 5 ms; async_sgd has nothing to go on with");
}

TEST_CASE("a network that is cut for ever ends a run that can only wait", "[algorithms][faults]") {
  // Oracle: the network's partition. The server hangs on the core: cut from all workers, nobody can go on.
  CHECK_THAT(reason_of({"algorithm=sync_sgd", R"(cluster.faults=[{"at":"10 ms","cut":["server"]}])"}),
             ContainsSubstring("the network is cut since 10 ms; sync_sgd: round"));
}

TEST_CASE("nodes that come and go for ever do not keep a run alive that waits in vain", "[algorithms][faults]") {
  // Oracle: the group never forms again; only crashes and repairs are left, without an end.
  CHECK_THAT(reason_of({R"(algorithm={"name":"allreduce_sgd","on_failure":"stall"})", "stop={\"updates\":1000000}",
                        R"(cluster.faults=[{"crash":"workers","mean_time_to_failure":"1 s","mean_time_to_repair":"1 s"}])"}),
             ContainsSubstring("allreduce_sgd"));
}

TEST_CASE("a time to stop ends a run whose workers are all down", "[algorithms][faults]") {
  // Oracle: hand computation. The restart at 10 s is still to come when the run ends.
  Run run(scenario_of(kBase, {"stop={\"time\":\"1 s\"}", R"(cluster.faults=[{"at":"10 ms","crash":"workers","for":"10 s"}])"}),
          execution_of());
  while (run.advance()) {}
  CHECK(run.summary().status == RunStatus::finished);
  CHECK(run.cluster().now() == Time{1'000'000'000});
}
