#include "sim/network/link_conditions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sim/base/wildcard.hpp"

namespace peloton {
namespace {

constexpr Seconds kDefaultTimeout{0.2};

/// A link is named with its way, or, where it was declared, by its name alone: "l1" for "l1:a->b".
bool names(std::string_view pattern, std::string_view link) {
  return matches(pattern, link) || (link.find(':') != std::string_view::npos && matches(pattern, link.substr(0, link.find(':'))));
}

bool names(const LinkSpec& spec, std::string_view link) {
  return std::any_of(spec.links.begin(), spec.links.end(), [&](const std::string& pattern) { return names(pattern, link); });
}

double sample(const IndependentLaw& law, RandomStream random) {
  return std::visit([&](const auto& l) { return l.sample(random, {}); }, law.value);
}

}  // namespace

void LinkSpec::validate(const Place& place) const {
  if (links.empty()) throw InputError(place / "links", "must name at least one link, got none");
  for (std::size_t i = 1; i < changes.size(); ++i)
    if (changes[i].at <= changes[i - 1].at)
      throw InputError(place / "changes" / i / "at", fmt::format("must be after the change before it ({}), got {}",
                                                                 show_seconds(changes[i - 1].at.value), show_seconds(changes[i].at.value)));
  if (trace && devices) throw InputError(place, "takes \"trace\" or \"devices\", got both");
  if (timeout && !loss) throw InputError(place / "timeout", "needs \"loss\": without it no packet is sent again");
}

LinkConditions::LinkConditions(std::vector<LinkSpec> specs, const Topology& topology, LinkSources sources)
    : specs_(std::move(specs)), topology_(&topology), sources_(std::move(sources)) {
  for (std::size_t i = 0; i < specs_.size(); ++i) {
    const Place place = sources_.place / i;
    traces_.push_back(specs_[i].trace ? std::make_unique<PacketTrace>(*specs_[i].trace, sources_.data_folder, place / "trace") : nullptr);
    devices_.push_back(specs_[i].devices
                           ? std::make_unique<DeviceSpeeds>(*specs_[i].devices, sources_.seed, sources_.data_folder, place / "devices")
                           : nullptr);
  }
  check_names();
}

// ---- who is named -----------------------------------------------------------------------------------------------------------------

void LinkConditions::check_names() const {
  for (std::size_t i = 0; i < specs_.size(); ++i) {
    for (std::size_t k = 0; k < specs_[i].links.size(); ++k) {
      const std::string& pattern = specs_[i].links[k];
      std::vector<std::string> some;
      bool found = false;
      for (std::size_t link = 0; link < topology_->links() && !found; ++link) {
        for (const std::uint64_t resource : {2 * link, 2 * link + 1}) {
          const std::string name = topology_->link_name(resource);
          found = found || names(pattern, name);
          constexpr std::size_t kSome = 1000;
          if (some.size() < kSome) some.push_back(name);
        }
      }
      if (!found)
        throw InputError(
            sources_.place / i / "links" / k,
            fmt::format("no link of the topology is called \"{}\"{}", pattern,
                        some.empty() ? std::string() : did_you_mean(pattern, some) + fmt::format("; the first is \"{}\"", some.front())));
    }
  }
}

const LinkConditions::Condition* LinkConditions::find(std::uint64_t resource) const {
  if (none()) return nullptr;
  const auto [entry, is_new] = conditions_.try_emplace(resource);
  if (is_new && resource >= kFirstPartition) {
    entry->second = std::make_unique<Condition>();
    entry->second->cuts.push_back(sources_.partitions.at((resource - kFirstPartition) / 2));
    return entry->second.get();
  }
  const bool is_link = resource / 2 < topology_->links();  // the inside of a host is none
  if (is_new && is_link) {
    const std::string name = topology_->link_name(resource);
    std::vector<const LinkSpec*> matching;
    for (const LinkSpec& spec : specs_)
      if (names(spec, name)) matching.push_back(&spec);
    if (!matching.empty()) entry->second = std::make_unique<Condition>(make(resource, matching));
  }
  return entry->second.get();
}

LinkConditions::Condition LinkConditions::make(std::uint64_t resource, const std::vector<const LinkSpec*>& matching) const {
  Condition out;
  out.timeout = to_duration(kDefaultTimeout);
  for (const LinkSpec* spec : matching) {
    const auto index = static_cast<std::size_t>(spec - specs_.data());
    if (spec->devices) set_device(out, resource, index);
    if (spec->trace) {
      out.devices = nullptr;
      out.trace = traces_[index].get();
      out.trace_offset = to_duration(spec->trace->offset);
      if (spec->trace->random_start) {
        RandomStream random(sources_.seed, Purpose::network, static_cast<std::uint32_t>(resource), 2);
        out.trace_offset = to_duration({random.uniform() * out.trace->period().seconds()});
      }
    }
    if (!spec->changes.empty()) out.changes = &spec->changes;
    for (const LinkCut& cut : spec->cuts) {
      const Time start = to_time(cut.at);
      out.cuts.emplace_back(start, cut.lasts ? start + to_duration(*cut.lasts) : kNever);
    }
    if (spec->jitter) out.jitter = &*spec->jitter;
    if (spec->loss) out.loss = spec->loss->value;
    if (spec->timeout) out.timeout = to_duration(*spec->timeout);
  }
  return out;
}

void LinkConditions::set_device(Condition& condition, std::uint64_t resource, std::size_t spec) const {
  const PhysicalLink link = topology_->link(resource / 2);
  const NodeId from = resource % 2 == 0 ? link.a : link.b;
  const NodeId to = resource % 2 == 0 ? link.b : link.a;
  const bool sends = from < topology_->hosts();
  if (!sends && to >= topology_->hosts())
    throw InputError(sources_.place / spec / "links",
                     fmt::format("\"{}\" joins two switches: only links of hosts can be those of devices", topology_->link_name(resource)));
  condition.trace = nullptr;
  condition.devices = devices_[spec].get();
  condition.host = sends ? from : to;
  condition.way = sends ? DeviceSpeeds::Way::up : DeviceSpeeds::Way::down;
}

// ---- bandwidth --------------------------------------------------------------------------------------------------------------------

bool LinkConditions::varies(const Resource& resource) const {
  const Condition* condition = find(resource.id);
  return condition != nullptr && (condition->trace != nullptr || condition->changes != nullptr || !condition->cuts.empty() ||
                                  (condition->devices != nullptr && condition->devices->varies()));
}

/// Without changes, cuts and losses.
double LinkConditions::own_bandwidth(const Condition& condition, const Resource& resource, Time t) {
  if (condition.trace != nullptr) return condition.trace->bandwidth(t + condition.trace_offset);
  if (condition.devices != nullptr) return condition.devices->bandwidth(condition.host, condition.way, t);
  return resource.bandwidth;
}

double LinkConditions::bandwidth(const Resource& resource, Time t) const {
  const Condition* condition = find(resource.id);
  if (condition == nullptr) return resource.bandwidth;
  for (const auto& [start, end] : condition->cuts)
    if (start <= t && t < end) return 0;
  double out = own_bandwidth(*condition, resource, t);
  if (condition->changes != nullptr)
    for (const BandwidthChange& change : *condition->changes)
      if (to_time(change.at) <= t) out = change.bandwidth.value;
  return out * (1 - condition->loss);
}

Time LinkConditions::next_change(const Resource& resource, Time t) const {
  const Condition* condition = find(resource.id);
  Time next = kNever;
  if (condition == nullptr) return next;
  const auto consider = [&](Time at) {
    if (at > t) next = std::min(next, at);
  };
  for (const auto& [start, end] : condition->cuts) {
    consider(start);
    consider(end);
  }
  const bool replaced = condition->changes != nullptr && to_time(condition->changes->front().at) <= t;
  if (condition->changes != nullptr)
    for (const BandwidthChange& change : *condition->changes) consider(to_time(change.at));
  if (condition->trace != nullptr && !replaced) {
    const Time in_trace = condition->trace->next_change(t + condition->trace_offset);
    if (in_trace != kNever) consider(Time{} + (in_trace - Time{} - condition->trace_offset));
  }
  if (condition->devices != nullptr && !replaced) consider(condition->devices->next_change(t));
  return next;
}

Time LinkConditions::finish(std::span<const Resource> route, double cap, Time start, double bits) const {
  for (Time t = start;;) {
    double rate = cap;
    Time next = kNever;
    for (const Resource& resource : route) {
      const double carries = bandwidth(resource, t);
      const Time change = next_change(resource, t);
      if (carries == 0 && change == kNever) return kNever;  // whatever the others do
      rate = std::min(rate, carries);
      next = std::min(next, change);
    }
    if (rate > 0) {
      const Time end = t + to_duration({bits / rate});
      if (end <= next) return end;
    }
    if (next == kNever) return kNever;
    bits = std::max(0.0, bits - rate * (next - t).seconds());
    t = next;
  }
}

// ---- delays -----------------------------------------------------------------------------------------------------------------------

LinkConditions::Delays LinkConditions::draw_delays(std::span<const Resource> route) {
  Delays out;
  for (const Resource& resource : route) {
    const Condition* condition = find(resource.id);
    if (condition == nullptr || (condition->jitter == nullptr && condition->loss == 0)) continue;
    const std::uint64_t number = messages_[resource.id]++;
    const auto stream = [&](std::uint64_t use) {
      return RandomStream(sources_.seed, Purpose::network, static_cast<std::uint32_t>(resource.id), 4 * number + use);
    };
    if (condition->jitter != nullptr) out.latency += to_duration({sample(*condition->jitter, stream(0))});
    for (RandomStream random = stream(1); random.uniform() < condition->loss;) out.timeout += condition->timeout;
  }
  return out;
}

}  // namespace peloton
