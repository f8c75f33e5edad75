#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/error.hpp"

namespace peloton {

/// The folder a run or a sweep writes to, and nothing outside it. Files are written under a temporary name and renamed, all of them at the
/// end, so that the folder holds a whole result at any moment: the old one or the new one.
class OutputDirectory {
 public:
  /// Whose folder it becomes. A run's older result is replaced by either; a sweep's store has cost more: it is kept, and no run goes there.
  enum class Owner : std::uint8_t { run, sweep };

  /// Takes the folder into use; makes it when it is missing. A folder that holds something else than a peloton result, a path that
  /// is no folder, or one that cannot be written is an InputError.
  explicit OutputDirectory(std::filesystem::path path, Owner owner = Owner::run);
  /// Removes what was begun and not published.
  ~OutputDirectory();
  OutputDirectory(const OutputDirectory&) = delete;
  OutputDirectory& operator=(const OutputDirectory&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  /// The temporary path of a result file that somebody streams to; `publish` gives it its name.
  [[nodiscard]] std::filesystem::path begin(std::string_view name);
  /// Writes a whole result file under its temporary name. A full disk is a Failure.
  void write(std::string_view name, std::string_view contents);
  /// Renames everything begun, and removes the files of an older result that this one does not have.
  void publish();

 private:
  std::filesystem::path path_;
  std::vector<std::string> begun_;
  bool made_ = false;
};

/// Writes one file under a temporary name and renames it. A folder that is missing or cannot be written is an InputError, a full disk a
/// Failure; an older file then stays as it was.
void write_whole(const std::filesystem::path& file, std::string_view contents);

}  // namespace peloton
