#include "sim/network/fair_queue.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace peloton {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// Virtual times are carried forward at least so often (18 minutes), so that products of rates and times stay exact to a fraction of a bit.
constexpr Duration kLongStretch{1LL << 40};

__extension__ using Int128 = __int128;

Int128 whole(double value) {
  constexpr double kWord = 0x1p62;
  return value < kWord ? static_cast<Int128>(static_cast<std::int64_t>(value)) : static_cast<Int128>(value);
}

void visit_wide(StateVisitor& v, std::string_view name, Int128& value) {
  auto high = static_cast<std::int64_t>(value >> 64);
  auto low = static_cast<std::uint64_t>(value);
  v.begin(name);
  v("high", high);
  v("low", low);
  v.end();
  value = Int128{high} << 64 | low;
}

}  // namespace

FairQueue::Fixed FairQueue::fixed_rate(double rate) { return whole(rate * 0x1p40); }

FairQueue::Fixed FairQueue::carried(double rate, Duration time) { return whole(rate * static_cast<double>(time.ns) / 1e9 * 0x1p32 + 0.5); }

double FairQueue::bits_of(Fixed amount) {
  const auto word = static_cast<std::int64_t>(amount);
  return (word == amount ? static_cast<double>(word) : static_cast<double>(amount)) * 0x1p-32;
}

FairQueue::Fixed FairQueue::class_time(const Class& group, Time now) const {
  return group.value + (group.limited ? carried(group.rate, now - group.since) : hub_time(now));
}

// ---- flows that come and go -------------------------------------------------------------------------------------------------------

void FairQueue::set_hub(double bandwidth) {
  if (bandwidth == hub_bandwidth_) return;
  hub_bandwidth_ = bandwidth;
  touched_ = true;
}

bool FairQueue::accepts(NodeId spoke, double cap) const {
  return spoke >= spokes_.size() || spokes_[spoke].flows == 0 || spokes_[spoke].cap == cap;
}

void FairQueue::touch(NodeId spoke) {
  touched_ = true;
  touch_branch(spokes_[spoke].branch);
  if (std::isinf(hub_bandwidth_)) touched_spokes_.push_back(spoke);
}

void FairQueue::touch_branch(std::uint32_t id) {
  Branch& branch = branches_[id];
  if (branch.touched || std::isinf(branch.bandwidth)) return;
  branch.touched = true;
  touched_branches_.push_back(id);
}

void FairQueue::set_branch(std::uint32_t id, double bandwidth) {
  if (id >= branches_.size()) branches_.resize(id + 1);
  Branch& branch = branches_[id];
  if (bandwidth == branch.bandwidth) return;
  touched_ = touched_ || !branch.classes.empty();
  branch.bandwidth = std::min(branch.bandwidth, bandwidth);  // at least one of both is finite: it is touched
  touch_branch(id);
  branch.bandwidth = bandwidth;
}

void FairQueue::join(Time now, const JoiningFlow& flow, const Way& way) {
  if (way.spoke >= spokes_.size()) spokes_.resize(way.spoke + 1);
  if (flow.flow >= flows_.size()) flows_.resize(flow.flow + 1);
  set_branch(way.branch, way.branch_bandwidth);
  Spoke& spoke = spokes_[way.spoke];
  if (spoke.flows == 0) {
    spoke.bandwidth = way.spoke_bandwidth;
    spoke.cap = flow.cap;
    spoke.branch = way.branch;
  }
  ++spoke.flows;
  regroup(now, way.spoke);
  link_to_spoke(flow.flow, way.spoke);
  const Fixed end = class_time(classes_[spoke.group], now) + whole(flow.bits * 0x1p32);
  enter(now, spoke.group, {end, flow.start_order, flow.flow});
  ++size_;
  touch(way.spoke);
}

void FairQueue::set_spoke(Time now, NodeId spoke, double bandwidth) {
  spokes_[spoke].bandwidth = bandwidth;
  regroup(now, spoke);
  touch(spoke);
}

void FairQueue::link_to_spoke(FlowId id, NodeId spoke_id) {
  Spoke& spoke = spokes_[spoke_id];
  flows_[id] = {spoke_id, spoke.first, kNone};
  if (spoke.first != kNone) flows_[spoke.first].previous = id;
  spoke.first = id;
}

