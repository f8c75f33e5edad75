#pragma once

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "sim/network/broadcast.hpp"
#include "sim/network/constant.hpp"
#include "sim/network/fifo.hpp"
#include "sim/network/fluid.hpp"
#include "sim/network/link_spec.hpp"
#include "sim/network/network.hpp"
#include "sim/network/none.hpp"

namespace peloton {

/// The registry of network models: one line here, one in make_network. The first is the default.
using NetworkModel = OneOf<"model", FluidNetwork, ConstantNetwork, FifoNetwork, BroadcastNetwork, NoneNetwork>;

/// /cluster/network: a model, and what every model knows.
struct NetworkSpec {
  NetworkModel model;
  std::optional<BitsPerSecond> rate_cap;
  std::vector<LinkSpec> links;

  NetworkSpec() = default;
  template <class Model>
  requires std::is_constructible_v<NetworkModel, Model> NetworkSpec(Model of)
      : model(std::move(of)) {}  // NOLINT(google-explicit-constructor): reads as the model itself

  static auto fields() {
    return options(inlined(&NetworkSpec::model, "how messages share the links"),
                   field("rate_cap", &NetworkSpec::rate_cap, kPositive, "no message goes faster (default: as fast as the links allow)"),
                   field("links", &NetworkSpec::links, "links that change, jitter or lose packets"));
  }
  void validate(const Place& place) const;
};

/// Builds a network; `topology` must outlive it. `sources`: see LinkConditions, whose errors it has.
[[nodiscard]] std::unique_ptr<Network> make_network(const NetworkSpec& spec, const Topology& topology, const LinkSources& sources = {});

}  // namespace peloton
