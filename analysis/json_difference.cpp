#include "analysis/json_difference.hpp"

#include <fmt/format.h>

namespace peloton {
namespace {

std::string below(const std::string& path, const std::string& key) { return path.empty() ? key : path + "." + key; }

void compare(const std::string& path, const Json& before, const Json& after, std::vector<JsonDifference>& out) {
  if (before.is_object() && after.is_object()) {
    for (const auto& [key, value] : before.items()) {
      const auto other = after.find(key);
      if (other == after.end())
        out.push_back({below(path, key), value, std::nullopt});
      else
        compare(below(path, key), value, *other, out);
    }
    for (const auto& [key, value] : after.items())
      if (!before.contains(key)) out.push_back({below(path, key), std::nullopt, value});
  } else if (before.is_array() && after.is_array() && before.size() == after.size()) {
    for (std::size_t i = 0; i < before.size(); ++i) compare(below(path, fmt::format("{}", i)), before[i], after[i], out);
  } else if (before != after) {
    out.push_back({path, before, after});
  }
}

}  // namespace

std::vector<JsonDifference> json_differences(const Json& before, const Json& after) {
  std::vector<JsonDifference> out;
  compare("", before, after, out);
  return out;
}

std::string differences_text(const std::vector<JsonDifference>& differences) {
  constexpr std::size_t kMost = 12;
  const auto text = [](const std::optional<Json>& value) { return value ? show(*value) : std::string("(absent)"); };
  std::string out;
  for (std::size_t i = 0; i < std::min(kMost, differences.size()); ++i) {
    const JsonDifference& d = differences[i];
    out += fmt::format("\n  {}: {} → {}", d.path, text(d.before), text(d.after));
  }
  if (differences.size() > kMost) out += fmt::format("\n  … and {} more", differences.size() - kMost);
  return out;
}

}  // namespace peloton
