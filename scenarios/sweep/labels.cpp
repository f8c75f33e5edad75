#include "scenarios/sweep/labels.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace peloton {
namespace {

/// The keys that choose a part in a scenario.
constexpr std::array<std::string_view, 4> kTags = {"name", "kind", "distribution", "model"};

std::string tag_key(const Json& object) {
  for (const std::string_view tag : kTags) {
    const auto found = object.find(std::string(tag));
    if (found != object.end() && found->is_string()) return std::string(tag);
  }
  return {};
}

std::string option_text(const std::string& key, const Json& value);

void add(std::string& out, char separator, const std::string& text) {
  if (!out.empty()) out += separator;
  out += text;
}

std::string plain(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_array()) {
    if (value.empty()) return "none";
    std::string out;
    for (const Json& element : value) add(out, '+', plain(element));
    return out;
  }
  if (!value.is_object()) return value.dump();
  const std::string tag = tag_key(value);
  if (!tag.empty()) return value[tag].get<std::string>();
  if (value.empty()) return value.dump();
  std::string out;
  for (const auto& [key, member] : value.items()) add(out, ' ', option_text(key, member));
  return out;
}

std::string option_text(const std::string& key, const Json& value) { return fmt::format("{}={}", key, plain(value)); }

/// As `plain`, with the options of an object behind its name: "continue(quorum=5)".
std::string full(const Json& value) {
  const std::string tag = value.is_object() ? tag_key(value) : std::string();
  if (tag.empty()) return plain(value);
  std::string options;
  for (const auto& [key, member] : value.items())
    if (key != tag) add(options, ' ', fmt::format("{}={}", key, full(member)));
  return options.empty() ? plain(value) : fmt::format("{}({})", plain(value), options);
}

/// The name of an object with every option that is not the same in all of `alike`.
std::string with_differences(const Json& object, const std::vector<const Json*>& alike) {
  const std::string tag = tag_key(object);
  std::string out = tag.empty() ? std::string() : object[tag].get<std::string>();
  for (const auto& [key, value] : object.items()) {
    if (key == tag) continue;
    const bool same = std::all_of(alike.begin(), alike.end(), [&, k = key, v = value](const Json* other) {
      const auto found = other->find(k);
      return found != other->end() && *found == v;
    });
    if (same) continue;
    const bool ambiguous = std::any_of(alike.begin(), alike.end(), [&, k = key, v = value](const Json* other) {
      const auto found = other->find(k);
      return found != other->end() && *found != v && plain(*found) == plain(v);
    });
    add(out, ' ', ambiguous ? fmt::format("{}={}", key, full(value)) : option_text(key, value));
  }
  return out.empty() ? object.dump() : out;
}

}  // namespace

std::vector<std::string> axis_labels(const std::vector<Json>& values) {
  std::vector<std::string> out;
  for (const Json& value : values) out.push_back(plain(value));
  const std::vector<std::string> names = out;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!values[i].is_object()) continue;
    std::vector<const Json*> alike;
    for (std::size_t j = 0; j < values.size(); ++j)
      if (values[j].is_object() && names[j] == names[i]) alike.push_back(&values[j]);
    if (alike.size() > 1) out[i] = with_differences(values[i], alike);
  }
  const std::vector<std::string> labels = out;  // what is still alike differs deep inside, or is a text that reads like a number
  for (std::size_t i = 0; i < out.size(); ++i)
    if (std::count(labels.begin(), labels.end(), labels[i]) > 1) out[i] = values[i].dump();
  return out;
}

}  // namespace peloton
