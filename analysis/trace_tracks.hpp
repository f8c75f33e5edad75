#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "sim/time.hpp"
#include "sim/topology/topology.hpp"

namespace peloton {

/// Where things stand in a trace: which process and thread, in the words of the format, is the track of a node's activity.
///
/// Up to `kMostApart` traced nodes each is a process with a thread per activity, so that one sees a worker's whole life; above, each
/// activity is a process with a thread per node, so that one sees all workers computing. Slices of one track must not overlap: messages
/// that do are put on further lanes of their activity. The server's arrivals, departures and updates have a process of their own.
class TraceTracks {
 public:
  enum class Activity : std::uint8_t { computing, waiting, sending, receiving };
  enum class ServerTrack : std::uint8_t { updates, arrivals, departures };
  static constexpr std::size_t kMostApart = 32;

  /// A track of the trace.
  struct Track {
    std::uint32_t process = 0;
    std::uint32_t thread = 0;  ///< unique in the trace; 0: none
  };

  /// Processes that hold counters alone.
  static constexpr std::uint32_t kCluster = 1;
  static constexpr std::uint32_t kLinks = 2;

  /// Takes a process or thread name that comes into use, as a trace event without separator.
  using Announce = std::function<void(const std::string& event)>;

  /// `traced`: how many nodes have tracks. `topology` must outlive the tracks.
  TraceTracks(const Topology& topology, std::size_t traced, Announce announce);

  /// The node's first lane for an activity.
  [[nodiscard]] Track of(Activity activity, NodeId node) { return lane(activity, node, 0).track; }
  /// The lane of an activity for a slice from `start` to `end`, which then is taken. Ends must come in ascending order.
  [[nodiscard]] Track free_lane(Activity activity, NodeId node, Time start, Time end);
  [[nodiscard]] Track of(ServerTrack track);

  /// "worker 3", "worker 3 (zurich)" where the topology calls it otherwise than w3, "server", or the name of another node.
  [[nodiscard]] std::string title(NodeId node) const;

 private:
  struct Lane {
    Track track;
    Time taken_until;
  };

  Lane& lane(Activity activity, NodeId node, std::size_t number);
  Track announced(std::uint32_t process, const std::string& process_name, const std::string& thread_name, std::uint32_t order);
  void announce_process(std::uint32_t process, const std::string& name, std::uint32_t order);

  const Topology& topology_;
  bool apart_;
  Announce announce_;
  std::unordered_map<std::uint64_t, std::vector<Lane>> lanes_;  // by node and activity; never iterated
  std::unordered_map<std::uint32_t, bool> processes_;           // announced ones; never iterated
  std::vector<Track> server_tracks_;
  std::uint32_t threads_ = 0;
};

}  // namespace peloton
