#include "sim/network/max_min.hpp"

#include <algorithm>
#include <cmath>

namespace peloton {
namespace {

/// Levels that differ by less are one level, summed in different orders.
bool same(double a, double b) {
  constexpr double kRounding = 1e-13;
  return a == b || std::abs(a - b) <= kRounding * std::min(a, b);  // one may be infinite
}

}  // namespace

// ---- flows that come and go -------------------------------------------------------------------------------------------------------

void MaxMinSharing::add(FlowId id, std::span<const Resource> route, double cap) {
  PELOTON_INVARIANT(!route.empty(), "a flow that shares has a resource");
  if (id >= flows_.size()) flows_.resize(id + 1);
  PELOTON_INVARIANT(flows_[id].uses.empty(), "a flow is added once");
  flows_[id].rate = 0;
  flows_[id].bottleneck = kNone;
  for (const Resource& resource : route) use(id, link_of(resource));
  if (cap == kUnlimited) return;
  const std::uint32_t link = take_link(id, cap);
  links_[link].is_cap = true;
  use(id, link);
}

void MaxMinSharing::use(FlowId id, std::uint32_t link) {
  std::vector<User>& users = links_[link].users;
  std::vector<Use>& uses = flows_[id].uses;
  uses.push_back({link, static_cast<std::uint32_t>(users.size())});
  users.push_back({id, static_cast<std::uint32_t>(uses.size() - 1), kUnlimited});
  note_change(link);
}

void MaxMinSharing::remove(FlowId id) {
  for (const Use& use : flows_[id].uses) {
    Link& link = links_[use.link];
    const User last = link.users.back();
    link.users.pop_back();
    if (use.place < link.users.size()) {
      link.users[use.place] = last;
      flows_[last.flow].uses[last.use].place = use.place;
    }
    if (!link.users.empty()) {
      note_change(use.link);
      continue;
    }
    if (!link.is_cap) {
      if (loads_watched_) loads_changed_.push_back(link.id);
      link_of_resource_.erase(link.id);
    }
    free_links_.push_back(use.link);
  }
  flows_[id].uses.clear();
}

void MaxMinSharing::set_bandwidth(std::uint64_t resource, double bandwidth) {
  const std::uint32_t link = link_of_resource_.at(resource);
  links_[link].bandwidth = bandwidth;
  note_change(link);
}

std::uint32_t MaxMinSharing::link_of(const Resource& resource) {
  const auto next = static_cast<std::uint32_t>(free_links_.empty() ? links_.size() : free_links_.back());
  const auto [entry, is_new] = link_of_resource_.try_emplace(resource.id, next);
  return is_new ? take_link(resource.id, resource.bandwidth) : entry->second;
}

std::uint32_t MaxMinSharing::take_link(std::uint64_t id, double bandwidth) {
  const auto index = static_cast<std::uint32_t>(free_links_.empty() ? links_.size() : free_links_.back());
  if (free_links_.empty())
    links_.emplace_back();
  else
    free_links_.pop_back();
  Link& link = links_[index];
  link.id = id;
  link.bandwidth = bandwidth;
  link.level = kUnlimited;
  link.is_cap = false;
  return index;
}

void MaxMinSharing::note_change(std::uint32_t link) {
  if (links_[link].changed) return;
  links_[link].changed = true;
  changed_links_.push_back(link);
}

bool MaxMinSharing::changed() const {
  return std::any_of(changed_links_.begin(), changed_links_.end(), [&](std::uint32_t link) { return !links_[link].users.empty(); });
}

// ---- levels -----------------------------------------------------------------------------------------------------------------------

const std::vector<FlowId>& MaxMinSharing::solve() {
  ++mark_;
  noted_flows_.clear();
  for (const std::uint32_t link : changed_links_) {
    links_[link].changed = false;
    if (links_[link].users.empty()) continue;
    wait(link, 0);
    if (loads_watched_ && !links_[link].is_cap) loads_changed_.push_back(links_[link].id);
  }
  changed_links_.clear();
  // Every link is looked at a few times; rounding could make two of them take turns at a flow.
  std::size_t patience = 100 + 50 * links_.size();
  while (!waiting_.empty()) {
    const auto [key, link] = waiting_.front();
    std::pop_heap(waiting_.begin(), waiting_.end(), std::greater<>());
    waiting_.pop_back();
    if (!links_[link].dirty || links_[link].key != key) continue;
    look_at(link, key);
    if (patience-- == 0) start_afresh();
  }
  changed_flows_.clear();
  for (const FlowId flow : noted_flows_)
    if (flows_[flow].rate != flows_[flow].before) changed_flows_.push_back(flow);
  return changed_flows_;
}

/// The rate at which the link holds back the flows that have no other bottleneck, so that all it carries fills it; infinite when
/// there are none and it is not full.
double MaxMinSharing::fair_level(std::uint32_t index) {
  const Link& link = links_[index];
  limited_.clear();
  for (const User& user : link.users)
    if (user.limited != kUnlimited) limited_.push_back(user.limited);
  std::sort(limited_.begin(), limited_.end());
  double left = link.bandwidth;
  std::size_t sharing = link.users.size();
  for (const double rate : limited_) {
    if (rate * static_cast<double>(sharing) > left) break;
    left -= rate;
    --sharing;
  }
  return sharing == 0 ? kUnlimited : std::max(0.0, left) / static_cast<double>(sharing);
}

void MaxMinSharing::wait(std::uint32_t index, double key) {
  Link& link = links_[index];
  if (link.dirty && link.key <= key) return;
  link.dirty = true;
  link.key = key;
  waiting_.emplace_back(key, index);
  std::push_heap(waiting_.begin(), waiting_.end(), std::greater<>());
}

/// All levels below `key` are right.
void MaxMinSharing::look_at(std::uint32_t index, double key) {
  Link& link = links_[index];
  link.dirty = false;
  const double level = fair_level(index);
  const double from = std::min(link.level, level);
  if (from == kUnlimited) return;
  if (from > key && !same(from, key)) {
    // Others may come first, and change this level.
    if (!waiting_.empty() && waiting_.front().first < from) return wait(index, from);
    key = from;
  }
  if (link.level < level && !same(link.level, level)) {
    release(index, key);
    if (level != kUnlimited) wait(index, level);
    return;
  }
  settle(index, same(link.level, level) ? link.level : level);
}

/// The level rises: the flows held back here are free until the next lowest link on their ways is settled.
void MaxMinSharing::release(std::uint32_t index, double key) {
  links_[index].level = kUnlimited;
  for (const User& user : links_[index].users) {
    if (user.limited != kUnlimited) continue;
    Flow& flow = flows_[user.flow];
    if (flow.bottleneck != index) continue;
    note(user.flow);
    flow.bottleneck = kNone;
    for (const Use& use : flow.uses) {
      Link& link = links_[use.link];
      link.users[use.place].limited = kUnlimited;
      // Its level is nowhere below an equal share.
      if (use.link != index) wait(use.link, std::max(key, link.bandwidth / static_cast<double>(link.users.size())));
    }
  }
}

void MaxMinSharing::settle(std::uint32_t index, double level) {
  links_[index].level = level;
  for (const User& user : links_[index].users)
    if (user.limited == kUnlimited || (user.limited > level && !same(user.limited, level))) give(user.flow, index, level);
}

/// The link is the flow's bottleneck, at that rate; what it does not take any more is there for others.
void MaxMinSharing::give(FlowId id, std::uint32_t index, double rate) {
  Flow& flow = flows_[id];
  const bool was_free = flow.bottleneck == kNone;
  if (!was_free && flow.bottleneck == index && flow.rate == rate) return;
  note(id);
  flow.bottleneck = index;
  flow.rate = rate;
  for (const Use& use : flow.uses) {
    Link& link = links_[use.link];
    link.users[use.place].limited = use.link == index ? kUnlimited : rate;
    // Where it was free, the other links wait already.
    if (!was_free && use.link != index && link.level != kUnlimited) wait(use.link, link.level);
  }
}

void MaxMinSharing::note(FlowId id) {
  Flow& flow = flows_[id];
  if (flow.mark == mark_) return;
  flow.mark = mark_;
  flow.before = flow.rate;
  noted_flows_.push_back(id);
}

/// Forgets all levels: what remains is plain filling, in which each link that is settled gives some flow its rate for good.
void MaxMinSharing::start_afresh() {
  waiting_.clear();
  for (std::uint32_t i = 0; i < links_.size(); ++i) {
    links_[i].dirty = false;
    links_[i].level = kUnlimited;
    if (links_[i].users.empty()) continue;
    for (const User& user : links_[i].users) {
      note(user.flow);
      flows_[user.flow].bottleneck = kNone;
    }
    for (User& user : links_[i].users) user.limited = kUnlimited;
    wait(i, 0);
  }
}

// ---- loads ------------------------------------------------------------------------------------------------------------------------

double MaxMinSharing::share_in_use(const Link& link) const {
  if (link.bandwidth == 0) return 0;
  double sum = 0;
  for (const User& user : link.users) sum += flows_[user.flow].rate;
  constexpr double kRounding = 1e-9;
  const double share = sum / link.bandwidth;
  return share > 1 - kRounding ? 1 : share;
}

void MaxMinSharing::take_loads(std::vector<ResourceLoad>& out) {
  out.clear();
  // Links whose flows changed their rates elsewhere did not have to be looked at.
  for (const FlowId flow : changed_flows_)
    for (const Use& use : flows_[flow].uses)
      if (!links_[use.link].is_cap) loads_changed_.push_back(links_[use.link].id);
  std::sort(loads_changed_.begin(), loads_changed_.end());
  loads_changed_.erase(std::unique(loads_changed_.begin(), loads_changed_.end()), loads_changed_.end());
  for (const std::uint64_t resource : loads_changed_) {
    const auto link = link_of_resource_.find(resource);
    out.push_back({resource, link == link_of_resource_.end() ? 0 : share_in_use(links_[link->second])});
  }
  loads_changed_.clear();
}

// ---- state ------------------------------------------------------------------------------------------------------------------------

void MaxMinSharing::User::visit_state(StateVisitor& v) {
  v("flow", flow);
  v("use", use);
  v("limited", limited);
}

void MaxMinSharing::Flow::visit_state(StateVisitor& v) {
  v("uses", uses);
  v("rate", rate);
  v("bottleneck", bottleneck);
}

void MaxMinSharing::Link::visit_state(StateVisitor& v) {
  v("id", id);
  v("bandwidth", bandwidth);
  v("users", users);
  v("level", level);
  v("is_cap", is_cap);
}

void MaxMinSharing::visit_state(StateVisitor& v) {
  v("flows", flows_);
  v("links", links_);
  v("free_links", free_links_);
  v("changed_links", changed_links_);
  if (!v.reading()) return;
  mark_ = 0;
  for (const std::uint32_t link : changed_links_) links_[link].changed = true;
  link_of_resource_.clear();
  for (std::uint32_t i = 0; i < links_.size(); ++i)
    if (!links_[i].users.empty() && !links_[i].is_cap) link_of_resource_.emplace(links_[i].id, i);
}

}  // namespace peloton
