#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "sim/network/flow_sharing.hpp"
#include "sim/network/indexed_heap.hpp"

namespace peloton {

/// One way of a tree: flows over a hub link that all share, a branch that a group of them shares, and spokes of their own side that
/// may hold them back. In a star all are in one branch, of infinite bandwidth.
///
/// Flows of one spoke have at most r = min(bandwidth of the spoke / its flows, cap) each, those of one branch at most θ = min(r, level of
/// the branch), where the level fills the branch's bandwidth when the hub holds nobody back. Max-min fair rates are then min(λ, θ), with
/// one level λ for all: the one at which Σ min(λ, θ) fills the hub, infinite when Σ θ does not. (A full branch at λ has its level below
/// λ; so every flow has a bottleneck among cap, spoke, branch and hub on which none is faster.)
///
/// Flows of one branch with equal r always have equal rates, so they form a class, and a class needs no more than its virtual time, the
/// bits that each of its flows has carried: a flow that joins is given the virtual time at which it ends, and keeps it (processor
/// sharing; Parekh and Gallager, IEEE/ACM ToN 1993). Classes with θ ≤ λ, the limited ones, go at θ; all others follow the hub's own
/// virtual time, which goes at λ. Flows in a class, and classes among each other, wait in heaps: a flow that comes or goes costs
/// O(log n), amortised over the classes that it moves across the level, plus O(c log n) for the c classes of its branch where that is
/// full, plus O(k log n) where it changes the share of k flows on its own spoke.
///
/// Virtual times are integers in units of 2^-32 bit, and rates are summed as integers in units of 2^-40 bit/s, so that neither depends
/// on how long the queue has been busy or in which order flows came.
class FairQueue {
 public:
  FairQueue() = default;
  FairQueue(const FairQueue&) = delete;
  FairQueue& operator=(const FairQueue&) = delete;

  [[nodiscard]] std::size_t size() const { return size_; }
  /// The hub's bandwidth, bit/s, ≥ 0, at most 2^60 or infinite.
  void set_hub(double bandwidth);
  /// The flows of a spoke have one cap.
  [[nodiscard]] bool accepts(NodeId spoke, double cap) const;
  /// What a flow crosses before the hub, from its own side; bandwidths in bit/s, ≥ 0, may be infinite.
  struct Way {
    NodeId spoke = 0;
    double spoke_bandwidth = 0;
    std::uint32_t branch = 0;  ///< always the same for a spoke
    double branch_bandwidth = std::numeric_limits<double>::infinity();
  };
  void join(Time now, const JoiningFlow& flow, const Way& way);
  /// Of a spoke in use.
  void set_spoke(Time now, NodeId spoke, double bandwidth);
  void set_branch(std::uint32_t branch, double bandwidth);

  [[nodiscard]] bool changed() const;
  void solve(Time now);
  [[nodiscard]] Time next_end() const;

  struct Ended {
    std::uint64_t start_order = 0;
    FlowId flow = 0;
  };
  void take_ended(Time now, std::vector<Ended>& out);
  [[nodiscard]] bool holds(FlowId flow) const { return flow < flow_places_.size() && flow_places_[flow] != kNone; }
  [[nodiscard]] double bits_left(Time now, FlowId flow) const;

  /// Calls `load(spoke, share)` for every spoke in use whose bandwidth is finite, in order.
  template <class Load>
  void spoke_loads(Load&& load) const;
  /// The same for branches.
  template <class Load>
  void branch_loads(Load&& load) const;
  /// What the flows have of the hub's bandwidth.
  [[nodiscard]] double hub_load() const;

  void visit_state(StateVisitor& v);

 private:
  __extension__ using Fixed = __int128;
  using ClassId = std::uint32_t;
  static constexpr std::uint32_t kNone = 0xffffffffU;

