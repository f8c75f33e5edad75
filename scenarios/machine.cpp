#include "scenarios/machine.hpp"

#include <algorithm>
#include <fstream>

namespace peloton {
namespace {

std::string read_cpu_name() {
  std::ifstream in("/proc/cpuinfo");
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("model name")) {
      const std::size_t colon = line.find(": ");
      if (colon != std::string::npos) return line.substr(colon + 2);
    }
  }
  return "unknown";
}

}  // namespace

std::string cpu_name() {
  static const std::string name = read_cpu_name();  // reading it takes the time of a small run
  return name;
}

MachineReport machine_report(const Run& run, const Execution& execution, double setup_seconds, double wall_seconds) {
  MachineReport out;
  out.wall_seconds = wall_seconds;
  out.setup_seconds = setup_seconds;
  out.peak_memory_bytes = peak_memory();
  out.threads = execution.threads;
  out.kernels = run.kernels();
  out.cpu = cpu_name();
  out.build = PELOTON_BUILD_TYPE;
  const double seconds = std::max(wall_seconds, 1e-9);
  out.events_per_second = static_cast<double>(run.cluster().simulation().events()) / seconds;
  out.gradients_per_second = static_cast<double>(run.cluster().gradients()) / seconds;
  return out;
}

}  // namespace peloton
