#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "analysis/sweep_result.hpp"

namespace peloton {

/// The store of a sweep in its output folder: "sweep.sqlite".
[[nodiscard]] std::filesystem::path store_of(const std::filesystem::path& folder);

/// Whether a file has the name of a store: sweep.sqlite, or sweep.2-of-5.sqlite for a shard.
[[nodiscard]] bool is_store(const std::filesystem::path& path);

/// Whether the folder holds a sweep, whole or a shard of one.
[[nodiscard]] bool holds_sweep(const std::filesystem::path& folder);

/// Reads a sweep from its output folder or its store, finished points only; the sweep may be running. No store, one of another
/// version, and a file that is none are InputErrors.
[[nodiscard]] SweepResult read_sweep(const std::filesystem::path& folder_or_store);

/// The same without its points.
[[nodiscard]] SweepResult read_sweep_header(const std::filesystem::path& folder_or_store);

/// The same without the points, which are handed to `visit` one after the other, by index: memory for one point.
SweepResult read_sweep(const std::filesystem::path& folder_or_store, const std::function<void(SweepPoint)>& visit);

/// How far a sweep is.
struct SweepCounts {
  std::size_t planned = 0;
  std::size_t finished = 0;
  std::vector<std::pair<std::string, std::size_t>> by_status;  ///< finished points by how their runs ended, in alphabetical order
};
[[nodiscard]] SweepCounts count_points(const std::filesystem::path& folder_or_store);

}  // namespace peloton
