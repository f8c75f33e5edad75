#include "models/data/cifar.hpp"

#include <array>
#include <cmath>

#include "tests/models/data/files.hpp"
#include "tests/test.hpp"

using namespace peloton;
using namespace peloton::test;
using Catch::Matchers::ContainsSubstring;

namespace {

/// A record with this label whose pixels are all `pixel`.
std::string record(int label, int pixel) { return static_cast<char>(label) + std::string(3072, static_cast<char>(pixel)); }

CifarData parse(const Json& json) { return parse_options<CifarData>(json, Place{"mine.json", "/task/data"}); }

DataPair load(const Json& json, const std::filesystem::path& folder) {
  return parse(json).load({folder.string(), 1, Place{"mine.json", "/task/data"}});
}

}  // namespace

TEST_CASE("CIFAR-10 records are read as they stand, plain or compressed", "[models][data][cifar]") {
  // Hand computation: byte 0 of a record is the label, the 3072 others are pixels worth byte / 255, planes in the file's order.
  const TemporaryDirectory folder;
  std::string first = record(9, 0);
  first[1] = '\x33';
  first[3072] = '\xff';
  for (const std::string& stored : {first + record(0, 128), gzip(first + record(0, 128))}) {
    const Dataset data = read_cifar({write_file(folder / "a.bin", stored)});
    CHECK(data.rows == 2);
    CHECK(data.features == 3072);
    CHECK(data.labels == std::vector<double>{9, 0});
    const auto& x = std::get<DenseBytes>(data.x);
    CHECK(x.values.size() == 6144);
    CHECK(x.values[0] * x.scale == Approx(0.2).epsilon(1e-15));
    CHECK(x.values[3071] * x.scale == Approx(1.0).epsilon(1e-15));
    CHECK(x.values[3072] == 128);
  }
}

TEST_CASE("CIFAR-10 paths: a file, a list, a folder", "[models][data][cifar]") {
  const TemporaryDirectory folder;
  write_file(folder / "data_batch_2.bin", record(2, 0));
  write_file(folder / "data_batch_1.bin", record(1, 0) + record(1, 0));
  write_file(folder / "test_batch.bin", record(5, 0));
  write_file(folder / "batches.meta.txt", "airplane\n");
  using Labels = std::vector<double>;
  CHECK(load({{"path", "data_batch_2.bin"}}, folder.path()).train.labels == Labels{2});
  CHECK(load({{"path", {"data_batch_2.bin", "data_batch_1.bin"}}}, folder.path()).train.labels == Labels{2, 1, 1});
  const DataPair all = load({{"path", "."}, {"test_path", "test_batch.bin"}}, folder.path());
  CHECK(all.train.labels == Labels{1, 1, 2});  // by name, without the test batch
  CHECK(all.test.labels == Labels{5});
  CHECK(write_options(parse({{"path", "a"}})) == Json{{"path", "a"}});
  CHECK(write_options(parse({{"path", {"a", "b"}}})) == Json{{"path", {"a", "b"}}});
}

TEST_CASE("wrong CIFAR-10 files are refused", "[models][data][cifar]") {
  const TemporaryDirectory folder;
  const auto error = [&](const std::string& content) {
    return input_error([&] { (void)read_cifar({write_file(folder / "a.bin", content)}); });
  };
  CHECK(error("") == "a.bin: must hold at least one record, got an empty file");
  CHECK(error((record(1, 0) + record(2, 0)).substr(0, 6145)) ==
        "a.bin: must be a whole number of records of 3073 bytes, got 1 records and 3072 bytes");
  CHECK(error(record(1, 0) + "x") == "a.bin: must be a whole number of records of 3073 bytes, got 1 records and 1 bytes");
  CHECK(error(record(9, 0) + record(10, 0)) == "a.bin: record 2: the label must be 0 … 9, got 10");
  CHECK(error(record(255, 0)) == "a.bin: record 1: the label must be 0 … 9, got 255");

  const auto load_error = [&](const Json& json) { return input_error([&] { (void)load(json, folder.path()); }); };
  CHECK_THAT(load_error({{"path", "none.bin"}}), ContainsSubstring("mine.json: /task/data/path: no file"));
  write_file(folder / "a.bin", record(1, 0));
  CHECK_THAT(load_error({{"path", "a.bin"}, {"test_path", "."}}), ContainsSubstring("not a regular file"));
  CHECK(load_error({{"path", Json::array()}}) == "mine.json: /task/data/path: must be a path or a list of paths, got []");
  std::filesystem::create_directory(folder / "empty");
  CHECK(load_error({{"path", "empty"}}) ==
        "mine.json: /task/data/path: the folder \"" + (folder / "empty").string() + "\" holds no training file *.bin");
}

TEST_CASE("the CIFAR-10 images at hand have the known means and deviations", "[models][data][cifar]") {
  // Published values of the data folder's README: per channel 0.492 0.482 0.445 and 0.247 0.244 0.263 over the 4000 images.
  SKIP_WITHOUT("cifar10/cifar10_first3000.bin");
  SKIP_WITHOUT("cifar10/cifar10_next1000.bin");
  const Dataset data = load({{"path", "cifar10"}}, data_path(".")).train;
  REQUIRE(data.rows == 4000);
  const auto& x = std::get<DenseBytes>(data.x);
  const std::array expected_mean{0.492, 0.482, 0.445};
  const std::array expected_deviation{0.247, 0.244, 0.263};
  for (std::size_t channel = 0; channel < 3; ++channel) {
    double sum = 0;
    double squares = 0;
    for (std::size_t i = 0; i < 4000; ++i) {
      for (std::size_t j = channel * 1024; j < (channel + 1) * 1024; ++j) {
        const double value = x.values[i * 3072 + j] * x.scale;
        sum += value;
        squares += value * value;
      }
    }
    const double mean = sum / 4096000;
    CHECK(mean == Approx(expected_mean.at(channel)).margin(0.0006));
    CHECK(std::sqrt(squares / 4096000 - mean * mean) == Approx(expected_deviation.at(channel)).margin(0.0006));
  }
  // The first images of data_batch_1 are a frog (6), two trucks (9), a deer (4) and a car (1).
  CHECK(std::vector<double>(data.labels.begin(), data.labels.begin() + 5) == std::vector<double>{6, 9, 9, 4, 1});
}
