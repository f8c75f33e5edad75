#pragma once

#include <string>
#include <vector>

#include "sim/base/options.hpp"

namespace peloton {

/// A scenario value that a sweep varies.
struct VariedValue {
  std::string path;  ///< "cluster.workers", as in --set
  std::vector<Json> values;

  friend bool operator==(const VariedValue&, const VariedValue&) = default;
};

/// /sweep: which scenario values are varied. Axes stand in the order of the scenario, the last one varies fastest.
///
///   {"cluster.workers": [4, 8, 16], "algorithm.learning_rate": {"log2": [-6, 0]}, "repeat": 10,
///    "zip": [{"cluster.compute.mean": ["1 ms", "10 ms"], "measure.every": ["0.1 s", "1 s"]}],
///    "where": "cluster.workers * algorithm.learning_rate < 4"}
///
/// Ranges: {"log2": [a, b]} is 2^a … 2^b, {"log10": [a, b]} likewise, both with an optional third number, the step of the exponent;
/// {"linear": [first, last, count]}; {"range": [first, last, step]}.
struct SweepSpec {
  /// Values that go together, of equal number: a single axis, or several that are zipped.
  using Group = std::vector<VariedValue>;

  std::vector<Group> groups;
  Count repeat = 1;   ///< seeds of each combination: seed, seed + 1, …
  std::string where;  ///< a condition over the axes; empty: all combinations

  /// Adds an axis, or gives the axis of that path other values. Values for a zipped axis must keep its length (InputError at `place`).
  void vary(const VariedValue& axis, const Place& place);
};

/// The values of an axis: a list or a range. An empty one, one with a value twice, and what is neither are InputErrors.
[[nodiscard]] std::vector<Json> parse_axis_values(const Json& json, const Place& place);

/// "path=v1,v2,…", "path=[…]", "path={"log2": [-6, 0]}", "path=log2:-6..0", "path=linear:0..1:5": --vary. Each value is JSON if it
/// parses, else a string; commas inside brackets and quotes do not separate.
[[nodiscard]] VariedValue parse_vary(const std::string& text);

template <>
struct OptionType<SweepSpec> {
  static SweepSpec parse(const Json& json, const Place& place);
  static Json write(const SweepSpec& spec);
  static Json schema();
  static std::string type() { return "object of axes"; }
};

}  // namespace peloton
