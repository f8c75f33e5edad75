#include "sim/network/constant.hpp"

namespace peloton {

namespace {

class Constant final : public Network {
 public:
  explicit Constant(const Topology& topology) : topology_(topology) {}

  void send(Simulation& simulation, NodeId from, NodeId to, std::uint64_t bits, const Event& on_delivery) override {
    PELOTON_INVARIANT(from != to, "a message goes to another node");
    const PathCost path = topology_.cost(from, to);
    simulation.schedule_in(path.latency + to_duration({static_cast<double>(bits) / path.bandwidth}), on_delivery);
  }
  void on_event(Simulation&, const Event&) override { PELOTON_INVARIANT(false, "a network without contention has no events of its own"); }
  void visit_state(StateVisitor&) override {}

 private:
  const Topology& topology_;
};

}  // namespace

std::unique_ptr<Network> make_constant_network(const Topology& topology) { return std::make_unique<Constant>(topology); }

}  // namespace peloton
