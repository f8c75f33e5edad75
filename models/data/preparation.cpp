#include "models/data/preparation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string_view>

#include "models/data/generated.hpp"

namespace peloton {
namespace {

using Kind = Normalise::Kind;

constexpr std::pair<std::string_view, Kind> kNames[] = {
    {"none", Kind::none}, {"standard", Kind::standard}, {"unit_rows", Kind::unit_rows}, {"max_abs", Kind::max_abs}};

/// One number, or a list of them.
std::vector<double> numbers(const Json& json, const Place& place) {
  if (!json.is_array()) return {OptionType<double>::parse(json, place)};
  if (json.empty()) wrong_type(place, "a number or a list of numbers", json);
  return OptionType<std::vector<double>>::parse(json, place);
}

Json written(const std::vector<double>& values) { return values.size() == 1 ? Json(values.front()) : Json(values); }

/// feature j ← (x_j − centre[j]) / scale[j]
struct Rescaling {
  std::vector<double> centre;
  std::vector<double> scale;

  explicit Rescaling(std::size_t features) : centre(features, 0.0), scale(features, 1.0) {}
};

/// Calls visit(feature, value) for the values of row-major rows, in their order.
template <class Values, class Visit>
void for_each_value(Values& x, std::size_t features, const Visit& visit) {
  for (std::size_t row = 0; row < x.size(); row += features)
    for (std::size_t j = 0; j < features; ++j) visit(j, x[row + j]);
}

/// The numbers of dense rows, row-major.
std::vector<double> as_reals(const Dataset& data) {
  if (const auto* reals = std::get_if<DenseReals>(&data.x)) return reals->values;
  const auto& bytes = std::get<DenseBytes>(data.x);
  std::vector<double> out(bytes.values.size());
  std::transform(bytes.values.begin(), bytes.values.end(), out.begin(),
                 [&](std::uint8_t byte) { return byte * bytes.scale + bytes.offset; });
  return out;
}

/// Bytes become reals; the others stay.
void make_real(Dataset& data) {
  if (std::holds_alternative<DenseBytes>(data.x)) data.x = DenseReals{as_reals(data)};
}

/// Mean and deviation of the features of dense reals, in two passes.
Rescaling standardising(const Dataset& data) {
  const std::vector<double>& x = std::get<DenseReals>(data.x).values;
  const std::size_t d = data.features;
  const auto n = static_cast<double>(data.rows);
  Rescaling out(d);
  std::vector<double> low(x.begin(), x.begin() + static_cast<std::ptrdiff_t>(d));
  std::vector<double> high = low;
  for_each_value(x, d, [&](std::size_t j, double value) {
    out.centre[j] += value;
    low[j] = std::min(low[j], value);
    high[j] = std::max(high[j], value);
  });
  // A constant feature is told by its values: the rounding of its mean could leave it a tiny deviation.
  for (std::size_t j = 0; j < d; ++j) out.centre[j] = low[j] == high[j] ? low[j] : out.centre[j] / n;
  std::vector<double> squares(d, 0.0);
  for_each_value(x, d, [&](std::size_t j, double value) { squares[j] += (value - out.centre[j]) * (value - out.centre[j]); });
  for (std::size_t j = 0; j < d; ++j) out.scale[j] = squares[j] > 0 ? std::sqrt(squares[j] / n) : 1.0;
  return out;
}

Rescaling dividing_by_largest(const Dataset& data) {
  std::vector<double> largest(data.features, 0.0);
  const auto see = [&](std::size_t j, double value) { largest[j] = std::max(largest[j], std::abs(value)); };
  if (const auto* sparse = std::get_if<SparseRows>(&data.x))
    for (std::size_t k = 0; k < sparse->values.size(); ++k) see(sparse->columns[k], sparse->values[k]);
  else
    for_each_value(std::get<DenseReals>(data.x).values, data.features, see);
  Rescaling out(data.features);
  for (std::size_t j = 0; j < data.features; ++j) out.scale[j] = largest[j] > 0 ? largest[j] : 1.0;
  return out;
}

/// Dense reals, or the stored values of sparse rows, which takes centres of 0.
void apply(const Rescaling& rescaling, Dataset& data) {
  const auto rescale = [&](std::size_t j, double& value) { value = (value - rescaling.centre[j]) / rescaling.scale[j]; };
  if (auto* sparse = std::get_if<SparseRows>(&data.x))
    for (std::size_t k = 0; k < sparse->values.size(); ++k) rescale(sparse->columns[k], sparse->values[k]);
  else if (auto* reals = std::get_if<DenseReals>(&data.x))
    for_each_value(reals->values, data.features, rescale);
}

void scale_to_unit_norm(std::span<double> row) {
  const double largest = std::accumulate(row.begin(), row.end(), 0.0, [](double m, double v) { return std::max(m, std::abs(v)); });
  if (largest == 0) return;
  double squares = 0;  // of values scaled to at most 1: neither overflow nor underflow
  for (const double value : row) squares += (value / largest) * (value / largest);
  for (double& value : row) value = value / largest / std::sqrt(squares);
}

void unit_rows(Dataset& data) {
  make_real(data);
  if (auto* sparse = std::get_if<SparseRows>(&data.x)) {
    for (std::size_t i = 0; i < data.rows; ++i)
      scale_to_unit_norm(std::span(sparse->values).subspan(sparse->starts[i], sparse->starts[i + 1] - sparse->starts[i]));
  } else if (auto* reals = std::get_if<DenseReals>(&data.x)) {
    for (std::size_t i = 0; i < data.rows; ++i) scale_to_unit_norm(std::span(reals->values).subspan(i * data.features, data.features));
  }
}

Rescaling given(const Normalise& normalise, std::size_t features, const Place& place) {
  const std::size_t runs = normalise.mean.size();
  if (features % runs != 0)
    throw InputError(place / "mean",
                     fmt::format("must have a length that divides the number of features, {}, got {} values", features, runs));
  Rescaling out(features);
  for (std::size_t j = 0; j < features; ++j) {
    const std::size_t run = j / (features / runs);
    out.centre[j] = normalise.mean[run];
    out.scale[j] = normalise.sd[run];
  }
  return out;
}

void rescale_bytes(Dataset& data, double mean, double sd) {
  auto* bytes = std::get_if<DenseBytes>(&data.x);
  if (bytes == nullptr) return;
  bytes->scale /= sd;
  bytes->offset = (bytes->offset - mean) / sd;
}

void refuse_sparse(const Normalise& normalise, const Place& place) {
  const bool shifts = std::any_of(normalise.mean.begin(), normalise.mean.end(), [](double mean) { return mean != 0; });
  if (normalise.kind == Kind::standard || shifts) {
    throw InputError(place,
                     fmt::format("must be max_abs, unit_rows or a mean of 0: these rows are sparse, and subtracting a mean would make "
                                 "their zeros non-zeros, got {}",
                                 show(write_options(normalise))));
  }
}

}  // namespace

SplitSize OptionType<SplitSize>::parse(const Json& json, const Place& place) {
  if (json.is_string()) {
    const double share = OptionType<Fraction>::parse(json, place).value;
    if (!(share > 0 && share < 1)) throw InputError(place, fmt::format("must be a share > 0 and < 1, got {}", show(json)));
    return {share};
  }
  if (!json.is_number()) wrong_type(place, "a share such as 0.2 or \"20%\", or a count of rows", json);
  const double value = OptionType<double>::parse(json, place);
  if (!(value > 0 && (value < 1 || value == std::floor(value))) || value > 4294967295.0)
    throw InputError(place, fmt::format("must be a share > 0 and < 1 or a whole number of rows ≥ 1, got {}", show(json)));
  return {value};
}

Json OptionType<SplitSize>::schema() {
  return {{"oneOf", Json::array({Json{{"type", "number"}, {"exclusiveMinimum", 0}, {"exclusiveMaximum", 1}},
                                 Json{{"type", "integer"}, {"minimum", 1}}, Json{{"type", "string"}}})}};
}

Normalise OptionType<Normalise>::parse(const Json& json, const Place& place) {
  if (json.is_string()) {
    std::vector<std::string> names;
    for (const auto& [name, kind] : kNames) {
      if (normalised(json.get<std::string>()) == normalised(name)) return {.kind = kind};
      names.emplace_back(name);
    }
    unknown_name(place, "", json.get<std::string>(), names);
  }
  if (!json.is_object()) wrong_type(place, type(), json);
  ObjectReader reader(json, place);
  const Json* mean = reader.find("mean");
  const Json* sd = reader.find("sd");
  reader.finish();
  if (mean == nullptr || sd == nullptr) throw InputError(place, fmt::format("needs the keys \"mean\" and \"sd\", got {}", show(json)));
  Normalise out{.kind = Kind::given, .mean = numbers(*mean, place / "mean"), .sd = numbers(*sd, place / "sd")};
  if (out.mean.size() != out.sd.size())
    throw InputError(place / "sd", fmt::format("must have as many values as mean, {}, got {}", out.mean.size(), out.sd.size()));
  if (std::any_of(out.sd.begin(), out.sd.end(), [](double value) { return value <= 0; }))
    throw InputError(place / "sd", fmt::format("must be > 0, got {}", show(*sd)));
  return out;
}

Json OptionType<Normalise>::write(const Normalise& normalise) {
  if (normalise.kind == Kind::given) return {{"mean", written(normalise.mean)}, {"sd", written(normalise.sd)}};
  const auto* found = std::find_if(std::begin(kNames), std::end(kNames), [&](const auto& name) { return name.second == normalise.kind; });
  return std::string(found->first);
}

Json OptionType<Normalise>::schema() {
  Json names = Json::array();
  for (const auto& [name, kind] : kNames) names.push_back(std::string(name));
  const Json values = {{"oneOf", Json::array({Json{{"type", "number"}}, Json{{"type", "array"}, {"items", Json{{"type", "number"}}}}})}};
  const Json object = {{"type", "object"},
                       {"properties", Json{{"mean", values}, {"sd", values}}},
                       {"required", Json::array({"mean", "sd"})},
                       {"additionalProperties", false}};
  return {{"oneOf", Json::array({Json{{"enum", names}}, object})}};
}

void limit_rows(DataPair& data, std::size_t count, const Place& place) {
  if (count > data.train.rows)
    throw InputError(place, fmt::format("must be ≤ {}, the number of training rows, got {}", data.train.rows, count));
  if (count == data.train.rows) return;
  std::vector<std::uint32_t> rows(count);
  std::iota(rows.begin(), rows.end(), 0U);
  data.train = rows_of(data.train, rows);
}

void split_rows(DataPair& data, const SplitSize& size, std::uint64_t data_seed, const Place& place) {
  if (data.test.rows > 0) {
    throw InputError(place, fmt::format("makes a test set from training rows, but the data have one of {} rows (leave out its file, or set "
                                        "\"test_samples\" to 0)",
                                        data.test.rows));
  }
  const std::size_t rows = data.train.rows;
  const double wanted = size.is_share() ? std::round(size.value * static_cast<double>(rows)) : size.value;
  if (!(wanted >= 1 && wanted < static_cast<double>(rows))) {
    throw InputError(place, fmt::format("must leave each set at least one of the {} rows, got {} for the test set", rows, wanted));
  }
  const auto count = static_cast<std::size_t>(wanted);
  std::vector<std::uint32_t> order(rows);
  std::iota(order.begin(), order.end(), 0U);
  RandomStream random = data_stream(data_seed, Generated::split, 0);
  shuffle(order, random);
  const auto cut = order.begin() + static_cast<std::ptrdiff_t>(count);
  std::sort(order.begin(), cut);
  std::sort(cut, order.end());
  data.test = rows_of(data.train, std::span(order).first(count));
  data.train = rows_of(data.train, std::span(order).subspan(count));
}

void normalise_features(DataPair& data, const Normalise& normalise, const Place& place) {
  if (normalise.kind == Kind::none) return;
  if (std::holds_alternative<SparseRows>(data.train.x)) refuse_sparse(normalise, place);
  if (normalise.kind == Kind::unit_rows) {
    unit_rows(data.train);
    unit_rows(data.test);
    return;
  }
  if (normalise.kind == Kind::given && normalise.mean.size() == 1 && std::holds_alternative<DenseBytes>(data.train.x)) {
    rescale_bytes(data.train, normalise.mean[0], normalise.sd[0]);
    rescale_bytes(data.test, normalise.mean[0], normalise.sd[0]);
    return;
  }
  make_real(data.train);
  make_real(data.test);
  const Rescaling rescaling = normalise.kind == Kind::given      ? given(normalise, data.train.features, place)
                              : normalise.kind == Kind::standard ? standardising(data.train)
                                                                 : dividing_by_largest(data.train);
  apply(rescaling, data.train);
  apply(rescaling, data.test);
}

}  // namespace peloton
