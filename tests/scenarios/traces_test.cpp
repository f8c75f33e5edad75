#include <cmath>
#include <fstream>
#include <map>
#include <sstream>

#include "scenarios/load.hpp"
#include "tests/algorithms/harness.hpp"

using namespace peloton;
using namespace peloton::test;

namespace {

Execution with_data() {
  Execution out = execution_of(2);
  out.data_folder = data_path("").string();
  return out;
}

/// A scenario of traces/ as one run, timing only, over a network that takes no time unless the settings say otherwise.
Scenario timing(const std::string& name, const std::string& algorithm, std::vector<std::string> settings) {
  settings.insert(settings.begin(), {"sweep=null", "learning=false", "measure={}", "algorithm={\"name\":\"" + algorithm + "\"}"});
  return load_scenario(std::string(PELOTON_SOURCE_DIR) + "/scenarios/traces/" + name + ".json", settings);
}

/// The times of each recorded worker, as the file has them.
std::map<int, std::vector<double>> recorded(const std::string& path) {
  std::ifstream in(data_path(path));
  std::map<int, std::vector<double>> out;
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    std::istringstream cells(line);
    std::string number;
    std::string worker;
    std::string gpu;
    std::string clock;
    std::string time;
    for (std::string* cell : {&number, &worker, &gpu, &clock, &time}) std::getline(cells, *cell, ',');
    out[std::stoi(worker)].push_back(std::stod(time));
  }
  return out;
}

constexpr const char* kJob4 = "traces/alibaba-minibatch/job_4_norm.csv";

/// 1 ms for 1 in the file, instead of the mean: whole numbers of nanoseconds.
const std::vector<std::string> kMilliseconds = {std::string("cluster.compute.path=") + kJob4, "cluster.compute.mean=null",
                                                "cluster.compute.unit=\"1 ms\"", "cluster.network=none"};

std::vector<std::string> with(std::vector<std::string> settings, const std::string& more) {
  settings.push_back(more);
  return settings;
}

}  // namespace

TEST_CASE("synchronous SGD on a recorded job waits for the slowest worker of each row", "[scenarios][traces][data]") {
  // Independent computation: 500 rounds take Σ_k max_w t_w(k), and worker w computes for Σ_k t_w(k) of it.
  SKIP_WITHOUT(kJob4);
  Run run(timing("alibaba", "sync_sgd", with(kMilliseconds, "stop={\"updates\":500}")), with_data());
  while (run.advance()) {}
  const auto times = recorded(kJob4);
  double rounds = 0;
  std::map<int, double> busy;
  for (std::size_t k = 0; k < 500; ++k) {
    double slowest = 0;
    for (const auto& [worker, own] : times) {
      slowest = std::max(slowest, own[k]);
      busy[worker] += own[k];
    }
    rounds += slowest;
  }
  const RunSummary summary = run.summary();
  CHECK(summary.last.time.ns == std::llround(rounds) * 1'000'000);
  for (const auto& [worker, time] : busy)
    CHECK(summary.workers[static_cast<std::size_t>(worker)].busy.ns == std::llround(time) * 1'000'000);
}

TEST_CASE("asynchronous SGD on a recorded job waits for nobody", "[scenarios][traces][data]") {
  // Independent computation: after 60 s a worker has made as many gradients as of its rows, one after another, fit into 60 s.
  SKIP_WITHOUT(kJob4);
  Run run(timing("alibaba", "async_sgd", with(kMilliseconds, "stop={\"time\":60}")), with_data());
  while (run.advance()) {}
  const RunSummary summary = run.summary();
  for (const auto& [worker, own] : recorded(kJob4)) {
    double time = 0;
    std::uint64_t gradients = 0;
    while ((time += own[gradients % own.size()]) <= 60'000) ++gradients;
    CHECK(summary.workers[static_cast<std::size_t>(worker)].gradients == gradients);
    CHECK(summary.workers[static_cast<std::size_t>(worker)].waiting.ns == 0);
  }
}

TEST_CASE("a synchronous round around the world takes as long as the farthest region's", "[scenarios][traces][data]") {
  // Closed form without contention: latency and message down, 10 ms of computing, latency and message up, of the worker with the longest
  // way; 159,010 numbers of 32 bit at 1 Gbit/s.
  SKIP_WITHOUT("traces/aws-latency/p50.json");
  SKIP_WITHOUT("mnist/train-images-idx3-ubyte.gz");
  Run run(timing("aws", "sync_sgd", {"cluster.compute=constant:10ms", "cluster.network=constant", "stop={\"updates\":20}"}), with_data());
  while (run.advance()) {}
  const Topology& topology = run.topology();
  Duration farthest;
  for (NodeId w = 0; w < 10; ++w)
    farthest = std::max(farthest, topology.cost(topology.server(), w).latency + topology.cost(w, topology.server()).latency);
  const double round = farthest.seconds() + 0.01 + 2 * 32 * 159010 / 1e9;
  CHECK(run.summary().last.time.seconds() == Approx(20 * round).epsilon(1e-7));
  CHECK(round > 0.24);  // af-south-1 is 114 ms away, one way
}

TEST_CASE("asynchronous SGD reaches 95 % of MNIST sooner than synchronous SGD on every trace", "[scenarios][traces][data][long]") {
  // The table of the README. Where workers are alike and the network does not matter (job 1), the two are near each other.
  SKIP_WITHOUT("traces/flash-mobile/speed_distri.json");
  SKIP_WITHOUT("mnist/train-images-idx3-ubyte.gz");
  const auto seconds = [](const std::string& name, const std::string& algorithm, const std::string& setting) {
    const Scenario scenario = load_scenario(std::string(PELOTON_SOURCE_DIR) + "/scenarios/traces/" + name + ".json",
                                            {"sweep=null", "algorithm=" + algorithm, setting});
    Run run(scenario, with_data());
    while (run.advance()) {}
    INFO(name << " " << algorithm);
    CHECK(run.summary().status == RunStatus::target);
    return run.summary().last.time.seconds();
  };
  const auto gain = [&](const std::string& name, const std::string& setting) {
    return seconds(name, R"({"name":"sync_sgd","learning_rate":0.5})", setting) /
           seconds(name, R"({"name":"async_sgd","learning_rate":0.05})", setting);
  };
  CHECK(gain("alibaba", std::string("cluster.compute.path=") + kJob4) > 2);
  CHECK(gain("aws", "seed=1") > 1.2);
  CHECK(gain("lte", "seed=1") > 1.2);
  CHECK(gain("flash", "seed=1") > 2);
}
