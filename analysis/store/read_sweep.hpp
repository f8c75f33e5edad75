#pragma once

#include <filesystem>
#include <functional>

#include "analysis/sweep_result.hpp"

namespace peloton {

/// The store of a sweep in its output folder: "sweep.sqlite".
[[nodiscard]] std::filesystem::path store_of(const std::filesystem::path& folder);

/// Whether the folder holds a sweep, whole or a shard of one: a file sweep.sqlite or sweep.I-of-N.sqlite.
[[nodiscard]] bool holds_sweep(const std::filesystem::path& folder);

/// Reads a sweep from its output folder or its store, finished points only; the sweep may be running. No store, one of another
/// version, and a file that is none are InputErrors.
[[nodiscard]] SweepResult read_sweep(const std::filesystem::path& folder_or_store);

/// The same without the points, which are handed to `visit` one after the other, by index: memory for one point.
SweepResult read_sweep(const std::filesystem::path& folder_or_store, const std::function<void(SweepPoint)>& visit);

}  // namespace peloton
