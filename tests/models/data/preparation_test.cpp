#include "models/data/preparation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "models/data/data_spec.hpp"
#include "models/kernels/kernels.hpp"
#include "models/objectives/feature_matrix.hpp"
#include "tests/models/data/files.hpp"
#include "tests/test.hpp"

using namespace peloton;
using namespace peloton::test;

namespace {

using Reals = std::vector<double>;

const Place place{"mine.json", "/task/data/normalise"};

Dataset dense(std::size_t features, Reals values) {
  Dataset out;
  out.rows = values.size() / features;
  out.features = features;
  out.x = DenseReals{std::move(values)};
  out.labels.resize(out.rows);
  std::iota(out.labels.begin(), out.labels.end(), 0.0);
  return out;
}

Dataset bytes(std::size_t features, LargeVector<std::uint8_t> values) {
  Dataset out = dense(features, Reals(values.size()));
  out.x = DenseBytes{std::move(values), 0.5};
  return out;
}

/// (2 0 | 0 0 | -4 8)
Dataset sparse() {
  Dataset out = dense(2, Reals(6));
  out.x = SparseRows{{0, 1, 1, 3}, {0, 0, 1}, {2, -4, 8}};
  return out;
}

const Reals& reals(const Dataset& data) { return std::get<DenseReals>(data.x).values; }

Normalise parse(const Json& json) { return OptionType<Normalise>::parse(json, place); }
SplitSize parse_split(const Json& json) { return OptionType<SplitSize>::parse(json, Place{"f", "/split"}); }

DataPair normalised_pair(Dataset train, Dataset test, const Json& how) {
  DataPair data{std::move(train), std::move(test)};
  normalise_features(data, parse(how), place);
  return data;
}

/// Rows 0 … rows − 1, each with its number as label and feature.
DataPair numbered(std::size_t rows) {
  Reals values(rows);
  std::iota(values.begin(), values.end(), 0.0);
  return {dense(1, values), {}};
}

}  // namespace

TEST_CASE("standard features have mean 0 and deviation 1 over the training set", "[models][data][preparation]") {
  // Hand computation: feature 0 is 1 3 (mean 2, deviation 1), feature 1 is 0.1 0.1, constant: centred only, to exactly 0.
  const DataPair data = normalised_pair(dense(2, {1, 0.1, 3, 0.1}), dense(2, {4, 1.1}), "standard");
  CHECK(reals(data.train) == Reals{-1, 0, 1, 0});
  CHECK(reals(data.test)[0] == 2);
  CHECK(reals(data.test)[1] == Approx(1).epsilon(1e-15));
  // Bytes worth byte / 2: 2 and 6 are 1 and 3, 5 is 2.5.
  const DataPair images = normalised_pair(bytes(1, {2, 6}), bytes(1, {5}), "standard");
  CHECK(reals(images.train) == Reals{-1, 1});
  CHECK(reals(images.test) == Reals{0.5});
}

TEST_CASE("a feature that is constant but for rounding is not blown up", "[models][data][preparation]") {
  // 0.1 summed 7 times is not 0.7: a variance computed around that mean is not 0.
  CHECK(reals(normalised_pair(dense(1, Reals(7, 0.1)), {}, "standard").train) == Reals(7, 0.0));
}

TEST_CASE("a given mean and deviation, one for all or one per run of features", "[models][data][preparation]") {
  // Hand computation.
  CHECK(reals(normalised_pair(dense(2, {1, 2, 3, 4}), dense(2, {5, 6}), {{"mean", 1}, {"sd", 2}}).train) == Reals{0, 0.5, 1, 1.5});
  const Json per_plane = {{"mean", {1, 2}}, {"sd", {1, 4}}};
  const DataPair planes = normalised_pair(dense(4, {1, 2, 2, 6}), dense(4, {0, 0, 0, 0}), per_plane);
  CHECK(reals(planes.train) == Reals{0, 1, 0, 1});
  CHECK(reals(planes.test) == Reals{-1, -1, -0.5, -0.5});
  CHECK(reals(normalised_pair(bytes(2, {2, 8}), {}, per_plane).train) == Reals{0, 0.5});
}

TEST_CASE("bytes stay bytes under one given mean and deviation", "[models][data][preparation]") {
  // Closed form: (byte · 1/2 − 1) / 4 = byte / 8 − 1/4, which every kernel gathers as exactly that.
  DataPair pair = normalised_pair(bytes(2, {0, 2, 10, 255}), bytes(2, {4, 6}), {{"mean", 1}, {"sd", 4}});
  CHECK(std::get<DenseBytes>(pair.test.x).values == LargeVector<std::uint8_t>{4, 6});
  const auto data = std::make_shared<const DataPair>(std::move(pair));
  const std::vector<std::uint32_t> rows{1, 0};
  for (const std::string& name : kernel_names()) {
    std::vector<float> out(4);
    FeatureMatrix<float>(data, data->train).gather(rows, find_kernels(name).get<float>(), out.data());
    CHECK(out == std::vector<float>{1, 31.625, -0.25, 0});
  }
}

