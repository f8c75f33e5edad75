#include "scenarios/catalogue.hpp"

#include "algorithms/aggregation/aggregator.hpp"
#include "algorithms/collectives/operations.hpp"
#include "algorithms/compression/codec_options.hpp"
#include "algorithms/mixing/graph_spec.hpp"
#include "algorithms/mixing/mixing_matrix.hpp"
#include "algorithms/optimizers/optimizer_options.hpp"
#include "algorithms/registry.hpp"
#include "algorithms/schedules/communication.hpp"
#include "algorithms/schedules/step_size.hpp"
#include "scenarios/scenario.hpp"

namespace peloton {
namespace {

template <class Parts>
struct Alternatives;

template <FixedString Tag, class... Ts>
struct Alternatives<OneOf<Tag, Ts...>> {
  /// `common`: the keys of the struct that the alternatives stand in.
  static void add(std::vector<CatalogueEntry>& out, const std::string& category, const std::string& where,
                  const std::vector<FieldInfo>& common = {}) {
    (out.push_back(
         {category, std::string(Ts::kind), std::string(Ts::help), "", where, std::string(Tag.view()), with(field_infos<Ts>(), common), ""}),
     ...);
  }

 private:
  static std::vector<FieldInfo> with(std::vector<FieldInfo> own, const std::vector<FieldInfo>& common) {
    own.insert(own.end(), common.begin(), common.end());
    return own;
  }
};

template <OptionStruct S>
CatalogueEntry section(const std::string& name, const std::string& help) {
  return {"scenario section", name, help, "", "/" + name, "", field_infos<S>(), ""};
}

std::string note_of(const AlgorithmInfo& info) {
  if (info.values_decide_events) return "its events depend on values: with \"learning\": false it needs a surrogate";
  return info.overlaps ? "its messages can travel while workers compute (cluster.overlap)" : "";
}

CatalogueEntry algorithm_entry(const AlgorithmEntry& e) {
  return {.category = "algorithm",
          .name = std::string(e.info.name),
          .help = std::string(e.info.summary),
          .source = std::string(e.info.source),
          .where = "/algorithm",
          .tag = "name",
          .fields = e.fields(),
          .note = note_of(e.info)};
}

}  // namespace

std::vector<CatalogueEntry> catalogue() {
  std::vector<CatalogueEntry> out;
  for (const AlgorithmEntry& e : algorithm_registry()) out.push_back(algorithm_entry(e));
  Alternatives<OptimizerLaw>::add(out, "optimizer", "/algorithm/optimizer", field_infos<OptimizerSpec>());
  Alternatives<StepSize>::add(out, "step size", "/algorithm/learning_rate");
  Alternatives<AggregatorSpec>::add(out, "aggregator", "/algorithm/aggregator");
  Alternatives<CodecSpec>::add(out, "compressor", "/algorithm/compressor");
  Alternatives<AllReduceSpec>::add(out, "all-reduce", "/algorithm/collective");
  Alternatives<CollectiveOperation>::add(out, "collective operation", "/algorithm/operation");
  Alternatives<CommunicationSchedule>::add(out, "communication schedule", "/algorithm/schedule");
  Alternatives<GraphSpec>::add(out, "graph", "/algorithm/graph");
  Alternatives<MixingSpec>::add(out, "mixing", "/algorithm/mixing");
  Alternatives<ModelSpec>::add(out, "model", "/task/model");
  Alternatives<decltype(DataSpec::source)>::add(out, "data", "/task/data", field_infos<DataSpec>());
  Alternatives<decltype(PartitionSpec::scheme)>::add(out, "partition", "/task/partition", field_infos<PartitionSpec>());
  Alternatives<decltype(ComputeSpec::law)>::add(out, "compute law", "/cluster/compute", field_infos<ComputeSpec>());
  Alternatives<TopologySpec>::add(out, "topology", "/cluster/topology");
  Alternatives<NetworkModel>::add(out, "network", "/cluster/network", field_infos<NetworkSpec>());
  Alternatives<OverlapSpec>::add(out, "overlap", "/cluster/overlap");
  out.push_back(section<ClusterSpec>("cluster", "who computes, how fast, and what lies between"));
  out.push_back(section<StragglerSpec>("cluster/stragglers", "workers that are permanently slower, a list"));
  out.push_back(section<SlowdownSpec>("cluster/slowdowns", "groups of workers that are slower together for a while, a list"));
  out.push_back(section<ProcessingSpec>("cluster/processing", "time that nodes need for the messages they receive, a list"));
  out.push_back(section<PlacementSpec>("cluster/placement", "which nodes of the topology carry workers and server"));
  out.push_back(section<LinkSpec>("cluster/network/links", "links that change, follow traces or devices, jitter or lose packets, a list"));
  out.push_back(section<TaskSpec>("task", "what is learned"));
  out.push_back(section<MeasureSpec>("measure", "when the reported model is evaluated"));
  out.push_back(section<StopSpec>("stop", "when the run ends: the first that holds"));
  out.push_back(section<ScoreSpec>("score", "how the points of a sweep are scored; changes no run"));
  return out;
}

}  // namespace peloton
