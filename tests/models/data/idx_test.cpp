#include "models/data/idx.hpp"

#include <algorithm>
#include <array>
#include <numeric>

#include "tests/models/data/files.hpp"
#include "tests/test.hpp"

using namespace peloton;
using namespace peloton::test;
using Catch::Matchers::ContainsSubstring;

namespace {

// Two images of 2 x 3 pixels, labels 7 and 0.
const std::string pixels = {'\x00', '\x01', '\x02', '\x03', '\x04', '\x05', '\x33', '\x66', '\x7f', '\x80', '\xfe', '\xff'};
const std::string images = big_endian({2051, 2, 2, 3}) + pixels;
const std::string labels = big_endian({2049, 2}) + std::string({'\x07', '\x00'});

Dataset read(const TemporaryDirectory& folder, const std::string& image_bytes, const std::string& label_bytes) {
  return read_idx(write_file(folder / "images", image_bytes), write_file(folder / "labels", label_bytes));
}

DataFile file(const std::string& name) { return {name, data_path(name).string()}; }

std::array<int, 10> class_counts(const Dataset& data) {
  std::array<int, 10> counts{};
  for (const double label : data.labels) ++counts.at(static_cast<std::size_t>(label));
  return counts;
}

}  // namespace

TEST_CASE("IDX images and labels are read as they stand, plain or compressed", "[models][data][idx]") {
  // Hand computation: 2 images · (2 · 3) pixels, each worth byte / 255.
  const TemporaryDirectory folder;
  for (const bool compressed : {false, true}) {
    const Dataset data = compressed ? read(folder, gzip(images), bzip2(labels)) : read(folder, images, labels);
    CHECK(data.rows == 2);
    CHECK(data.features == 6);
    CHECK(data.labels == std::vector<double>{7, 0});
    const auto& x = std::get<DenseBytes>(data.x);
    CHECK(std::string(x.values.begin(), x.values.end()) == pixels);
    CHECK(x.values[11] * x.scale == Approx(1.0).epsilon(1e-15));
    CHECK(x.values[6] * x.scale == Approx(0.2).epsilon(1e-15));
  }
}

TEST_CASE("an IDX file of the wrong kind is refused", "[models][data][idx]") {
  const TemporaryDirectory folder;
  CHECK(input_error([&] { (void)read(folder, labels, labels); }) == "images: must have a header of 16 bytes, got 10 bytes in all");
  CHECK(input_error([&] { (void)read(folder, labels + "      ", labels); }) ==
        "images: must start with the magic number 2051 of images, got 2049 (these are labels)");
  CHECK(input_error([&] { (void)read(folder, images, images); }) ==
        "labels: must start with the magic number 2049 of labels, got 2051 (these are images)");
  CHECK(input_error([&] { (void)read(folder, "-1 3:1 4:1 9:1\n+1 3:1\n", labels); }) ==
        "images: must start with the magic number 2051 of images, got 758194227");  // 0x2d312033, "-1 3"
  CHECK_THAT(input_error([&] { (void)read(folder, "", labels); }), ContainsSubstring("got 0 bytes in all"));
}

TEST_CASE("an IDX header must tell the truth", "[models][data][idx]") {
  const TemporaryDirectory folder;
  const auto error = [&](const std::string& image_bytes) { return input_error([&] { (void)read(folder, image_bytes, labels); }); };
  CHECK(error(images.substr(0, images.size() - 1)) == "images: the header promises 2 x 2 x 3 bytes, but 11 follow it");
  CHECK(error(images + "x") == "images: the header promises 2 x 2 x 3 bytes, but 13 follow it");
  CHECK(error(images + pixels) == "images: the header promises 2 x 2 x 3 bytes, but 24 follow it");
  CHECK(error(big_endian({2051, 0, 28, 28})) == "images: the header gives a size of 0 (dimension 1 of 3)");
  CHECK(error(big_endian({2051, 2, 0, 6}) + pixels) == "images: the header gives a size of 0 (dimension 2 of 3)");
  // 4294967295³ bytes: nothing of that size is allocated, and the product must not wrap to something that fits.
  CHECK(error(big_endian({2051, 0xffffffffU, 0xffffffffU, 0xffffffffU}) + pixels) ==
        "images: the header promises 4294967295 x 4294967295 x 4294967295 bytes, but 12 follow it");
  // 2^31 · 2^31 · 4 = 2^64 wraps to 0 bytes, 2^31 · 2^31 · 5 = 2^64 + 2^62 to 2^62.
  CHECK_THAT(error(big_endian({2051, 0x80000000U, 0x80000000U, 4})), ContainsSubstring("but 0 follow it"));
}

