#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "sim/base/data_folder.hpp"

namespace peloton {

/// A square matrix of times between places, in the file's own unit.
struct LatencyMatrixFile {
  std::vector<std::string> names;  ///< of the places; empty when the file has none
  std::size_t size = 0;
  std::vector<double> values;  ///< size · from + to, all ≥ 0 and finite
};

/// Reads either rows of numbers separated by tabs, commas, semicolons or blanks (the PlanetLab and Seattle matrices of Zhu et al.,
/// IEEE/ACM ToN 2017), or JSON with {"data": {from: {to: number}}} or that object alone (cloudping.co's times between AWS regions), in
/// which the order of the outer names is that of the places and a missing diagonal is 0.
/// A matrix that is not square, is empty or larger than 5,000, an unknown or missing pair, and what is not a number ≥ 0 are InputErrors
/// with the line and column, or the names.
[[nodiscard]] LatencyMatrixFile read_latency_matrix(const DataFile& file);

}  // namespace peloton