void FairQueue::unlink_from_spoke(FlowId id) {
  const Flow& flow = flows_[id];
  Spoke& spoke = spokes_[flow.spoke];
  (flow.previous == kNone ? spoke.first : flows_[flow.previous].next) = flow.next;
  if (flow.next != kNone) flows_[flow.next].previous = flow.previous;
  --spoke.flows;
}

/// Puts the flows of a spoke into the class of the rate that they have on it now.
void FairQueue::regroup(Time now, NodeId spoke_id) {
  Spoke& spoke = spokes_[spoke_id];
  const double own = std::min(spoke.bandwidth / spoke.flows, spoke.cap);
  const ClassId old = spoke.group;
  if (spoke.first != kNone && classes_[old].own == own) return;
  spoke.group = class_of(spoke.branch, own, now);
  for (FlowId flow = spoke.first; flow != kNone; flow = flows_[flow].next) {
    Waiting waiting = classes_[old].flows.entries()[flow_places_[flow]];
    waiting.end += class_time(classes_[spoke.group], now) - class_time(classes_[old], now);
    leave(old, flow);
    enter(now, spoke.group, waiting);
  }
}

// ---- classes ----------------------------------------------------------------------------------------------------------------------

/// The class of a branch and r, made when there is none. It is empty then: somebody enters at once.
FairQueue::ClassId FairQueue::class_of(std::uint32_t branch, double own, Time now) {
  const auto next = static_cast<ClassId>(free_classes_.empty() ? classes_.size() : free_classes_.back());
  const auto [entry, is_new] = branches_[branch].classes.try_emplace(own, next);
  if (!is_new) return entry->second;
  if (free_classes_.empty())
    classes_.emplace_back();
  else
    free_classes_.pop_back();
  classes_[next].own = own;
  classes_[next].branch = branch;
  place(now, next, own, 0);
  return next;
}

/// Enters a class among the others at its rate and its virtual time of now; limited as its neighbours are, until the next solve.
void FairQueue::place(Time now, ClassId id, double rate, Fixed time) {
  Class& group = classes_[id];
  const std::pair entry{rate, id};
  const bool below = sharing_ == by_rate_.end() || entry < *sharing_;
  group.rate = rate;
  group.limited = below && !std::isinf(rate);
  group.value = group.limited ? time : time - hub_time(now);
  group.since = now;
  const auto at = by_rate_.insert(sharing_, entry);
  if (below && !group.limited) sharing_ = at;
}

void FairQueue::erase(ClassId id) {
  const auto entry = by_rate_.find({classes_[id].rate, id});
  if (entry == sharing_) ++sharing_;
  by_rate_.erase(entry);
  unschedule_class(id);
}

void FairQueue::set_rate(Time now, ClassId id, double rate) {
  Class& group = classes_[id];
  if (group.rate == rate) return;
  const auto flows = static_cast<std::int64_t>(group.flows.size());
  const Fixed time = class_time(group, now);
  count(group, -flows);
  erase(id);
  place(now, id, rate, time);
  count(group, flows);
  schedule_class(id);
}

/// Gives the classes of a branch their θ: its level is what the slower ones leave to each flow of the others.
void FairQueue::fill(Time now, Branch& branch) {
  double left = branch.bandwidth;
  std::size_t flows = 0;
  for (const auto& [own, id] : branch.classes) flows += classes_[id].flows.size();
  double level = kInfinity;
  for (const auto& [own, id] : branch.classes) {
    const auto size = classes_[id].flows.size();
    if (level == kInfinity && own * static_cast<double>(flows) > left) level = std::max(0.0, left) / static_cast<double>(flows);
    left -= own * static_cast<double>(size);
    flows -= size;
    set_rate(now, id, std::min(own, level));
  }
}

void FairQueue::count(Class& group, std::int64_t flows) {
  if (group.limited)
    limited_rate_ += flows * fixed_rate(group.rate);
  else
    sharing_flows_ += static_cast<std::size_t>(flows);
}

