#pragma once

#include <cstdint>
#include <optional>

#include "sim/node.hpp"
#include "sim/time.hpp"

namespace peloton {

/// Which total a message counts in.
enum class Traffic : std::uint8_t { uplink, downlink, peer, control };
inline constexpr std::size_t kTrafficKinds = 4;

/// A worker finished a computation.
struct ComputeRecord {
  NodeId node;
  Time start;
  Time finish;
  std::uint64_t call;    ///< the worker's computations are numbered from 0
  std::int64_t version;  ///< of the model it was computed at
};

/// A message was sent.
struct SendRecord {
  Time sent;
  NodeId from;
  NodeId to;
  Traffic traffic;
  std::uint64_t bits;
};

/// A message arrived, or a part of one that travels in parts.
struct TransferRecord {
  NodeId from;
  NodeId to;
  Traffic traffic;
  std::uint64_t bits;
  Time sent;
  Time delivered;
  std::int64_t version;   ///< of the model that was carried, or that the carried gradient was computed at; −1: neither
  bool completes = true;  ///< false: other parts of the message are still to come
};

/// A contribution reached the point where it is applied or discarded.
struct UpdateRecord {
  Time time;
  NodeId worker;
  std::int64_t version;     ///< the version made (applied) or current (discarded)
  std::int64_t base;        ///< the version the contribution was computed at
  std::int64_t staleness;   ///< versions made between the base and this update
  Duration staleness_time;  ///< time since the base version was made
  double weight;            ///< factor of the contribution in the update, the step size excluded
  bool applied;
  std::optional<double> twin_distance = std::nullopt;  ///< ‖x − y‖ after the update, to the zero-delay twin y, where the run has one
  std::optional<double> twin_floor = std::nullopt;     ///< ‖y − y′‖ after the update, of the twin and its perturbed copy
  std::optional<double> gradient_discrepancy = std::nullopt;  ///< ‖g(x stale) − g(x current)‖ of this contribution
};

/// A node failed, left, was paused, or is back.
struct NodeRecord {
  Time time;
  NodeId node;
  bool up;                              ///< from now on
  bool paused;                          ///< from now on
  std::optional<Time> computing_since;  ///< of a computation that is lost or stands still from now on
};

/// The share of a link's capacity that is in use changed. Each direction of a full-duplex link is a link of its own.
struct LinkRecord {
  Time time;
  std::uint64_t link;  ///< Resource::id; `Topology::link_name` names it
  double load;         ///< from now on; 0 … 1, above 1 where a model without contention gives a link more than it can carry
};

/// Sees what happens in a run, as plain numbers, in event order. Must not influence the run.
class Observer {
 public:
  virtual ~Observer() = default;
  /// True: on_send and on_link are called too; a run in which nobody sees the network does not pay for them.
  [[nodiscard]] virtual bool sees_network() const { return false; }
  virtual void on_send(const SendRecord&) {}
  virtual void on_link(const LinkRecord&) {}
  virtual void on_node(const NodeRecord&) {}
  /// A message that will not arrive; `delivered` is when it would have.
  virtual void on_loss(const TransferRecord&) {}
  virtual void on_compute(const ComputeRecord&) {}
  virtual void on_transfer(const TransferRecord&) {}
  virtual void on_update(const UpdateRecord&) {}
};

}  // namespace peloton
