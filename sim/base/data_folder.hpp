#pragma once

#include <optional>
#include <string>

#include "sim/base/error.hpp"

namespace peloton {

/// The folder to which the paths of data files are relative: `flag` (--data), else the environment variable PELOTON_DATA, else
/// ../shared/data when it is there, else data. A folder given by the flag must exist (InputError); the others may be missing as long
/// as no file is asked for.
[[nodiscard]] std::string find_data_folder(const std::optional<std::string>& flag);

/// A file that exists: `name` as the scenario gives it, for messages; `path` to open it.
struct DataFile {
  std::string name;
  std::string path;
};

/// The file `name` in `folder`; an absolute name stands for itself. A missing file is an InputError at `place` that tells the path
/// tried and how the folder was chosen.
[[nodiscard]] DataFile find_data_file(const std::string& folder, const std::string& name, const Place& place);

}  // namespace peloton
