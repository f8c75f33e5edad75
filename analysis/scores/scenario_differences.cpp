#include "analysis/scores/scenario_differences.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <string>

#include "analysis/json_difference.hpp"
#include "analysis/text_table.hpp"

namespace peloton {
namespace {

/// The value at "cluster.stragglers.0.slowdown". Keys may have dots of their own: the axes of a sweep.
std::optional<Json> value_at(const Json& here, const std::string& path) {
  if (path.empty()) return here;
  for (std::size_t dot = std::min(path.find('.'), path.size());; dot = std::min(path.find('.', dot + 1), path.size())) {
    const std::string key = path.substr(0, dot);
    const Json* member = nullptr;
    if (here.is_object() && here.contains(key)) member = &here[key];
    if (here.is_array() && std::to_string(std::strtoul(key.c_str(), nullptr, 10)) == key &&
        std::strtoul(key.c_str(), nullptr, 10) < here.size())
      member = &here[std::strtoul(key.c_str(), nullptr, 10)];
    if (member != nullptr)
      if (auto found = value_at(*member, dot == path.size() ? "" : path.substr(dot + 1))) return found;
    if (dot == path.size()) return std::nullopt;
  }
}

/// At most so many characters, so that two or three scenarios fit beside each other.
std::string shortened(const std::string& text) {
  constexpr std::size_t kMost = 30;
  if (text_width(text) <= kMost) return text;
  std::size_t end = 0;
  for (std::size_t characters = 0; end < text.size(); ++end) {
    const bool starts = (static_cast<unsigned char>(text[end]) & 0xC0U) != 0x80U;
    if (starts && ++characters == kMost) break;
  }
  return fmt::format("{}…", text.substr(0, end));
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
    for (const auto& value : d.values)
      row.push_back(!value ? "–" : shortened(value->is_string() ? value->get<std::string>() : show(*value)));
    table.add(std::move(row));
  }
  return table.str(kMostRows, "the scenarios");
}

}  // namespace peloton
