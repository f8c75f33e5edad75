#pragma once

#include <filesystem>
#include <string>

#include "analysis/output_directory.hpp"

namespace peloton {

/// Scores the finished points of a store as its "score" wants it and writes scores.csv (scores.partial.csv while points are missing);
/// `out` publishes it. Returns the tables for a terminal. A target on a metric that no run measured is an InputError.
[[nodiscard]] std::string write_scores(const std::filesystem::path& store, OutputDirectory& out);

}  // namespace peloton
