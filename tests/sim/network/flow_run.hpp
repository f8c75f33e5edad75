#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sim/network/network_spec.hpp"
#include "sim/topology/topology_spec.hpp"

namespace peloton::test {

/// A topology from scenario text, numbered as declared unless it gets workers.
inline std::unique_ptr<Topology> topology_of(std::string_view json, std::size_t workers = 0, std::size_t servers = 0) {
  const Place place{"test.json", "/cluster/topology"};
  return make_topology(OptionType<TopologySpec>::parse(Json::parse(json), place), workers, servers, place);
}

/// Messages over a network, driven until nothing is left. Times in seconds, amounts in bits.
class FlowRun {
 public:
  explicit FlowRun(const Topology& topology, const NetworkSpec& spec = {}, const LinkSources& sources = {})
      : FlowRun(topology, make_network(spec, topology, sources)) {}
  FlowRun(const Topology& topology, std::unique_ptr<Network> network) : network_(std::move(network)), topology_(topology) {}

  /// The number of the message; messages at one instant are sent in the order of these calls.
  std::size_t send(double at, NodeId from, NodeId to, std::uint64_t bits, double rate_cap = kNoRateCap) {
    messages_.push_back({from, to, bits, rate_cap});
    finish_.push_back({-1});
    simulation_.schedule(to_time({at}), {EventKind::timer, from, messages_.size() - 1});
    return messages_.size() - 1;
  }
  std::size_t send(double at, std::string_view from, std::string_view to, std::uint64_t bits) {
    return send(at, topology_.node(from, {}), topology_.node(to, {}), bits);
  }

  void watch(Observer& observer) { network_->watch(observer); }

  FlowRun& run(std::uint64_t most_events = ~0ULL) {
    for (std::uint64_t i = 0; i < most_events && !simulation_.idle(); ++i) simulation_.step([&](const Event& event) { handle(event); });
    return *this;
  }

  /// Everything before `seconds`.
  void run_until(double seconds) {
    while (!simulation_.idle() && simulation_.next_time() < to_time({seconds}))
      simulation_.step([&](const Event& event) { handle(event); });
  }

  [[nodiscard]] std::int64_t finish_ns(std::size_t message) const { return finish_.at(message).ns; }
  [[nodiscard]] double finish(std::size_t message) const { return finish_.at(message).seconds(); }
  /// Messages in the order in which they arrived.
  [[nodiscard]] const std::vector<std::size_t>& arrivals() const { return arrivals_; }
  [[nodiscard]] std::uint64_t events() const { return simulation_.events(); }
  [[nodiscard]] bool idle() const { return simulation_.idle(); }
  [[nodiscard]] std::uint64_t fingerprint() const { return simulation_.fingerprint().value(); }

  void visit_state(StateVisitor& v) {
    v("simulation", simulation_);
    v.begin("network");
    network_->visit_state(v);
    v.end();
    v("messages", messages_);
    v("finish", finish_);
    v("arrivals", arrivals_);
  }

 private:
  struct Message {
    NodeId from = kNoNode;
    NodeId to = kNoNode;
    std::uint64_t bits = 0;
    double rate_cap = kNoRateCap;
    void visit_state(StateVisitor& v) {
      v("from", from);
      v("to", to);
      v("bits", bits);
      v("rate_cap", rate_cap);
    }
  };

  void handle(const Event& event) {
    network_->report_until(simulation_.now());
    if (event.kind == EventKind::network) return network_->on_event(simulation_, event);
    const Message& message = messages_[event.data];
    if (event.kind == EventKind::timer) {
      network_->send(simulation_, {.from = message.from, .to = message.to, .bits = message.bits, .rate_cap = message.rate_cap},
                     {EventKind::message_delivered, message.to, event.data});
    } else {
      finish_[event.data] = simulation_.now();
      arrivals_.push_back(event.data);
    }
  }

  std::unique_ptr<Network> network_;
  const Topology& topology_;
  Simulation simulation_;
  std::vector<Message> messages_;
  std::vector<Time> finish_;
  std::vector<std::size_t> arrivals_;
};

}  // namespace peloton::test
