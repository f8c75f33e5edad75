#include "models/objectives/point.hpp"

#include <fmt/format.h>

#include <boost/random/normal_distribution.hpp>

namespace peloton {

void check_point(const PointSpec& spec, std::size_t d, const Place& place) {
  if (!spec.is<ListPoint>() || spec.get<ListPoint>().values.size() == d) return;
  throw InputError(place, fmt::format("must have a number for each of the {} dimensions, got {}", d, spec.get<ListPoint>().values.size()));
}

std::vector<double> point(const PointSpec& spec, std::size_t d, RandomStream random) {
  if (spec.is<OnesPoint>()) return std::vector<double>(d, 1.0);
  if (spec.is<ConstantPoint>()) return std::vector<double>(d, spec.get<ConstantPoint>().value);
  if (spec.is<ListPoint>()) {
    PELOTON_INVARIANT(spec.get<ListPoint>().values.size() == d, "a listed point has d coordinates");
    return spec.get<ListPoint>().values;
  }
  boost::random::normal_distribution<double> normal(0, 1);
  std::vector<double> out(d);
  for (double& coordinate : out) coordinate = spec.get<GaussianPoint>().sd * normal(random);
  return out;
}

Coordinates OptionType<Coordinates>::parse(const Json& json, const Place& place) {
  if (json.is_number()) return OptionType<double>::parse(json, place);
  if (json.is_array()) return OptionType<std::vector<double>>::parse(json, place);
  wrong_type(place, "a number or a list of numbers", json);
}

Json OptionType<Coordinates>::write(const Coordinates& v) {
  return std::visit([](const auto& value) { return write_options(value); }, v);
}

PointSpec as_point(const Coordinates& coordinates) {
  if (const double* value = std::get_if<double>(&coordinates)) return ConstantPoint{*value};
  return ListPoint{std::get<std::vector<double>>(coordinates)};
}

}  // namespace peloton
