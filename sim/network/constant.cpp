#include "sim/network/constant.hpp"

#include <cmath>
#include <map>
#include <unordered_map>

namespace peloton {

namespace {

/// The loads of links under messages that do not notice each other: each keeps the links of its route busy for bits / bandwidth, after
/// the latency, at the bandwidth of the narrowest one. Changes wait here until the clock has passed them.
class OfferedLoad {
 public:
  void add(const std::vector<Resource>& route, double rate, Time from, Time to) {
    for (const Resource& resource : route) {
      if (resource.fatpipe || std::isinf(resource.bandwidth)) continue;
      changes_[from].push_back({resource.id, rate / resource.bandwidth, 1});
      changes_[to].push_back({resource.id, -rate / resource.bandwidth, -1});
    }
  }

  /// Calls `report(time, resource, load)` for what changed before `now`, once per instant and resource.
  template <class Report>
  void take_until(Time now, Report&& report) {
    for (; !changes_.empty() && changes_.begin()->first < now; changes_.erase(changes_.begin())) {
      const auto& [time, changes] = *changes_.begin();
      for (const Change& change : changes) {
        State& state = states_[change.resource];
        state.messages += change.messages;
        state.load = state.messages == 0 ? 0 : state.load + change.load;
      }
      for (const Change& change : changes) {
        State& state = states_[change.resource];
        if (state.load == state.reported) continue;
        state.reported = state.load;
        report(time, change.resource, state.load);
      }
    }
  }

 private:
  struct Change {
    std::uint64_t resource;
    double load;
    int messages;
  };
  struct State {
    double load = 0;
    double reported = 0;
    std::int64_t messages = 0;
  };

  std::map<Time, std::vector<Change>> changes_;
  std::unordered_map<std::uint64_t, State> states_;  // never iterated
};

class Constant final : public Network {
 public:
  explicit Constant(const Topology& topology) : topology_(topology) {}

  void send(Simulation& simulation, NodeId from, NodeId to, std::uint64_t bits, const Event& on_delivery) override {
    PELOTON_INVARIANT(from != to, "a message goes to another node");
    const PathCost path = topology_.cost(from, to);
    const Duration transmission = to_duration({static_cast<double>(bits) / path.bandwidth});
    simulation.schedule_in(path.latency + transmission, on_delivery);
    if (!watched() || transmission == Duration{}) return;
    topology_.route(from, to, route_);
    const Time start = simulation.now() + path.latency;
    offered_.add(route_, path.bandwidth, start, start + transmission);
  }
  void on_event(Simulation&, const Event&) override { PELOTON_INVARIANT(false, "a network without contention has no events of its own"); }
  void visit_state(StateVisitor&) override {}
  void report_until(Time now) override {
    offered_.take_until(now, [this](Time time, std::uint64_t link, double load) { report({.time = time, .link = link, .load = load}); });
  }

 private:
  const Topology& topology_;
  OfferedLoad offered_;  // empty while nobody watches

  // Scratch, without meaning between calls.
  std::vector<Resource> route_;
};

}  // namespace

std::unique_ptr<Network> make_constant_network(const Topology& topology) { return std::make_unique<Constant>(topology); }

}  // namespace peloton
