#include "scenarios/scenario.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace peloton {

void ClusterSpec::validate(const Place& place) const {
  if (byzantine) throw InputError(place / "byzantine", "Byzantine workers are not part of this version of peloton");
  const auto cut = std::find_if(faults.begin(), faults.end(), [](const FaultSpec& f) { return f.cut.has_value(); });
  if (cut != faults.end() && network.model.is<NoneNetwork>())
    throw InputError(place / "faults" / static_cast<std::size_t>(cut - faults.begin()) / "cut",
                     "needs a network: where messages take no time (model \"none\") nothing can hold them up");
  if (message_header.value != std::floor(message_header.value) || message_header.value > 1e9)
    throw InputError(place / "message_header", fmt::format("must be a whole number of bytes, at most 1 GB, got {}", message_header.value));
}

void MeasureSpec::validate(const Place& place) const {
  if (every && updates) throw InputError(place, "takes \"every\" or \"updates\", not both");
  if (!at_end) throw InputError(place / "at_end", "must be true: the end of a run is always measured");
}

void Scenario::validate(const Place& place) const {
  if (name.empty() || name.find_first_of("/\\") != std::string::npos || name.front() == '.')
    throw InputError(place / "name",
                     fmt::format("must be a name that can be a folder's (not empty, no slash, no leading dot), got \"{}\"", name));
  const AlgorithmInfo& info = find_algorithm(algorithm.name, place / "algorithm").info;
  if (!info.needs_task) {
    if (task) throw InputError(place / "task", fmt::format("\"{}\" looks at the network alone and takes no task", info.name));
    if (twin)
      throw InputError(place / "twin",
                       fmt::format("\"{}\" looks at the network alone: there is no model that a twin could be of", info.name));
    return;
  }
  if (!task) throw InputError(place, fmt::format("needs the key \"task\": \"{}\" learns something", info.name));
  if (learning && task->model.is<LayersOptions>())
    throw InputError(place / "learning", "must be false: the model \"layers\" is a table of sizes and times without values");
  if (cluster.workers < 1)
    throw InputError(place / "cluster", fmt::format("needs the key \"workers\" with at least 1, got {}", cluster.workers));
  if (twin && !cluster.faults.empty() && !info.needs_server)
    throw InputError(place / "twin", fmt::format("the mean of the workers of \"{}\", which a twin stands for, is not the same with fewer "
                                                 "workers: it needs a run without /cluster/faults",
                                                 info.name));
  if (twin && !learning) throw InputError(place / "twin", "a twin is computed of gradients and needs \"learning\": true");
  if (stop.empty()) throw InputError(place, "needs a stop rule, such as \"stop\": {\"updates\": 1000}");
  const bool targets = stop.loss || stop.accuracy || stop.suboptimality;
  if (targets && !learning) throw InputError(place / "stop", "a target of the learning needs \"learning\": true");
  if (targets && !measure.every && !measure.updates)
    throw InputError(place / "stop", "a target is met at a measurement: \"measure\" needs \"every\" or \"updates\"");
}

}  // namespace peloton