TEST_CASE("gathered bytes with an offset are the same bits in every kernel set", "[models][data][preparation]") {
  // Invariant: scale · byte is rounded, then the sum with the offset; MNIST's constants are such that a fused multiply-add would differ.
  LargeVector<std::uint8_t> all(256);
  std::iota(all.begin(), all.end(), std::uint8_t{0});
  DataPair pair{bytes(256, all), {}};
  std::get<DenseBytes>(pair.train.x).scale = 1.0 / 255;
  normalise_features(pair, parse({{"mean", 0.1307}, {"sd", 0.3081}}), place);
  const auto data = std::make_shared<const DataPair>(std::move(pair));
  const auto scale = static_cast<float>(1.0 / 255 / 0.3081);
  const auto offset = static_cast<float>(-0.1307 / 0.3081);
  std::vector<float> expected(256);
  bool fused_differs = false;
  for (std::size_t i = 0; i < 256; ++i) {
    const float product = scale * static_cast<float>(i);
    expected[i] = product + offset;
    fused_differs = fused_differs || std::fma(scale, static_cast<float>(i), offset) != expected[i];
  }
  REQUIRE(fused_differs);
  const std::vector<std::uint32_t> rows{0};
  for (const std::string& name : kernel_names()) {
    std::vector<float> out(256);
    FeatureMatrix<float>(data, data->train).gather(rows, find_kernels(name).get<float>(), out.data());
    CHECK(out == expected);
  }
}

TEST_CASE("unit rows have norm 1, and rows of zeros stay", "[models][data][preparation]") {
  // Hand computation: 3-4-5 triangles, also where squares overflow or underflow.
  const DataPair data = normalised_pair(dense(2, {3, -4, 0, 0, 3e200, 4e200, 3e-200, 4e-200}), dense(2, {0, 7}), "unit_rows");
  const Reals expected{0.6, -0.8, 0, 0, 0.6, 0.8, 0.6, 0.8};
  for (std::size_t i = 0; i < 8; ++i) CHECK(reals(data.train)[i] == Approx(expected[i]).epsilon(1e-15));
  CHECK(reals(data.test) == Reals{0, 1});
  const DataPair pair = normalised_pair(sparse(), {}, "unit_rows");
  const Reals& stored = std::get<SparseRows>(pair.train.x).values;
  CHECK(stored[0] == 1);
  CHECK(stored[1] == Approx(-1 / std::sqrt(5.0)).epsilon(1e-15));
  CHECK(stored[2] == Approx(2 / std::sqrt(5.0)).epsilon(1e-15));
}

TEST_CASE("max_abs divides by the largest of the training set", "[models][data][preparation]") {
  // Hand computation: the largest |x| are 4 and, of nothing but zeros, 0; the test set may exceed 1.
  const DataPair data = normalised_pair(dense(2, {1, 0, -4, 0}), dense(2, {8, 3}), "max_abs");
  CHECK(reals(data.train) == Reals{0.25, 0, -1, 0});
  CHECK(reals(data.test) == Reals{2, 3});
  CHECK(std::get<SparseRows>(normalised_pair(sparse(), {}, "max_abs").train.x).values == Reals{0.5, -1, 1});
  CHECK(std::get<SparseRows>(normalised_pair(sparse(), {}, {{"mean", 0}, {"sd", 2}}).train.x).values == Reals{1, -2, 4});
}

TEST_CASE("sparse rows are not centred", "[models][data][preparation]") {
  const auto error = [](const Json& how) { return input_error([&] { (void)normalised_pair(sparse(), {}, how); }); };
  const std::string reason =
      "mine.json: /task/data/normalise: must be max_abs, unit_rows or a mean of 0: these rows are sparse, and subtracting a mean would "
      "make "
      "their zeros non-zeros, got ";
  CHECK(error("standard") == reason + "\"standard\"");
  CHECK(error({{"mean", 1}, {"sd", 1}}) == reason + R"({"mean":1.0,"sd":1.0})");
}

TEST_CASE("normalise in scenarios", "[models][data][preparation]") {
  CHECK(write_options(parse("Unit-Rows")) == Json("unit_rows"));
  CHECK(write_options(parse({{"mean", 0.5}, {"sd", {2}}})) == Json{{"mean", 0.5}, {"sd", 2.0}});
  const auto error = [](const Json& json) { return input_error([&] { (void)parse(json); }); };
  CHECK(error("standart") ==
        "mine.json: /task/data/normalise: must be one of none, standard, unit_rows, max_abs, got \"standart\" (did you mean "
        "\"standard\"?)");
  CHECK(error(3) == "mine.json: /task/data/normalise: must be none | standard | unit_rows | max_abs | {mean, sd}, got 3");
  CHECK(error({{"mean", 3}}) == "mine.json: /task/data/normalise: needs the keys \"mean\" and \"sd\", got {\"mean\":3}");
  CHECK(error({{"mean", 3}, {"sd", 0}}) == "mine.json: /task/data/normalise/sd: must be > 0, got 0");
  CHECK(error({{"mean", {1, 2}}, {"sd", 1}}) == "mine.json: /task/data/normalise/sd: must have as many values as mean, 2, got 1");
  CHECK(input_error([&] {
          (void)normalised_pair(dense(3, {1, 2, 3}), {}, {{"mean", {1, 2}}, {"sd", {1, 2}}});
        }) == "mine.json: /task/data/normalise/mean: must have a length that divides the number of features, 3, got 2 values");
}

