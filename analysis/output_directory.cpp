#include "analysis/output_directory.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <system_error>

#include "analysis/store/read_sweep.hpp"
#include "analysis/store/trial_store.hpp"

namespace peloton {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kTemporary = ".peloton-tmp";
constexpr std::string_view kMark = "scenario.resolved.json";

bool is_temporary(const fs::path& p) { return p.filename().string().ends_with(kTemporary); }

/// A result folder is known by its resolved scenario or its store; an empty one, or one with only the leavings of a killed run, is free.
bool may_replace(const fs::path& folder) {
  if (fs::exists(folder / kMark) || holds_sweep(folder) || holds_trials(folder)) return true;
  const auto entries = fs::directory_iterator(folder);
  return std::all_of(fs::begin(entries), fs::end(entries), [](const fs::directory_entry& e) { return is_temporary(e.path()); });
}

/// What a run may have written: only these are ever removed, a user's own notes in the folder stay.
bool is_result_file(const fs::path& p) {
  constexpr std::array<std::string_view, 20> kResults = {"summary.json",
                                                         "metrics.csv",
                                                         "scenario.resolved.json",
                                                         "updates.csv",
                                                         "trace.json",
                                                         "events.csv",
                                                         "report.html",
                                                         "figures.pdf",
                                                         "transfers.csv",
                                                         "collective.csv",
                                                         "processing.csv",
                                                         "points.csv",
                                                         "measurements.csv",
                                                         "points.jsonl",
                                                         "points.partial.csv",
                                                         "measurements.partial.csv",
                                                         "points.partial.jsonl",
                                                         "scores.csv",
                                                         "scores.partial.csv",
                                                         "stability.csv"};
  return is_temporary(p) || std::find(kResults.begin(), kResults.end(), p.filename().string()) != kResults.end();
}

void write_file(const fs::path& path, std::string_view contents) {
  std::FILE* file = std::fopen(path.c_str(), "wb");
  if (file == nullptr) throw Failure(fmt::format("{}: cannot be written: {}", path.string(), std::strerror(errno)));
  const bool written = std::fwrite(contents.data(), 1, contents.size(), file) == contents.size();
  const bool closed = std::fclose(file) == 0;
  if (!written || !closed) throw Failure(fmt::format("{}: writing failed: {}", path.string(), std::strerror(errno)));
}

}  // namespace

OutputDirectory::OutputDirectory(fs::path path, Owner owner) : path_(std::move(path)) {
  try {
    if (fs::exists(path_)) {
      if (!fs::is_directory(path_)) throw InputError(fmt::format("{}: the output must be a folder, this is a file", path_.string()));
      if (!may_replace(path_))
        throw InputError(fmt::format("{}: holds something else than a peloton result; give another --out", path_.string()));
      if (owner == Owner::run && holds_trials(path_))
        throw InputError(fmt::format("{}: holds a search by bisection, which a run does not replace; give another --out", path_.string()));
      if (owner == Owner::run && holds_sweep(path_))
        throw InputError(fmt::format("{}: holds a sweep, which a run does not replace; give another --out", path_.string()));
    } else {
      made_ = fs::create_directories(path_);
    }
    const fs::path probe = path_ / fmt::format("probe{}", kTemporary);
    if (!std::ofstream(probe))
      throw InputError(fmt::format("{}: the output folder cannot be written: {}", path_.string(), std::strerror(errno)));
    fs::remove(probe);
  } catch (const fs::filesystem_error& e) {
    throw InputError(fmt::format("{}: the output folder cannot be used: {}", path_.string(), e.code().message()));
  }
}

OutputDirectory::~OutputDirectory() {
  std::error_code ignored;
  for (const std::string& name : begun_) fs::remove(path_ / (name + std::string(kTemporary)), ignored);
  if (made_ && fs::is_empty(path_, ignored)) fs::remove(path_, ignored);
}

fs::path OutputDirectory::begin(std::string_view name) {
  begun_.emplace_back(name);
  return path_ / (std::string(name) + std::string(kTemporary));
}

void OutputDirectory::write(std::string_view name, std::string_view contents) { write_file(begin(name), contents); }

void OutputDirectory::publish() {
  try {
    for (const fs::directory_entry& entry : fs::directory_iterator(path_)) {
      const std::string name = entry.path().filename().string();
      const bool ours =
          std::any_of(begun_.begin(), begun_.end(), [&](const std::string& b) { return name == b || name == b + std::string(kTemporary); });
      if (!ours && entry.is_regular_file() && is_result_file(entry.path())) fs::remove(entry.path());
    }
    for (const std::string& name : begun_) fs::rename(path_ / (name + std::string(kTemporary)), path_ / name);
  } catch (const fs::filesystem_error& e) {
    throw Failure(fmt::format("{}: the result could not be put in place: {}", path_.string(), e.code().message()));
  }
  begun_.clear();
  made_ = false;
}

void write_whole(const fs::path& file, std::string_view contents) {
  const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
  if (!fs::is_directory(folder)) throw InputError(fmt::format("{}: there is no folder {}", file.string(), folder.string()));
  if (fs::is_directory(file)) throw InputError(fmt::format("{}: must be a file, this is a folder", file.string()));
  const fs::path temporary = fmt::format("{}{}", file.string(), kTemporary);
  if (!std::ofstream(temporary, std::ios::app))
    throw InputError(fmt::format("{}: cannot be written: {}", file.string(), std::strerror(errno)));
  try {
    write_file(temporary, contents);
    fs::rename(temporary, file);
  } catch (const std::exception& e) {
    std::error_code ignored;
    fs::remove(temporary, ignored);
    throw Failure(e.what());
  }
}

}  // namespace peloton
