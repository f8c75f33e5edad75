#include "scenarios/sweep/sweep_spec.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace peloton {
namespace {

constexpr Count kMostRepeats = 1'000'000;

/// What a sweep may not vary, because it is the sweep itself or changes no run.
void check_path(const std::string& path, const Place& place) {
  if (path.empty() || path.front() == '.' || path.back() == '.' || path.find("..") != std::string::npos)
    throw InputError(place, "must be the path of a scenario value such as \"cluster.workers\"");
  const std::string first = path.substr(0, path.find('.'));
  if (first == "sweep" || first == "score")
    throw InputError(place, fmt::format("\"{}\" is about the whole sweep and cannot be varied", first));
}

Count parse_repeat(const Json& json, const Place& place) {
  const Count out = OptionType<Count>::parse(json, place);
  if (out < 1 || out > kMostRepeats) throw InputError(place, fmt::format("must be ≥ 1 and ≤ {}, got {}", kMostRepeats, out));
  return out;
}

VariedValue parse_axis(const std::string& path, const Json& json, const Place& place) {
  check_path(path, place);
  return {path, parse_axis_values(json, place)};
}

SweepSpec::Group parse_zip(const Json& json, const Place& place) {
  if (!json.is_object() || json.size() < 2) wrong_type(place, "an object of two or more axes that go together", json);
  SweepSpec::Group out;
  for (const auto& [path, values] : json.items()) {
    out.push_back(parse_axis(path, values, place / path));
    if (out.back().values.size() != out.front().values.size())
      throw InputError(place / path, fmt::format("has {} values, but \"{}\", which it goes together with, has {}", out.back().values.size(),
                                                 out.front().path, out.front().values.size()));
  }
  return out;
}

void refuse_repeated(const SweepSpec& spec, const Place& place) {
  std::vector<std::string> paths;
  for (const SweepSpec::Group& group : spec.groups) {
    for (const VariedValue& axis : group) {
      if (std::find(paths.begin(), paths.end(), axis.path) != paths.end())
        throw InputError(place, fmt::format("the axis \"{}\" is given twice", axis.path));
      paths.push_back(axis.path);
    }
  }
}

}  // namespace

void SweepSpec::vary(const VariedValue& axis, const Place& place) {
  check_path(axis.path, place);
  for (Group& group : groups) {
    for (VariedValue& own : group) {
      if (own.path != axis.path) continue;
      if (group.size() > 1 && own.values.size() != axis.values.size())
        throw InputError(place, fmt::format("has {} values, but the scenario zips \"{}\" with {} of another axis", axis.values.size(),
                                            axis.path, own.values.size()));
      own = axis;
      return;
    }
  }
  groups.push_back({axis});
}

SweepSpec OptionType<SweepSpec>::parse(const Json& json, const Place& place) {
  if (!json.is_object()) wrong_type(place, "an object of axes such as {\"cluster.workers\": [4, 8, 16]}", json);
  SweepSpec out;
  for (const auto& [key, value] : json.items()) {
    const Place here = place / key;
    if (key == "repeat") {
      out.repeat = parse_repeat(value, here);
    } else if (key == "where") {
      out.where = OptionType<std::string>::parse(value, here);
    } else if (key == "zip") {
      if (!value.is_array() || value.empty()) wrong_type(here, "a list of groups, each an object of axes that go together", value);
      for (std::size_t i = 0; i < value.size(); ++i) out.groups.push_back(parse_zip(value[i], here / i));
    } else {
      out.groups.push_back({parse_axis(key, value, here)});
    }
  }
  refuse_repeated(out, place);
  return out;
}

Json OptionType<SweepSpec>::write(const SweepSpec& spec) {
  Json out = Json::object();
  for (const SweepSpec::Group& group : spec.groups) {
    if (group.size() == 1) {
      out[group.front().path] = group.front().values;
    } else {
      Json zipped = Json::object();
      for (const VariedValue& axis : group) zipped[axis.path] = axis.values;
      if (!out.contains("zip")) out["zip"] = Json::array();
      out["zip"].push_back(std::move(zipped));
    }
  }
  if (spec.repeat != 1) out["repeat"] = spec.repeat;
  if (!spec.where.empty()) out["where"] = spec.where;
  return out;
}

Json OptionType<SweepSpec>::schema() {
  const Json exponents = {{"type", "array"}, {"items", {{"type", "number"}}}, {"minItems", 2}, {"maxItems", 3}};
  const Json three = {{"type", "array"}, {"items", {{"type", "number"}}}, {"minItems", 3}, {"maxItems", 3}};
  Json range = {{"type", "object"}, {"minProperties", 1}, {"maxProperties", 1}, {"additionalProperties", false}};
  range["properties"] = {{"log2", exponents}, {"log10", exponents}, {"linear", three}, {"range", three}};
  Json values;
  values["oneOf"] = Json::array({Json{{"type", "array"}, {"minItems", 1}}, range});
  values["description"] = "the values of an axis; the key is its path, such as cluster.workers";
  const Json group = {{"type", "object"}, {"minProperties", 2}, {"additionalProperties", values}};
  Json out = {{"type", "object"}};
  out["properties"] = {
      {"repeat",
       {{"type", "integer"}, {"minimum", 1}, {"maximum", kMostRepeats}, {"description", "seeds of each combination: seed, seed + 1, …"}}},
      {"where", {{"type", "string"}, {"description", "a condition over the axes, in SQL: cluster.workers * task.batch_size <= 256"}}},
      {"zip", {{"type", "array"}, {"minItems", 1}, {"items", group}, {"description", "groups of axes whose values go together"}}}};
  out["additionalProperties"] = values;
  return out;
}

}  // namespace peloton
