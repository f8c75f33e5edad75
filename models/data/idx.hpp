#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "models/data/dataset.hpp"
#include "models/data/folder.hpp"
#include "sim/base/options.hpp"

namespace peloton {

/// Images and labels in the IDX format of MNIST (LeCun, Bottou, Bengio, Haffner, Proc. IEEE 1998). All integers are 32-bit big-endian:
/// images: magic 2051, count, rows, columns, then one byte per pixel, image after image; labels: magic 2049, count, one byte each.
struct IdxData {
  static constexpr std::string_view kind = "idx";
  static constexpr std::string_view help = "images and labels in the IDX format of MNIST, plain or compressed; pixels scaled to 0 … 1";
  std::string images;
  std::string labels;
  std::optional<std::string> test_images;
  std::optional<std::string> test_labels;

  static auto fields() {
    return options(required("images", &IdxData::images, "training images, a path in the data folder"),
                   required("labels", &IdxData::labels, "training labels"),
                   field("test_images", &IdxData::test_images, "test images; absent: no test set"),
                   field("test_labels", &IdxData::test_labels, "test labels"));
  }
  void validate(const Place& place) const;
  [[nodiscard]] DataPair load(const DataContext& context) const;
};

/// The images (features = rows · columns, byte · 1/255) with their labels. A wrong magic number, a header that does not match the number of
/// bytes, no image at all, and counts that differ are InputErrors. MNIST's 60000 images take about 0.3 s from gzip.
[[nodiscard]] Dataset read_idx(const DataFile& images, const DataFile& labels);

}  // namespace peloton
