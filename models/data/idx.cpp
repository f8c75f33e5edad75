#include "models/data/idx.hpp"

#include <fmt/format.h>

#include <span>

#include "models/data/file.hpp"

namespace peloton {
namespace {

constexpr std::uint32_t kImagesMagic = 2051;
constexpr std::uint32_t kLabelsMagic = 2049;

/// The content of an IDX file: its sizes, and the bytes after the header.
struct Content {
  std::vector<std::uint64_t> sizes;
  LargeVector<std::uint8_t> bytes;
};

std::uint32_t big_endian(std::span<const std::uint8_t> b) {
  return static_cast<std::uint32_t>(b[0]) << 24U | static_cast<std::uint32_t>(b[1]) << 16U | static_cast<std::uint32_t>(b[2]) << 8U | b[3];
}

std::string magic_error(std::uint32_t magic, std::uint32_t found) {
  const bool swapped = found == kImagesMagic || found == kLabelsMagic;
  const std::string_view what = magic == kImagesMagic ? "images" : "labels";
  const std::string_view other = magic == kImagesMagic ? " (these are labels)" : " (these are images)";
  return fmt::format("must start with the magic number {} of {}, got {}{}", magic, what, found, swapped ? other : "");
}

/// Reads a file of this magic number and number of dimensions, and checks that the header and the bytes agree.
Content read(const DataFile& file, std::uint32_t magic, std::size_t dimensions) {
  const Place place{file.name, ""};
  Content content;
  const auto file_bytes = read_data_file(file);
  const std::span<const std::uint8_t> bytes(file_bytes);
  const std::size_t header = 4 * (1 + dimensions);
  if (bytes.size() < header)
    throw InputError(place, fmt::format("must have a header of {} bytes, got {} bytes in all", header, bytes.size()));
  const std::uint32_t found = big_endian(bytes);
  if (found != magic) throw InputError(place, magic_error(magic, found));

  const std::uint64_t have = bytes.size() - header;
  std::uint64_t room = have;  // what the bytes allow, divided by each size in turn: no product that could overflow
  bool agrees = true;
  std::string shape;
  for (std::size_t d = 0; d < dimensions; ++d) {
    const std::uint64_t size = big_endian(bytes.subspan(4 * (1 + d)));
    if (size == 0) throw InputError(place, fmt::format("the header gives a size of 0 (dimension {} of {})", d + 1, dimensions));
    content.sizes.push_back(size);
    shape += fmt::format("{}{}", d == 0 ? "" : " x ", size);
    agrees = agrees && room % size == 0;
    room /= size;
  }
  if (!agrees || room != 1) throw InputError(place, fmt::format("the header promises {} bytes, but {} follow it", shape, have));
  content.bytes.assign(bytes.begin() + static_cast<std::ptrdiff_t>(header), bytes.end());
  return content;
}

}  // namespace

Dataset read_idx(const DataFile& images, const DataFile& labels) {
  Content pixels = read(images, kImagesMagic, 3);
  const Content classes = read(labels, kLabelsMagic, 1);
  if (classes.sizes[0] != pixels.sizes[0]) {
    throw InputError(Place{labels.name, ""},
                     fmt::format("holds {} labels, but \"{}\" holds {} images", classes.sizes[0], images.name, pixels.sizes[0]));
  }
  Dataset out;
  out.rows = pixels.sizes[0];
  out.features = pixels.sizes[1] * pixels.sizes[2];
  out.x = DenseBytes{std::move(pixels.bytes), 1.0 / 255};
  out.labels.assign(classes.bytes.begin(), classes.bytes.end());
  return out;
}

void IdxData::validate(const Place& place) const {
  if (test_images && !test_labels) throw InputError(place, "has test_images, and needs the key \"test_labels\" too");
  if (test_labels && !test_images) throw InputError(place, "has test_labels, and needs the key \"test_images\" too");
}

DataPair IdxData::load(const DataContext& context) const {
  DataPair out;
  out.train = read_idx(context.file("images", images), context.file("labels", labels));
  if (!test_images) return out;
  out.test = read_idx(context.file("test_images", *test_images), context.file("test_labels", *test_labels));
  if (out.test.features != out.train.features) {
    throw InputError(context.place / "test_images",
                     fmt::format("has {} pixels per image, but the training images have {}", out.test.features, out.train.features));
  }
  return out;
}

}  // namespace peloton
