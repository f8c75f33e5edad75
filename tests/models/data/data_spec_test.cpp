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
}

TEST_CASE("wrong data specs tell the place", "[models][data][data_spec]") {
  const TemporaryDirectory folder;
  CHECK(input_error([&] {
          (void)parse({{"kind", "libsvn"}, {"path", "x"}});
        }) == "mine.json: /task/data/kind: must be one of blobs, linear, idx, libsvm, got \"libsvn\" (did you mean \"libsvm\"?)");
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
