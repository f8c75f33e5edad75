#include "sim/network/fifo.hpp"

#include <algorithm>

#include "sim/network/offered_load.hpp"
#include "sim/network/queue_ends.hpp"

namespace peloton {

namespace {

struct Message {
  Event on_delivery;
  NodeId from = kNoNode;
  NodeId to = kNoNode;
  std::uint64_t bits = 0;
  double cap = 0;
  std::uint32_t hop = 0;  // the link it comes to next
  Duration timeout;       // after the last bit

  void visit_state(StateVisitor& v) {
    v("on_delivery", on_delivery);
    v("from", from);
    v("to", to);
    v("bits", bits);
    v("cap", cap);
    v("hop", hop);
    v("timeout", timeout);
  }
};

class Fifo final : public Network {
 public:
  explicit Fifo(NetworkParts parts) : parts_(std::move(parts)) {}

  void send(Simulation& simulation, const Transmission& message, const Event& on_delivery) override {
    PELOTON_INVARIANT(message.from != message.to, "a message goes to another node");
    const std::uint32_t slot = take_slot();
    messages_[slot] = {on_delivery, message.from, message.to, message.bits, parts_.cap(message.rate_cap), 0, {}};
    arrive(simulation, slot);
  }

  bool keeps_in_line() const override { return true; }

  /// A message reaches the node before its next link.
  void on_event(Simulation& simulation, const Event& event) override { arrive(simulation, static_cast<std::uint32_t>(event.data)); }

  void report_until(Time now) override {
    offered_.take_until(now, [this](Time time, std::uint64_t link, double load) { report({.time = time, .link = link, .load = load}); });
  }

  void visit_state(StateVisitor& v) override {
    v("messages", messages_);
    v("free", free_);
    v("queues", queues_);
    v("conditions", parts_.conditions);
  }

 private:
  std::uint32_t take_slot() {
    if (free_.empty()) {
      messages_.emplace_back();
      return static_cast<std::uint32_t>(messages_.size() - 1);
    }
    const std::uint32_t slot = free_.back();
    free_.pop_back();
    return slot;
  }

  void arrive(Simulation& simulation, std::uint32_t slot) {
    Message& message = messages_[slot];
    parts_.topology.route(message.from, message.to, route_);
    const Resource resource = route_[message.hop++];
    const Time sent = transmit(simulation.now(), message, resource);
    if (sent == kNever) return free_.push_back(slot);  // the link is cut for ever
    Time at = sent + latency_of(message);
    if (!parts_.conditions.none()) {
      const LinkConditions::Delays delays = parts_.conditions.draw_delays(std::span(&resource, 1));
      at = at + delays.latency;
      message.timeout += delays.timeout;
    }
    if (message.hop < route_.size()) {
      simulation.schedule(at, {EventKind::network, kNoNode, slot});
      return;
    }
    simulation.schedule(at + message.timeout, message.on_delivery);
    free_.push_back(slot);
  }

  /// Of the hop behind it, over `route_`. What a route takes beyond its links (inside a host, across the backbone of a latency matrix)
  /// goes by after the first of them.
  Duration latency_of(const Message& message) const {
    const auto link_latency = [this](const Resource& resource) { return parts_.topology.link(resource.id / 2).latency; };
    if (message.hop > 1) return link_latency(route_[message.hop - 1]);
    Duration out = parts_.topology.cost(message.from, message.to).latency;
    for (std::size_t i = 1; i < route_.size(); ++i) out = out - link_latency(route_[i]);
    return out;
  }

  /// When the last bit leaves the link's head, behind the messages that came before.
  Time transmit(Time now, const Message& message, const Resource& resource) {
    const Time start = resource.fatpipe ? now : std::max(now, queues_.end(resource.id));
    if (start == kNever || (message.bits == 0 && parts_.conditions.none())) return start;
    const auto bits = static_cast<double>(message.bits);
    const double cap = resource.id >= kFirstPartition ? std::numeric_limits<double>::infinity() : message.cap;  // it is no link
    const Time end = parts_.conditions.none() ? start + to_duration({bits / std::min(resource.bandwidth, message.cap)})
                                              : parts_.conditions.finish(std::span(&resource, 1), cap, start, bits);
    if (!resource.fatpipe) queues_.set_end(resource.id, end);
    if (watched() && end != kNever && end > start) offered_.add(std::span(&resource, 1), resource.bandwidth, start, end);
    return end;
  }

  NetworkParts parts_;
  std::vector<Message> messages_;
  std::vector<std::uint32_t> free_;
  QueueEnds queues_;
  OfferedLoad offered_;  // empty while nobody watches

  // Scratch, without meaning between calls.
  std::vector<Resource> route_;
};

}  // namespace

std::unique_ptr<Network> make_fifo_network(NetworkParts parts) { return std::make_unique<Fifo>(std::move(parts)); }

}  // namespace peloton
