#include "scenarios/load.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

namespace peloton {
namespace {

constexpr int kDeepest = 64;

std::string read_text(const std::string& path) {
  if (std::filesystem::is_directory(path)) throw InputError({path, ""}, "must be a scenario file, this is a folder");
  std::ifstream in(path, std::ios::binary);
  if (!in) throw InputError({path, ""}, fmt::format("cannot be read: {}", std::strerror(errno)));
  std::ostringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}

/// nlohmann's "[json.exception.parse_error.101] parse error at line 3, column 5: syntax error while …" without its prefix.
std::string parser_message(std::string text) {
  const std::size_t at = text.find("at line");
  if (at != std::string::npos) return "is not JSON: " + text.substr(at);
  const std::size_t bracket = text.find("] ");
  return "is not JSON: " + (bracket == std::string::npos ? text : text.substr(bracket + 2));
}

/// Watches the parser: refuses depth, which would exhaust the stack later, and repeated keys, of which JSON readers keep only one.
class Guard {
 public:
  explicit Guard(std::string path) : path_(std::move(path)) {}

  bool operator()(int depth, Json::parse_event_t event, const Json& parsed) {
    if (event == Json::parse_event_t::object_start || event == Json::parse_event_t::array_start) {
      if (depth >= kDeepest) throw InputError({path_, ""}, fmt::format("is nested deeper than {} levels", kDeepest));
      keys_.emplace_back();
    } else if (event == Json::parse_event_t::object_end || event == Json::parse_event_t::array_end) {
      keys_.pop_back();
    } else if (event == Json::parse_event_t::key && !keys_.back().insert(parsed.get<std::string>()).second) {
      throw InputError({path_, ""}, fmt::format("the key \"{}\" is given twice in one object", parsed.get<std::string>()));
    }
    return true;
  }

 private:
  std::string path_;
  std::vector<std::set<std::string>> keys_;
};

std::vector<std::string> split(const std::string& path) {
  std::vector<std::string> out;
  std::istringstream in(path);
  for (std::string key; std::getline(in, key, '.');) out.push_back(key);
  return out;
}

bool is_index(const std::string& key) {
  return !key.empty() && key.size() < 10 && key.find_first_not_of("0123456789") == std::string::npos;
}

}  // namespace

Json read_json(const std::string& path) {
  const std::string text = read_text(path);
  try {
    Json json = Json::parse(text, Guard(path));
    if (!json.is_object()) wrong_type({path, ""}, "a scenario: a JSON object", json);
    return json;
  } catch (const Json::exception& e) {
    throw InputError({path, ""}, parser_message(e.what()));
  }
}

void set_value(Json& scenario, const std::string& path, Json value, const Place& place) {
  Json* here = &scenario;
  for (const std::string& key : split(path)) {
    if (key.empty()) throw InputError(place, "the path has an empty key");
    if (here->is_array()) {
      if (!is_index(key)) throw InputError(place, fmt::format("\"{}\" must be the index of a list", key));
      const std::size_t index = std::stoul(key);
      if (index >= here->size()) throw InputError(place, fmt::format("index {} is beyond a list of {}", index, here->size()));
      here = &(*here)[index];
    } else if (here->is_object() || here->is_null()) {
      here = &(*here)[key];
    } else {
      throw InputError(place, fmt::format("\"{}\" lies inside {}, which has no members", key, show(*here)));
    }
  }
  *here = std::move(value);
}

void apply_setting(Json& scenario, const std::string& setting) {
  const std::size_t equals = setting.find('=');
  const Place place{"--set " + setting, ""};
  if (equals == std::string::npos || equals == 0) throw InputError(place, "must be path=value, such as cluster.workers=20");
  const std::string text = setting.substr(equals + 1);
  Json value = Json::parse(text, Guard(place.file), false);
  set_value(scenario, setting.substr(0, equals), value.is_discarded() ? Json(text) : std::move(value), place);
}

Json load_json(const std::string& path, const std::vector<std::string>& settings) {
  Json json = read_json(path);
  for (const std::string& setting : settings) apply_setting(json, setting);
  return json;
}

bool has_sweep(const Json& scenario) { return scenario.contains("sweep") && !scenario["sweep"].is_null(); }

Scenario load_scenario(const std::string& path, const std::vector<std::string>& settings) {
  const Json json = load_json(path, settings);
  if (has_sweep(json))
    throw InputError({path, "/sweep"}, "this scenario is a sweep: `peloton sweep` runs it (or --set sweep=null runs it once without)");
  return parse_options<Scenario>(json, {path, ""});
}

Json resolved(const Scenario& scenario) { return write_options(scenario); }

Json scenario_schema() {
  Json out;
  out["$schema"] = "https://json-schema.org/draft/2020-12/schema";
  out["title"] = "peloton scenario";
  out.update(OptionType<Scenario>::schema());
  return out;
}

}  // namespace peloton
