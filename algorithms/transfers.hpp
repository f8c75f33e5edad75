#pragma once

#include "algorithms/algorithm.hpp"

namespace peloton {

/// Looks at the network alone: sends the listed amounts of data between named nodes at the listed times and reports when each arrived.
class Transfers final : public Algorithm {
 public:
  struct Flow {
    Seconds at;
    std::string from;
    std::string to;
    Bytes size;
    std::optional<BitsPerSecond> rate_cap;

    static auto fields() {
      return options(field("at", &Flow::at, kNonNegative, "when the flow starts"), required("from", &Flow::from, "sending node"),
                     required("to", &Flow::to, "receiving node"), required("size", &Flow::size, kNonNegative, "amount of data"),
                     field("rate_cap", &Flow::rate_cap, kPositive, "it goes no faster (default: as fast as the links allow)"));
    }
  };
  struct Options {
    std::vector<Flow> flows;
    static auto fields() { return options(required("flows", &Options::flows, "the flows, numbered from 0")); }
  };
  static constexpr AlgorithmInfo info{.name = "transfers",
                                      .summary = "sends given amounts of data at given times and reports each flow: the network alone",
                                      .source = "a probe of the network models",
                                      .needs_task = false,
                                      .needs_server = false};

  explicit Transfers(const Options& options) : options_(options), finish_(options.flows.size(), kNever) {}

  void on_start(Cluster& c) override;
  void on_timer(Cluster& c, NodeId node, std::uint64_t flow) override;
  void on_raw(Cluster& c, const RawMessage& m) override;

  Model reported_model(Cluster&) const override { return {}; }
  void validate(const Topology& topology, std::uint64_t seed, const Place& place) override;
  RoundPlan plan(const PlanContext&) const override { return {}; }
  bool finished() const override { return arrived_ == options_.flows.size(); }
  /// transfers.csv as SCENARIO.md defines it; a flow that has not finished has empty cells.
  std::vector<Table> tables(const Cluster& c) const override;
  void visit_state(StateVisitor& v, Cluster& c) override;

 private:
  Options options_;
  std::vector<Time> finish_;
  std::uint64_t arrived_ = 0;
};

}  // namespace peloton
