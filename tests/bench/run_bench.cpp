#include "tests/bench/run_bench.hpp"

#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <thread>

#include "models/data/folder.hpp"
#include "models/kernels/kernels.hpp"
#include "scenarios/load.hpp"
#include "scenarios/run.hpp"
#include "sim/base/random.hpp"
#include "sim/base/units.hpp"

namespace peloton {
namespace {

/// What one run cost, measured in a process of its own so that peaks do not mix.
struct Cost {
  double seconds = 0;
  double events = 0;
  double gradients = 0;
  double peak_bytes = 0;
  double loading_bytes = 0;     ///< the peak before the run started, where it is told apart; peak_bytes is then that of the run alone
  double estimated_bytes = 0;   ///< what the run said before it started
  double seconds_gradient = 0;  ///< a gradient alone, where it was measured
};

Execution execution_of(std::size_t threads) {
  Execution execution;
  execution.threads = threads;
  execution.data_folder = find_data_folder(std::nullopt);
  execution.scenario_file = "bench";
  return execution;
}

Cost measure_here(const Scenario& scenario, std::size_t threads) {
  Run run(scenario, execution_of(threads));
  run.advance();  // starts, and measures the start
  const auto start = std::chrono::steady_clock::now();
  while (run.advance()) {}
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  Cost cost;
  cost.seconds = seconds;
  cost.events = static_cast<double>(run.cluster().simulation().events());
  cost.gradients = static_cast<double>(run.cluster().gradients());
  cost.estimated_bytes = run.memory().total();
  cost.peak_bytes = static_cast<double>(peak_memory());
  return cost;
}

/// Seconds of this process on a processor: what others do on the machine counts little.
double processor_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// A gradient alone, on batches of random rows.
double seconds_per_gradient(const Objective& objective, std::size_t batch, std::size_t count) {
  ThreadPool pool(1);
  VectorSpace space(objective.precision(), objective.dimension(), find_kernels("auto"), pool);
  Vector x = space.make();
  Vector g = space.make();
  objective.initial_point(1, x.write());
  const std::unique_ptr<Workspace> workspace = objective.workspace();
  RandomStream random(1, Purpose::test, 0, 0);
  std::vector<std::uint32_t> rows(batch);
  const double start = processor_seconds();
  for (std::size_t i = 0; i < count; ++i) {
    for (std::uint32_t& row : rows) row = random.below(static_cast<std::uint32_t>(objective.rows(Split::train)));
    Sample sample;
    sample.rows = rows;
    objective.gradient(x.view(), sample, g.write(), *workspace);
  }
  return (processor_seconds() - start) / static_cast<double>(count);
}

/// The rounds of a run but the last, without the measurements at its ends, between two looks at the gradient alone.
Cost measure_rounds(const Scenario& scenario, std::size_t threads) {
  Run run(scenario, execution_of(threads));
  run.advance();
  Cost cost;
  cost.loading_bytes = static_cast<double>(peak_memory());
  std::ofstream("/proc/self/clear_refs") << 5;  // the peak counts anew from here
  const auto batch = run.cluster().batch_size(0);
  const double before = seconds_per_gradient(*run.objective(), batch, 2000);
  const auto rounds = static_cast<std::uint64_t>(*scenario.stop.updates) - 1;
  const double start = processor_seconds();
  while (run.cluster().updates() < rounds) run.advance();
  cost.seconds = processor_seconds() - start;
  cost.seconds_gradient = (before + seconds_per_gradient(*run.objective(), batch, 2000)) / 2;
  cost.gradients = static_cast<double>(run.cluster().gradients());
  cost.estimated_bytes = run.memory().total();
  cost.peak_bytes = static_cast<double>(peak_memory());
  return cost;
}

Cost measure(const Scenario& scenario, std::size_t threads, Cost (*here)(const Scenario&, std::size_t) = measure_here) {
  int channel[2];
  if (pipe(channel) != 0) throw Failure("no pipe");
  const pid_t child = fork();
  if (child == 0) {
    Cost cost;
    try {
      cost = here(scenario, threads);
    } catch (const std::exception& e) {
      fmt::print(stderr, "{}\n", e.what());
    }
    const bool sent = write(channel[1], &cost, sizeof cost) == sizeof cost;
    _exit(sent ? 0 : 1);
  }
  Cost cost;
  const bool received = read(channel[0], &cost, sizeof cost) == sizeof cost;
  waitpid(child, nullptr, 0);
  close(channel[0]);
  close(channel[1]);
  if (!received || cost.seconds == 0) throw Failure("a benchmark run failed");
  return cost;
}

/// The fastest of three.
Cost best(const Scenario& scenario, std::size_t threads, int repeats = 3) {
  Cost out = measure(scenario, threads);
  for (int i = 1; i < repeats; ++i) {
    const Cost again = measure(scenario, threads);
    if (again.seconds < out.seconds) out = again;
  }
  return out;
}

Scenario scenario_of(const std::string& text, const std::vector<std::string>& settings) {
  Json json = Json::parse(text);
  for (const std::string& setting : settings) apply_setting(json, setting);
  return parse_options<Scenario>(json, {"bench", ""});
}

const char* const kEngine = R"({"name": "engine", "learning": false,
  "cluster": {"workers": 1000, "compute": {"distribution": "exponential", "mean": "10 ms"}, "network": {"model": "constant"}},
  "task": {"model": {"kind": "quadratic", "dimension": 1000}},
  "algorithm": {"name": "async_sgd"}, "stop": {"updates": 1000000}})";

