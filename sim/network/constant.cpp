#include "sim/network/constant.hpp"

#include "sim/network/offered_load.hpp"

namespace peloton {

namespace {

class Constant final : public Network {
 public:
  explicit Constant(NetworkParts parts) : parts_(std::move(parts)) {}

  void send(Simulation& simulation, const Transmission& message, const Event& on_delivery) override {
    PELOTON_INVARIANT(message.from != message.to, "a message goes to another node");
    const PathCost path = parts_.topology.cost(message.from, message.to);
    if (!parts_.conditions.none()) return send_over_conditions(simulation, path.latency, message, on_delivery);
    const double rate = parts_.cap(std::min(path.bandwidth, message.rate_cap));
    const Duration transmission = to_duration({static_cast<double>(message.bits) / rate});
    const Duration latency = latency_left(message, path.latency);
    simulation.schedule_in(latency + transmission, on_delivery);
    if (!watched() || transmission == Duration{}) return;
    parts_.topology.route(message.from, message.to, route_);
    const Time start = simulation.now() + latency;
    offered_.add(route_, rate, start, start + transmission);
  }

  void on_event(Simulation&, const Event&) override { PELOTON_INVARIANT(false, "a network without contention has no events of its own"); }
  void visit_state(StateVisitor& v) override { v("conditions", parts_.conditions); }
  void report_until(Time now) override {
    offered_.take_until(now, [this](Time time, std::uint64_t link, double load) { report({.time = time, .link = link, .load = load}); });
  }

 private:
  void send_over_conditions(Simulation& simulation, Duration latency, const Transmission& message, const Event& on_delivery) {
    parts_.topology.route(message.from, message.to, route_);
    const LinkConditions::Delays delays = parts_.conditions.draw_delays(route_);
    const Time start = simulation.now() + latency_left(message, latency + delays.latency);
    const auto bits = static_cast<double>(message.bits);
    const Time end = parts_.conditions.finish(route_, parts_.cap(message.rate_cap), start, bits);
    if (end == kNever) return;
    simulation.schedule(end + delays.timeout, on_delivery);
    if (watched() && end > start) offered_.add(route_, bits / (end - start).seconds(), start, end);
  }

  NetworkParts parts_;
  OfferedLoad offered_;  // empty while nobody watches

  // Scratch, without meaning between calls.
  std::vector<Resource> route_;
};

}  // namespace

std::unique_ptr<Network> make_constant_network(NetworkParts parts) { return std::make_unique<Constant>(std::move(parts)); }

}  // namespace peloton
