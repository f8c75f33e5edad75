#include "algorithms/registry.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "tests/algorithms/harness.hpp"

using namespace peloton;
using namespace peloton::test;
using Catch::Matchers::ContainsSubstring;

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

const char* const kCollective = R"({
  "name": "collective",
  "cluster": {"workers": 6, "topology": {"kind": "two_level", "racks": 2, "bandwidth": "1 Mbps", "latency": "1 ms", "oversubscription": 2}},
  "algorithm": {"name": "collective", "operation": "elected_broadcast", "size": "10 kB", "repeat": 3}})";

bool has_option(const AlgorithmEntry& e, std::string_view name) {
  const std::vector<FieldInfo> fields = e.fields();
  return std::any_of(fields.begin(), fields.end(), [&](const FieldInfo& f) { return f.name == name; });
}

/// What stands for values in a run without learning.
std::vector<std::string> surrogates(const AlgorithmEntry& e) {
  std::vector<std::string> out{"learning=false"};
  if (has_option(e, "upload_probability")) out.emplace_back("algorithm.upload_probability=0.4");
  if (has_option(e, "leader_surrogate")) out.emplace_back("algorithm.leader_surrogate=random");
  return out;
}

std::vector<std::string> operator+(std::vector<std::string> a, const std::vector<std::string>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

/// The methods that learn.
std::vector<AlgorithmEntry> methods() {
  std::vector<AlgorithmEntry> out;
  for (const AlgorithmEntry& e : algorithm_registry())
    if (e.info.needs_task) out.push_back(e);
  return out;
}

std::vector<std::string> named(const AlgorithmEntry& e) {
  return {fmt::format(R"(algorithm={{"name":"{}"}})", e.info.name), "stop.updates=30"};
}

/// Options that change what a method keeps or sends.
const std::vector<std::string> kVariants = {
    R"({"name":"async_sgd","max_staleness":3,"delay_adaptive":true})",
    R"({"name":"sync_sgd","compressor":"topk:0.2","downlink":"sign","aggregator":"coordinate_median","noise":{"scale":0.01}})",
    R"({"name":"local_sgd","message":"update","server_optimizer":"adam","schedule":"fixed:3","optimizer":"momentum"})",
    R"({"name":"local_sgd","schedule":{"kind":"growing","total":40},"local_state":"reset","optimizer":"adam"})",
    R"({"name":"local_sgd","schedule":"one_shot:17"})",
    R"({"name":"fedbuff","buffer":3,"local_steps":2,"server_optimizer":"momentum","staleness_weight":"none"})",
    R"({"name":"allreduce_sgd","collective":"halving_doubling","optimizer":"momentum"})",
    R"({"name":"allreduce_sgd","collective":{"name":"two_level","group_size":2,"between":"tree"}})",
    R"({"name":"allreduce_sgd","compressor":"topk:0.3","error_feedback":true})",
    R"({"name":"d_psgd","graph":"complete","order":"combine_then_adapt","local_steps":2,"optimizer":"nesterov"})",
    R"({"name":"d_psgd","graph":"path","mixing":"lazy_metropolis"})",
    R"({"name":"lsgd","groups":2,"period":2,"global_period":4,"proximal":0.1,"global_proximal":0.1,"optimizer":"nesterov"})",
    R"({"name":"lsgd","gather":"bruck"})",
    R"({"name":"easgd","mode":"asynchronous","period":3,"optimizer":"momentum"})",
    R"({"name":"signsgd","zero":"random"})",
    R"({"name":"noisy_signsgd","zero":"keep","noise":{"scale":0.1,"law":"laplace"}})",
    R"({"name":"sasg","compressor":"topk:0.3","trigger":{"window":2,"max_age":3}})",
};

const std::string kTwin = R"(twin={"remove":"delay"})";

/// The methods with default options, and the variants.
std::vector<std::string> every_variant() {
  std::vector<std::string> out = kVariants;
  for (const AlgorithmEntry& e : methods()) out.push_back(fmt::format(R"({{"name":"{}"}})", e.info.name));
  return out;
}

/// Precisions, and wires that round.
const std::vector<std::vector<std::string>> kNumbers = {
    {"precision=float32"}, {"precision=float64"}, {"precision=float64", "wire_dtype=float64"}};

/// Methods whose twin never parts from the run: whatever an update is made of was computed at the model that it updates, or is reused by
/// the method's own rule and not for a delay.
bool is_synchronous(const std::string& variant) {
  const Json options = Json::parse(variant);
  for (const char* other : {"async_sgd", "fedbuff", "d_psgd", "lsgd"})
    if (options["name"] == other) return false;
  return options.value("mode", "synchronous") == "synchronous";
}

/// All that a run says of itself, but for what a twin adds.
std::string without_twin(const Scenario& scenario) {
  Run run(scenario, execution_of());
  UpdateLog log;
  run.add_observer(log);
  while (run.advance()) {}
  std::vector<MetricsRow> rows = run.rows();
  std::string out;
  for (MetricsRow& row : rows) {
    CHECK(row.twin_distance.has_value() == scenario.twin.has_value());
    row.twin_distance = row.twin_floor = row.gradient_discrepancy = row.twin_loss_gap = std::nullopt;
  }
  for (UpdateRecord& r : log.records)
    out += fmt::format("{} {} {} {} {} {} {}\n", r.time.ns, r.worker, r.version, r.base, r.staleness_time.ns, r.weight, r.applied);
  Json summary = summary_json(run.summary());
  summary.erase("machine");
  summary.erase("twin");
  return out + metrics_csv(rows) + summary.dump();
}

/// A scenario of every registered method, in every variant of its options that changes its state.
std::vector<Scenario> every_method() {
  std::vector<Scenario> out;
  for (const AlgorithmEntry& e : methods()) {
    for (const char* precision : {"float32", "float64"})
      for (const char* optimizer : {"sgd", "momentum", "adam"}) {
        std::vector<std::string> settings = named(e) + std::vector{std::string("precision=") + precision};
        if (has_option(e, "optimizer")) settings.push_back(std::string("algorithm.optimizer=") + optimizer);
        if (has_option(e, "optimizer") || std::string_view(optimizer) == "sgd") out.push_back(scenario_of(kBase, settings));
      }
    for (const char* network : {"none", "constant"})
      out.push_back(scenario_of(kBase, named(e) + std::vector{std::string("cluster.network=") + network}));
    out.push_back(scenario_of(kBase, named(e) + surrogates(e)));
  }
  for (const std::string& variant : kVariants)
    for (const std::string& twin : {std::string("twin=null"), kTwin})
      out.push_back(scenario_of(kBase, {"algorithm=" + variant, twin, "stop.updates=30"}));
  for (const AlgorithmEntry& e : methods()) {
    out.push_back(scenario_of(kBase, named(e) + std::vector{kTwin}));
    // Messages in parts: by layer, by server, both. The codecs of sasg and sparse_sgd need whole tensors, which the servers do not have.
    const bool shards = e.info.needs_server && e.info.name != "sasg" && e.info.name != "sparse_sgd";
    const std::string layers = R"(cluster.overlap={"kind":"layerwise","bucket":"20 B"})";
    if (e.info.overlaps) out.push_back(scenario_of(kBase, named(e) + std::vector{layers}));
    if (shards) out.push_back(scenario_of(kBase, named(e) + std::vector<std::string>{"cluster.servers=3"}));
    if (shards && e.info.overlaps) out.push_back(scenario_of(kBase, named(e) + std::vector<std::string>{"cluster.servers=3", layers}));
  }
  out.push_back(scenario_of(kTransfers));
  out.push_back(scenario_of(kCollective));
  for (const char* operation : {"two_level_all_reduce", "halving_doubling_all_reduce", "tree_all_reduce"})
    out.push_back(scenario_of(kCollective, {std::string("algorithm.operation=") + operation}));
  return out;
}

const std::vector<std::string> kLaws = {R"({"distribution":"constant","value":"1 ms"})",
                                        R"({"distribution":"uniform","low":"1 ms","high":"3 ms"})",
                                        R"({"distribution":"exponential","mean":"1 ms"})",
                                        R"({"distribution":"shifted_exponential","shift":"1 ms","mean":"1 ms"})",
                                        R"({"distribution":"normal","mean":"1 ms","sd":"1 ms"})",
                                        R"({"distribution":"half_normal","sd":"1 ms"})",
                                        R"({"distribution":"lognormal","mean":"1 ms","cv":2})",
                                        R"({"distribution":"gamma","mean":"1 ms","shape":0.5})",
                                        R"({"distribution":"weibull","mean":"1 ms","shape":0.7})",
                                        R"({"distribution":"pareto","minimum":"1 ms","shape":1.5})",
                                        R"({"distribution":"zipf","unit":"1 ms","exponent":2,"maximum":50})",
                                        R"({"distribution":"bimodal","fast":"1 ms","slow":"10 ms","probability":0.1})",
                                        R"({"distribution":"list","values":[0.001,0.002,0.003,0.004,0.01]})",
                                        R"({"distribution":"sqrt","unit":"1 ms"})",
                                        R"({"distribution":"linear","unit":"1 ms"})",
                                        R"({"distribution":"sum","terms":["constant:0.001","exponential:0.001"]})"};

std::string label(const Scenario& s) { return resolved(s)["algorithm"].dump() + resolved(s)["cluster"].dump(); }

/// The run, stopped after `events` events, saved, and continued from the bytes in a Run of its own; also the original, continued.
void check_copy(const Scenario& scenario, const std::string& expected, std::uint32_t events) {
  Run original(scenario, execution_of(2));
  for (std::uint32_t i = 0; i < events && original.advance(); ++i) {}
  Run copy(scenario, execution_of(1));
  restore_state(copy, save_state(original));
  CHECK(print_state(copy) == print_state(original));
  while (original.advance()) {}
  while (copy.advance()) {}
  CHECK(output_of(original) == expected);
  CHECK(output_of(copy) == expected);
}

}  // namespace

