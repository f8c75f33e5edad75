#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "analysis/metrics.hpp"
#include "scenarios/run.hpp"

namespace peloton {

/// A run to make: the whole scenario, and a number by which its outcome is known.
struct PointTask {
  std::size_t index = 0;
  Json scenario;
};

/// How that went.
struct PointOutcome {
  enum class Kind : std::uint8_t {
    finished,  ///< the run has ended, in whichever status
    refused,   ///< its input is wrong, which only its assembly could find: `error`
    failed,    ///< it could not be made: `error`
    dropped    ///< it was given up half-way on request
  };
  std::size_t index = 0;
  Kind kind = Kind::dropped;
  Json summary;  ///< summary.json without "machine"
  Json machine;
  std::vector<MetricsRow> rows;
  double wall_seconds = 0;  ///< set-up and run
  std::string error;

  [[nodiscard]] bool without_result() const { return kind == Kind::refused || kind == Kind::failed; }
};

/// Makes the run, or drops it soon after `stop` is set. Throws nothing: errors are in the outcome.
[[nodiscard]] PointOutcome run_point(const PointTask& task, const Execution& execution, const std::atomic<bool>& stop);

}  // namespace peloton
