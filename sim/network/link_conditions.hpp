#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "sim/base/state.hpp"
#include "sim/network/link_spec.hpp"
#include "sim/topology/topology.hpp"

namespace peloton {

/// Partitions of the network are resources of their own, on the routes that they cut: number 2i + this for the partition i.
inline constexpr std::uint64_t kFirstPartition = 1ULL << 62U;

/// From when to when (kNever: for ever) nothing passes.
using Outage = std::pair<Time, Time>;

/// What a scenario's links are made from besides their options.
struct LinkSources {
  std::uint64_t seed = 1;
  std::string data_folder = {};
  Place place = {};                     ///< of the list of link options
  std::vector<Outage> partitions = {};  ///< of the resources from kFirstPartition on
};

/// How the links of a topology differ from what the topology says: bandwidths over time, jitter, losses.
///
/// Bandwidths are known ahead as functions of time, so that a model finds the changes that a message meets without state or events
/// of the link's own. The only state are the numbers of the messages that drew a random delay. A trace, a schedule or a cut holds for
/// each direction that is named; where both ways share the bandwidth they are one.
class LinkConditions {
 public:
  LinkConditions() = default;
  /// Reads the traces. A name that no link of the topology has is an InputError. `topology` must outlive the conditions.
  LinkConditions(std::vector<LinkSpec> specs, const Topology& topology, LinkSources sources);

  /// True when every link is as the topology says; the functions below then need not be asked.
  [[nodiscard]] bool none() const { return specs_.empty() && sources_.partitions.empty(); }

  /// True when the bandwidth depends on the time.
  [[nodiscard]] bool varies(const Resource& resource) const;
  /// What the link carries at `t`, bit/s: goodput where packets are lost, 0 while it is cut.
  [[nodiscard]] double bandwidth(const Resource& resource, Time t) const;
  /// The first time after `t` from which on the bandwidth may be another; kNever when it stays.
  [[nodiscard]] Time next_change(const Resource& resource, Time t) const;

  /// When `bits` that start at `start` are through a chain of links nobody else uses, at the bandwidth of the narrowest at each time
  /// and at most at `cap` bit/s; kNever when never. Rounded once to nanoseconds from the last change on.
  [[nodiscard]] Time finish(std::span<const Resource> route, double cap, Time start, double bits) const;

  struct Delays {
    Duration latency;  ///< added to the latency
    Duration timeout;  ///< after the last bit, for last packets that were lost
  };
  /// Draws them for a message: one number per link and message, keyed by (seed, link, number).
  [[nodiscard]] Delays draw_delays(std::span<const Resource> route);

  void visit_state(StateVisitor& v) { v("messages", messages_); }

 private:
  /// What the entries that name a link say together.
  struct Condition {
    const PacketTrace* trace = nullptr;
    Duration trace_offset;
    const DeviceSpeeds* devices = nullptr;
    NodeId host = kNoNode;                          ///< the device
    DeviceSpeeds::Way way = DeviceSpeeds::Way::up;  ///< which way it sees the link
    const std::vector<BandwidthChange>* changes = nullptr;
    std::vector<Outage> cuts;
    const IndependentLaw* jitter = nullptr;
    double loss = 0;
    Duration timeout;
  };

  [[nodiscard]] const Condition* find(std::uint64_t resource) const;
  [[nodiscard]] Condition make(std::uint64_t resource, const std::vector<const LinkSpec*>& matching) const;
  void check_names() const;
  void set_device(Condition& condition, std::uint64_t resource, std::size_t spec) const;
  [[nodiscard]] static double own_bandwidth(const Condition& condition, const Resource& resource, Time t);

  std::vector<LinkSpec> specs_;
  const Topology* topology_ = nullptr;
  LinkSources sources_;
  std::vector<std::unique_ptr<PacketTrace>> traces_;                                  // of the specs; null where there is none
  std::vector<std::unique_ptr<DeviceSpeeds>> devices_;                                // likewise
  mutable std::unordered_map<std::uint64_t, std::unique_ptr<Condition>> conditions_;  // by resource, made when asked; never iterated
  std::map<std::uint64_t, std::uint64_t> messages_;                                   // that drew a delay, by resource
};

}  // namespace peloton
