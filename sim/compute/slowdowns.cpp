#include "sim/compute/slowdowns.hpp"

#include <algorithm>
#include <cmath>

namespace peloton {

WorkerGroups OptionType<WorkerGroups>::parse(const Json& json, const Place& place) {
  const std::string expected = "\"rack\" or a number of workers ≥ 1";
  if (json.is_string() && normalised(json.get<std::string>()) == "rack") return {};
  if (!json.is_number()) wrong_type(place, expected, json);
  const Count size = OptionType<Count>::parse(json, place);
  if (size < 1) wrong_type(place, expected, json);
  return {size};
}

Json OptionType<WorkerGroups>::write(const WorkerGroups& v) { return v.size ? Json(*v.size) : Json("rack"); }

Json OptionType<WorkerGroups>::schema() {
  Json count{{"type", "integer"}, {"minimum", 1}};
  Json out;
  out["oneOf"] = Json::array({Json{{"enum", Json::array({"rack"})}}, std::move(count)});
  return out;
}

Slowdowns::Slowdowns(const std::vector<SlowdownSpec>& specs, std::size_t workers, std::span<const std::uint32_t> racks, std::uint64_t seed,
                     const Place& place) {
  for (std::size_t i = 0; i < specs.size(); ++i) {
    const SlowdownSpec& spec = specs[i];
    std::vector<std::uint32_t> group(racks.begin(), racks.end());
    if (spec.groups.size) {
      group.resize(workers);
      for (std::size_t w = 0; w < workers; ++w) group[w] = static_cast<std::uint32_t>(w / static_cast<std::size_t>(*spec.groups.size));
    } else if (racks.empty()) {
      throw InputError(place / i / "groups", "the topology has no racks: give the number of workers in a group");
    }
    const std::size_t groups = group.empty() ? 0 : 1 + *std::max_element(group.begin(), group.end());
    entries_.push_back({spec.slowdown, std::move(group),
                        Phases({.usual = spec.every, .slow = spec.lasts}, groups,
                               {.seed = seed, .purpose = Purpose::slowdown_phase, .process = static_cast<std::uint32_t>(i)})});
  }
}

Slowdowns::State Slowdowns::state(NodeId worker, Time t) const {
  State out;
  for (const Entry& entry : entries_) {
    const Phases::Phase phase = entry.phases.at(entry.group[worker], t);
    if (phase.slow) out.factor *= entry.slowdown;
    out.until = std::min(out.until, phase.end);
  }
  return out;
}

Time Slowdowns::finish(NodeId worker, Time start, Duration work) const {
  State now = state(worker, start);
  if (now.factor == 1 && start + work <= now.until) return start + work;
  auto left = static_cast<double>(work.ns);
  for (Time t = start;; now = state(worker, t)) {
    const double fits = static_cast<double>((now.until - t).ns) / now.factor;
    if (left <= fits) return t + to_duration({left * now.factor / 1e9});
    left -= fits;
    t = now.until;
  }
}

}  // namespace peloton
