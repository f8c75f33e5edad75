#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <unordered_map>
#include <vector>

#include "sim/base/state.hpp"
#include "sim/topology/topology.hpp"

namespace peloton {

/// Max-min fair rates of flows over shared resources, kept up to date as flows come and go.
///
/// A set of rates is max-min fair when no flow's rate can grow without lowering that of a flow which has no more: every flow then
/// either has its cap or crosses a full resource on which no flow is faster. Found by filling (Bertsekas and Gallager, Data Networks,
/// 1992, section 6.5.2): all rates of a component rise together; a resource that fills, or a cap that is met, freezes its flows there.
///
/// `solve` touches only the components (flows and resources joined by use) in which a flow came or went: O(uses) once, plus
/// O(resources not full yet) per level of rates. Rates depend on the flows present alone, not on the order in which they came.
class MaxMinSharing {
 public:
  using FlowId = std::uint32_t;  ///< chosen by the caller, small numbers: slots in an array

  /// Adds a flow with rate 0 over the shared resources of `route` (finite, not fatpipe, each once), at most `cap` bit/s.
  /// Needs a resource: a flow over none shares nothing.
  void add(FlowId flow, std::span<const Resource> route, double cap = std::numeric_limits<double>::infinity());
  void remove(FlowId flow);

  /// True when flows share with one that came or went since the last solve, so that their rates may be out of date.
  [[nodiscard]] bool changed() const;

  /// Brings the rates up to date. The flows whose rate changed, in a defined order; valid until the next call.
  const std::vector<FlowId>& solve();

  /// bit/s, > 0 after `solve`.
  [[nodiscard]] double rate(FlowId flow) const { return flows_[flow].rate; }

  /// The share of a resource's bandwidth that its flows have, 0 … 1.
  struct Load {
    std::uint64_t resource = 0;
    double share = 0;
  };
  /// From now on, keeps track of the loads that change.
  void watch_loads() { loads_watched_ = true; }
  /// Overwrites `out` with the loads that may have changed since the last call, in a defined order: those of the components solved
  /// since, and 0 for resources that lost their last flow.
  void take_loads(std::vector<Load>& out);

  void visit_state(StateVisitor& v);

 private:
  /// The uses of resources by flows, found from both sides.
  struct Use {
    std::uint32_t link = 0;
    std::uint32_t place = 0;  // in the link's list
  };
  struct User {
    FlowId flow = 0;
    std::uint32_t use = 0;  // in the flow's list
  };
  struct Flow {
    std::vector<Use> uses;
    double cap = 0;
    double rate = 0;
    std::uint64_t mark = 0;  // of the solve that found it; one more once its rate is known
    void visit_state(StateVisitor& v);
  };
  struct Link {
    std::uint64_t id = 0;
    double bandwidth = 0;
    std::vector<User> users;
    bool changed = false;  // since the last solve: it stands in changed_links_
    void visit_state(StateVisitor& v);

    // While solving:
    std::uint64_t mark = 0;
    double left = 0;             // bandwidth not given to frozen flows
    double share = 0;            // of each user that is not frozen
    std::uint32_t unfrozen = 0;  // users
    std::uint32_t freezing = 0;  // users frozen at the present level
  };

  std::uint32_t link_of(const Resource& resource);
  void note_change(std::uint32_t link);
  void collect_component(std::uint32_t link);
  void fill_component();
  double lowest_share();
  void freeze_users(const Link& link, double level);
  void freeze(FlowId flow, double level);
  void settle(double level);
  void note_loads();

  std::vector<Flow> flows_;
  std::vector<Link> links_;
  std::vector<std::uint32_t> free_links_;
  std::unordered_map<std::uint64_t, std::uint32_t> link_of_resource_;  // those in use; never iterated
  std::vector<std::uint32_t> changed_links_;

  // Scratch of solve, empty between calls as far as it matters.
  std::uint64_t mark_ = 0;
  std::vector<FlowId> changed_flows_;
  std::vector<FlowId> component_flows_;
  std::vector<std::uint32_t> component_links_;
  std::vector<FlowId> capped_flows_;
  std::vector<std::uint32_t> freezing_links_;
  std::size_t frozen_ = 0;
  std::vector<std::uint32_t> watched_links_;

  bool loads_watched_ = false;
  std::vector<Load> loads_;  // that changed
};

}  // namespace peloton
