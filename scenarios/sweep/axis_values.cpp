#include <fmt/format.h>

#include <cmath>
#include <functional>

#include "scenarios/sweep/sweep_spec.hpp"

namespace peloton {
namespace {

constexpr double kMostValues = 100'000;

/// Whole numbers without a decimal point, so that counts can be ranges.
Json number(double value) {
  constexpr double kExact = 9007199254740992.0;  // 2^53
  if (value == std::floor(value) && std::abs(value) <= kExact) return static_cast<std::int64_t>(value);
  return value;
}

/// The double that fifteen digits mean: 0.1 · 3 is 0.3 here.
double decimal(double value) { return std::stod(fmt::format("{:.15g}", value)); }

double power_of_ten(double exponent) {
  return decimal(exponent == std::floor(exponent) ? std::stod(fmt::format("1e{}", exponent)) : std::pow(10.0, exponent));
}

/// first, first + step, … up to last, which is met in spite of rounding.
std::vector<double> steps(double first, double last, double step, const Place& place) {
  if (step == 0 || (last - first) / step < 0)
    throw InputError(place, fmt::format("never gets from {} to {} in steps of {}", first, last, step));
  const double count = std::floor((last - first) / step + 1e-9) + 1;
  if (count > kMostValues) throw InputError(place, fmt::format("has {} values; at most {} are allowed", count, kMostValues));
  std::vector<double> out;
  for (int i = 0; i < static_cast<int>(count); ++i) out.push_back(decimal(first + i * step));
  return out;
}

std::vector<double> numbers_of(const Json& json, const Place& place, std::size_t fewest, std::string_view form) {
  if (!json.is_array() || json.size() < fewest || json.size() > 3) wrong_type(place, form, json);
  std::vector<double> out;
  for (std::size_t i = 0; i < json.size(); ++i) out.push_back(OptionType<double>::parse(json[i], place / i));
  return out;
}

std::vector<Json> powers(const Json& json, const Place& place, const std::function<double(double)>& power) {
  const std::vector<double> in = numbers_of(json, place, 2, "[first exponent, last exponent] or with a third number, the step");
  const double step = in.size() == 3 ? in[2] : (in[1] < in[0] ? -1 : 1);
  std::vector<Json> out;
  for (const double exponent : steps(in[0], in[1], step, place)) {
    const double value = power(exponent);
    if (value == 0 || !std::isfinite(value)) throw InputError(place, fmt::format("the exponent {} is beyond a double's range", exponent));
    out.push_back(number(value));
  }
  return out;
}

std::vector<Json> linear(const Json& json, const Place& place) {
  const std::vector<double> in = numbers_of(json, place, 3, "[first, last, count]");
  const double count = in[2];
  if (count != std::floor(count) || count < 2 || count > kMostValues)
    throw InputError(place / std::size_t{2}, fmt::format("must be a count of 2 … {}, got {}", kMostValues, count));
  std::vector<Json> out;
  for (int i = 0; i < static_cast<int>(count); ++i)
    out.push_back(number(i + 1 == static_cast<int>(count) ? in[1] : decimal(in[0] + (in[1] - in[0]) * i / (count - 1))));
  return out;
}

std::vector<Json> range(const Json& json, const Place& place) {
  const std::vector<double> in = numbers_of(json, place, 3, "[first, last, step]");
  std::vector<Json> out;
  for (const double value : steps(in[0], in[1], in[2], place)) out.push_back(number(value));
  return out;
}

struct Range {
  std::string name;
  std::function<std::vector<Json>(const Json&, const Place&)> values;
};

const std::vector<Range>& ranges() {
  static const std::vector<Range> out = {
      {"log2", [](const Json& j, const Place& p) { return powers(j, p, [](double e) { return std::exp2(e); }); }},
      {"log10", [](const Json& j, const Place& p) { return powers(j, p, power_of_ten); }},
      {"linear", linear},
      {"range", range}};
  return out;
}

const Range* find_range(std::string_view name) {
  for (const Range& r : ranges())
    if (r.name == name) return &r;
  return nullptr;
}

std::vector<Json> range_values(const Json& json, const Place& place) {
  std::vector<std::string> names;
  for (const Range& r : ranges()) names.push_back(r.name);
  if (json.size() != 1) wrong_type(place, "a list of values or a range with one of log2, log10, linear, range", json);
  const std::string& key = json.begin().key();
  const Range* const found = find_range(key);
  if (found == nullptr)
    throw InputError(place / key,
                     fmt::format("unknown kind of range{}; a list of objects is written [{{…}}, …]", did_you_mean(key, names)));
  return found->values(json.begin().value(), place / key);
}

/// "log2:-6..0", "linear:0..1:5" as the object they stand for; nothing when the text is no such range.
std::optional<Json> short_range(const std::string& text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string::npos || find_range(text.substr(0, colon)) == nullptr) return std::nullopt;
  const std::size_t dots = text.find("..", colon);
  if (dots == std::string::npos) return std::nullopt;
  const std::size_t second = std::min(text.find(':', dots), text.size());
  std::vector<std::string> parts = {text.substr(colon + 1, dots - colon - 1), text.substr(dots + 2, second - dots - 2)};
  if (second < text.size()) parts.push_back(text.substr(second + 1));
  Json numbers = Json::array();
  for (const std::string& part : parts) {
    const Json number = Json::parse(part, nullptr, false);
    if (!number.is_number()) return std::nullopt;
    numbers.push_back(number);
  }
  return Json{{text.substr(0, colon), numbers}};
}

/// The parts of a list, at the commas outside of brackets and quotes.
std::vector<std::string> parts_of(const std::string& text) {
  std::vector<std::string> out(1);
  int depth = 0;
  bool in_quotes = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"' && (i == 0 || text[i - 1] != '\\')) in_quotes = !in_quotes;
    if (!in_quotes && (c == '[' || c == '{')) ++depth;
    if (!in_quotes && (c == ']' || c == '}')) --depth;
    if (c == ',' && depth == 0 && !in_quotes)
      out.emplace_back();
    else
      out.back() += c;
  }
  return out;
}

}  // namespace

