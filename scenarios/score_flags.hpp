#pragma once

#include "scenarios/arguments.hpp"
#include "sim/base/options.hpp"

namespace peloton {

/// --target, --in-a-row, --tune, --rule.
[[nodiscard]] boost::program_options::options_description score_flags();

/// Puts the flags that are given into the scenario's "score".
void apply_score_flags(const Arguments& given, Json& scenario);

}  // namespace peloton
