#include "analysis/trace_tracks.hpp"

#include <fmt/format.h>

#include <array>

#include "sim/base/options.hpp"

namespace peloton {
namespace {

constexpr std::array<std::string_view, 4> kActivities = {"computing", "waiting", "sending", "receiving"};
constexpr std::array<std::string_view, 3> kServerTracks = {"updates", "arrivals", "departures"};

constexpr std::uint32_t kLast = 2'000'000'000;  // a sort index behind all others
constexpr std::uint32_t kServer = 3;
constexpr std::uint32_t kFirstActivity = 4;  // when activities are processes
constexpr std::uint32_t kFirstNode = 10;     // when nodes are

}  // namespace

TraceTracks::TraceTracks(const Topology& topology, std::size_t traced, Announce announce)
    : topology_(topology), apart_(traced <= kMostApart), announce_(std::move(announce)), server_tracks_(kServerTracks.size()) {
  announce_process(kCluster, "cluster", 0);
  announce_process(kLinks, "links", kLast);
}

std::string TraceTracks::title(NodeId node) const {
  if (topology_.is_server(node)) return topology_.server_name(node);
  const std::string name = topology_.name(node);
  if (node >= topology_.workers()) return name;
  return name == fmt::format("w{}", node) ? fmt::format("worker {}", node) : fmt::format("worker {} ({})", node, name);
}

void TraceTracks::announce_process(std::uint32_t process, const std::string& name, std::uint32_t order) {
  announce_(fmt::format(R"({{"ph":"M","name":"process_name","pid":{},"args":{{"name":{}}}}})", process, Json(name).dump()));
  announce_(fmt::format(R"({{"ph":"M","name":"process_sort_index","pid":{},"args":{{"sort_index":{}}}}})", process, order));
}

TraceTracks::Track TraceTracks::announced(std::uint32_t process, const std::string& process_name, const std::string& thread_name,
                                          std::uint32_t order) {
  if (processes_.emplace(process, true).second) announce_process(process, process_name, process);
  const Track track{process, ++threads_};
  announce_(fmt::format(R"({{"ph":"M","name":"thread_name","pid":{},"tid":{},"args":{{"name":{}}}}})", track.process, track.thread,
                        Json(thread_name).dump()));
  announce_(fmt::format(R"({{"ph":"M","name":"thread_sort_index","pid":{},"tid":{},"args":{{"sort_index":{}}}}})", track.process,
                        track.thread, order));
  return track;
}

TraceTracks::Lane& TraceTracks::lane(Activity activity, NodeId node, std::size_t number) {
  const auto kind = static_cast<std::uint32_t>(activity);
  std::vector<Lane>& lanes = lanes_[std::uint64_t{node} << 2U | kind];
  while (lanes.size() <= number) {
    const std::string suffix = lanes.empty() ? "" : fmt::format(" ({})", lanes.size() + 1);
    const std::string what(kActivities[kind]);
    lanes.push_back({apart_ ? announced(kFirstNode + node, title(node), what + suffix, kind)
                            : announced(kFirstActivity + kind, what, title(node) + suffix, node),
                     {}});
  }
  return lanes[number];
}

TraceTracks::Track TraceTracks::free_lane(Activity activity, NodeId node, Time start, Time end) {
  std::vector<Lane>& lanes = lanes_[std::uint64_t{node} << 2U | static_cast<std::uint32_t>(activity)];
  // Of the free lanes the one that was taken last, so that the others stay free for slices that began earlier.
  std::size_t best = lanes.size();
  for (std::size_t i = 0; i < lanes.size(); ++i)
    if (lanes[i].taken_until <= start && (best == lanes.size() || lanes[i].taken_until > lanes[best].taken_until)) best = i;
  Lane& chosen = lane(activity, node, best);
  chosen.taken_until = end;
  return chosen.track;
}

TraceTracks::Track TraceTracks::of(ServerTrack track) {
  const auto kind = static_cast<std::uint32_t>(track);
  Track& known = server_tracks_[kind];
  if (known.thread == 0) {
    const bool has_server = topology_.server() != kNoNode;
    known = announced(kServer, has_server ? "server" : "updates", std::string(kServerTracks[kind]), kind);
  }
  return known;
}

}  // namespace peloton
