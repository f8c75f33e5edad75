#include "sim/base/data_folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <vector>

namespace peloton {
namespace fs = std::filesystem;
namespace {

bool is_folder(const fs::path& path) {
  std::error_code unreadable;
  return fs::is_directory(path, unreadable);
}

/// The file of the same folder whose name is nearest, as a hint.
std::string neighbour_hint(const std::string& name, const fs::path& path) {
  std::vector<std::string> neighbours;
  std::error_code unreadable;
  for (fs::directory_iterator entry(path.parent_path(), unreadable), end; !unreadable && entry != end; entry.increment(unreadable))
    neighbours.push_back((fs::path(name).parent_path() / entry->path().filename()).string());
  std::sort(neighbours.begin(), neighbours.end());
  return did_you_mean(name, neighbours);
}

}  // namespace

std::string find_data_folder(const std::optional<std::string>& flag) {
  if (flag) {
    if (!is_folder(*flag)) throw InputError(fmt::format("--data: must be a folder, got \"{}\"", *flag));
    return *flag;
  }
  const char* variable = std::getenv("PELOTON_DATA");
  if (variable != nullptr && *variable != '\0') return variable;
  return is_folder("../shared/data") ? "../shared/data" : "data";
}

DataFile find_data_file(const std::string& folder, const std::string& name, const Place& place) {
  if (name.empty()) throw InputError(place, "must be the path of a file, got \"\"");
  const fs::path path = fs::path(folder) / name;
  std::error_code unreadable;
  if (!fs::exists(path, unreadable)) {
    throw InputError(
        place,
        fmt::format("no file \"{}\"{}; paths are relative to the data folder: --data, else PELOTON_DATA, else ../shared/data, else data",
                    path.string(), neighbour_hint(name, path)));
  }
  return {name, path.string()};
}

}  // namespace peloton