void FairQueue::enter(Time now, ClassId id, const Waiting& flow) {
  Class& group = classes_[id];
  if (group.limited && now - group.since > kLongStretch) {
    group.value = class_time(group, now);
    group.since = now;
  }
  group.flows.push(flow, flow_places_);
  count(group, 1);
  if (group.flows.top().flow == flow.flow) schedule_class(id);
}

void FairQueue::leave(ClassId id, FlowId flow) {
  Class& group = classes_[id];
  const bool was_first = group.flows.top().flow == flow;
  group.flows.remove(flow, flow_places_);
  count(group, -1);
  if (group.flows.empty())
    forget_class(id);
  else if (was_first)
    schedule_class(id);
}

/// Enters a class among its like by the end of its first flow.
void FairQueue::schedule_class(ClassId id) {
  const Class& group = classes_[id];
  const Fixed end = group.flows.top().end - group.value;
  if (!group.limited)
    sharing_ends_.set({end, id}, class_places_);
  else if (group.rate > 0)
    limited_ends_.set({group.since + to_duration({bits_of(end) / group.rate}), id}, class_places_);
  else
    limited_ends_.set({kNever, id}, class_places_);
}

void FairQueue::unschedule_class(ClassId id) {
  if (classes_[id].limited)
    limited_ends_.remove(id, class_places_);
  else
    sharing_ends_.remove(id, class_places_);
}

void FairQueue::forget_class(ClassId id) {
  erase(id);
  branches_[classes_[id].branch].classes.erase(classes_[id].own);
  free_classes_.push_back(id);
}

/// To its own rate, or to following the hub.
void FairQueue::set_limited(Time now, ClassId id, bool limited) {
  Class& group = classes_[id];
  const auto flows = static_cast<std::int64_t>(group.flows.size());
  const Fixed time = class_time(group, now);
  count(group, -flows);
  unschedule_class(id);
  group.limited = limited;
  group.value = limited ? time : time - hub_time(now);
  group.since = now;
  count(group, flows);
  schedule_class(id);
}

// ---- rates ------------------------------------------------------------------------------------------------------------------------

bool FairQueue::changed() const {
  if (!touched_) return false;
  if (!std::isinf(hub_bandwidth_)) return size_ > 0;
  return std::any_of(touched_spokes_.begin(), touched_spokes_.end(), [&](NodeId spoke) { return spokes_[spoke].flows > 0; }) ||
         std::any_of(touched_branches_.begin(), touched_branches_.end(), [&](auto branch) { return !branches_[branch].classes.empty(); });
}

/// What the limited flows leave to each of the others.
double FairQueue::level() const {
  if (std::isinf(hub_bandwidth_)) return kInfinity;
  const Fixed left = fixed_rate(hub_bandwidth_) - limited_rate_;
  if (sharing_flows_ == 0) return left >= 0 ? kInfinity : 0;
  return std::max(0.0, static_cast<double>(left) * 0x1p-40) / static_cast<double>(sharing_flows_);
}

void FairQueue::solve(Time now) {
  touched_ = false;
  touched_spokes_.clear();
  for (const std::uint32_t branch : touched_branches_) {
    branches_[branch].touched = false;
    fill(now, branches_[branch]);
  }
  touched_branches_.clear();
  // First down to where all that are limited lie below the level; from there on it only rises.
  while (sharing_ != by_rate_.begin()) {
    const auto last = std::prev(sharing_);
    if (last->first <= level()) break;
    set_limited(now, last->second, false);
    sharing_ = last;
  }
  for (; sharing_ != by_rate_.end() && sharing_->first <= level(); ++sharing_) set_limited(now, sharing_->second, true);
  const double rate = sharing_flows_ == 0 ? 0 : level();
  if (rate == level_ && now - hub_since_ < kLongStretch) return;
  hub_value_ = hub_time(now);
  hub_since_ = now;
  level_ = rate;
}

Time FairQueue::sharing_end() const {
  if (sharing_ends_.empty() || level_ == 0) return kNever;
  return hub_since_ + to_duration({bits_of(sharing_ends_.top().at - hub_value_) / level_});
}

Time FairQueue::next_end() const {
  const Time limited = limited_ends_.empty() ? kNever : limited_ends_.top().at;
  return std::min(limited, sharing_end());
}

