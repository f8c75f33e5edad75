#include "sim/network/network_spec.hpp"

namespace peloton {

namespace {

struct Maker {
  NetworkParts parts;

  std::unique_ptr<Network> operator()(const FluidNetwork&) { return make_fluid_network(std::move(parts)); }
  std::unique_ptr<Network> operator()(const ConstantNetwork&) { return make_constant_network(std::move(parts)); }
  std::unique_ptr<Network> operator()(const FifoNetwork&) { return make_fifo_network(std::move(parts)); }
  std::unique_ptr<Network> operator()(const BroadcastNetwork&) { return make_broadcast_network(std::move(parts)); }
  std::unique_ptr<Network> operator()(const NoneNetwork&) { return make_none_network(); }
};

}  // namespace

void NetworkSpec::validate(const Place& place) const {
  if (!model.is<NoneNetwork>()) return;
  if (rate_cap) throw InputError(place / "rate_cap", "has no meaning where messages take no time (model \"none\")");
  if (!links.empty()) throw InputError(place / "links", "have no meaning where messages take no time (model \"none\")");
}

std::unique_ptr<Network> make_network(const NetworkSpec& spec, const Topology& topology, const LinkSources& sources) {
  NetworkParts parts{.topology = topology};
  if (!spec.links.empty() || !sources.partitions.empty()) parts.conditions = LinkConditions(spec.links, topology, sources);
  if (spec.rate_cap) parts.rate_cap = spec.rate_cap->value;
  return std::visit(Maker{std::move(parts)}, spec.model.value);
}

}  // namespace peloton
