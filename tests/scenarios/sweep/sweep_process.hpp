#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "tests/scenarios/process.hpp"

namespace peloton::test {

/// Twelve short points: 2 numbers of workers × 3 step sizes × 2 seeds.
inline const char* const kSmallSweep = R"({
  "name": "small",
  "cluster": {"workers": 3, "compute": {"distribution": "exponential", "mean": "10 ms"}},
  "task": {"model": {"kind": "softmax"}, "data": {"kind": "blobs", "samples": 100, "features": 4, "classes": 3}, "batch_size": 4},
  "algorithm": {"name": "async_sgd", "learning_rate": 0.1},
  "measure": {"every": "20 ms"},
  "stop": {"updates": 50},
  "sweep": {"cluster.workers": [2, 4], "algorithm.learning_rate": {"log2": [-3, -1]}, "repeat": 2}})";

/// The tables of a sweep: points.csv, measurements.csv, points.jsonl.
using Tables = std::array<std::string, 3>;
inline Tables tables_of(const std::filesystem::path& folder) {
  return {read_file((folder / "points.csv").string()), read_file((folder / "measurements.csv").string()),
          read_file((folder / "points.jsonl").string())};
}

inline std::vector<std::string> files_in(const std::filesystem::path& folder) {
  std::vector<std::string> out;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) out.push_back(entry.path().filename().string());
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace peloton::test
