#pragma once

#include <variant>
#include <vector>

#include "sim/base/options.hpp"
#include "sim/base/random.hpp"

namespace peloton {

struct ConstantPoint {
  static constexpr std::string_view kind = "constant";
  static constexpr std::string_view help = "every coordinate the same; a plain number means this";
  static constexpr bool bare = true;
  double value = 0;
  static auto fields() { return options(field("value", &ConstantPoint::value, "of each coordinate")); }
};

struct OnesPoint {
  static constexpr std::string_view kind = "ones";
  static constexpr std::string_view help = "every coordinate 1";
  static auto fields() { return options(); }
};

struct GaussianPoint {
  static constexpr std::string_view kind = "gaussian";
  static constexpr std::string_view help = "independent normal coordinates with mean 0";
  double sd = 1;
  static auto fields() { return options(field("sd", &GaussianPoint::sd, kNonNegative, "standard deviation")); }
};

struct ListPoint {
  static constexpr std::string_view kind = "list";
  static constexpr std::string_view help = "the coordinates one by one";
  std::vector<double> values;
  static auto fields() { return options(required("values", &ListPoint::values, "as many as there are dimensions")); }
};

using PointSpec = OneOf<"kind", ConstantPoint, OnesPoint, GaussianPoint, ListPoint>;

/// A list with other than d values is an InputError at `place`, where the point stands.
void check_point(const PointSpec& spec, std::size_t d, const Place& place);

/// d coordinates; a Gaussian point is drawn from the stream.
[[nodiscard]] std::vector<double> point(const PointSpec& spec, std::size_t d, RandomStream random);

/// A point given by its coordinates, or by one number that every coordinate has.
using Coordinates = std::variant<double, std::vector<double>>;

template <>
struct OptionType<Coordinates> {
  static Coordinates parse(const Json& json, const Place& place);
  static Json write(const Coordinates& v);
  static Json schema() { return {{"oneOf", Json::array({OptionType<double>::schema(), OptionType<std::vector<double>>::schema()})}}; }
  static std::string type() { return "number or list of numbers"; }
};

/// The same as a point.
[[nodiscard]] PointSpec as_point(const Coordinates& coordinates);

}  // namespace peloton
