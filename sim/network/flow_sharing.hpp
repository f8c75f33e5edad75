#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sim/base/state.hpp"
#include "sim/time.hpp"
#include "sim/topology/topology.hpp"

namespace peloton {

/// Flows are known by small numbers, slots in an array of the caller.
using FlowId = std::uint32_t;

/// A flow that begins to share.
struct JoiningFlow {
  FlowId flow = 0;
  std::uint64_t start_order = 0;  ///< different for all flows; flows that end at one instant do so in this order
  NodeId from = kNoNode;
  NodeId to = kNoNode;
  double bits = 0;                  ///< to be carried, > 0
  double cap = 0;                   ///< bit/s, may be infinite
  std::span<const Resource> route;  ///< finite bandwidths, no fatpipes, each resource once; at least one
};

/// The share of a resource's bandwidth that its flows have, 0 … 1.
struct ResourceLoad {
  std::uint64_t resource = 0;
  double share = 0;
};

/// Flows that share resources max-min fairly, and when each of them ends: the face of the solvers of the fluid model.
///
/// Time moves forward from call to call. What happens at one instant (flows that come and go, bandwidths that change) becomes
/// effective with one `solve` at that instant. A flow ends at the nanosecond nearest to its predicted end; predictions are made when
/// its rate changes.
class FlowSharing {
 public:
  virtual ~FlowSharing() = default;

  /// False: this solver cannot treat the flow beside those it has.
  [[nodiscard]] virtual bool accepts(const JoiningFlow& flow) const = 0;
  virtual void join(Time now, const JoiningFlow& flow) = 0;
  /// Of a resource that flows under way use; 0 holds them up.
  virtual void set_bandwidth(Time now, std::uint64_t resource, double bandwidth) = 0;

  /// True when rates may be out of date.
  [[nodiscard]] virtual bool changed() const = 0;
  virtual void solve(Time now) = 0;

  /// When the next flow ends if nothing changes; kNever when none does.
  [[nodiscard]] virtual Time next_end() const = 0;
  /// Removes the flows that end now; appends them to `out` in order of starting.
  virtual void take_ended(Time now, std::vector<FlowId>& out) = 0;
  /// Bits that a flow still has to carry.
  [[nodiscard]] virtual double bits_left(Time now, FlowId flow) const = 0;

  /// From now on keeps track of the loads that change.
  virtual void watch_loads() = 0;
  /// Overwrites `out` with the loads that may have changed since the last call, in a defined order.
  virtual void take_loads(std::vector<ResourceLoad>& out) = 0;

  virtual void visit_state(StateVisitor& v) = 0;
};

}  // namespace peloton
