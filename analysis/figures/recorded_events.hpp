#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "sim/records.hpp"

namespace peloton {

/// What events.csv recorded of a run. Times in seconds.
struct RecordedEvents {
  /// Workers by number; other nodes are kFirstNamed + their place in `names`.
  using Node = std::uint32_t;
  static constexpr Node kFirstNamed = 1U << 31U;

  struct Computation {
    Node worker = 0;
    std::int64_t version = -1;  ///< of the model it was computed at
    double start = 0;
    double finish = 0;
  };
  struct Transfer {
    Node from = 0;
    Node to = 0;
    Traffic traffic = Traffic::uplink;
    double bits = 0;
    double sent = 0;
    double delivered = 0;
  };
  struct Update {
    Node worker = 0;
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
  std::vector<std::string> names;  ///< of nodes that are no workers: "server", switches
  std::vector<std::string> links;  ///< names
  std::vector<LinkChange> link_changes;
  double begin = 0;  ///< of the first activity
  double end = 0;    ///< of the last record
  std::string cut;   ///< what the recording left out; empty: nothing

  /// "worker 3", "server"
  [[nodiscard]] std::string node_name(Node node) const;
};

/// Reads what `peloton run --events` wrote. A file that is none is an InputError with file, line and column.
[[nodiscard]] RecordedEvents read_events(const std::filesystem::path& file);

}  // namespace peloton