const char* const kMnist = R"({"name": "mnist",
  "cluster": {"workers": 20, "compute": {"distribution": "exponential", "mean": "10 ms"}, "network": {"model": "constant"}},
  "task": {"model": {"kind": "mlp", "hidden": [200]}, "batch_size": 32, "partition": {"kind": "iid"},
           "data": {"kind": "idx", "images": "mnist/train-images-idx3-ubyte.gz", "labels": "mnist/train-labels-idx1-ubyte.gz"}},
  "algorithm": {"name": "async_sgd", "learning_rate": 0.01}, "measure": {"gradient": false}, "stop": {"gradients": 10000}})";

const char* const kA9a = R"({"name": "a9a",
  "cluster": {"workers": 10, "compute": {"distribution": "exponential", "mean": "10 ms"}, "network": {"model": "constant"}},
  "task": {"model": {"kind": "logistic", "l2": 1e-3}, "batch_size": 32, "data": {"kind": "libsvm", "path": "libsvm/a9a"}},
  "algorithm": {"name": "async_sgd", "learning_rate": 0.1}, "measure": {"gradient": false}, "stop": {"gradients": 1000000}})";

bool have(const std::string& file) {
  const std::string path = find_data_folder(std::nullopt) + "/" + file;
  if (std::filesystem::exists(path)) return true;
  fmt::print("skipped: {} is not here\n", path);
  return false;
}

/// Seconds per gradient of the loop alone: the cost of the measurement at the end is taken off by a run that does nearly nothing else.
double microseconds_per_gradient(std::vector<std::string> settings, const char* base, double gradients, std::size_t threads = 1) {
  settings.push_back("stop={\"gradients\":" + std::to_string(static_cast<long>(gradients)) + "}");
  const Cost whole = best(scenario_of(base, settings), threads);
  settings.back() = "stop={\"gradients\":" + std::to_string(static_cast<long>(gradients / 10)) + "}";
  const Cost part = best(scenario_of(base, settings), threads);
  return 1e6 * (whole.seconds - part.seconds) / (whole.gradients - part.gradients);
}

}  // namespace

void bench_engine() {
  fmt::print("{:>10} {:>14} {:>12} {:>14}\n", "workers", "events", "M events/s", "bytes/worker");
  const double idle = measure(scenario_of(kEngine, {"cluster.workers=1", "stop.updates=10"}), 1).peak_bytes;
  for (const int workers : {100, 1000, 10000, 100000, 1000000}) {
    const std::string updates = "stop.updates=" + std::to_string(std::max(2'000'000, 2 * workers));
    const Cost cost = best(scenario_of(kEngine, {"cluster.workers=" + std::to_string(workers), updates}), 1);
    fmt::print("{:>10} {:>14.0f} {:>12.2f} {:>14.0f}\n", workers, cost.events, cost.events / cost.seconds / 1e6,
               (cost.peak_bytes - idle) / workers);
  }
}

