#include "scenarios/run_parts.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "models/kernels/kernels.hpp"
#include "scenarios/shared_parts.hpp"

namespace peloton {
namespace {

/// What the engine holds per worker: one pending event, one computation or message under way, its totals, the algorithm's entries.
constexpr double kEngineBytesPerWorker = 200;

void refuse_data_keys(const TaskSpec& task, const Place& place) {
  const auto refuse = [&](bool given, std::string_view key) {
    if (given) throw InputError(place / key, fmt::format("the model \"{}\" has no data, so it takes no {}", task.model.kind(), key));
  };
  refuse(task.data.has_value(), "data");
  refuse(task.partition.has_value(), "partition");
  const bool layers = task.model.is<LayersOptions>();  // whose samples take time
  if (layers && task.batch_size && !task.batch_size->rows)
    throw InputError(place / "batch_size", "must be a number of samples: a table of layers has no data of which the batch could be all");
  refuse(!layers && task.batch_size.has_value(), "batch_size");
  refuse(task.batch_order.has_value(), "batch_order");
}

/// The names of the methods whose messages may travel during computations.
std::string overlapping_methods() {
  std::string out;
  for (const AlgorithmEntry& e : algorithm_registry())
    if (e.info.overlaps) out += (out.empty() ? "" : ", ") + std::string(e.info.name);
  return out;
}

/// Overlap and shards where there is nothing that could overlap or be sharded.
void check_parts(const ClusterSpec& cluster, const AlgorithmInfo& info, const Place& place) {
  if (cluster.overlap.is<LayerwiseOverlap>() && !info.overlaps)
    throw InputError(place / "overlap",
                     fmt::format("must be \"none\" with \"{}\", which does more with models and gradients than to send, reduce and compute "
                                 "them as they come ({} can overlap)",
                                 info.name, overlapping_methods()));
  if (cluster.servers > 1 && !info.needs_server)
    throw InputError(place / "servers", fmt::format("must be 1: \"{}\" has no server", info.name));
  if (cluster.servers > 1 && cluster.network.model.is<BroadcastNetwork>())
    throw InputError(place / "servers", "a broadcast medium carries whole messages: must be 1");
  if (cluster.faults.empty()) return;
  if (cluster.servers > 1)
    throw InputError(place / "servers", "must be 1 with faults: what is left of a message in parts has no meaning yet");
  if (cluster.overlap.is<LayerwiseOverlap>())
    throw InputError(place / "overlap", "must be \"none\" with faults: a pass through the layers can neither be paused nor begun again");
}

/// The rack of each worker; empty when one stands in none.
std::vector<std::uint32_t> racks_of_workers(const Topology& topology) {
  std::vector<std::uint32_t> out;
  for (NodeId w = 0; w < topology.workers(); ++w) {
    const std::optional<std::size_t> rack = topology.rack(w);
    if (!rack) return {};
    out.push_back(static_cast<std::uint32_t>(*rack));
  }
  return out;
}

}  // namespace

Run::Parts::Parts(const Scenario& scenario, const Execution& execution, MemoryEstimate& memory) {
  const Place root{execution.scenario_file, ""};
  memory.add("program", execution.shared != nullptr ? execution.shared->memory.program() : resident_memory());
  const AlgorithmInfo& info = find_algorithm(scenario.algorithm.name, root / "algorithm").info;
  const auto workers = static_cast<std::size_t>(scenario.cluster.workers);
  pool = std::make_unique<ThreadPool>(execution.threads);
  algorithm = scenario.algorithm.make();
  topology = make_placed_topology(scenario.cluster.topology, scenario.cluster.placement, workers,
                                  info.needs_server ? static_cast<std::size_t>(scenario.cluster.servers) : 0, root / "cluster",
                                  {static_cast<std::uint64_t>(scenario.seed), execution.data_folder});
  build_network(scenario, execution, root / "cluster");
  check_parts(scenario.cluster, info, root / "cluster");
  algorithm->validate(*topology, static_cast<std::uint64_t>(scenario.seed), root / "algorithm");
  const std::string needs_values = scenario.learning ? "" : algorithm->needs_values();
  if (!needs_values.empty()) throw InputError(root / "learning", fmt::format("false: {}", needs_values));
  if (scenario.task) build_task(*scenario.task, scenario, execution, root / "task");
  build_compute(scenario, execution, root);
  estimate_memory(scenario, memory);
  take_memory(execution, memory, root);
  if (space) {
    find_facts(scenario, execution, root);
    build_learning(scenario);
  }
  build_layers(scenario, root);
  build_cluster(scenario, root);
}

void Run::Parts::build_compute(const Scenario& scenario, const Execution& execution, const Place& root) {
  const ClusterSpec& spec = scenario.cluster;
  const auto seed = static_cast<std::uint64_t>(scenario.seed);
  if (!spec.processing.empty())
    processing = std::make_unique<Processing>(spec.processing, *topology, seed, root / "cluster" / "processing");
  if (spec.workers == 0) return;
  const std::vector<std::uint32_t> racks = spec.slowdowns.empty() ? std::vector<std::uint32_t>{} : racks_of_workers(*topology);
  const LawSources sources{.workers = static_cast<std::size_t>(spec.workers),
                           .seed = seed,
                           .data_folder = execution.data_folder,
                           .flops_per_sample = objective ? objective->flops_per_sample() : 0};
  compute = std::make_unique<ComputeModel>(ComputeSpecs{spec.compute, spec.stragglers, spec.slowdowns}, sources, root / "cluster", racks);
}

void Run::Parts::take_memory(const Execution& execution, const MemoryEstimate& memory, const Place& root) {
  double limit = execution.max_memory ? execution.max_memory->value : physical_memory();
  if (execution.shared != nullptr) limit = execution.shared->memory.limit();
  if (memory.total() > limit)
    throw InputError(root, fmt::format("{} is above the limit of {} (--max-memory)", memory.text(), show_bytes(limit)));
  if (execution.shared == nullptr) return;
  const double own = memory.total() - execution.shared->memory.program() - (data != nullptr ? memory_of(*data) : 0);
  share = execution.shared->memory.take(own, execution.shared->data.bytes());
}

void Run::Parts::build_network(const Scenario& scenario, const Execution& execution, const Place& place) {
  const auto seed = static_cast<std::uint64_t>(scenario.seed);
  LinkSources sources{.seed = seed, .data_folder = execution.data_folder, .place = place / "network" / "links", .partitions = {}};
  const Topology* over = topology.get();
  if (!scenario.cluster.faults.empty()) {
    faults.emplace(scenario.cluster.faults, *topology, seed, place / "faults");
    for (const NetworkPartition& cut : faults->partitions()) sources.partitions.push_back(cut.outage);
    if (!sources.partitions.empty()) over = &partitioned.emplace(*topology, faults->partitions());
  }
  network = make_network(scenario.cluster.network, *over, sources);
}

void Run::Parts::build_task(const TaskSpec& task, const Scenario& scenario, const Execution& execution, const Place& place) {
  const Kernels& kernels = find_kernels(execution.kernels);
  const auto workers = static_cast<std::size_t>(scenario.cluster.workers);
  const auto data_seed = static_cast<std::uint64_t>(scenario.data_seed);
  kernels_name = kernels.name;
  if (task.data) {
    const Place here = place / "data";
    data = execution.shared != nullptr ? execution.shared->data.load(*task.data, execution.data_folder, data_seed, here)
                                       : load_data(*task.data, execution.data_folder, data_seed, here);
    training_rows = data->train.rows;
  }
  objective = make_objective(task.model, data, scenario.precision, kernels, place, execution.data_folder);
  if (objective->worker_functions() != 0 && objective->worker_functions() != workers)
    throw InputError(place / "model", fmt::format("has a function for each of {} workers, but there are {} (/cluster/workers)",
                                                  objective->worker_functions(), workers));
  if (objective->rows(Split::train) == 0) {
    refuse_data_keys(task, place);
    if (task.model.is<LayersOptions>()) batch = static_cast<std::size_t>(*task.batch_size.value_or(BatchSize{}).rows);
  } else {
    partition = std::make_unique<Partition>(task.partition.value_or(PartitionSpec{}), data->train.labels, workers, data_seed,
                                            place / "partition", data->train.devices);
    sampler =
        std::make_unique<BatchSampler>(*partition, BatchSampler::Options{.size = task.batch_size.value_or(BatchSize{}),
                                                                         .order = task.batch_order.value_or(BatchOrder::with_replacement),
                                                                         .seed = static_cast<std::uint64_t>(scenario.seed)});
  }
  functions = {workers, partition.get()};
  if (scenario.learning) space = std::make_unique<VectorSpace>(scenario.precision, objective->dimension(), kernels, *pool);
}

void Run::Parts::find_facts(const Scenario& scenario, const Execution& execution, const Place& root) {
  const TaskSpec& task = *scenario.task;
  const bool wanted = scenario.stop.suboptimality.has_value();
  const OptimumChoice choice = wanted && task.optimum == OptimumChoice::automatic ? OptimumChoice::compute : task.optimum;
  const auto computed = [&] {
    const auto rows = task.batch_size.value_or(BatchSize{}).rows;
    return convex_facts({.model = task.model,
                         .data = data,
                         .objective = *objective,
                         .functions = functions,
                         .batch_rows = static_cast<std::size_t>(sampler ? rows.value_or(0) : 0),
                         .kernels = find_kernels(kernels_name)},
                        choice, *pool);
  };
  if (execution.shared == nullptr) {
    convex = computed();
  } else {  // known by everything that they follow from
    const Json precision = write_options(scenario.precision);
    convex = execution.shared->facts.get(fmt::format("{} {} {} {} {} {} {}", write_options(task).dump(), scenario.cluster.workers,
                                                     scenario.data_seed, precision.dump(), kernels_name, execution.data_folder, wanted),
                                         computed);
  }
  if (!wanted || (convex && convex->optimal_value)) return;
  std::string reason = "the task is not convex";
  if (task.optimum == OptimumChoice::skip) reason = "/task/optimum is \"skip\"";
  if (convex) reason = convex->missing;
  throw InputError(root / "stop" / "suboptimality", fmt::format("needs the minimum f*, which is not known: {}", reason));
}

void Run::Parts::build_learning(const Scenario& scenario) {
  executor = std::make_unique<GradientExecutor>(*objective, sampler.get(), *space,
                                                GradientExecutor::Options{.seed = static_cast<std::uint64_t>(scenario.seed)});
  learning.emplace(Cluster::Learning{*space, *executor});
}

double Run::Parts::parameter_scale(const Scenario& scenario) const {
  if (!objective || !scenario.task->nominal_parameters) return 1;
  return static_cast<double>(*scenario.task->nominal_parameters) / static_cast<double>(objective->dimension());
}

void Run::Parts::build_layers(const Scenario& scenario, const Place& root) {
  if (!scenario.cluster.overlap.is<LayerwiseOverlap>()) return;
  if (network->is_broadcast_medium())
    throw InputError(root / "cluster" / "overlap", "a broadcast medium carries whole messages: must be \"none\"");
  const std::vector<std::size_t> sizes = objective->tensors();
  const std::vector<double> work = objective->forward_flops();
  std::vector<LayerSchedule::Tensor> tensors;
  for (std::size_t i = 0; i < sizes.size(); ++i) tensors.push_back({.coordinates = sizes[i], .work = work[i]});
  const auto bytes = static_cast<double>(bytes_of(scenario.wire_dtype));
  layers.emplace(scenario.cluster.overlap.get<LayerwiseOverlap>(), tensors, bytes * parameter_scale(scenario));
}

void Run::Parts::build_cluster(const Scenario& scenario, const Place& root) {
  cluster = std::make_unique<Cluster>(Cluster::Parts{.workers = static_cast<std::size_t>(scenario.cluster.workers),
                                                     .server = topology->server(),
                                                     .compute = compute.get(),
                                                     .topology = *topology,
                                                     .network = *network,
                                                     .processing = processing.get(),
                                                     .sampler = sampler.get(),
                                                     .learning = learning ? &*learning : nullptr,
                                                     .dimension = objective ? objective->dimension() : 0,
                                                     .tensors = objective ? objective->tensors() : std::vector<std::size_t>{},
                                                     .wire = scenario.wire_dtype,
                                                     .header_bytes = static_cast<std::uint64_t>(scenario.cluster.message_header.value),
                                                     .seed = static_cast<std::uint64_t>(scenario.seed),
                                                     .servers = static_cast<std::size_t>(scenario.cluster.servers),
                                                     .layers = layers ? &*layers : nullptr,
                                                     .parameter_scale = parameter_scale(scenario),
                                                     .batch = batch});
  Vector initial;
  if (learning) {
    initial = space->make();
    objective->initial_point(static_cast<std::uint64_t>(scenario.seed), initial.write());
  }
  cluster->set_start(std::move(initial), algorithm->step_rule());
  if (faults) cluster->set_faults(*faults, to_duration(scenario.cluster.failure_detection));
  algorithm->prepare(*cluster);
  if (const std::string& codec = cluster->codec_of_whole_vectors(); !codec.empty())
    throw InputError(root / "cluster" / "servers",
                     fmt::format("must be 1 with the codec \"{}\", which encodes whole vectors: none of the {} servers has one", codec,
                                 scenario.cluster.servers));
  if (scenario.twin) cluster->start_twin(*scenario.twin, *algorithm);
}

void Run::Parts::estimate_memory(const Scenario& scenario, MemoryEstimate& memory) const {
  const auto workers = static_cast<std::size_t>(scenario.cluster.workers);
  if (data) memory.add("data", memory_of(*data));
  if (partition) memory.add("partition", static_cast<double>(partition->bytes()));
  memory.add("engine", kEngineBytesPerWorker * static_cast<double>(workers + 1));
  if (!space) return;
  const RoundPlan plan = algorithm->plan({.workers = workers,
                                          .dimension = objective->dimension(),
                                          .tensors = objective->tensors(),
                                          .bits_per_number = 8 * bytes_of(scenario.wire_dtype)});
  const double vector = static_cast<double>(space->bytes_per_vector());
  const std::size_t optimizer = algorithm->step_rule() ? state_vectors(algorithm->step_rule()->optimizer) : 0;
  const std::size_t results = GradientExecutor::kTasksPerThread * pool->size() * plan.results_each + plan.held_results;
  memory.add(fmt::format("{} model versions", plan.live_models), static_cast<double>(plan.live_models) * vector);
  memory.add("gradients", static_cast<double>(results) * vector);
  memory.add("state vectors", static_cast<double>(plan.state_vectors + optimizer + 1) * vector);
  if (scenario.twin) {
    const std::size_t trajectories = 3 + 2 * optimizer;  // two models with their states, and the run's own last model
    const std::size_t work = (pool->size() + 2) * plan.results_each + 2;
    memory.add("twin", static_cast<double>(trajectories + work + plan.twin_vectors) * vector);
  }
  memory.add("messages", static_cast<double>(plan.held_bytes));
  memory.add("measurement", static_cast<double>(2 * pool->size() + 1) * vector);
}

}  // namespace peloton
