#include "models/data/cifar.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "models/data/file.hpp"

namespace peloton {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kPixels = 3 * 32 * 32;
constexpr std::size_t kRecord = 1 + kPixels;
constexpr int kClasses = 10;

/// Appends a file's records to the labels and the pixels.
void read_records(const DataFile& file, std::vector<double>& labels, LargeVector<std::uint8_t>& pixels) {
  const Place place{file.name, ""};
  const std::vector<std::uint8_t> bytes = read_data_file(file);
  const std::size_t count = bytes.size() / kRecord;
  const std::size_t rest = bytes.size() % kRecord;
  if (bytes.empty()) throw InputError(place, "must hold at least one record, got an empty file");
  if (rest != 0)
    throw InputError(place,
                     fmt::format("must be a whole number of records of {} bytes, got {} records and {} bytes", kRecord, count, rest));
  pixels.reserve(pixels.size() + count * kPixels);
  for (std::size_t i = 0; i < count; ++i) {
    const auto record = bytes.begin() + static_cast<std::ptrdiff_t>(i * kRecord);
    if (*record >= kClasses)
      throw InputError(Place{file.name, fmt::format("record {}", i + 1)},
                       fmt::format("the label must be 0 … {}, got {}", kClasses - 1, *record));
    labels.push_back(*record);
    pixels.insert(pixels.end(), record + 1, record + static_cast<std::ptrdiff_t>(kRecord));
  }
}

/// The training files of a folder, by name.
std::vector<DataFile> files_of_folder(const DataFile& folder, const Place& place) {
  std::vector<std::string> names;
  std::error_code unreadable;
  for (fs::directory_iterator entry(folder.path, unreadable), end; !unreadable && entry != end; entry.increment(unreadable)) {
    const std::string name = entry->path().filename().string();
    if (name.ends_with(".bin") && name != "test_batch.bin") names.push_back(name);
  }
  if (names.empty()) throw InputError(place, fmt::format("the folder \"{}\" holds no training file *.bin", folder.path));
  std::sort(names.begin(), names.end());
  std::vector<DataFile> out;
  for (const std::string& name : names) out.push_back({(fs::path(folder.name) / name).string(), (fs::path(folder.path) / name).string()});
  return out;
}

/// The files that the option `key` names.
std::vector<DataFile> files(const DataContext& context, std::string_view key, const PathList& paths) {
  std::vector<DataFile> out;
  for (const std::string& name : paths.names) out.push_back(context.file(key, name));
  std::error_code unreadable;
  if (key == "path" && out.size() == 1 && fs::is_directory(out.front().path, unreadable))
    return files_of_folder(out.front(), context.place / key);
  return out;
}

}  // namespace

PathList OptionType<PathList>::parse(const Json& json, const Place& place) {
  if (json.is_string()) return {{json.get<std::string>()}};
  if (!json.is_array() || json.empty()) wrong_type(place, "a path or a list of paths", json);
  return {OptionType<std::vector<std::string>>::parse(json, place)};
}

Json OptionType<PathList>::write(const PathList& paths) {
  return paths.names.size() == 1 ? Json(paths.names.front()) : OptionType<std::vector<std::string>>::write(paths.names);
}

Json OptionType<PathList>::schema() {
  Json list = OptionType<std::vector<std::string>>::schema();
  list["minItems"] = 1;
  return {{"oneOf", Json::array({OptionType<std::string>::schema(), list})}};
}

Dataset read_cifar(const std::vector<DataFile>& files) {
  Dataset out;
  DenseBytes x;
  x.scale = 1.0 / 255;
  for (const DataFile& file : files) read_records(file, out.labels, x.values);
  out.rows = out.labels.size();
  out.features = kPixels;
  out.x = std::move(x);
  return out;
}

DataPair CifarData::load(const DataContext& context) const {
  DataPair out;
  out.train = read_cifar(files(context, "path", path));
  if (test_path) out.test = read_cifar(files(context, "test_path", *test_path));
  return out;
}

}  // namespace peloton
