#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "sim/base/state.hpp"
#include "sim/network/flow_sharing.hpp"
#include "sim/topology/topology.hpp"

namespace peloton {

/// Max-min fair rates of flows over shared resources, kept up to date as flows come and go.
///
/// A set of rates is max-min fair when no flow's rate can grow without lowering that of a flow which has no more: every flow then
/// either has its cap or crosses a full resource on which no flow is faster, its bottleneck (Bertsekas and Gallager, Data Networks,
/// 1992, section 6.5.2). Each resource has a level, the rate of the flows that it holds back: what it can give each of them when the
/// others take what their own bottlenecks give them; infinite when it is not full.
///
/// `solve` repairs levels from the lowest that may have changed upwards, as filling would find them: a resource whose level falls
/// takes flows over from higher bottlenecks, one whose level rises sets its flows free for the next lowest resource on their ways.
/// A change at one level can only change higher ones, so the cost is that of the part of the component which does change:
/// O(users · log) for each resource whose level or users' rates change. The flows present determine the rates, the order in which
/// they came only their last bits (relative 1e-12).
class MaxMinSharing {
 public:
  /// Adds a flow with rate 0 over the shared resources of `route` (finite, not fatpipe, each once), at most `cap` bit/s.
  /// Needs a resource: a flow over none shares nothing.
  void add(FlowId flow, std::span<const Resource> route, double cap = std::numeric_limits<double>::infinity());
  void remove(FlowId flow);
  /// Of a resource in use; ≥ 0. A flow over a resource without bandwidth has rate 0.
  void set_bandwidth(std::uint64_t resource, double bandwidth);

  /// True when flows share with one that came or went since the last solve, so that their rates may be out of date.
  [[nodiscard]] bool changed() const;

  /// Brings the rates up to date. The flows whose rate changed, in a defined order; valid until the next call.
  const std::vector<FlowId>& solve();

  /// bit/s; after `solve` > 0 where all resources of the route have bandwidth.
  [[nodiscard]] double rate(FlowId flow) const { return flows_[flow].rate; }

  /// From now on, keeps track of the loads that change.
  void watch_loads() { loads_watched_ = true; }
  /// Overwrites `out` with the loads that may have changed since the last call, in a defined order; 0 for resources that lost their
  /// last flow.
  void take_loads(std::vector<ResourceLoad>& out);

  void visit_state(StateVisitor& v);

 private:
  static constexpr std::uint32_t kNone = 0xffffffffU;
  static constexpr double kUnlimited = std::numeric_limits<double>::infinity();

  /// The uses of resources by flows, found from both sides.
  struct Use {
    std::uint32_t link = 0;
    std::uint32_t place = 0;  // in the link's list
  };
  struct User {
    FlowId flow = 0;
    std::uint32_t use = 0;        // in the flow's list
    double limited = kUnlimited;  // the rate that another link holds it to; infinite when it takes what this one gives
    void visit_state(StateVisitor& v);
  };
  struct Flow {
    std::vector<Use> uses;
    double rate = 0;
    std::uint32_t bottleneck = kNone;  // a link; none: free, until a link that it uses is settled
    void visit_state(StateVisitor& v);

    // While solving:
    double before = 0;       // its rate
    std::uint64_t mark = 0;  // of the solve that noted it
  };
  struct Link {
    std::uint64_t id = 0;
    double bandwidth = 0;
    std::vector<User> users;
    double level = kUnlimited;
    bool is_cap = false;   // of one flow: no resource
    bool changed = false;  // since the last solve: it stands in changed_links_
    void visit_state(StateVisitor& v);

    // While solving:
    bool dirty = false;  // it waits in the heap with `key`, no higher than the level at which it has to be looked at
    double key = 0;
  };
  /// (key, link): the lowest first.
  using Waiting = std::pair<double, std::uint32_t>;

  std::uint32_t link_of(const Resource& resource);
  std::uint32_t take_link(std::uint64_t id, double bandwidth);
  void use(FlowId flow, std::uint32_t link);
  void note_change(std::uint32_t link);
  [[nodiscard]] double fair_level(std::uint32_t link);
  void wait(std::uint32_t link, double key);
  void look_at(std::uint32_t link, double key);
  void release(std::uint32_t link, double key);
  void settle(std::uint32_t link, double level);
  void give(FlowId flow, std::uint32_t link, double rate);
  void note(FlowId flow);
  void start_afresh();
  [[nodiscard]] double share_in_use(const Link& link) const;

  std::vector<Flow> flows_;
  std::vector<Link> links_;
  std::vector<std::uint32_t> free_links_;
  std::unordered_map<std::uint64_t, std::uint32_t> link_of_resource_;  // those in use; never iterated
  std::vector<std::uint32_t> changed_links_;

  // Scratch of solve, empty between calls as far as it matters.
  std::uint64_t mark_ = 0;
  std::vector<Waiting> waiting_;  // a heap; entries that were replaced stay in it
  std::vector<FlowId> noted_flows_;
  std::vector<FlowId> changed_flows_;
  std::vector<double> limited_;

  bool loads_watched_ = false;
  std::vector<std::uint64_t> loads_changed_;  // resources
};

}  // namespace peloton
