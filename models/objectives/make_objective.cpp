#include "models/objectives/make_objective.hpp"

#include <fmt/format.h>

namespace peloton {
namespace {

struct Make {
  const std::shared_ptr<const DataPair>& data;
  Precision precision;
  const Kernels& kernels;
  const Place& place;
  const std::string& data_folder;

  std::unique_ptr<Objective> operator()(const QuadraticOptions& o) const { return make_quadratic(o, precision, kernels); }
  std::unique_ptr<Objective> operator()(const KinkedQuadraticOptions& o) const { return make_kinked_quadratic(o, precision, kernels); }
  std::unique_ptr<Objective> operator()(const LinearOptions& o) const { return make_linear(o, data, precision, kernels); }
  std::unique_ptr<Objective> operator()(const LogisticOptions& o) const { return make_logistic(o, data, precision, kernels, place); }
  std::unique_ptr<Objective> operator()(const SoftmaxOptions& o) const { return make_softmax(o, data, precision, kernels, place); }
  std::unique_ptr<Objective> operator()(const MlpOptions& o) const { return make_mlp(o, data, precision, kernels, place); }
  std::unique_ptr<Objective> operator()(const LayersOptions& o) const { return make_layers(o, precision, data_folder, place); }
};

/// Whether the model learns from a data set; the others are given by their options alone.
bool needs_data(const ModelSpec& spec) {
  return !spec.is<QuadraticOptions>() && !spec.is<KinkedQuadraticOptions>() && !spec.is<LayersOptions>();
}

}  // namespace

std::unique_ptr<Objective> make_objective(const ModelSpec& spec, std::shared_ptr<const DataPair> data, Precision precision,
                                          const Kernels& kernels, const Place& place, const std::string& data_folder) {
  if (needs_data(spec) && (data == nullptr || data->train.rows == 0))
    throw InputError(place, fmt::format("the model \"{}\" needs training data, there are none", spec.kind()));
  if (!needs_data(spec) && data != nullptr)
    throw InputError(place, fmt::format("the model \"{}\" uses no data, but a data set is given", spec.kind()));
  return std::visit(Make{data, precision, kernels, place, data_folder}, spec.value);
}

}  // namespace peloton
