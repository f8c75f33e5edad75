#pragma once

#include <memory>
#include <optional>
#include <string>

#include "models/objective.hpp"
#include "sim/base/options.hpp"

namespace peloton {

/// The parameter tensors of a network by their sizes and operations, for timing: there is nothing to evaluate. See LayerTable.
struct LayersOptions {
  static constexpr std::string_view kind = "layers";
  static constexpr std::string_view help = "the layers of a network (resnet50, bert_base, a table), for timing without learning";
  std::string table;
  std::optional<Count> tokens;
  static auto fields() {
    return options(required("table", &LayersOptions::table,
                            "resnet50, bert_base, or a file NAME.csv in the data folder with the columns name,parameters,flops"),
                   field("tokens", &LayersOptions::tokens, between(1, 512), "length of a sequence (bert_base; default 128)"));
  }
  void validate(const Place& place) const;
};

/// An objective that tells its dimension, tensors and operations; what asks it for values breaks an invariant. A file that cannot be read
/// is an InputError. `place` is the model's.
[[nodiscard]] std::unique_ptr<Objective> make_layers(const LayersOptions& options, Precision precision, const std::string& data_folder,
                                                     const Place& place);

}  // namespace peloton
