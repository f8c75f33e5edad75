#include "sim/network/none.hpp"

namespace peloton {

namespace {

class None final : public Network {
 public:
  void send(Simulation& simulation, const Transmission&, const Event& on_delivery) override {
    simulation.schedule(simulation.now(), on_delivery);
  }
  void on_event(Simulation&, const Event&) override { PELOTON_INVARIANT(false, "a network without delays has no events of its own"); }
  void visit_state(StateVisitor&) override {}
};

}  // namespace

std::unique_ptr<Network> make_none_network() { return std::make_unique<None>(); }

}  // namespace peloton
