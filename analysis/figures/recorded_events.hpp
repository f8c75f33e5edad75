#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "sim/records.hpp"

namespace peloton {

/// What events.csv recorded of a run. Times in seconds.
struct RecordedEvents {
  struct Computation {
    std::uint32_t node = 0;
    std::int64_t version = -1;  ///< of the model it was computed at
    double start = 0;
    double finish = 0;
  };
  struct Transfer {
    std::uint32_t from = 0;
    std::uint32_t to = 0;
    Traffic traffic = Traffic::uplink;
    double bits = 0;
    double sent = 0;
    double delivered = 0;
  };
  struct Update {
    std::uint32_t worker = 0;
    std::int64_t version = -1;
    std::int64_t staleness = 0;
    double time = 0;
    bool applied = true;
  };
  /// From `time` on, until the same link's next change.
  struct LinkChange {
    std::size_t link = 0;
    double time = 0;
    double load = 0;  ///< share of the capacity in use, 0 … 1
  };

  std::vector<Computation> computations;
  std::vector<Transfer> transfers;
  std::vector<Update> updates;
  std::vector<std::string> links;  ///< names
  std::vector<LinkChange> link_changes;
  double begin = 0;  ///< of the first activity
  double end = 0;    ///< of the last record
};

/// Reads what `peloton run --events` wrote. A file that is none is an InputError with file, line and column.
[[nodiscard]] RecordedEvents read_events(const std::filesystem::path& file);

}  // namespace peloton
