#pragma once

#include <optional>
#include <string>
#include <vector>

#include "algorithms/registry.hpp"
#include "algorithms/twin.hpp"
#include "analysis/scores/score_spec.hpp"
#include "models/convex/facts.hpp"
#include "models/data/batch.hpp"
#include "models/data/data_spec.hpp"
#include "models/data/partition.hpp"
#include "models/objectives/make_objective.hpp"
#include "models/vector.hpp"
#include "scenarios/sweep/sweep_spec.hpp"
#include "sim/base/options.hpp"
#include "sim/compute/compute_model.hpp"
#include "sim/compute/layer_schedule.hpp"
#include "sim/compute/processing.hpp"
#include "sim/faults/fault_spec.hpp"
#include "sim/network/network_spec.hpp"
#include "sim/topology/topology_spec.hpp"

namespace peloton {

/// /cluster: who computes, how fast, and what lies between.
struct ClusterSpec {
  Count workers = 0;
  ComputeSpec compute;
  std::vector<StragglerSpec> stragglers;
  std::vector<SlowdownSpec> slowdowns;
  std::vector<ProcessingSpec> processing;
  TopologySpec topology;
  std::optional<PlacementSpec> placement;
  Count servers = 1;
  NetworkSpec network;
  OverlapSpec overlap;
  Bytes message_header;
  std::optional<Json> byzantine;
  std::vector<FaultSpec> faults;
  Seconds failure_detection{1};

  static auto fields() {
    return options(
        field("workers", &ClusterSpec::workers, between(0, 4'000'000),
              "number of workers; may be absent when only the network is looked at"),
        field("compute", &ClusterSpec::compute, "law of the computing times"),
        field("stragglers", &ClusterSpec::stragglers, "workers that are permanently slower"),
        field("slowdowns", &ClusterSpec::slowdowns, "groups of workers that are slower together for a while"),
        field("processing", &ClusterSpec::processing, "time that nodes need for the messages they receive (default: none)"),
        field("topology", &ClusterSpec::topology, "nodes and links"),
        field("placement", &ClusterSpec::placement,
              "which nodes carry workers and server; default: worker i is on host i, the server on one of its own"),
        field("servers", &ClusterSpec::servers, between(1, 100'000),
              "parameter servers, each on a node of its own with a shard of the model: a message to or from the server is one for "
              "each of them"),
        field("network", &ClusterSpec::network, "how messages share the links"),
        field("overlap", &ClusterSpec::overlap, "whether messages travel while their workers compute"),
        field("message_header", &ClusterSpec::message_header, kNonNegative, "bytes added to every message on the wire"),
        field("byzantine", &ClusterSpec::byzantine, "reserved: a later version; refused when given"),
        field("faults", &ClusterSpec::faults, "nodes that crash, pause, come and go; partitions of the network"),
        field("failure_detection", &ClusterSpec::failure_detection, kNonNegative,
              "from the crash of a node to the moment when the others know of it"));
  }
  void validate(const Place& place) const;
};

/// /task: what is learned.
struct TaskSpec {
  ModelSpec model;
  std::optional<DataSpec> data;
  std::optional<PartitionSpec> partition;
  std::optional<BatchSize> batch_size;
  std::optional<BatchOrder> batch_order;
  OptimumChoice optimum = OptimumChoice::automatic;
  std::optional<Count> nominal_parameters;

  static auto fields() {
    return options(required("model", &TaskSpec::model, "the objective"),
                   field("data", &TaskSpec::data, "the data set; models without data take none"),
                   field("partition", &TaskSpec::partition, "which rows each worker holds; default iid"),
                   field("batch_size", &TaskSpec::batch_size, "rows per stochastic gradient, or \"full\"; default 32"),
                   field("batch_order", &TaskSpec::batch_order, "how a worker walks its rows; default with_replacement"),
                   field("optimum", &TaskSpec::optimum,
                         "facts of a convex task (f*, L, μ, gradient noise, heterogeneity): auto computes the closed forms and what takes "
                         "a second or two, compute all of them, skip none"),
                   field("nominal_parameters", &TaskSpec::nominal_parameters, between(1, 1e15),
                         "messages that carry parameters or gradients take the time they would take with a model of so many; bits are "
                         "counted as they are"));
  }
};

/// /measure: when the reported model is evaluated, outside virtual time.
struct MeasureSpec {
  std::optional<Seconds> every;
  std::optional<Count> updates;
  bool at_end = true;
  bool gradient = true;
  bool per_worker = false;

