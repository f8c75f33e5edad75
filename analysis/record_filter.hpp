#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "sim/records.hpp"
#include "sim/topology/topology.hpp"

namespace peloton {

/// What of a run is recorded in trace.json and events.csv.
struct RecordChoice {
  struct Range {
    NodeId first = 0;
    NodeId last = 0;  ///< inclusive
    friend bool operator==(const Range&, const Range&) = default;
  };
  static constexpr std::uint64_t kDefaultLimit = 1'000'000;

  std::vector<Range> workers;           ///< empty: all, and everything that belongs to no worker
  Time from;                            ///< what ended before is left out
  Time to = kNever;                     ///< what began after is left out
  std::uint64_t limit = kDefaultLimit;  ///< rows of events.csv, trace events of trace.json; what comes after them is left out
};

/// Parses a list of workers "0-15" or "0,3,8-11"; `workers` ≥ 1 is how many there are. Anything else, and a worker that does not exist,
/// is an InputError that names `flag` and the range allowed.
[[nodiscard]] std::vector<RecordChoice::Range> parse_workers(std::string_view text, std::size_t workers, std::string_view flag);

/// Decides for each record whether it was chosen.
class RecordFilter {
 public:
  /// `topology` must outlive the filter.
  RecordFilter(RecordChoice choice, const Topology& topology);

  [[nodiscard]] const RecordChoice& choice() const { return choice_; }
  /// True when the node was chosen by name: always, when all workers are.
  [[nodiscard]] bool has(NodeId node) const { return chosen_.empty() || (node < chosen_.size() && chosen_[node]); }
  [[nodiscard]] bool within(Time start, Time end) const { return end >= choice_.from && start <= choice_.to; }

  [[nodiscard]] bool wants(const ComputeRecord& r) const { return has(r.node) && within(r.start, r.finish); }
  [[nodiscard]] bool wants(const TransferRecord& r) const { return (has(r.from) || has(r.to)) && within(r.sent, r.delivered); }
  [[nodiscard]] bool wants(const UpdateRecord& r) const { return has(r.worker) && within(r.time, r.time); }
  /// Of some workers: the links that their messages have crossed.
  [[nodiscard]] bool has_link(std::uint64_t link) const { return chosen_.empty() || crossed_.contains(link); }
  [[nodiscard]] bool wants(const LinkRecord& r) const { return has_link(r.link) && within(r.time, r.time); }

  /// Learns which links the chosen workers use.
  void see(const SendRecord& r);

 private:
  RecordChoice choice_;
  const Topology& topology_;
  std::vector<bool> chosen_;  // by worker; empty: all
  std::unordered_set<std::uint64_t> crossed_;
  std::vector<Resource> route_;  // scratch
};

}  // namespace peloton
