#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "sim/base/error.hpp"
#include "tests/bench/gradient_bench.hpp"
#include "tests/bench/network_bench.hpp"
#include "tests/bench/queue_bench.hpp"
#include "tests/bench/run_bench.hpp"
#include "tests/bench/sweep_bench.hpp"
#include "tests/bench/trace_bench.hpp"

namespace {

struct Benchmark {
  std::string_view name;
  std::string_view what;
  void (*run)();
};

constexpr std::array kBenchmarks = {
    Benchmark{"queue", "event queue against its alternatives, ns per hold", peloton::bench_queue},
    Benchmark{"network", "network models, messages per second", peloton::bench_network},
    Benchmark{"engine", "timing-only parameter server, events/s and bytes per worker", peloton::bench_engine},
    Benchmark{"trace", "trace.json and events.csv, records per second", peloton::bench_trace},
    Benchmark{"gradients", "one gradient by kernels, µs", peloton::bench_gradients},
    Benchmark{"local", "local SGD with 1000 workers against its gradients alone, memory against the estimate", peloton::bench_local},
    Benchmark{"gossip", "d_psgd on growing graphs, time and memory per node", peloton::bench_gossip},
    Benchmark{"runs", "whole runs with learning, µs per gradient, memory, threads", peloton::bench_runs},
    Benchmark{"sweep", "sweeps: points per second, overhead per point, two jobs against one", peloton::bench_sweep},
};

std::string processor() {
  std::ifstream in("/proc/cpuinfo");
  for (std::string line; std::getline(in, line);)
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  return "unknown processor";
}

}  // namespace

/// peloton-bench [NAME…]: all benchmarks, or those named.
int main(int argc, char** argv) {
  fmt::print("machine: {}, {} threads, {:.1f} GiB, peloton {} {}\n", processor(), std::thread::hardware_concurrency(),
             static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGE_SIZE)) / (1ULL << 30U), PELOTON_VERSION,
             PELOTON_BUILD_TYPE);
  std::vector<std::string> wanted(argv + 1, argv + argc);
  std::vector<std::string> names;
  for (const Benchmark& b : kBenchmarks) names.emplace_back(b.name);
  for (const std::string& name : wanted) {
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      fmt::print(stderr, "unknown benchmark \"{}\"{}\n", name, peloton::did_you_mean(name, names));
      return 2;
    }
  }
  for (const Benchmark& b : kBenchmarks) {
    if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), b.name) == wanted.end()) continue;
    fmt::print("\n== {}: {}\n", b.name, b.what);
    std::fflush(stdout);
    b.run();
  }
  return 0;
}
