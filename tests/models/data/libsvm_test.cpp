#include "models/data/libsvm.hpp"

#include <algorithm>

#include "tests/models/data/files.hpp"
#include "tests/test.hpp"

using namespace peloton;
using namespace peloton::test;
using Catch::Matchers::ContainsSubstring;

namespace {

Dataset read(std::string_view text, std::uint32_t most_features = kMaxLibsvmFeatures) {
  const TemporaryDirectory folder;
  return read_libsvm(write_file(folder / "set", text), most_features);
}

std::string error(std::string_view text, std::uint32_t most_features = kMaxLibsvmFeatures) {
  return input_error([&] { (void)read(text, most_features); });
}

const SparseRows& sparse(const Dataset& data) { return std::get<SparseRows>(data.x); }

Dataset real(const std::string& name) { return read_libsvm({name, data_path(name).string()}); }

std::size_t count(const Dataset& data, double label) {
  return static_cast<std::size_t>(std::count(data.labels.begin(), data.labels.end(), label));
}

}  // namespace

TEST_CASE("LIBSVM rows are read as they stand", "[models][data][libsvm]") {
  // Hand computation, with what the format's files contain: a plus sign, a trailing blank, a row without features, CR LF, a comment, an
  // empty line, tabs, an exponent, a stored zero, no newline at the end.
  const Dataset data = read("+1 3:1 11:-0.5 \n-1\n2.5\t1:1e-3\t2:0.0\r\n# a comment\n\n-1e1 2:.25 # 7:1\n+1 1:+4");
  CHECK(data.rows == 5);
  CHECK(data.features == 11);
  CHECK(data.labels == std::vector<double>{1, -1, 2.5, -10, 1});
  CHECK(sparse(data).starts == std::vector<std::uint64_t>{0, 2, 2, 4, 5, 6});
  CHECK(sparse(data).columns == std::vector<std::uint32_t>{2, 10, 0, 1, 1, 0});
  CHECK(sparse(data).values == std::vector<double>{1, -0.5, 1e-3, 0, 0.25, 4});
}

TEST_CASE("LIBSVM errors tell the line", "[models][data][libsvm]") {
  CHECK(error("1 1:1\n1 0:1\n") == "set: line 2: feature index 0: indices start at 1");
  CHECK(error("1 5:1 3:1\n") == "set: line 1: feature index 3 after 5: indices must ascend");
  CHECK(error("# head\n\n1 5:1 5:1\n") == "set: line 3: feature index 5 twice");
  CHECK(error("1 100000001:1\n") == "set: line 1: feature index 100000001: the limit is 100000000");
  CHECK(error("1 99999999999999999999999:1\n") == "set: line 1: feature index 99999999999999999999999: the limit is 100000000");
  CHECK(error("1 124:1\n", 123) == "set: line 1: feature index 124: the option \"features\" says 123");
  CHECK(error("1 3:\n") == "set: line 1: feature 3 has no value");
  CHECK(error("1 3: 4:1\n") == "set: line 1: feature 3 has no value");
  CHECK(error("1 3:x\n") == "set: line 1: a value must be a number, got \"x\"");
  CHECK(error("1 3:1x\n") == "set: line 1: a value must be a number, got \"1x\"");
  CHECK(error("1 3:1:2\n") == "set: line 1: a value must be a number, got \"1:2\"");
  CHECK(error("1 3:+-1\n") == "set: line 1: a value must be a number, got \"+-1\"");
  CHECK(error("1 3:+\n") == "set: line 1: a value must be a number, got \"+\"");
  CHECK(error("1 3:nan\n") == "set: line 1: a value must be a finite number (float64), got \"nan\"");
  CHECK(error("1 3:-inf\n") == "set: line 1: a value must be a finite number (float64), got \"-inf\"");
  CHECK(error("1 3:1e999\n") == "set: line 1: a value must be a finite number (float64), got \"1e999\"");
  CHECK(error("inf 3:1\n") == "set: line 1: a label must be a finite number (float64), got \"inf\"");
  CHECK(error("NaN 3:1\n") == "set: line 1: a label must be a finite number (float64), got \"NaN\"");
  CHECK(error("3:1\n") == "set: line 1: a label must be a number, got \"3:1\"");
  CHECK(error("1,2 3:1\n") == "set: line 1: a label must be a number, got \"1,2\"");
  CHECK(error("spam 3:1\n") == "set: line 1: a label must be a number, got \"spam\"");
  CHECK(error("1 3\n") == "set: line 1: must be index:value, got \"3\"");
  CHECK(error("1 3 :1\n") == "set: line 1: must be index:value, got \"3\"");
  CHECK(error("1 -3:1\n") == "set: line 1: must be index:value, got \"-3:1\"");
  CHECK(error("1 qid:4 3:1\n") == "set: line 1: qid: rows grouped by query (ranking data) are not supported");
  CHECK_THAT(error(std::string("1 3:1\n\0\x01\x02", 9)),
             ContainsSubstring("set: line 2: a label must be a number, got \"\\u0000\\u0001\\u0002\""));
  CHECK(error("") == "set: must hold at least one row, got none");
  CHECK(error("# nothing\n \r\n\n") == "set: must hold at least one row, got none");
}

TEST_CASE("a long piece of junk is cut in the message", "[models][data][libsvm]") {
  const std::string message = error("1 " + std::string(1U << 20U, 'x'));
  CHECK(message.size() < 200);
  CHECK_THAT(message, ContainsSubstring("must be index:value, got \"xxxx"));
}

