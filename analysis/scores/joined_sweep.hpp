#pragma once

#include <string>
#include <vector>

#include "analysis/sweep_result.hpp"

namespace peloton {

/// A sweep with the name it has in a comparison.
struct NamedSweep {
  std::string name;
  SweepResult sweep;
};

/// The path of the axis that tells joined sweeps apart.
inline constexpr const char* kSweepAxis = "sweep";

/// Whether the sweeps vary the same scenario values, in whichever order.
[[nodiscard]] bool same_axes(const std::vector<NamedSweep>& sweeps);

/// Several sweeps over the same axes as one with a first axis more, their names: what a sweep is scored on holds between sweeps, too.
/// Levels are joined by their values; points with the same seed become the same repeat. `same_axes` must hold.
[[nodiscard]] SweepResult joined_sweep(const std::vector<NamedSweep>& sweeps);

}  // namespace peloton
