#pragma once

#include <memory>
#include <optional>
#include <string>

#include "models/convex/facts.hpp"
#include "models/evaluation.hpp"
#include "scenarios/memory_budget.hpp"
#include "scenarios/run.hpp"
#include "sim/faults/partitioned_topology.hpp"

namespace peloton {

/// What a run is made of, in the order of construction; each part may refer to those above it.
struct Run::Parts {
  Parts(const Scenario& scenario, const Execution& execution, MemoryEstimate& memory);

  /// How many parameters each of the model's stands for in message times.
  [[nodiscard]] double parameter_scale(const Scenario& scenario) const;

  MemoryBudget::Share share;
  std::unique_ptr<ThreadPool> pool;
  std::unique_ptr<Topology> topology;
  std::optional<FaultSchedule> faults;             ///< none: nothing ever fails
  std::optional<PartitionedTopology> partitioned;  ///< where the network is cut
  std::unique_ptr<Network> network;
  std::unique_ptr<Processing> processing;  ///< null: none
  std::unique_ptr<ComputeModel> compute;
  std::shared_ptr<const DataPair> data;
  std::unique_ptr<Partition> partition;
  std::unique_ptr<BatchSampler> sampler;
  std::unique_ptr<Objective> objective;
  std::optional<LayerSchedule> layers;  ///< where messages overlap with computations
  std::unique_ptr<VectorSpace> space;
  std::unique_ptr<GradientExecutor> executor;
  std::optional<Cluster::Learning> learning;
  std::unique_ptr<Cluster> cluster;
  std::unique_ptr<Algorithm> algorithm;
  std::string kernels_name;
  std::size_t training_rows = 0;
  std::size_t batch = 1;  ///< samples of a computation of a model without data
  WorkerFunctions functions;
  std::optional<ConvexFacts> convex;  ///< of a convex task that is learned

 private:
  void build_compute(const Scenario& scenario, const Execution& execution, const Place& root);
  void build_network(const Scenario& scenario, const Execution& execution, const Place& place);
  void build_task(const TaskSpec& task, const Scenario& scenario, const Execution& execution, const Place& place);
  void take_memory(const Execution& execution, const MemoryEstimate& memory, const Place& root);
  void find_facts(const Scenario& scenario, const Execution& execution, const Place& root);
  void build_learning(const Scenario& scenario);
  void build_layers(const Scenario& scenario, const Place& root);
  void build_cluster(const Scenario& scenario, const Place& root);
  void estimate_memory(const Scenario& scenario, MemoryEstimate& memory) const;
};

}  // namespace peloton