  static auto fields() {
    return options(field("every", &MeasureSpec::every, kPositive, "virtual time between two measurements"),
                   field("updates", &MeasureSpec::updates, at_least(1), "updates between two measurements"),
                   field("at_end", &MeasureSpec::at_end, "always true: the start and the end are measured in any case"),
                   field("gradient", &MeasureSpec::gradient, "also the norm of the whole gradient, which costs about twice the loss"),
                   field("per_worker", &MeasureSpec::per_worker,
                         "also the reported model's loss and accuracy on each worker's shard: their mean and the worst tenth"));
  }
  void validate(const Place& place) const;
};

/// /stop: the run ends when the first of these holds.
struct StopSpec {
  std::optional<Seconds> time;
  std::optional<Count> updates;
  std::optional<Count> gradients;
  std::optional<double> epochs;
  std::optional<Count> bits;
  std::optional<double> loss;
  std::optional<double> accuracy;
  std::optional<double> suboptimality;
  double divergence = 1e6;

  static auto fields() {
    return options(field("time", &StopSpec::time, kPositive, "virtual time"),
                   field("updates", &StopSpec::updates, at_least(1), "updates made"),
                   field("gradients", &StopSpec::gradients, at_least(1), "computations ended"),
                   field("epochs", &StopSpec::epochs, kPositive, "samples processed over the size of the training set"),
                   field("bits", &StopSpec::bits, at_least(1), "payload bits sent, all directions"),
                   field("loss", &StopSpec::loss, "a measured training loss at or below this (status: target)"),
                   field("accuracy", &StopSpec::accuracy, between(0, 1), "a measured accuracy at or above this (status: target)"),
                   field("suboptimality", &StopSpec::suboptimality, kNonNegative, "a measured f − f* at or below this (status: target)"),
                   field("divergence", &StopSpec::divergence, more_than(1),
                         "diverged: loss not finite, or above this times max(1, loss at the start)"));
  }
  [[nodiscard]] bool empty() const { return !time && !updates && !gradients && !epochs && !bits && !loss && !accuracy && !suboptimality; }
};

/// A whole scenario: one run, or with a sweep many.
struct Scenario {
  std::string name;
  std::vector<std::string> description;
  Count seed = 1;
  Count data_seed = 1;
  Precision precision = Precision::float32;
  Precision wire_dtype = Precision::float32;
  bool learning = true;
  ClusterSpec cluster;
  std::optional<TaskSpec> task;
  AlgorithmChoice algorithm;
  MeasureSpec measure;
  std::optional<TwinSpec> twin;
  StopSpec stop;
  std::optional<SweepSpec> sweep;
  std::optional<ScoreSpec> score;

  static auto fields() {
    return options(
        required("name", &Scenario::name, "names the output folder"),
        field("description", &Scenario::description, "what it shows, for its readers: lines of text"),
        field("seed", &Scenario::seed, kNonNegative, "of everything random but the data"),
        field("data_seed", &Scenario::data_seed, kNonNegative, "of generated data and of the partition"),
        field("precision", &Scenario::precision, "number type of parameters and gradients"),
        field("wire_dtype", &Scenario::wire_dtype, "number type of dense messages"),
        field("learning", &Scenario::learning, "false: timing only, no gradient is evaluated"),
        required("cluster", &Scenario::cluster, "who computes, how fast, and what lies between"),
        field("task", &Scenario::task, "what is learned"), required("algorithm", &Scenario::algorithm, "what runs on the cluster"),
        field("measure", &Scenario::measure, "when the model is measured"),
        field("twin", &Scenario::twin,
              "a zero-delay twin beside the run: what staleness does to the model; about four times the gradients; default none"),
        field("stop", &Scenario::stop, "when the run ends"),
        field("sweep", &Scenario::sweep, "values to vary, by their paths: the scenario of many runs (`peloton sweep`)"),
        field("score", &Scenario::score, "how the points of a sweep are scored; changes no run"));
  }
  void validate(const Place& place) const;
};

}  // namespace peloton