void FairQueue::take_ended(Time now, std::vector<Ended>& out) {
  const std::size_t before = out.size();
  const auto take_first = [&](ClassId id) {
    const Waiting first = classes_[id].flows.top();
    out.push_back({first.start_order, first.flow});
    leave(id, first.flow);
  };
  while (!limited_ends_.empty() && limited_ends_.top().at <= now) take_first(limited_ends_.top().group);
  while (sharing_end() <= now) take_first(sharing_ends_.top().group);
  for (std::size_t i = before; i < out.size(); ++i) unlink_from_spoke(out[i].flow);
  for (std::size_t i = before; i < out.size(); ++i) {
    const NodeId spoke = flows_[out[i].flow].spoke;
    --size_;
    touch(spoke);
    if (spokes_[spoke].flows > 0) regroup(now, spoke);
  }
}

double FairQueue::hub_load() const {
  if (size_ == 0) return 0;
  if (sharing_flows_ > 0) return 1;
  return hub_bandwidth_ == 0 ? 0 : static_cast<double>(limited_rate_) * 0x1p-40 / hub_bandwidth_;
}

double FairQueue::bits_left(Time now, FlowId flow) const {
  const Class& group = classes_[spokes_[flows_[flow].spoke].group];
  return std::max(0.0, bits_of(group.flows.entries()[flow_places_[flow]].end - class_time(group, now)));
}

// ---- state ------------------------------------------------------------------------------------------------------------------------

void FairQueue::Waiting::visit_state(StateVisitor& v) {
  visit_wide(v, "end", end);
  v("start_order", start_order);
  v("flow", flow);
}

void FairQueue::LimitedEnd::visit_state(StateVisitor& v) {
  v("at", at);
  v("group", group);
}

void FairQueue::SharingEnd::visit_state(StateVisitor& v) {
  visit_wide(v, "at", at);
  v("group", group);
}

void FairQueue::Class::visit_state(StateVisitor& v) {
  v("own", own);
  v("rate", rate);
  v("branch", branch);
  v("limited", limited);
  visit_wide(v, "value", value);
  v("since", since);
  v("flows", flows);
}

void FairQueue::Branch::visit_state(StateVisitor& v) {
  v("bandwidth", bandwidth);
  v("classes", classes);
  v("touched", touched);
}

void FairQueue::Spoke::visit_state(StateVisitor& v) {
  v("bandwidth", bandwidth);
  v("cap", cap);
  v("branch", branch);
  v("flows", flows);
  v("first", first);
  v("group", group);
}

void FairQueue::visit_state(StateVisitor& v) {
  v("hub_bandwidth", hub_bandwidth_);
  std::uint64_t size = size_;
  v("size", size);
  size_ = size;
  v("touched", touched_);
  v("touched_spokes", touched_spokes_);
  v("touched_branches", touched_branches_);
  v("level", level_);
  visit_wide(v, "hub_value", hub_value_);
  v("hub_since", hub_since_);
  std::uint64_t sharing_flows = sharing_flows_;
  v("sharing_flows", sharing_flows);
  sharing_flows_ = sharing_flows;
  visit_wide(v, "limited_rate", limited_rate_);
  v("classes", classes_);
  v("free_classes", free_classes_);
  v("branches", branches_);
  v("limited_ends", limited_ends_);
  v("sharing_ends", sharing_ends_);
  v("flows", flows_);
  v("spokes", spokes_);
  if (v.reading()) restore();
}

/// What follows from the saved fields.
void FairQueue::restore() {
  by_rate_.clear();
  for (const Branch& branch : branches_)
    for (const auto& [own, id] : branch.classes) by_rate_.emplace(classes_[id].rate, id);
  sharing_ = std::find_if(by_rate_.begin(), by_rate_.end(), [&](const auto& entry) { return !classes_[entry.second].limited; });
  class_places_.clear();
  limited_ends_.restore_places(class_places_);
  sharing_ends_.restore_places(class_places_);
  flow_places_.clear();
  for (const Class& group : classes_) group.flows.restore_places(flow_places_);
}

}  // namespace peloton
