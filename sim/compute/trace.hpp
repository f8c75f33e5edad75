#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/base/options.hpp"
#include "sim/base/random.hpp"
#include "sim/compute/compute_call.hpp"
#include "sim/compute/law_sources.hpp"

namespace peloton {

/// How the times of a trace are taken: one after another, or drawn with replacement.
enum class TraceOrder { sequence, random };
template <>
struct EnumNames<TraceOrder> {
  static constexpr std::array<std::pair<std::string_view, TraceOrder>, 2> names{
      {{"sequence", TraceOrder::sequence}, {"random", TraceOrder::random}}};
};

/// The times of one recorded worker in seconds, at least one, in the order of the file.
struct RecordedTimes {
  std::vector<double> times;
  double mean = 0;
  double clock = 0;  ///< of the last row, where there is one
};

/// Times recorded on a real cluster, from a text file of rows: cells separated by commas, semicolons or tabs (as the first row has
/// them), with a first row of names when none of its cells is a number (else the columns are called 0, 1, …); empty rows are skipped.
///
/// Without `worker_column` every worker replays all rows. With it, worker i replays the rows of recorded worker i mod W, the W
/// recorded workers in the order in which the file first names them. A sequence goes round and round; it starts at the first row
/// for a worker that alone stands for its recorded worker (i < W), so that the workers keep in step as recorded, and elsewhere at a
/// row drawn by (seed, worker).
struct TraceLaw {
  static constexpr std::string_view kind = "trace";
  static constexpr std::string_view help = "times replayed from a file of recorded ones";
  std::string path;
  std::optional<std::string> column;
  std::optional<std::string> worker_column;
  std::optional<std::string> clock_column;
  std::optional<Seconds> unit;
  std::optional<Seconds> mean;
  TraceOrder order = TraceOrder::sequence;
  /// By recorded worker; read by `prepare`.
  std::shared_ptr<const std::vector<RecordedTimes>> recorded = nullptr;

  static auto fields() {
    return options(required("path", &TraceLaw::path, "text file of rows, relative to the data folder"),
                   field("column", &TraceLaw::column, "the column of the times; may be left out when there is one"),
                   field("worker_column", &TraceLaw::worker_column, "the column that tells the recorded worker; none: rows are for all"),
                   field("clock_column", &TraceLaw::clock_column,
                         "a column that must not go back from one row of a recorded worker to its next; it is only checked"),
                   field("unit", &TraceLaw::unit, kPositive, "what 1 in the file stands for; 1 s when neither it nor mean is given"),
                   field("mean", &TraceLaw::mean, kPositive, "scales the times so that all in the file have this mean"),
                   field("order", &TraceLaw::order, "one row after another, or rows drawn with replacement"));
  }
  void validate(const Place& place) const;
  /// Reads the file, once. Errors: no such file or column; a row without these columns; a time that is not a finite number ≥ 0; a
  /// clock that goes back; no rows; `mean` for times that are all 0.
  void prepare(const LawSources& sources, const Place& place);
  double sample(RandomStream& random, const ComputeCall& call) const;
  double expectation(NodeId worker) const;
};

}  // namespace peloton
