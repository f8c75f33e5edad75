#include "sim/network/network_spec.hpp"

namespace peloton {

namespace {

struct Maker {
  const Topology& topology;

  std::unique_ptr<Network> operator()(const FluidNetwork&) const { return make_fluid_network(topology); }
  std::unique_ptr<Network> operator()(const ConstantNetwork&) const { return make_constant_network(topology); }
  std::unique_ptr<Network> operator()(const NoneNetwork&) const { return make_none_network(); }
};

}  // namespace

std::unique_ptr<Network> make_network(const NetworkSpec& spec, const Topology& topology) { return std::visit(Maker{topology}, spec.value); }

}  // namespace peloton
