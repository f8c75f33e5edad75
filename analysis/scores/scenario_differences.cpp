#include "analysis/scores/scenario_differences.hpp"

#include <algorithm>
#include <cstdlib>
#include <sstream>

#include "analysis/json_difference.hpp"
#include "analysis/text_table.hpp"

namespace peloton {
namespace {

/// The value at "cluster.stragglers.0.slowdown".
std::optional<Json> value_at(const Json& scenario, const std::string& path) {
  const Json* here = &scenario;
  std::istringstream keys(path);
  for (std::string key; std::getline(keys, key, '.');) {
    if (here->is_array()) {
      const std::size_t index = std::strtoul(key.c_str(), nullptr, 10);
      if (index >= here->size()) return std::nullopt;
      here = &(*here)[index];
    } else {
      const auto member = here->is_object() ? here->find(key) : here->end();
      if (member == here->end()) return std::nullopt;
      here = &*member;
    }
  }
  return *here;
}

bool is_compared(const std::string& path) {
  return path != "name" && path != "description" && !path.starts_with("description.") && path != "score" && !path.starts_with("score.");
}

}  // namespace

std::vector<ValueDifference> scenario_differences(const std::vector<const Json*>& scenarios) {
  std::vector<std::string> paths;
  for (const Json* other : scenarios)
    for (const JsonDifference& d : json_differences(*scenarios.front(), *other))
      if (is_compared(d.path) && std::find(paths.begin(), paths.end(), d.path) == paths.end()) paths.push_back(d.path);
  std::vector<ValueDifference> out;
  for (const std::string& path : paths) {
    ValueDifference& difference = out.emplace_back();
    difference.path = path;
    for (const Json* scenario : scenarios) difference.values.push_back(value_at(*scenario, path));
  }
  return out;
}

std::string scenario_differences_text(const std::vector<std::string>& names, const std::vector<ValueDifference>& differences) {
  if (differences.empty()) return "the scenarios are the same\n";
  constexpr std::size_t kMostRows = 40;
  std::vector<std::string> head = {"scenario"};
  head.insert(head.end(), names.begin(), names.end());
  TextTable table(head);
  for (const ValueDifference& d : differences) {
    std::vector<std::string> row = {d.path};
    for (const auto& value : d.values) row.push_back(!value ? "–" : value->is_string() ? value->get<std::string>() : show(*value));
    table.add(std::move(row));
  }
  return table.str(kMostRows, "the scenarios");
}

}  // namespace peloton
