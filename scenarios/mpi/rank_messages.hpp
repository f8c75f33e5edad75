#pragma once

#include <string>

#include "scenarios/sweep/point_run.hpp"

/// What the processes of a sweep under MPI tell each other: the first one, which owns the store, hands out tasks; the others answer with
/// outcomes. Everything is JSON text, measurements are metrics.csv, which is exact.
namespace peloton {

/// The kinds of messages; from the first process to another, but for `outcome`.
enum class RankMessage : int { execution = 1, task, drop, end, outcome };

/// How runs are executed, but for what belongs to each process.
[[nodiscard]] std::string encode_execution(const Execution& execution);
[[nodiscard]] Execution decode_execution(const std::string& text);

[[nodiscard]] std::string encode_task(const PointTask& task);
[[nodiscard]] PointTask decode_task(const std::string& text);

[[nodiscard]] std::string encode_outcome(const PointOutcome& outcome);
[[nodiscard]] PointOutcome decode_outcome(const std::string& text);

}  // namespace peloton
