#include "sim/network/active_links.hpp"

#include <algorithm>

namespace peloton {
namespace {

/// What a link of infinite bandwidth has between two cuts: no scenario fills it, and solvers can divide it.
constexpr double kMostBandwidth = 1e18;

double finite_bandwidth(const LinkConditions& conditions, const Resource& resource, Time now) {
  return std::min(conditions.bandwidth(resource, now), kMostBandwidth);
}

}  // namespace

void ActiveLinks::acquire(const LinkConditions& conditions, Time now, const Resource& resource, std::uint64_t id) {
  Link& link = links_[id];
  if (link.users++ > 0) return;
  link.resource = resource;
  link.bandwidth = finite_bandwidth(conditions, resource, now);
  schedule(conditions, now, id, link);
}

void ActiveLinks::release(std::uint64_t id) {
  const auto link = links_.find(id);
  if (--link->second.users > 0) return;
  changes_.erase({link->second.next, id});
  links_.erase(link);
}

void ActiveLinks::take_changes(const LinkConditions& conditions, Time now, std::vector<Change>& out) {
  out.clear();
  while (!changes_.empty() && changes_.begin()->first <= now) {
    const std::uint64_t id = changes_.begin()->second;
    changes_.erase(changes_.begin());
    Link& link = links_.at(id);
    const double bandwidth = finite_bandwidth(conditions, link.resource, now);
    if (bandwidth != link.bandwidth) out.push_back({id, bandwidth});
    link.bandwidth = bandwidth;
    schedule(conditions, now, id, link);
  }
}

void ActiveLinks::schedule(const LinkConditions& conditions, Time now, std::uint64_t id, Link& link) {
  link.next = conditions.next_change(link.resource, now);
  if (link.next != kNever) changes_.emplace(link.next, id);
}

void ActiveLinks::Link::visit_state(StateVisitor& v) {
  v("id", resource.id);
  v("full_bandwidth", resource.bandwidth);
  v("fatpipe", resource.fatpipe);
  v("users", users);
  v("bandwidth", bandwidth);
  v("next", next);
}

void ActiveLinks::visit_state(StateVisitor& v) {
  v("links", links_);
  if (!v.reading()) return;
  changes_.clear();
  for (const auto& [id, link] : links_)
    if (link.next != kNever) changes_.emplace(link.next, id);
}

}  // namespace peloton