TEST_CASE("every registered method, saved and restored at random events, gives the same bytes", "[algorithms][registry]") {
  // Oracle: invariant. The copy continues in a Run of its own from the saved bytes; the original goes on undisturbed.
  RandomStream random(7, Purpose::test, 0, 0);
  for (const Scenario& scenario : every_method()) {
    INFO(label(scenario));
    const std::string expected = output_of(scenario, execution_of(2));
    for (int repeat = 0; repeat < 2; ++repeat) check_copy(scenario, expected, random.below(scenario.task ? 400 : 12));
  }
}

TEST_CASE("every method under every compute law gives the same bytes with 1, 2 and 8 threads and copied half-way",
          "[algorithms][registry]") {
  // Oracle: invariant.
  for (const AlgorithmEntry& e : methods()) {
    for (const std::string& law : kLaws) {
      const Scenario scenario = scenario_of(kBase, named(e) + std::vector<std::string>{"cluster.compute=" + law, "stop.updates=12"});
      INFO(label(scenario));
      Run whole(scenario, execution_of(1));
      while (whole.advance()) {}
      const std::string expected = output_of(whole);
      CHECK(output_of(scenario, execution_of(2)) == expected);
      CHECK(output_of(scenario, execution_of(8)) == expected);
      check_copy(scenario, expected, static_cast<std::uint32_t>(whole.cluster().simulation().events() / 2));
    }
  }
}

