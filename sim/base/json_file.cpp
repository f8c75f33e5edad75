#include "sim/base/json_file.hpp"

#include <fmt/format.h>

#include <fstream>

namespace peloton {

nlohmann::ordered_json read_json_object(const DataFile& file) {
  std::ifstream in(file.path);
  if (!in) throw Failure(fmt::format("{}: cannot be opened", file.path));
  nlohmann::ordered_json out;
  try {
    out = nlohmann::ordered_json::parse(in);
  } catch (const nlohmann::ordered_json::exception& e) {
    throw InputError({file.name, ""}, fmt::format("is not JSON: {}", e.what()));
  }
  if (!out.is_object() || out.empty()) throw InputError({file.name, ""}, "must be a JSON object with a member for each device");
  return out;
}

}  // namespace peloton
