#include "sim/faults/fault_schedule.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "sim/base/random.hpp"

namespace peloton {
namespace {

std::string until_text(Time end) { return end == kNever ? "for ever" : "until " + show_seconds(end.seconds()); }

Time end_of(const FaultSpec& spec, Time start) { return spec.lasts ? start + to_duration(*spec.lasts) : kNever; }

}  // namespace

std::vector<NodeId> named_hosts(const NodeNames& names, const Topology& topology, const Place& place) {
  std::vector<NodeId> out;
  for (std::size_t i = 0; i < names.names.size(); ++i) {
    const Place here = names.names.size() == 1 ? place : place / i;
    if (names.names[i] == "workers") {
      for (NodeId w = 0; w < topology.workers(); ++w) out.push_back(w);
      continue;
    }
    const std::vector<NodeId> below = topology.below(topology.node(names.names[i], here));
    if (below.empty()) throw InputError(here, fmt::format("no worker, server or host is below \"{}\"", names.names[i]));
    out.insert(out.end(), below.begin(), below.end());
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

/// Finds faults of a node that cannot both happen.
class FaultSchedule::Checker {
 public:
  Checker(const Topology& topology, Place place) : topology_(topology), place_(std::move(place)) {}

  struct Entry {
    Time start;
    Time end;
    std::size_t spec;
    std::string_view kind;
  };

  void add(NodeId node, const Entry& entry) { nodes_[node].push_back(entry); }

  /// A leave without a duration ends at the next join; a join ends nothing else. Returns the nodes that are absent at the start.
  std::vector<NodeId> check() {
    std::vector<NodeId> absent;
    for (auto& [node, entries] : nodes_) {
      std::stable_sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.start < b.start; });
      if (pair_joins(node, entries)) absent.push_back(node);
      for (std::size_t i = 1; i < entries.size(); ++i)
        if (entries[i].start < entries[i - 1].end || alone(entries[i]) || alone(entries[i - 1])) overlap(node, entries[i - 1], entries[i]);
    }
    return absent;
  }

 private:
  /// Random crashes and availability cannot be told apart from other faults of the node.
  static bool alone(const Entry& entry) { return entry.kind == "available" || entry.kind == "random crash"; }

  bool pair_joins(NodeId node, std::vector<Entry>& entries) const {
    bool absent_at_start = false;
    Entry* before = nullptr;  // the last leave or join
    for (Entry& entry : entries) {
      if (entry.kind != "leave" && entry.kind != "join") continue;
      if (entry.kind == "join") {
        if (before == nullptr) absent_at_start = true;
        if (before != nullptr && (before->kind == "join" || before->end != kNever))
          throw InputError(place_ / entry.spec / "join", fmt::format("{} is there already ({} at {})", topology_.name(node), before->kind,
                                                                     (place_ / before->spec).pointer));
        if (before != nullptr) before->end = entry.start;
        entry.end = entry.start;
        if (absent_at_start && before == nullptr) check_absent(node, entries, entry);
      }
      before = &entry;
    }
    return absent_at_start;
  }

  void check_absent(NodeId node, const std::vector<Entry>& entries, const Entry& join) const {
    for (const Entry& entry : entries)
      if (&entry != &join && entry.start < join.start)
        throw InputError(place_ / entry.spec / entry.kind, fmt::format("{} joins at {} ({}) and is absent before", topology_.name(node),
                                                                       show_seconds(join.start.seconds()), (place_ / join.spec).pointer));
  }

  [[noreturn]] void overlap(NodeId node, const Entry& before, const Entry& entry) const {
    throw InputError(place_ / entry.spec, fmt::format("{} already has a fault that overlaps or cannot be told apart: {} at {}, from {} {}",
                                                      topology_.name(node), before.kind, (place_ / before.spec).pointer,
                                                      show_seconds(before.start.seconds()), until_text(before.end)));
  }

  const Topology& topology_;
  Place place_;
  std::map<NodeId, std::vector<Entry>> nodes_;
};

FaultSchedule::FaultSchedule(const std::vector<FaultSpec>& specs, const Topology& topology, std::uint64_t seed, const Place& place)
    : specs_(specs), server_(topology.server()), seed_(seed) {
  Checker checker(topology, place);
  for (std::size_t i = 0; i < specs_.size(); ++i) {
    const FaultSpec& spec = specs_[i];
    const Place here = place / i;
    if (spec.cut) {
      add_partition(spec, topology, here);
      continue;
    }
    const NodeNames& names = spec.crash   ? *spec.crash
                             : spec.pause ? *spec.pause
                             : spec.leave ? *spec.leave
                             : spec.join  ? *spec.join
                                          : *spec.available;
    for (const NodeId node : named_hosts(names, topology, here / spec.kind())) {
      if (node == server_ && !spec.crash && !spec.pause)
        throw InputError(here / spec.kind(), "a server can crash or be paused, but it cannot come and go");
      if (node == server_ && spec.state == RecoveredState::lost)
        throw InputError(here / "state", "a server keeps its state: without the model there is nothing to go on with");
      const Time start = to_time(spec.at.value_or(Seconds{0}));
      const bool random = spec.time_to_failure.has_value();
      checker.add(node, {start, spec.available || random ? kNever : end_of(spec, start), i, random ? "random crash" : spec.kind()});
      if (random || spec.period)
        add_recurring(specs_[i], node);
      else
        add_listed(spec, node);
    }
  }
  for (const NodeId node : checker.check()) push({Time{}, node, FaultAction::leave, false});
}

bool FaultSchedule::loses_state(const FaultSpec& spec, NodeId node, NodeId server) {
  return node != server && spec.state.value_or(RecoveredState::lost) == RecoveredState::lost;
}

void FaultSchedule::add_listed(const FaultSpec& spec, NodeId node) {
  const bool lost = loses_state(spec, node, server_);
  if (spec.available) {
    Time present;  // nothing yet
    bool first = true;
    for (const AvailableWindow& window : *spec.windows) {
      const Time from = to_time(window.from);
      if (from > Time{}) {
        push({first ? Time{} : present, node, FaultAction::leave, false});
        push({from, node, FaultAction::join, lost});
      }
      first = false;
      present = window.until ? to_time(*window.until) : kNever;
    }
    if (present != kNever) push({present, node, FaultAction::leave, false});
    return;
  }
  const Time start = to_time(*spec.at);
  if (spec.join) return push({start, node, FaultAction::join, true});
  const FaultAction action = spec.crash ? FaultAction::crash : spec.pause ? FaultAction::pause : FaultAction::leave;
  const FaultAction back = spec.crash ? FaultAction::restart : spec.pause ? FaultAction::resume : FaultAction::join;
  push({start, node, action, false});
  if (spec.lasts) push({end_of(spec, start), node, back, !spec.pause && lost});
}

void FaultSchedule::add_partition(const FaultSpec& spec, const Topology& topology, const Place& place) {
  NetworkPartition out;
  const Time start = to_time(*spec.at);
  out.outage = {start, end_of(spec, start)};
  out.sides.assign(topology.nodes(), spec.cut->size() == 1 ? 2 : 0);
  for (std::size_t side = 0; side < spec.cut->size(); ++side) {
    const NodeNames& names = (*spec.cut)[side];
    const Place here = place / "cut" / side;
    const auto set = [&](NodeId node) {
      std::uint8_t& of = out.sides[node];
      if (side == 1 && of == 1) throw InputError(here, fmt::format("{} is on both sides of the cut", topology.name(node)));
      of = static_cast<std::uint8_t>(side + 1);
    };
    for (const NodeId node : named_hosts(names, topology, here)) set(node);
    for (const std::string& name : names.names) {  // the switch itself may be sent to, too
      const std::optional<NodeId> node = name == "workers" ? std::nullopt : topology.find(name);
      if (node && *node >= topology.hosts()) set(*node);
    }
  }
  partitions_.push_back(std::move(out));
}

// ---- faults that follow from each other -------------------------------------------------------------------------------------------

void FaultSchedule::add_recurring(const FaultSpec& spec, NodeId node) {
  const auto source = static_cast<std::uint32_t>(recurring_.size());
  Recurring& recurring = recurring_.emplace_back();
  recurring.node = node;
  recurring.spec = &spec;
  if (!spec.period) return draw_next(source, to_time(spec.at.value_or(Seconds{0})), FaultAction::restart);
  const Duration period = to_duration(*spec.period);
  if (spec.phase) {
    recurring.phase = to_duration(*spec.phase);
  } else {
    RandomStream random(seed_, Purpose::fault, node, 0);
    recurring.phase = {static_cast<std::int64_t>(random.uniform() * static_cast<double>(period.ns))};
  }
  const Duration there = to_duration({spec.duty->value * spec.period->value});
  if (recurring.phase < there) return draw_next(source, Time{} + (Duration{} - recurring.phase), FaultAction::join);
  push({Time{}, node, FaultAction::leave, false});
  draw_next(source, Time{} + (there - recurring.phase), FaultAction::leave);
}

Duration FaultSchedule::span(Recurring& recurring, const RandomSpan& law) {
  RandomStream random(seed_, Purpose::fault, recurring.node, 1 + recurring.drawn++);
  const double seconds = std::visit([&](const auto& l) { return l.sample(random, ComputeCall{}); }, law.law.value);
  return {std::max<std::int64_t>(to_duration({seconds}).ns, 1)};
}

/// What follows `action` of this source at `now`.
void FaultSchedule::draw_next(std::uint32_t source, Time now, FaultAction action) {
  Recurring& recurring = recurring_[source];
  const FaultSpec& spec = *recurring.spec;
  const bool lost = loses_state(spec, recurring.node, server_);
  if (spec.period) {
    const Duration there = to_duration({spec.duty->value * spec.period->value});
    if (action == FaultAction::join) return push({now + there, recurring.node, FaultAction::leave, false}, source);
    return push({now + (to_duration(*spec.period) - there), recurring.node, FaultAction::join, lost}, source);
  }
  if (action == FaultAction::restart)
    return push({now + span(recurring, *spec.time_to_failure), recurring.node, FaultAction::crash, false}, source);
  if (spec.time_to_repair) push({now + span(recurring, *spec.time_to_repair), recurring.node, FaultAction::restart, lost}, source);
}

// ---- in order ---------------------------------------------------------------------------------------------------------------------

void FaultSchedule::push(NodeFault fault, std::uint32_t source) {
  if (source != kListed) ++recurring_pending_;
  pending_.insert({fault, pushed_++, source});
}

NodeFault FaultSchedule::take() {
  const Pending next = *pending_.begin();
  pending_.erase(pending_.begin());
  if (next.source != kListed) {
    --recurring_pending_;
    draw_next(next.source, next.fault.at, next.fault.action);
  }
  return next.fault;
}

void FaultSchedule::Pending::visit_state(StateVisitor& v) {
  v("at", fault.at);
  v("node", fault.node);
  v("action", fault.action);
  v("state_lost", fault.state_lost);
  v("order", order);
  v("source", source);
}

void FaultSchedule::visit_state(StateVisitor& v) {
  std::vector<Pending> all(pending_.begin(), pending_.end());
  v("pending", all);
  if (v.reading()) pending_ = {all.begin(), all.end()};
  for (Recurring& recurring : recurring_) v("drawn", recurring.drawn);
  v("recurring_pending", recurring_pending_);
  v("pushed", pushed_);
}

}  // namespace peloton