  /// A flow in the heap of its class.
  struct Waiting {
    Fixed end = 0;  // the class's virtual time
    std::uint64_t start_order = 0;
    FlowId flow = 0;
    [[nodiscard]] std::uint32_t id() const { return flow; }
    friend bool operator<(const Waiting& a, const Waiting& b) { return a.end != b.end ? a.end < b.end : a.start_order < b.start_order; }
    void visit_state(StateVisitor& v);
  };
  /// A limited class among its like: when its first flow ends.
  struct LimitedEnd {
    Time at;
    ClassId group = 0;
    [[nodiscard]] std::uint32_t id() const { return group; }
    friend bool operator<(const LimitedEnd& a, const LimitedEnd& b) { return a.at != b.at ? a.at < b.at : a.group < b.group; }
    void visit_state(StateVisitor& v);
  };
  /// A class that follows the hub: the hub's virtual time when its first flow ends.
  struct SharingEnd {
    Fixed at = 0;
    ClassId group = 0;
    [[nodiscard]] std::uint32_t id() const { return group; }
    friend bool operator<(const SharingEnd& a, const SharingEnd& b) { return a.at != b.at ? a.at < b.at : a.group < b.group; }
    void visit_state(StateVisitor& v);
  };
  /// Flows of one branch with the same r. Its virtual time: `value` + rate · (now − since) while limited, else the hub's + `value`.
  struct Class {
    double own = 0;   // r
    double rate = 0;  // θ, as of the last solve
    std::uint32_t branch = 0;
    bool limited = false;
    Fixed value = 0;
    Time since;
    IndexedHeap<Waiting> flows;
    void visit_state(StateVisitor& v);
  };
  struct Branch {
    double bandwidth = std::numeric_limits<double>::infinity();
    std::map<double, ClassId> classes;  // those with flows, by r
    bool touched = false;               // it stands in touched_branches_
    void visit_state(StateVisitor& v);
  };
  struct Spoke {
    double bandwidth = 0;
    double cap = 0;
    std::uint32_t branch = 0;
    std::uint32_t flows = 0;
    FlowId first = kNone;  // of a list through the flows
    ClassId group = kNone;
    void visit_state(StateVisitor& v);
  };
  struct Flow {
    NodeId spoke = kNoNode;
    FlowId next = kNone;
    FlowId previous = kNone;
  };
  using Classes = std::set<std::pair<double, ClassId>>;

  static Fixed fixed_rate(double rate);
  static Fixed carried(double rate, Duration time);
  static double bits_of(Fixed amount);

  [[nodiscard]] Fixed hub_time(Time now) const { return hub_value_ + carried(level_, now - hub_since_); }
  [[nodiscard]] Fixed class_time(const Class& group, Time now) const;
  [[nodiscard]] Time sharing_end() const;
  [[nodiscard]] double rate_of(const Class& group) const { return group.limited ? group.rate : level_; }

  ClassId class_of(std::uint32_t branch, double own, Time now);
  void place(Time now, ClassId id, double rate, Fixed time);
  void erase(ClassId id);
  void set_rate(Time now, ClassId id, double rate);
  void fill(Time now, Branch& branch);
  void enter(Time now, ClassId id, const Waiting& flow);
  void leave(ClassId id, FlowId flow);
  void count(Class& group, std::int64_t flows);
  void schedule_class(ClassId id);
  void unschedule_class(ClassId id);
  void forget_class(ClassId id);
  void link_to_spoke(FlowId flow, NodeId spoke);
  void unlink_from_spoke(FlowId flow);
  void regroup(Time now, NodeId spoke);
  void touch(NodeId spoke);
  void touch_branch(std::uint32_t branch);
  void set_limited(Time now, ClassId id, bool limited);
  [[nodiscard]] double level() const;
  void restore();

  double hub_bandwidth_ = 0;
  std::size_t size_ = 0;
  bool touched_ = false;
  std::vector<NodeId> touched_spokes_;  // when the hub is infinite
  std::vector<std::uint32_t> touched_branches_;

  double level_ = 0;  // the rate of the flows that are not limited; 0 while there are none
  Fixed hub_value_ = 0;
  Time hub_since_;
  std::size_t sharing_flows_ = 0;
  Fixed limited_rate_ = 0;  // of all limited flows together

  std::vector<Class> classes_;
  std::vector<ClassId> free_classes_;
  std::vector<Branch> branches_;
  Classes by_rate_;                             // those with flows, by θ; the limited ones first
  Classes::iterator sharing_ = by_rate_.end();  // the first that is not limited
  IndexedHeap<LimitedEnd> limited_ends_;
  IndexedHeap<SharingEnd> sharing_ends_;
  HeapPlaces class_places_;  // of both
  std::vector<Flow> flows_;
  HeapPlaces flow_places_;
  std::vector<Spoke> spokes_;
};

template <class Load>
void FairQueue::spoke_loads(Load&& load) const {
  for (NodeId i = 0; i < spokes_.size(); ++i) {
    const Spoke& spoke = spokes_[i];
    if (spoke.flows > 0 && spoke.bandwidth > 0) load(i, spoke.flows * rate_of(classes_[spoke.group]) / spoke.bandwidth);
  }
}

template <class Load>
void FairQueue::branch_loads(Load&& load) const {
  for (std::uint32_t i = 0; i < branches_.size(); ++i) {
    const Branch& branch = branches_[i];
    if (branch.classes.empty() || std::isinf(branch.bandwidth) || branch.bandwidth == 0) continue;
    double rate = 0;
    for (const auto& [own, id] : branch.classes) rate += static_cast<double>(classes_[id].flows.size()) * rate_of(classes_[id]);
    load(i, rate / branch.bandwidth);
  }
}

}  // namespace peloton
