#pragma once

#include <memory>

#include "models/objectives/kinked_quadratic.hpp"
#include "models/objectives/layers.hpp"
#include "models/objectives/linear.hpp"
#include "models/objectives/logistic.hpp"
#include "models/objectives/mlp.hpp"
#include "models/objectives/quadratic.hpp"
#include "models/objectives/softmax.hpp"

namespace peloton {

using ModelSpec =
    OneOf<"kind", QuadraticOptions, KinkedQuadraticOptions, LinearOptions, LogisticOptions, SoftmaxOptions, MlpOptions, LayersOptions>;

/// The objective of a model on a data set (null: none). `place` is the model's in the scenario. A model that lacks its data, one that
/// is given data which it cannot use, and labels that do not fit are InputErrors. `kernels` must outlive the objective. `data_folder`:
/// to which the path of a table of layers is relative.
[[nodiscard]] std::unique_ptr<Objective> make_objective(const ModelSpec& spec, std::shared_ptr<const DataPair> data, Precision precision,
                                                        const Kernels& kernels, const Place& place, const std::string& data_folder = {});

}  // namespace peloton
