#include "models/data/data_spec.hpp"

#include "tests/models/data/files.hpp"
#include "tests/test.hpp"

using namespace peloton;
using namespace peloton::test;
using Catch::Matchers::ContainsSubstring;

namespace {

DataSpec parse(const Json& json) { return OptionType<DataSpec>::parse(json, Place{"mine.json", "/task/data"}); }

std::shared_ptr<const DataPair> load(const Json& json, const TemporaryDirectory& folder, std::uint64_t seed = 1) {
  return load_data(parse(json), folder.path().string(), seed, Place{"mine.json", "/task/data"});
}

}  // namespace

TEST_CASE("each kind of data loads what its options say", "[models][data][data_spec]") {
  const TemporaryDirectory folder;
  write_file(folder / "set", "1 2:1\n-1 1:1\n");
  write_file(folder / "images", big_endian({2051, 1, 1, 2}) + "ab");
  write_file(folder / "labels", big_endian({2049, 1}) + "c");
  CHECK(load({{"kind", "blobs"}, {"samples", 30}, {"features", 4}, {"classes", 3}}, folder)->train.features == 4);
  CHECK(load({{"kind", "linear"}, {"samples", 30}, {"features", 4}}, folder)->train.rows == 30);
  CHECK(load({{"kind", "idx"}, {"images", "images"}, {"labels", "labels"}}, folder)->train.labels == std::vector<double>{'c'});
  CHECK(load({{"kind", "libsvm"}, {"path", "set"}}, folder)->train.labels == std::vector<double>{1, -1});
  CHECK(load("libsvm:set", folder)->train.features == 2);
  write_file(folder / "records.bin", std::string(1, '\3') + std::string(3072, 'x'));
  write_file(folder / "table.csv", "a,b,c\n1,2,3\n");
  CHECK(load({{"kind", "synthetic"}, {"alpha", 0.5}, {"beta", 0.5}}, folder)->train.devices.size() == 10000);
  CHECK(load({{"kind", "cifar"}, {"path", "records.bin"}}, folder)->train.labels == std::vector<double>{3});
  CHECK(load("csv:table.csv,label=b", folder)->train.labels == std::vector<double>{2});
}

TEST_CASE("wrong data specs tell the place", "[models][data][data_spec]") {
  const TemporaryDirectory folder;
  CHECK(input_error([&] {
          (void)parse({{"kind", "libsvn"}, {"path", "x"}});
        }) ==
        "mine.json: /task/data/kind: must be one of blobs, linear, synthetic, idx, libsvm, cifar, csv, got \"libsvn\" (did you mean "
        "\"libsvm\"?)");
  CHECK_THAT(input_error([&] {
               (void)parse({{"kind", "idx"}, {"images", "x"}});
             }),
             ContainsSubstring("/task/data: needs the key \"labels\""));
  CHECK_THAT(input_error([&] { (void)load("libsvm:set", folder); }), ContainsSubstring("mine.json: /task/data/path: no file"));
}

TEST_CASE("generated data follow the data seed", "[models][data][data_spec]") {
  const TemporaryDirectory folder;
  const Json spec = {{"kind", "blobs"}, {"samples", 30}, {"features", 4}, {"classes", 3}};
  const auto values = [&](std::uint64_t seed) { return std::get<DenseReals>(load(spec, folder, seed)->train.x).values; };
  CHECK(values(1) == values(1));
  CHECK(values(1) != values(2));
}

TEST_CASE("keys common to all data are applied in the order limit, split, normalise", "[models][data][data_spec]") {
  // Hand computation: of the values 1 2 4 8 100 the first four are kept and one is moved; the largest |x| of the three that are left
  // becomes 1, and the test row is divided by the same.
  const TemporaryDirectory folder;
  write_file(folder / "t.csv", "0,1\n0,2\n0,4\n0,8\n0,100\n");
  const Json json = {{"kind", "csv"}, {"path", "t.csv"}, {"label", 0}, {"limit", 4}, {"split", "25%"}, {"normalise", "max_abs"}};
  for (const std::uint64_t seed : {1, 2, 3, 4, 5, 6, 7, 8}) {
    const auto data = load(json, folder, seed);
    REQUIRE(data->train.rows == 3);
    REQUIRE(data->test.rows == 1);
    const std::vector<double>& train = std::get<DenseReals>(data->train.x).values;
    const double moved = std::get<DenseReals>(data->test.x).values[0];
    CHECK(train[2] == 1);
    CHECK((moved == 2 ? train[1] == 0.5 : train[1] == (moved == 0.5 ? 0.25 : 0.5)));
  }
  CHECK(
      write_options(parse(json)) ==
      Json{{"kind", "csv"}, {"path", "t.csv"}, {"label", 0}, {"delimiter", ","}, {"limit", 4}, {"split", 0.25}, {"normalise", "max_abs"}});
  CHECK(write_options(parse("blobs"))["normalise"] == Json("none"));
}

TEST_CASE("wrong common keys of data tell the place", "[models][data][data_spec]") {
  const TemporaryDirectory folder;
  const auto error = [&](const Json& json) { return input_error([&] { (void)load(json, folder); }); };
  CHECK(error({{"kind", "blobs"}, {"limit", 10001}}) ==
        "mine.json: /task/data/limit: must be ≤ 10000, the number of training rows, got 10001");
  CHECK_THAT(error({{"kind", "blobs"}, {"limit", 0}}), ContainsSubstring("/task/data/limit: must be ≥ 1"));
  CHECK(error({{"kind", "blobs"}, {"split", 0.2}}) ==
        "mine.json: /task/data/split: makes a test set from training rows, but the data have one of 1000 rows (leave out its file, or set "
        "\"test_samples\" to 0)");
  CHECK_THAT(error({{"kind", "blobs"}, {"normalize", "none"}}), ContainsSubstring("unknown key (did you mean \"normalise\"?)"));
}