TEST_CASE("the number of LIBSVM features: the largest index of both files, or as told", "[models][data][libsvm]") {
  const TemporaryDirectory folder;
  write_file(folder / "train", "1 3:1\n");
  write_file(folder / "test", "1 5:1\n");
  write_file(folder / "bare", "1\n");
  const DataContext context{folder.path().string(), 1, Place{"mine.json", "/task/data"}};
  const auto features = [&](const LibsvmData& spec) {
    const DataPair data = spec.load(context);
    if (spec.test_path) CHECK(data.test.features == data.train.features);
    CHECK(data.test.rows == (spec.test_path ? 1 : 0));
    return data.train.features;
  };
  CHECK(features({.path = "train", .test_path = {}, .features = {}}) == 3);
  CHECK(features({.path = "train", .test_path = "test", .features = {}}) == 5);
  CHECK(features({.path = "test", .test_path = "train", .features = {}}) == 5);
  CHECK(features({.path = "train", .test_path = "test", .features = 8}) == 8);
  CHECK(features({.path = "bare", .test_path = {}, .features = 2}) == 2);
  const LibsvmData too_few{.path = "train", .test_path = "test", .features = 4};
  CHECK(input_error([&] { (void)too_few.load(context); }) == "test: line 1: feature index 5: the option \"features\" says 4");
  const LibsvmData none{.path = "bare", .test_path = {}, .features = {}};
  CHECK(input_error([&] { (void)none.load(context); }) ==
        "mine.json: /task/data/path: no row has a feature; give their number as \"features\"");
}

TEST_CASE("LIBSVM text may be compressed", "[models][data][libsvm]") {
  // Reduction to the plain file.
  const std::string text = "+1 3:1 11:1 \n-1 2:0.5\n";
  for (const std::string& stored : {gzip(text), bzip2(text)}) {
    const Dataset data = read(stored);
    CHECK(data.labels == read(text).labels);
    CHECK(sparse(data).columns == sparse(read(text)).columns);
    CHECK(sparse(data).values == sparse(read(text)).values);
  }
}

// The counts of the real files are those of the table in the data folder's README.

TEST_CASE("a9a and a9a.t", "[models][data][libsvm]") {
  SKIP_WITHOUT("libsvm/a9a");
  const Dataset train = real("libsvm/a9a");
  CHECK(train.rows == 32561);
  CHECK(train.features == 123);
  CHECK(count(train, -1) == 24720);
  CHECK(count(train, 1) == 7841);
  CHECK(std::all_of(sparse(train).values.begin(), sparse(train).values.end(), [](double value) { return value == 1; }));
  const Dataset test = real("libsvm/a9a.t");
  CHECK(test.rows == 16281);
  CHECK(test.features == 122);
  CHECK(count(test, 1) == 3846);
}

TEST_CASE("w8a has rows without features", "[models][data][libsvm]") {
  SKIP_WITHOUT("libsvm/w8a");
  const auto featureless = [](const Dataset& data) {
    const std::vector<std::uint64_t>& starts = sparse(data).starts;
    int rows = 0;
    for (std::size_t i = 0; i < data.rows; ++i) rows += starts[i] == starts[i + 1] ? 1 : 0;
    return rows;
  };
  const Dataset train = real("libsvm/w8a");
  CHECK(train.rows == 49749);
  CHECK(train.features == 300);
  CHECK(count(train, 1) == 1479);
  CHECK(featureless(train) == 4203);
  const Dataset test = real("libsvm/w8a.t");
  CHECK(test.rows == 14951);
  CHECK(featureless(test) == 1252);
}

TEST_CASE("ijcnn1 comes as bzip2 and keeps its stored zeros", "[models][data][libsvm]") {
  SKIP_WITHOUT("libsvm/ijcnn1.bz2");
  const Dataset data = real("libsvm/ijcnn1.bz2");
  CHECK(data.rows == 49990);
  CHECK(data.features == 22);
  CHECK(count(data, -1) == 45137);
  CHECK(count(data, 1) == 4853);
  CHECK(std::count(sparse(data).values.begin(), sparse(data).values.end(), 0.0) > 0);
}

TEST_CASE("the small LIBSVM sets", "[models][data][libsvm]") {
  SKIP_WITHOUT("libsvm/mushrooms");
  struct Expected {
    std::string name;
    std::size_t features;
    double label_a;
    std::size_t count_a;
    double label_b;
    std::size_t count_b;
  };
  const Expected sets[] = {
      {"libsvm/mushrooms", 112, 1, 3916, 2, 4208},   {"libsvm/german.numer", 24, -1, 700, 1, 300},
      {"libsvm/australian", 14, -1, 383, 1, 307},    {"libsvm/heart_scale", 13, -1, 150, 1, 120},
      {"libsvm/diabetes_scale", 8, 1, 500, -1, 268}, {"libsvm/splice", 60, -1, 483, 1, 517},
      {"libsvm/a1a", 119, -1, 1210, 1, 395},         {"libsvm/breast-cancer_scale.pm1", 10, -1, 444, 1, 239},
  };
  for (const Expected& set : sets) {
    INFO(set.name);
    const Dataset data = real(set.name);
    CHECK(data.rows == set.count_a + set.count_b);
    CHECK(data.features == set.features);
    CHECK(count(data, set.label_a) == set.count_a);
    CHECK(count(data, set.label_b) == set.count_b);
  }
  const Dataset australian = real("libsvm/australian");
  CHECK(*std::max_element(sparse(australian).values.begin(), sparse(australian).values.end()) == 100001);
}
