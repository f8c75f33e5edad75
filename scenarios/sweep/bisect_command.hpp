#pragma once

#include "scenarios/arguments.hpp"
#include "scenarios/sweep/workforce.hpp"

namespace peloton {

/// --bisect, --between, --tolerance.
[[nodiscard]] boost::program_options::options_description bisect_flags();

/// The flags that say something about a search are refused without --bisect.
void refuse_bisect_flags(const Arguments& given);

/// `peloton sweep SCENARIO --bisect PATH`: the largest stable value at PATH for each combination of the scenario's other axes. Its trials
/// are kept in the output folder, so that the same command goes on where it was cut off. Returns the exit code.
int bisect(const Arguments& given, const Json& scenario, const Execution& execution, const MakeWorkforce& make);

}  // namespace peloton
