#include "sim/network/general_sharing.hpp"

#include <algorithm>

#include "sim/network/indexed_heap.hpp"
#include "sim/network/max_min.hpp"

namespace peloton {
namespace {

/// When a flow will end: earliest first, then in order of starting.
struct Prediction {
  Time at;
  std::uint64_t start_order = 0;
  std::uint64_t flow = 0;
  [[nodiscard]] std::uint32_t id() const { return static_cast<std::uint32_t>(flow); }
  friend bool operator<(const Prediction& a, const Prediction& b) { return a.at != b.at ? a.at < b.at : a.start_order < b.start_order; }
};

struct Progress {
  double bits = 0;  // still to be carried at the time `since`, from when on the rate holds
  double rate = 0;
  Time since;
  std::uint64_t start_order = 0;

  [[nodiscard]] double left(Time now) const { return std::max(0.0, bits - rate * (now - since).seconds()); }
  void visit_state(StateVisitor& v) {
    v("bits", bits);
    v("rate", rate);
    v("since", since);
    v("start_order", start_order);
  }
};

class GeneralSharing final : public FlowSharing {
 public:
  bool accepts(const JoiningFlow&) const override { return true; }

  void join(Time now, const JoiningFlow& flow) override {
    if (flow.flow >= flows_.size()) flows_.resize(flow.flow + 1);
    flows_[flow.flow] = {flow.bits, 0, now, flow.start_order};
    rates_.add(flow.flow, flow.route, flow.cap);
  }

  void set_bandwidth(Time, std::uint64_t resource, double bandwidth) override { rates_.set_bandwidth(resource, bandwidth); }

  bool changed() const override { return rates_.changed(); }

  void solve(Time now) override {
    predictions_.clear();
    for (const FlowId id : rates_.solve()) {
      Progress& flow = flows_[id];
      flow.bits = flow.left(now);
      flow.rate = rates_.rate(id);
      flow.since = now;
      const Time end = flow.rate > 0 ? now + to_duration({flow.bits / flow.rate}) : kNever;
      predictions_.push_back({end, flow.start_order, id});
    }
    ends_.set_all(predictions_, places_);
  }

  Time next_end() const override { return ends_.empty() ? kNever : ends_.top().at; }

  void take_ended(Time now, std::vector<FlowId>& out) override {
    while (!ends_.empty() && ends_.top().at == now) {
      const FlowId flow = ends_.top().id();
      ends_.pop(places_);
      rates_.remove(flow);
      out.push_back(flow);
    }
  }

  double bits_left(Time now, FlowId flow) const override { return flows_[flow].left(now); }

  void watch_loads() override { rates_.watch_loads(); }
  void take_loads(std::vector<ResourceLoad>& out) override { rates_.take_loads(out); }

  void visit_state(StateVisitor& v) override {
    v("flows", flows_);
    v("rates", rates_);
    v("ends", ends_);
    if (!v.reading()) return;
    places_.clear();
    ends_.restore_places(places_);
  }

 private:
  std::vector<Progress> flows_;  // by id
  MaxMinSharing rates_;
  IndexedHeap<Prediction> ends_;
  HeapPlaces places_;

  // Scratch, without meaning between calls.
  std::vector<Prediction> predictions_;
};

}  // namespace

std::unique_ptr<FlowSharing> make_general_sharing() { return std::make_unique<GeneralSharing>(); }

}  // namespace peloton