TEST_CASE("IDX images and labels must belong together", "[models][data][idx]") {
  const TemporaryDirectory folder;
  const std::string three = big_endian({2049, 3}) + "\x01\x02\x03";
  CHECK(input_error([&] { (void)read(folder, images, three); }) == "labels: holds 3 labels, but \"images\" holds 2 images");

  const Place place{"mine.json", "/task/data"};
  write_file(folder / "images", images);
  write_file(folder / "labels", labels);
  write_file(folder / "wide", big_endian({2051, 2, 1, 7}) + std::string(14, '\0'));
  const DataContext context{folder.path().string(), 1, place};
  const IdxData differs{.images = "images", .labels = "labels", .test_images = "wide", .test_labels = "labels"};
  CHECK(input_error([&] { (void)differs.load(context); }) ==
        "mine.json: /task/data/test_images: has 7 pixels per image, but the training images have 6");
  const Json half = {{"images", "images"}, {"labels", "labels"}, {"test_images", "images"}};
  CHECK(input_error([&] { (void)parse_options<IdxData>(half, place); }) ==
        "mine.json: /task/data: has test_images, and needs the key \"test_labels\" too");
  const Json other_half = {{"images", "images"}, {"labels", "labels"}, {"test_labels", "labels"}};
  CHECK_THAT(input_error([&] { (void)parse_options<IdxData>(other_half, place); }), ContainsSubstring("needs the key \"test_images\""));
}

TEST_CASE("MNIST is read whole", "[models][data][idx]") {
  // Published values: 60000 and 10000 images of 28 x 28; digits per class as counted by LeCun et al.; the mean pixel of the training set
  // is 0.1307, the constant by which everybody normalises.
  SKIP_WITHOUT("mnist/train-images-idx3-ubyte.gz");
  const Dataset train = read_idx(file("mnist/train-images-idx3-ubyte.gz"), file("mnist/train-labels-idx1-ubyte.gz"));
  CHECK(train.rows == 60000);
  CHECK(train.features == 784);
  CHECK(class_counts(train) == std::array{5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949});
  const auto& x = std::get<DenseBytes>(train.x);
  const auto sum = std::accumulate(x.values.begin(), x.values.end(), std::uint64_t{0});
  CHECK(static_cast<double>(sum) * x.scale / (60000.0 * 784) == Approx(0.1307).margin(5e-5));
  CHECK(std::vector<double>(train.labels.begin(), train.labels.begin() + 5) == std::vector<double>{5, 0, 4, 1, 9});

  const Dataset test = read_idx(file("mnist/t10k-images-idx3-ubyte.gz"), file("mnist/t10k-labels-idx1-ubyte.gz"));
  CHECK(test.rows == 10000);
  CHECK(class_counts(test) == std::array{980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009});
}

TEST_CASE("Fashion-MNIST is balanced", "[models][data][idx]") {
  SKIP_WITHOUT("fashion-mnist/t10k-images-idx3-ubyte.gz");
  const Dataset test = read_idx(file("fashion-mnist/t10k-images-idx3-ubyte.gz"), file("fashion-mnist/t10k-labels-idx1-ubyte.gz"));
  CHECK(test.features == 784);
  const std::array<int, 10> counts = class_counts(test);
  CHECK(std::all_of(counts.begin(), counts.end(), [](int count) { return count == 1000; }));
}