void bench_runs() {
  if (have("mnist/train-images-idx3-ubyte.gz")) {
    fmt::print("MLP 784-200-10, batch 32, one thread, everything included, µs per gradient\n");
    for (const char* algorithm : {"sync_sgd", "async_sgd"}) {
      for (const int workers : {10, 20, 100, 1000}) {
        const double us = microseconds_per_gradient(
            {std::string("algorithm.name=") + algorithm, "cluster.workers=" + std::to_string(workers)}, kMnist, 20000);
        fmt::print("  {:<10} {:>5} workers {:>8.1f}\n", algorithm, workers, us);
      }
    }
    fmt::print("two threads against one, 20 workers\n");
    for (const char* algorithm : {"sync_sgd", "async_sgd"}) {
      const double one = microseconds_per_gradient({std::string("algorithm.name=") + algorithm}, kMnist, 20000, 1);
      const double two = microseconds_per_gradient({std::string("algorithm.name=") + algorithm}, kMnist, 20000, 2);
      fmt::print("  {:<10} {:.1f} µs, {:.1f} µs: {:.2f} times\n", algorithm, one, two, one / two);
    }
    const std::vector<std::string> many = {"cluster.workers=100000", R"(task.model={"kind":"softmax"})",
                                           R"(task.partition={"kind":"shared"})", "stop={\"gradients\":200000}"};
    const Cost cost = measure(scenario_of(kMnist, many), std::max(1U, std::thread::hardware_concurrency()));
    fmt::print("10^5 asynchronous workers, softmax (d = 7850), 2·10^5 gradients: {:.1f} s, peak {:.2f} GiB\n", cost.seconds,
               cost.peak_bytes / (1ULL << 30U));
  }
  if (have("libsvm/a9a")) {
    const double us = microseconds_per_gradient({}, kA9a, 1e6);
    fmt::print("sparse logistic regression on a9a, batch 32, sample, gradient, step and events: {:.2f} µs\n", us);
  }
}

void bench_local() {
  if (!have("mnist/train-images-idx3-ubyte.gz")) return;
  fmt::print("1000 workers, MLP 784-200-10, batch 32, H = 10, one thread, 3 rounds: µs per gradient against the gradient alone\n");
  for (const char* more : {"message=model", "message=update", "optimizer=momentum", "optimizer=adam"}) {
    const Scenario scenario =
        scenario_of(kMnist, {R"(algorithm={"name":"local_sgd","learning_rate":0.01,"schedule":{"kind":"fixed","steps":10}})",
                             std::string("algorithm.") + more, "cluster.workers=1000", R"(stop={"updates":4})"});
    const Cost cost = measure(scenario, 1, measure_rounds);
    const double each = cost.seconds / cost.gradients;
    fmt::print("  {:<20} {:>8.1f} µs, alone {:>8.1f} µs: {:.3f} times; estimated {}, peak of the run {} ({:.3f} times), of loading {}\n",
               more, 1e6 * each, 1e6 * cost.seconds_gradient, each / cost.seconds_gradient, show_bytes(cost.estimated_bytes),
               show_bytes(cost.peak_bytes), cost.peak_bytes / cost.estimated_bytes, show_bytes(cost.loading_bytes));
    std::fflush(stdout);
  }
}

void bench_gossip() {
  if (!have("mnist/train-images-idx3-ubyte.gz")) return;
  fmt::print("d_psgd, softmax on MNIST (d = 7850), batch 32, 10 steps of all nodes, two threads\n");
  for (const char* graph : {"ring", "random_regular:6"}) {
    for (const int nodes : {100, 1000, 10000}) {
      const Scenario scenario =
          scenario_of(kMnist, {fmt::format(R"(algorithm={{"name":"d_psgd","learning_rate":0.1,"graph":"{}"}})", graph),
                               fmt::format("cluster.workers={}", nodes), R"(task.model={"kind":"softmax"})", R"(stop={"updates":10})"});
      const Cost cost = measure(scenario, 2);
      fmt::print("  {:<18} {:>6} nodes {:>8.1f} µs a node and step; estimated {}, peak {}\n", graph, nodes,
                 1e6 * cost.seconds / (10.0 * nodes), show_bytes(cost.estimated_bytes), show_bytes(cost.peak_bytes));
      std::fflush(stdout);
    }
  }
}

}  // namespace peloton