TEST_CASE("every registered method's round plan states the messages and gradients that a round has", "[algorithms][registry]") {
  // Oracle: invariant. Between update 20 and update 40 of a run with equal computing times on an instant network, a fixed method sends
  // what its plan says; one whose events depend on values sends at most that.
  for (const AlgorithmEntry& e : methods()) {
    INFO(e.info.name);
    const auto at = [&](const char* updates) {
      Run run(scenario_of(kBase, named(e) + std::vector<std::string>{updates, "cluster.network=none", "cluster.compute=constant:0.001"}),
              execution_of());
      while (run.advance()) {}
      return std::pair(run.cluster().traffic(), run.cluster().gradients());
    };
    const auto [early, early_gradients] = at("stop.updates=20");
    const auto [late, late_gradients] = at("stop.updates=40");
    const Run run(scenario_of(kBase, named(e)), execution_of());
    const std::size_t d = run.objective()->dimension();
    const RoundPlan plan =
        run.algorithm().plan({.workers = 5, .dimension = d, .tensors = run.objective()->tensors(), .bits_per_number = 32});
    REQUIRE(20 % plan.updates == 0);
    const std::uint64_t rounds = 20 / plan.updates;
    CHECK(late_gradients - early_gradients == rounds * plan.gradients);
    const std::array<RoundPlan::Messages, kTrafficKinds> planned = {plan.up, plan.down, plan.peer, plan.control};
    for (std::size_t kind = 0; kind < kTrafficKinds; ++kind) {
      INFO("traffic kind " << kind);
      const std::uint64_t bits = late.bits[kind] - early.bits[kind];
      const std::uint64_t count = late.messages[kind] - early.messages[kind];
      if (e.info.values_decide_events && kind != static_cast<std::size_t>(Traffic::control)) {
        CHECK(bits <= rounds * planned[kind].bits);
        CHECK(count <= rounds * planned[kind].count);
      } else if (!e.info.values_decide_events) {
        CHECK(bits == rounds * planned[kind].bits);
        CHECK(count == rounds * planned[kind].count);
      }
    }
  }
}

