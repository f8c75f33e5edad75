#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "models/data/dataset.hpp"
#include "models/data/folder.hpp"
#include "sim/base/options.hpp"

namespace peloton {

/// The largest feature index accepted; the largest of the LIBSVM collection is 54,686,452 (kdd2012).
inline constexpr std::uint32_t kMaxLibsvmFeatures = 100'000'000;

/// Sparse rows in the text format of LIBSVM (Chang, Lin, ACM TIST 2011): `label index:value index:value …`.
struct LibsvmData {
  static constexpr std::string_view kind = "libsvm";
  static constexpr std::string_view help = "sparse rows in LIBSVM's text format, plain or compressed";
  std::string path;
  std::optional<std::string> test_path;
  std::optional<Count> features;

  static auto fields() {
    return options(required("path", &LibsvmData::path, "training rows, a path in the data folder"),
                   field("test_path", &LibsvmData::test_path, "test rows; absent: no test set"),
                   field("features", &LibsvmData::features, between(1, kMaxLibsvmFeatures),
                         "number of features; absent: the largest index of both files"));
  }
  [[nodiscard]] DataPair load(const DataContext& context) const;
};

/// The rows of a file, their features counted from 0 and `features` = the largest index. Labels and values are finite reals, a leading
/// `+` allowed; indices start at 1, ascend, and are at most `most_features`. Blanks may trail, lines may end in CR LF, the last one in
/// nothing, `#` starts a comment, lines without a label are passed over; a row without features is a row of zeros. Stored zeros are kept.
/// Everything else is an InputError at the line, `qid:` included; so is a file without rows. About 100 MB/s.
[[nodiscard]] Dataset read_libsvm(const DataFile& file, std::uint32_t most_features = kMaxLibsvmFeatures);

}  // namespace peloton
