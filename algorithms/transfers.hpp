#pragma once

#include "algorithms/algorithm.hpp"
#include "sim/compute/time_law.hpp"

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
  /// Flows that come one after another: with exponential times between them a Poisson process.
  struct Arrivals {
    Seconds at;
    TimeLaw every{Seconds{1}};
    Count count = 1;
    std::string from;
    std::string to;
    Bytes size;
    std::optional<BitsPerSecond> rate_cap;

    static auto fields() {
      return options(field("at", &Arrivals::at, kNonNegative, "from when on they come; the first after the first time between two"),
                     required("every", &Arrivals::every, kPositive, "the times between two of them"),
                     required("count", &Arrivals::count, between(1, 1e7), "how many come"),
                     required("from", &Arrivals::from, "sending node"), required("to", &Arrivals::to, "receiving node"),
                     required("size", &Arrivals::size, kNonNegative, "amount of data of each"),
                     field("rate_cap", &Arrivals::rate_cap, kPositive, "none goes faster (default: as fast as the links allow)"));
    }
  };
  struct Options {
    std::vector<Flow> flows;
    std::vector<Arrivals> arrivals;
    static auto fields() {
      return options(field("flows", &Options::flows, "the flows, numbered from 0"),
                     field("arrivals", &Options::arrivals, "series of flows, numbered after them"));
    }
    void validate(const Place& place) const;
  };
  static constexpr AlgorithmInfo info{.name = "transfers",
                                      .summary = "sends given amounts of data at given times and reports each flow: the network alone",
                                      .source = "a probe of the network models",
                                      .needs_task = false,
                                      .needs_server = false};

  explicit Transfers(const Options& options) : options_(options) {}

  void on_start(Cluster& c) override;
  void on_timer(Cluster& c, NodeId node, std::uint64_t flow) override;
  void on_raw(Cluster& c, const RawMessage& m) override;
  void on_raw_lost(Cluster& c, const RawMessage& m) override;
  void on_timer_missed(Cluster& c, NodeId node, std::uint64_t flow) override;

  Model reported_model(Cluster&) const override { return {}; }
  void validate(const Topology& topology, std::uint64_t seed, const Place& place) override;
  RoundPlan plan(const PlanContext&) const override { return {}; }
  bool finished() const override { return settled_ == flows_.size(); }
  std::string waits_for(const Cluster& c) const override;
  /// transfers.csv as SCENARIO.md defines it; a flow that has not finished has empty cells. In runs with faults a last column says what
  /// became of it: arrived, lost with one of its ends, not_sent because its sender was down, or waiting.
  std::vector<Table> tables(const Cluster& c) const override;
  void visit_state(StateVisitor& v, Cluster& c) override;

 private:
  void add_arrivals(std::size_t series, std::uint64_t seed);

  Options options_;
  enum class Outcome : std::uint8_t { waiting, arrived, lost, not_sent };

  std::vector<Flow> flows_;  ///< those of the series too
  std::vector<Time> finish_;
  std::vector<Outcome> outcome_;  ///< by flow; runs with faults only
  std::uint64_t settled_ = 0;     ///< flows that are no longer waiting
};

}  // namespace peloton
