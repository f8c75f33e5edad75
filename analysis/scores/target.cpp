#include "analysis/scores/target.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "analysis/text.hpp"
#include "sim/base/error.hpp"

namespace peloton {
namespace {

std::string_view trimmed(std::string_view s) {
  while (!s.empty() && s.front() == ' ') s.remove_prefix(1);
  while (!s.empty() && s.back() == ' ') s.remove_suffix(1);
  return s;
}

std::string known_metric(std::string_view name) {
  for (const std::string& metric : target_metrics())
    if (normalised(metric) == normalised(name)) return metric;
  std::string list;
  for (const std::string& metric : target_metrics()) list += (list.empty() ? "" : ", ") + metric;
  throw InputError(fmt::format("must be a target on one of {}, got \"{}\"{}", list, name, did_you_mean(name, target_metrics())));
}

/// The three ways to write what stands between the metric and its value, longest first.
std::string_view comparison_of(std::string_view text) {
  for (const std::string_view sign : {"<=", ">=", "="})
    if (text.starts_with(sign)) return sign;
  return {};
}

}  // namespace

bool Target::holds(const MetricsRow& row) const {
  const std::optional<double> now = peloton::metric(row, metric);
  if (!now || !std::isfinite(*now)) return false;
  return rises(metric) ? *now >= value : *now <= value;
}

std::string Target::text() const {
  std::string out = fmt::format("{} {} {}", metric, rises(metric) ? ">=" : "<=", real_text(value));
  if (in_a_row > 1) out += fmt::format(" ({} in a row)", in_a_row);
  return out;
}

const std::vector<std::string>& target_metrics() {
  static const std::vector<std::string> kMetrics = {"loss",
                                                    "test_loss",
                                                    "accuracy",
                                                    "grad_norm",
                                                    "suboptimality",
                                                    "twin_loss_gap",
                                                    "distance_to_optimum",
                                                    "consensus_distance",
                                                    "worker_loss_mean",
                                                    "worker_loss_worst10",
                                                    "twin_distance",
                                                    "worker_accuracy_mean",
                                                    "worker_accuracy_worst10"};
  return kMetrics;
}

bool rises(std::string_view metric) { return metric.find("accuracy") != std::string_view::npos; }

Target parse_target(std::string_view text) {
  const std::size_t at = std::min(text.find_first_of("<>="), text.size());
  const std::string_view sign = comparison_of(text.substr(at));
  if (sign.empty()) throw InputError(fmt::format("must be a target such as \"loss<=0.35\" or \"accuracy>=0.9\", got \"{}\"", text));
  Target out;
  out.metric = known_metric(trimmed(text.substr(0, at)));
  const std::string_view expected = rises(out.metric) ? ">=" : "<=";
  const std::string_view number = trimmed(text.substr(at + sign.size()));
  if (sign != "=" && sign != expected)
    throw InputError(fmt::format("must be \"{}{}{}\" ({} is to {}), got \"{}\"", out.metric, expected, number, out.metric,
                                 rises(out.metric) ? "rise" : "fall", text));
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), out.value);
  if (error != std::errc() || end != number.data() + number.size() || !std::isfinite(out.value))
    throw InputError(fmt::format("must be a target with a finite number, such as \"{}{}0.9\", got \"{}\"", out.metric, expected, text));
  return out;
}

Target OptionType<Target>::parse(const Json& json, const Place& place) {
  if (json.is_string()) {
    try {
      return parse_target(json.get<std::string>());
    } catch (const InputError& e) {
      throw InputError(place, e.what());
    }
  }
  if (!json.is_object() || json.size() != 1) wrong_type(place, "a target such as \"loss<=0.35\" or {\"loss\": 0.35}", json);
  Target out;
  try {
    out.metric = known_metric(json.begin().key());
  } catch (const InputError& e) {
    throw InputError(place, e.what());
  }
  out.value = OptionType<double>::parse(json.begin().value(), place / json.begin().key());
  return out;
}

Json OptionType<Target>::schema() {
  Json properties = Json::object();
  for (const std::string& metric : target_metrics()) properties[metric] = {{"type", "number"}};
  return {{"oneOf", Json::array({Json{{"type", "string"}, {"description", "\"loss<=0.35\", \"accuracy>=0.9\""}},
                                 Json{{"type", "object"},
                                      {"properties", std::move(properties)},
                                      {"minProperties", 1},
                                      {"maxProperties", 1},
                                      {"additionalProperties", false}}})}};
}

}  // namespace peloton