TEST_CASE("a method whose events do not depend on values has the same ones with and without learning", "[algorithms][registry]") {
  // Oracle: invariant.
  for (const AlgorithmEntry& e : methods()) {
    if (e.info.values_decide_events) continue;
    INFO(e.info.name);
    const auto fingerprint = [&](const std::string& learning) {
      Run run(scenario_of(kBase, named(e) + std::vector<std::string>{learning}), execution_of());
      while (run.advance()) {}
      return run.summary().timing_fingerprint;
    };
    CHECK(fingerprint("learning=true") == fingerprint("learning=false"));
  }
}

TEST_CASE("without learning a value-dependent method is refused by name, or runs on its surrogate", "[algorithms][registry]") {
  for (const AlgorithmEntry& e : methods()) {
    if (!e.info.values_decide_events) continue;
    INFO(e.info.name);
    CHECK_THROWS_WITH(Run(scenario_of(kBase, named(e) + std::vector<std::string>{"learning=false"}), execution_of()),
                      ContainsSubstring("/learning: false") && ContainsSubstring("algorithm."));
    CHECK_NOTHROW(Run(scenario_of(kBase, named(e) + surrogates(e)), execution_of()));
  }
}

TEST_CASE("a twin does not influence the run, whatever the method", "[algorithms][registry][twin]") {
  // Oracle: invariant. Rows, update records, bits, evaluations, summary and fingerprints are the same bytes with and without a twin.
  for (const std::string& variant : every_variant()) {
    INFO(variant);
    for (const std::vector<std::string>& numbers : kNumbers) {
      const std::vector<std::string> settings = numbers + std::vector<std::string>{"algorithm=" + variant, "stop.updates=25"};
      CHECK(without_twin(scenario_of(kBase, settings + std::vector{kTwin})) == without_twin(scenario_of(kBase, settings)));
    }
  }
}

TEST_CASE("the twin of a synchronous method, or of one worker, is the run bit for bit; of others it is not",
          "[algorithms][registry][twin]") {
  // Oracle: reduction. Without staleness there is nothing for the twin to remove.
  for (const std::string& variant : every_variant()) {
    for (const std::vector<std::string>& numbers : kNumbers) {
      for (const std::size_t workers : {1U, 5U}) {
        if (workers == 1 && Json::parse(variant).value("groups", 1) > 1) continue;
        Run run(scenario_of(kBase, numbers + std::vector<std::string>{"algorithm=" + variant, kTwin, "stop.updates=25",
                                                                      fmt::format("cluster.workers={}", workers)}),
                execution_of());
        INFO(variant << " " << numbers.back() << ", " << workers << " workers");
        UpdateLog log;
        run.add_observer(log);
        while (run.advance()) {}
        if (workers == 1 || is_synchronous(variant)) {
          for (const UpdateRecord& r : log.records) CHECK(r.twin_distance.value_or(0) == 0);
          for (const MetricsRow& row : run.rows()) CHECK((row.twin_distance == 0.0 && row.twin_loss_gap == 0.0));
        } else {
          CHECK(log.records.back().twin_distance.value() > 0);
          CHECK(run.summary().twin->discrepancy.max > 0);
        }
      }
    }
  }
}

TEST_CASE("a twin gives the same bytes with 1, 2 and 8 threads", "[algorithms][registry][twin]") {
  // Oracle: invariant.
  for (const std::string& variant : every_variant()) {
    INFO(variant);
    const Scenario scenario = scenario_of(kBase, {"algorithm=" + variant, kTwin, "stop.updates=20"});
    const std::string expected = output_of(scenario, execution_of(1));
    CHECK(output_of(scenario, execution_of(2)) == expected);
    CHECK(output_of(scenario, execution_of(8)) == expected);
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
