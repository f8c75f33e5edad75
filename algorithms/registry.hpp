#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "algorithms/algorithm.hpp"
#include "sim/base/options.hpp"

namespace peloton {

/// An algorithm by name with its options parsed: makes a fresh object for each run.
struct AlgorithmChoice {
  std::string name;
  Json options;  ///< every default filled in, without the name
  std::function<std::unique_ptr<Algorithm>()> make;
};

/// One line of the registry.
struct AlgorithmEntry {
  AlgorithmInfo info;
  std::vector<FieldInfo> (*fields)();
  AlgorithmChoice (*choose)(ObjectReader& reader);
};

/// Every algorithm, in the order in which `peloton list` prints them.
[[nodiscard]] std::span<const AlgorithmEntry> algorithm_registry();
/// The entry of a name; an unknown one is an InputError at `place` with the nearest name.
[[nodiscard]] const AlgorithmEntry& find_algorithm(std::string_view name, const Place& place);

/// {"name": "async_sgd", options…}, or in short "async_sgd".
template <>
struct OptionType<AlgorithmChoice> {
  static AlgorithmChoice parse(const Json& json, const Place& place);
  static Json write(const AlgorithmChoice& choice);
  static Json schema();
  static std::string type() { return "algorithm"; }
};

}  // namespace peloton
