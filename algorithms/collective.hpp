#pragma once

#include <span>

#include "algorithms/algorithm.hpp"
#include "algorithms/collectives/operations.hpp"

namespace peloton {

/// Looks at the network alone: one collective operation among all workers, several times, each beginning when the one before has ended.
/// It does not form again: when a worker fails, the run stalls.
class TimedCollective final : public Algorithm {
 public:
  struct Options {
    CollectiveOperation operation;
    Bytes size{1e6};
    Bytes element{4};
    Count repeat = 1;

    static auto fields() {
      return options(
          required("operation", &Options::operation, "what all workers do together"),
          field("size", &Options::size, kNonNegative, "M, of a worker's vector or, in an all-gather, of its part; a multiple of element"),
          field("element", &Options::element, between(1, 1 << 20), "of a vector, which is not cut inside it"),
          field("repeat", &Options::repeat, between(1, 1e6), "operations, one after another"));
    }
    void validate(const Place& place) const;
  };
  static constexpr AlgorithmInfo info{
      .name = "collective",
      .summary = "runs a collective operation among all workers and reports how long it took: the network alone",
      .source = "a probe of the network models",
      .needs_task = false,
      .needs_server = false};

  explicit TimedCollective(const Options& options) : options_(options) {}

  void on_start(Cluster& c) override { begin(c); }
  void on_collective(Cluster& c, const CollectiveDone& d) override;

  Model reported_model(Cluster&) const override { return {}; }
  void validate(const Topology& topology, std::uint64_t seed, const Place& place) override;
  std::string setup_note() const override;
  RoundPlan plan(const PlanContext&) const override { return {}; }
  bool finished() const override { return done_.size() == static_cast<std::size_t>(options_.repeat); }
  std::string waits_for(const Cluster& c) const override;
  /// collective.csv: repeat, operation, root, ranks, bytes, start, first (a worker with its result), finish (of the last), seconds,
  /// rate = 8 · bytes / seconds in bit/s.
  std::vector<Table> tables(const Cluster& c) const override;
  void visit_state(StateVisitor& v, Cluster& c) override;

 private:
  /// One operation: all join at `start`.
  struct Timing {
    Time start;
    Time first = kNever;
    Time finish = kNever;
    std::uint64_t root = 0;
    void visit_state(StateVisitor& v) {
      v("start", start);
      v("first", first);
      v("finish", finish);
      v("root", root);
    }
  };

  // Each operation has two tags: the gathering of numbers that decide a root, where one does, and the operation itself.
  [[nodiscard]] bool elects() const { return options_.operation.is<ElectedBroadcastOperation>(); }
  [[nodiscard]] std::uint64_t gathering() const { return 2 * done_.size(); }
  [[nodiscard]] std::uint64_t operation() const { return 2 * done_.size() + 1; }
  [[nodiscard]] CollectiveSpec spec(std::span<const NodeId> members) const;
  void begin(Cluster& c);
  void elect(Cluster& c);

  Options options_;
  std::optional<AllReduce> all_reduce_;
  std::vector<Timing> done_;
  Timing running_;
  std::uint64_t open_ = 0;  ///< collectives of the running operation that have not ended
};

}  // namespace peloton
