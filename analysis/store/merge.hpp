#pragma once

#include <filesystem>
#include <vector>

namespace peloton {

/// The stores in a folder: sweep.sqlite and the shards' sweep.I-of-N.sqlite, by name. None is an InputError; a store stands for itself.
[[nodiscard]] std::vector<std::filesystem::path> stores_in(const std::filesystem::path& folder_or_store);

/// Puts the finished points of several stores of one sweep into the store `target`, which is made when it is missing and kept else. A
/// point that several of them hold must be the same in all. Stores of different sweeps, kernels or versions are InputErrors, and so is
/// a point that differs. It is scored as the first source is. Returns the points that none of them holds.
[[nodiscard]] std::vector<std::size_t> merge_stores(const std::vector<std::filesystem::path>& sources, const std::filesystem::path& target);

}  // namespace peloton
