#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/data/dataset.hpp"
#include "models/data/folder.hpp"
#include "sim/base/options.hpp"

namespace peloton {

/// One or more paths: "a.bin" or ["a.bin", "b.bin"].
struct PathList {
  std::vector<std::string> names;
};

template <>
struct OptionType<PathList> {
  static PathList parse(const Json& json, const Place& place);
  static Json write(const PathList& paths);
  static Json schema();
  static std::string type() { return "path | list of paths"; }
};

/// Colour images in the binary format of CIFAR-10 (Krizhevsky, 2009): records of 3073 bytes, a label 0 … 9 and 32 × 32 pixels as a red, a
/// green and a blue plane, each row by row; no header.
struct CifarData {
  static constexpr std::string_view kind = "cifar";
  static constexpr std::string_view help = "images in the binary format of CIFAR-10, plain or compressed; pixels scaled to 0 … 1";
  PathList path;
  std::optional<PathList> test_path;

  static auto fields() {
    return options(required("path", &CifarData::path,
                            "training images: a file, a list of files, or a folder (its *.bin files by name, test_batch.bin left out)"),
                   field("test_path", &CifarData::test_path, "test images: a file or a list of files; absent: no test set"));
  }
  [[nodiscard]] DataPair load(const DataContext& context) const;
};

/// The images of these files, one file after the other (features = 3072, byte · 1/255). A file that is no whole number of records, an
/// empty one and a label above 9 are InputErrors.
[[nodiscard]] Dataset read_cifar(const std::vector<DataFile>& files);

}  // namespace peloton