std::vector<Json> parse_axis_values(const Json& json, const Place& place) {
  std::vector<Json> out;
  if (json.is_object())
    out = range_values(json, place);
  else if (json.is_array())
    out.assign(json.begin(), json.end());
  else
    wrong_type(place, "a list of values, or a range such as {\"log2\": [-6, 0]}", json);
  if (out.empty()) throw InputError(place, "an axis needs at least one value, this list is empty");
  for (std::size_t i = 0; i < out.size(); ++i)
    for (std::size_t j = 0; j < i && out.size() <= 1000; ++j)
      if (out[i] == out[j]) throw InputError(place / i, fmt::format("{} is given twice", show(out[i])));
  return out;
}

VariedValue parse_vary(const std::string& text) {
  const std::size_t equals = text.find('=');
  const Place place{"--vary " + text, ""};
  if (equals == std::string::npos || equals == 0) throw InputError(place, "must be path=v1,v2,… such as cluster.workers=4,8,16");
  const std::string values = text.substr(equals + 1);
  Json list = Json::parse(values, nullptr, false);
  if (const auto range = short_range(values)) {
    list = *range;
  } else if (!list.is_array() && !(list.is_object() && list.size() == 1 && find_range(list.begin().key()) != nullptr)) {
    list = Json::array();
    for (const std::string& part : values.empty() ? std::vector<std::string>{} : parts_of(values)) {
      Json value = Json::parse(part, nullptr, false);
      list.push_back(value.is_discarded() ? Json(part) : value);
    }
  }
  return {text.substr(0, equals), parse_axis_values(list, place)};
}

}  // namespace peloton
