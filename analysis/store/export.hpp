#pragma once

#include <filesystem>

#include "analysis/output_directory.hpp"

namespace peloton {

/// Writes the tables of a sweep for scripts; `out` publishes them:
///
///   points.csv        a row per point: point, a column per axis, repeat, seed, status, and the numbers of its summary
///   measurements.csv  a row per point and measurement: point, a column per axis, repeat, seed, and the columns of metrics.csv
///   points.jsonl      a line per point: {"point", "axes": {path: value}, "repeat", "seed", "summary"}
///
/// Rows are in the order of the points, whoever computed them and when: the same sweep gives the same bytes. While points are missing
/// the names are points.partial.csv and so on, so that no half table is taken for a whole one. A full disk is a Failure.
void export_sweep(const std::filesystem::path& store, OutputDirectory& out);

}  // namespace peloton
