#include "sim/network/broadcast.hpp"

#include <algorithm>

#include "sim/network/offered_load.hpp"

namespace peloton {

namespace {

class Broadcast final : public Network {
 public:
  explicit Broadcast(NetworkParts parts) : parts_(std::move(parts)) {}

  void send(Simulation& simulation, const Transmission& message, const Event& on_delivery) override {
    const Receiver receiver{message.to, on_delivery};
    transmit(simulation, message.from, message.bits, message.rate_cap, std::span(&receiver, 1));
  }

  bool is_broadcast_medium() const override { return true; }
  bool keeps_in_line() const override { return true; }
  void broadcast(Simulation& simulation, NodeId from, std::uint64_t bits, std::span<const Receiver> receivers) override {
    if (!receivers.empty()) transmit(simulation, from, bits, std::numeric_limits<double>::infinity(), receivers);
  }

  void on_event(Simulation&, const Event&) override { PELOTON_INVARIANT(false, "a broadcast medium has no events of its own"); }

  void report_until(Time now) override {
    offered_.take_until(now, [this](Time time, std::uint64_t link, double load) { report({.time = time, .link = link, .load = load}); });
  }

  void visit_state(StateVisitor& v) override {
    v("free_from", free_from_);
    v("conditions", parts_.conditions);
  }

 private:
  void transmit(Simulation& simulation, NodeId from, std::uint64_t bits, double cap, std::span<const Receiver> receivers) {
    ways_.clear();
    for (const Receiver& receiver : receivers) {
      PELOTON_INVARIANT(from != receiver.node, "a message goes to another node");
      if (same_host(from, receiver.node)) continue;
      parts_.topology.route(from, receiver.node, route_);
      ways_.insert(ways_.end(), route_.begin(), route_.end());
    }
    const bool on_air = !ways_.empty();
    const Time start = std::max(simulation.now(), free_from_);
    // A link that was cut for ever holds the medium.
    if (on_air && start != kNever) free_from_ = parts_.conditions.finish(ways_, parts_.cap(cap), start, static_cast<double>(bits));
    for (const Receiver& receiver : receivers) {
      if (same_host(from, receiver.node))
        deliver_inside(simulation, from, bits, cap, receiver);
      else if (free_from_ != kNever)
        deliver(simulation, from, receiver);
    }
    if (watched() && on_air && free_from_ != kNever && free_from_ > start) report_load(static_cast<double>(bits), start);
  }

  [[nodiscard]] bool same_host(NodeId a, NodeId b) const { return parts_.topology.carrier(a) == parts_.topology.carrier(b); }

  /// The medium is between hosts.
  void deliver_inside(Simulation& simulation, NodeId from, std::uint64_t bits, double cap, const Receiver& receiver) {
    const PathCost path = parts_.topology.cost(from, receiver.node);
    const double rate = parts_.cap(std::min(path.bandwidth, cap));
    simulation.schedule_in(path.latency + to_duration({static_cast<double>(bits) / rate}), receiver.on_delivery);
  }

  void deliver(Simulation& simulation, NodeId from, const Receiver& receiver) {
    Time at = free_from_ + parts_.topology.cost(from, receiver.node).latency;
    if (!parts_.conditions.none()) {
      parts_.topology.route(from, receiver.node, route_);
      const LinkConditions::Delays delays = parts_.conditions.draw_delays(route_);
      at = at + delays.latency + delays.timeout;
    }
    simulation.schedule(at, receiver.on_delivery);
  }

  /// Each link on the way, once.
  void report_load(double bits, Time start) {
    const auto by_id = [](const Resource& a, const Resource& b) { return a.id < b.id; };
    std::sort(ways_.begin(), ways_.end(), by_id);
    ways_.erase(std::unique(ways_.begin(), ways_.end(), [](const Resource& a, const Resource& b) { return a.id == b.id; }), ways_.end());
    offered_.add(ways_, bits / (free_from_ - start).seconds(), start, free_from_);
  }

  NetworkParts parts_;
  Time free_from_;
  OfferedLoad offered_;  // empty while nobody watches

  // Scratch, without meaning between calls.
  std::vector<Resource> route_;
  std::vector<Resource> ways_;
};

}  // namespace

std::unique_ptr<Network> make_broadcast_network(NetworkParts parts) { return std::make_unique<Broadcast>(std::move(parts)); }

}  // namespace peloton
