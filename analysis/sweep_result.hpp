#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "analysis/metrics.hpp"
#include "sim/base/options.hpp"

namespace peloton {

/// One varied scenario value of a sweep. A zipped group is several axes whose levels go together.
struct SweepAxis {
  std::string path;                 ///< "cluster.workers"
  std::vector<Json> values;         ///< by level, in the order of the scenario
  std::vector<std::string> labels;  ///< by level: short, distinct names for tables and plots ("16", "10 ms", "async_sgd")

  friend bool operator==(const SweepAxis&, const SweepAxis&) = default;
};

/// One finished point: a run with one level of every axis and one seed.
struct SweepPoint {
  std::size_t index = 0;            ///< in the order of the whole sweep, from 0
  std::vector<std::size_t> levels;  ///< by axis
  std::size_t repeat = 0;           ///< 0 … repeats − 1; points with the same repeat share their seed, and with it their random numbers
  std::uint64_t seed = 1;
  Json summary;  ///< summary.json without its "machine"
  std::vector<MetricsRow> rows;
};

/// What a sweep has found out so far: plain data, read from its store. Scores, tables, reports and plots are functions of it.
struct SweepResult {
  std::string name;
  Json scenario;  ///< the scenario with its sweep, as it was stored
  std::vector<SweepAxis> axes;
  std::size_t repeats = 1;
  std::size_t planned = 0;         ///< points of the whole sweep
  std::vector<SweepPoint> points;  ///< the finished ones, by index
};

}  // namespace peloton
