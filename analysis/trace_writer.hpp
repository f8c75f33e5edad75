#pragma once

#include <filesystem>
#include <fstream>
#include <set>

#include "sim/records.hpp"

namespace peloton {

/// Streams trace.json in the Chrome trace event format, which Perfetto opens: a track of computations per worker, a track of
/// messages per node and direction, arrows from a message to its arrival, instants and a staleness counter for updates.
///
/// Timestamps are microseconds with three decimals, exact to the nanosecond. At most `kMostEvents` records are written; the file then
/// says where it was cut, and the run goes on.
class TraceWriter final : public Observer {
 public:
  static constexpr std::uint64_t kMostEvents = 1'000'000;

  /// `workers` nodes 0 … workers − 1 are workers; `server` may be kNoNode.
  TraceWriter(const std::filesystem::path& path, std::size_t workers, NodeId server);
  void on_compute(const ComputeRecord& r) override;
  void on_transfer(const TransferRecord& r) override;
  void on_update(const UpdateRecord& r) override;
  /// Closes the JSON document; a failed write is a Failure.
  void finish();
  /// Records left out because of the cap.
  [[nodiscard]] std::uint64_t left_out() const { return left_out_; }

 private:
  enum class Track : int { compute = 1, send = 2, receive = 3, update = 4 };

  [[nodiscard]] bool full(std::uint64_t wanted);
  void put(const std::string& event);
  void name_track(Track track, NodeId node);
  [[nodiscard]] std::string node_name(NodeId node) const;

  std::filesystem::path path_;
  std::ofstream out_;
  std::size_t workers_;
  NodeId server_;
  std::uint64_t written_ = 0;
  std::uint64_t left_out_ = 0;
  std::uint64_t arrows_ = 0;
  Time cut_;
  bool first_ = true;
  std::set<std::pair<int, NodeId>> named_;
};

}  // namespace peloton