TEST_CASE("a split moves random rows and keeps their order", "[models][data][preparation]") {
  // Invariant: both sets together hold each row once, labels going with features. 30 of 100 rows.
  DataPair data = numbered(100);
  split_rows(data, {0.3}, 1, place);
  CHECK(data.train.rows == 70);
  CHECK(data.test.rows == 30);
  CHECK(data.test.features == 1);
  CHECK(std::is_sorted(data.train.labels.begin(), data.train.labels.end()));
  CHECK(std::is_sorted(data.test.labels.begin(), data.test.labels.end()));
  CHECK(reals(data.test) == data.test.labels);
  Reals all = data.train.labels;
  all.insert(all.end(), data.test.labels.begin(), data.test.labels.end());
  std::sort(all.begin(), all.end());
  CHECK(all == numbered(100).train.labels);
  // Another seed moves others: the same 30 of 100 with probability 3·10⁻²⁶.
  DataPair other = numbered(100);
  split_rows(other, {30}, 2, place);
  CHECK(other.test.rows == 30);
  CHECK(other.test.labels != data.test.labels);
}

TEST_CASE("every row is as likely to be moved", "[models][data][preparation]") {
  // Over 2000 seeds each of 10 rows is among the 3 moved 600 times, deviation 20.5; 6 deviations: error probability 2·10⁻⁸.
  std::vector<double> moved(10);
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    DataPair data = numbered(10);
    split_rows(data, {3}, seed, place);
    for (const double label : data.test.labels) ++moved[static_cast<std::size_t>(label)];
  }
  for (const double count : moved) CHECK(count == Approx(600).margin(6 * 20.5));
}

TEST_CASE("split in scenarios: a share or a count", "[models][data][preparation]") {
  CHECK(parse_split("20%").value == 0.2);
  CHECK(write_options(parse_split(0.25)) == Json(0.25));
  CHECK(write_options(parse_split(7)).dump() == "7");
  const auto error = [](const Json& json) { return input_error([&] { (void)parse_split(json); }); };
  const std::string expected = "f: /split: must be a share > 0 and < 1 or a whole number of rows ≥ 1, got ";
  CHECK(error(0) == expected + "0");
  CHECK(error(1.5) == expected + "1.5");
  CHECK(error(-3) == expected + "-3");
  CHECK(error("100%") == "f: /split: must be a share > 0 and < 1, got \"100%\"");
  CHECK(error(true) == "f: /split: must be a share such as 0.2 or \"20%\", or a count of rows, got true");
  for (const double size : {0.04, 0.96, 10.0, 11.0}) {
    CHECK(input_error([&] {
            DataPair data = numbered(10);
            split_rows(data, {size}, 1, Place{"f", "/split"});
          }) == fmt::format("f: /split: must leave each set at least one of the 10 rows, got {} for the test set",
                            size < 1 ? std::round(size * 10) : size));
  }
}

TEST_CASE("MNIST's constants give its pixels mean 0 and deviation 1", "[models][data][preparation]") {
  // Published values: mean 0.1307 and deviation 0.3081, to four digits; the pixels stay bytes.
  SKIP_WITHOUT("mnist/train-images-idx3-ubyte.gz");
  const Json json = {{"kind", "idx"},
                     {"images", "mnist/train-images-idx3-ubyte.gz"},
                     {"labels", "mnist/train-labels-idx1-ubyte.gz"},
                     {"normalise", {{"mean", 0.1307}, {"sd", 0.3081}}}};
  const auto spec = OptionType<DataSpec>::parse(json, place);
  const auto data = load_data(spec, data_path(".").string(), 1, place);
  const auto& x = std::get<DenseBytes>(data->train.x);
  std::vector<double> counts(256);
  for (const std::uint8_t byte : x.values) ++counts[byte];
  double mean = 0;
  double squares = 0;
  for (std::size_t byte = 0; byte < 256; ++byte) {
    const double value = static_cast<double>(byte) * x.scale + x.offset;
    mean += counts[byte] * value / 47040000;
    squares += counts[byte] * value * value / 47040000;
  }
  CHECK(mean == Approx(0).margin(2e-4));
  CHECK(std::sqrt(squares - mean * mean) == Approx(1).margin(2e-4));
}
