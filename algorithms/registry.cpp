#include "algorithms/registry.hpp"

#include <array>

#include "algorithms/allreduce_sgd.hpp"
#include "algorithms/async_sgd.hpp"
#include "algorithms/collective.hpp"
#include "algorithms/d_psgd.hpp"
#include "algorithms/easgd.hpp"
#include "algorithms/fedbuff.hpp"
#include "algorithms/lasg.hpp"
#include "algorithms/local_sgd.hpp"
#include "algorithms/lsgd.hpp"
#include "algorithms/median_sgd.hpp"
#include "algorithms/noisy_median_sgd.hpp"
#include "algorithms/noisy_signsgd.hpp"
#include "algorithms/sasg.hpp"
#include "algorithms/signsgd.hpp"
#include "algorithms/sparse_sgd.hpp"
#include "algorithms/sync_sgd.hpp"
#include "algorithms/transfers.hpp"

namespace peloton {
namespace {

template <class A>
AlgorithmChoice choose(ObjectReader& reader) {
  using Options = typename A::Options;
  const Options options = OptionType<Options>::parse_members(reader);
  return {std::string(A::info.name), OptionType<Options>::write(options), [options] { return std::make_unique<A>(options); }};
}

template <class A>
constexpr AlgorithmEntry entry() {
  return {A::info, &field_infos<typename A::Options>, &choose<A>};
}

/// The registry: one line per algorithm.
// clang-format off
constexpr std::array kRegistry = {
    entry<SyncSgd>(),
    entry<AsyncSgd>(),
    entry<AllReduceSgd>(),
    entry<LocalSgd>(),
    entry<FedBuff>(),
    entry<DPsgd>(),
    entry<Lsgd>(),
    entry<Easgd>(),
    entry<SignSgd>(),
    entry<NoisySignSgd>(),
    entry<MedianSgd>(),
    entry<NoisyMedianSgd>(),
    entry<Sasg>(),
    entry<Lasg>(),
    entry<SparseSgd>(),
    entry<Transfers>(),
    entry<TimedCollective>(),
};
// clang-format on

}  // namespace

std::span<const AlgorithmEntry> algorithm_registry() { return kRegistry; }

const AlgorithmEntry& find_algorithm(std::string_view name, const Place& place) {
  std::vector<std::string> names;
  for (const AlgorithmEntry& e : kRegistry) {
    if (normalised(e.info.name) == normalised(name)) return e;
    names.emplace_back(e.info.name);
  }
  unknown_name(place, "an algorithm", name, names);
}

AlgorithmChoice OptionType<AlgorithmChoice>::parse(const Json& json, const Place& place) {
  const auto first_field = [](std::string_view kind) {
    const std::vector<FieldInfo> fields = find_algorithm(kind, {}).fields();
    return fields.empty() ? std::string() : fields.front().name;
  };
  const Json object = json.is_string() ? expand_compact(json, "name", place, first_field) : json;
  if (!object.is_object()) wrong_type(place, "an object with \"name\"", json);
  ObjectReader reader(object, place);
  const Json* name = reader.find("name");
  if (name == nullptr) throw InputError(place, "needs the key \"name\" (`peloton list` shows the algorithms)");
  if (!name->is_string()) wrong_type(place / "name", "the name of an algorithm", *name);
  AlgorithmChoice out = find_algorithm(name->get<std::string>(), place / "name").choose(reader);
  reader.finish();
  return out;
}

Json OptionType<AlgorithmChoice>::write(const AlgorithmChoice& choice) {
  Json out;
  out["name"] = choice.name;
  out.update(choice.options);
  return out;
}

Json OptionType<AlgorithmChoice>::schema() {
  Json out;
  out["oneOf"] = Json::array();
  for (const AlgorithmEntry& e : kRegistry) out["oneOf"].push_back(detail::object_schema(e.fields(), "name", e.info.name, e.info.summary));
  out["oneOf"].push_back(Json{{"type", "string"}, {"description", "short form: NAME[:value] or NAME:key=value,…"}});
  return out;
}

}  // namespace peloton
