#include "sim/network/max_min.hpp"

#include <algorithm>

namespace peloton {

void MaxMinSharing::add(FlowId id, std::span<const Resource> route, double cap) {
  PELOTON_INVARIANT(!route.empty(), "a flow that shares has a resource");
  if (id >= flows_.size()) flows_.resize(id + 1);
  Flow& flow = flows_[id];
  PELOTON_INVARIANT(flow.uses.empty(), "a flow is added once");
  flow.cap = cap;
  flow.rate = 0;
  for (const Resource& resource : route) {
    const std::uint32_t link = link_of(resource);
    std::vector<User>& users = links_[link].users;
    flow.uses.push_back({link, static_cast<std::uint32_t>(users.size())});
    users.push_back({id, static_cast<std::uint32_t>(flow.uses.size() - 1)});
    note_change(link);
  }
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
    if (link.users.empty()) {
      if (loads_watched_) loads_.push_back({link.id, 0});
      link_of_resource_.erase(link.id);
      free_links_.push_back(use.link);
    } else {
      note_change(use.link);
    }
  }
  flows_[id].uses.clear();
}

std::uint32_t MaxMinSharing::link_of(const Resource& resource) {
  const auto next = static_cast<std::uint32_t>(free_links_.empty() ? links_.size() : free_links_.back());
  const auto [entry, is_new] = link_of_resource_.try_emplace(resource.id, next);
  if (is_new) {
    if (free_links_.empty())
      links_.emplace_back();
    else
      free_links_.pop_back();
    links_[next].id = resource.id;
    links_[next].bandwidth = resource.bandwidth;
  }
  return entry->second;
}

void MaxMinSharing::note_change(std::uint32_t link) {
  if (links_[link].changed) return;
  links_[link].changed = true;
  changed_links_.push_back(link);
}

bool MaxMinSharing::changed() const {
  return std::any_of(changed_links_.begin(), changed_links_.end(), [&](std::uint32_t link) { return !links_[link].users.empty(); });
}

const std::vector<MaxMinSharing::FlowId>& MaxMinSharing::solve() {
  mark_ += 2;
  changed_flows_.clear();
  for (const std::uint32_t link : changed_links_) {
    links_[link].changed = false;
    if (links_[link].users.empty() || links_[link].mark == mark_) continue;
    collect_component(link);
    if (loads_watched_) watched_links_ = component_links_;
    fill_component();
    if (loads_watched_) note_loads();
  }
  changed_links_.clear();
  return changed_flows_;
}

void MaxMinSharing::note_loads() {
  constexpr double kRounding = 1e-9;  // what the bandwidth left of a full resource may be, relative to its bandwidth
  for (const std::uint32_t index : watched_links_) {
    const Link& link = links_[index];
    const bool full = link.left < kRounding * link.bandwidth;
    loads_.push_back({link.id, full ? 1.0 : (link.bandwidth - link.left) / link.bandwidth});
  }
}

void MaxMinSharing::take_loads(std::vector<Load>& out) {
  out.swap(loads_);
  loads_.clear();
  // A resource that lost its last flow and has another by now was told of by `solve`, or will be.
  std::erase_if(out, [&](const Load& load) { return load.share == 0 && link_of_resource_.contains(load.resource); });
}

/// Breadth first from `link`, over flows to links and back.
void MaxMinSharing::collect_component(std::uint32_t start) {
  component_flows_.clear();
  component_links_.clear();
  const auto visit_link = [&](std::uint32_t index) {
    Link& link = links_[index];
    if (link.mark == mark_) return;
    link.mark = mark_;
    link.left = link.bandwidth;
    link.unfrozen = static_cast<std::uint32_t>(link.users.size());
    component_links_.push_back(index);
  };
  visit_link(start);
  for (std::size_t i = 0; i < component_links_.size(); ++i) {
    for (const User& user : links_[component_links_[i]].users) {
      Flow& flow = flows_[user.flow];
      if (flow.mark == mark_) continue;
      flow.mark = mark_;
      component_flows_.push_back(user.flow);
      for (const Use& use : flow.uses) visit_link(use.link);
    }
  }
}

void MaxMinSharing::fill_component() {
  capped_flows_.clear();
  for (const FlowId flow : component_flows_)
    if (flows_[flow].cap < std::numeric_limits<double>::infinity()) capped_flows_.push_back(flow);
  std::sort(capped_flows_.begin(), capped_flows_.end(), [&](FlowId a, FlowId b) { return flows_[a].cap < flows_[b].cap; });

  double level = 0;
  std::size_t next_capped = 0;
  frozen_ = 0;
  while (frozen_ < component_flows_.size()) {
    level = std::max(level, lowest_share());  // levels rise; rounding must not make them fall
    while (next_capped < capped_flows_.size() && flows_[capped_flows_[next_capped]].mark != mark_) ++next_capped;
    if (next_capped < capped_flows_.size()) level = std::min(level, flows_[capped_flows_[next_capped]].cap);
    for (; next_capped < capped_flows_.size() && flows_[capped_flows_[next_capped]].cap <= level; ++next_capped)
      freeze(capped_flows_[next_capped], level);
    for (const std::uint32_t link : component_links_)
      if (links_[link].share <= level) freeze_users(links_[link], level);
    settle(level);
  }
}

/// The least share of the links that still have unfrozen users; forgets the other links.
double MaxMinSharing::lowest_share() {
  double lowest = std::numeric_limits<double>::infinity();
  std::size_t kept = 0;
  for (const std::uint32_t index : component_links_) {
    Link& link = links_[index];
    if (link.unfrozen == 0) continue;
    link.share = link.left / link.unfrozen;
    lowest = std::min(lowest, link.share);
    component_links_[kept++] = index;
  }
  component_links_.resize(kept);
  return lowest;
}

void MaxMinSharing::freeze_users(const Link& link, double level) {
  for (const User& user : link.users) freeze(user.flow, level);
}

void MaxMinSharing::freeze(FlowId id, double level) {
  Flow& flow = flows_[id];
  if (flow.mark != mark_) return;
  flow.mark = mark_ + 1;
  ++frozen_;
  if (flow.rate != level) {
    flow.rate = level;
    changed_flows_.push_back(id);
  }
  for (const Use& use : flow.uses) {
    Link& link = links_[use.link];
    --link.unfrozen;
    if (link.freezing++ == 0) freezing_links_.push_back(use.link);
  }
}

/// Takes what was frozen at this level from its links: one rounding per link and level, however many flows.
void MaxMinSharing::settle(double level) {
  for (const std::uint32_t index : freezing_links_) {
    Link& link = links_[index];
    link.left -= link.freezing * level;
    link.freezing = 0;
  }
  freezing_links_.clear();
}

void MaxMinSharing::Flow::visit_state(StateVisitor& v) {
  v("uses", uses);
  v("cap", cap);
  v("rate", rate);
}

void MaxMinSharing::Link::visit_state(StateVisitor& v) {
  v("id", id);
  v("bandwidth", bandwidth);
  v("users", users);
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
    if (!links_[i].users.empty()) link_of_resource_.emplace(links_[i].id, i);
}

}  // namespace peloton
