#include "models/data/partition.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "tests/models/data/files.hpp"
#include "tests/test.hpp"

using namespace peloton;
using namespace peloton::test;
using Catch::Matchers::ContainsSubstring;

namespace {

using Rows = std::vector<std::uint32_t>;

Rows shard(const Partition& partition, std::size_t worker) {
  const std::span<const std::uint32_t> rows = partition.shard(worker);
  return {rows.begin(), rows.end()};
}

std::vector<Rows> shards(const Partition& partition) {
  std::vector<Rows> out;
  for (std::size_t w = 0; w < partition.workers(); ++w) out.push_back(shard(partition, w));
  return out;
}

Partition split(const PartitionSpec& spec, const std::vector<double>& labels, std::size_t workers, std::uint64_t seed = 1) {
  return {spec, labels, workers, seed, Place{"mine.json", "/task/partition"}};
}

/// Labels 0 … classes − 1 in turn.
std::vector<double> labels_in_turn(std::size_t rows, std::size_t classes) {
  std::vector<double> labels(rows);
  for (std::size_t i = 0; i < rows; ++i) labels[i] = static_cast<double>(i % classes);
  return labels;
}

/// True when the shards hold each of `rows` rows exactly once, each shard at least one, ascending.
bool is_partition(const Partition& partition, std::size_t rows) {
  std::vector<int> held(rows, 0);
  for (std::size_t w = 0; w < partition.workers(); ++w) {
    const std::span<const std::uint32_t> own = partition.shard(w);
    if (own.empty() || !std::is_sorted(own.begin(), own.end())) return false;
    for (const std::uint32_t row : own) ++held.at(row);
  }
  return std::all_of(held.begin(), held.end(), [](int count) { return count == 1; });
}

std::pair<std::size_t, std::size_t> smallest_and_largest(const Partition& partition) {
  std::size_t smallest = partition.shard(0).size();
  std::size_t largest = smallest;
  for (std::size_t w = 0; w < partition.workers(); ++w) {
    smallest = std::min(smallest, partition.shard(w).size());
    largest = std::max(largest, partition.shard(w).size());
  }
  return {smallest, largest};
}

std::size_t classes_of(const Partition& partition, std::size_t worker, const std::vector<double>& labels) {
  std::set<double> seen;
  for (const std::uint32_t row : partition.shard(worker)) seen.insert(labels[row]);
  return seen.size();
}

/// Share of each class (rows in turn) that worker 0 … workers − 1 hold: shares[c][w].
std::vector<std::vector<double>> class_shares(const Partition& partition, std::size_t rows, std::size_t classes) {
  std::vector<std::vector<double>> shares(classes, std::vector<double>(partition.workers(), 0));
  const double one = static_cast<double>(classes) / static_cast<double>(rows);
  for (std::size_t w = 0; w < partition.workers(); ++w)
    for (const std::uint32_t row : partition.shard(w)) shares[row % classes][w] += one;
  return shares;
}

}  // namespace

TEST_CASE("every partition holds every row once, and depends on the seed alone", "[models][data][partition]") {
  const std::vector<double> labels = labels_in_turn(1003, 7);
  const PartitionSpec specs[] = {IidPartition{},          SortedPartition{},          ShardsPartition{3},
                                 DirichletPartition{0.3}, SimilarityPartition{{0.2}}, SizeSkewPartition{}};
  for (const PartitionSpec& spec : specs) {
    INFO(spec.scheme.kind());
    for (const std::size_t workers : {1, 2, 10, 100, 334}) CHECK(is_partition(split(spec, labels, workers), 1003));
    CHECK(shards(split(spec, labels, 10, 5)) == shards(split(spec, labels, 10, 5)));
    CHECK((shards(split(spec, labels, 10, 5)) == shards(split(spec, labels, 10, 6))) == spec.scheme.is<SortedPartition>());
  }
}

TEST_CASE("iid shards are equal to within one row and mixed", "[models][data][partition]") {
  // 1003 rows over 10 workers: three shards of 101 and seven of 100. The number of worker 0's rows among the first half of the rows is
  // hypergeometric with mean 50 and deviation 4.8; 6 deviations: error probability 2·10⁻⁹.
  const Partition partition = split(IidPartition{}, labels_in_turn(1003, 7), 10);
  CHECK(smallest_and_largest(partition) == std::pair<std::size_t, std::size_t>{100, 101});
  const Rows own = shard(partition, 0);
  CHECK(std::count_if(own.begin(), own.end(), [](std::uint32_t row) { return row < 501; }) == Approx(50).margin(29));
}

TEST_CASE("sorted shards are consecutive runs of the rows ordered by label", "[models][data][partition]") {
  // Hand computation: labels 2 0 1 0 2 1 0; by label, file order among equals: rows 1 3 6 | 2 5 | 0 4. Three workers: 3, 2 and 2 rows.
  const Partition partition = split(SortedPartition{}, {2, 0, 1, 0, 2, 1, 0}, 3);
  CHECK(shards(partition) == std::vector<Rows>{{1, 3, 6}, {2, 5}, {0, 4}});
}

TEST_CASE("shards: two pieces a worker mean at most two classes when pieces do not straddle", "[models][data][partition]") {
  // McMahan et al.: 100 workers, 200 pieces of 300 rows of 60000 rows in 10 equal classes; a piece holds one class. All 20 pieces of
  // each class are dealt, so each class is held 6000 times, and a worker holds 600 rows of one or two classes. Were the pieces not
  // dealt at random, all workers would have the same number of classes: by chance with probability below 10⁻⁸.
  const std::vector<double> labels = labels_in_turn(60000, 10);
  const Partition partition = split(ShardsPartition{2}, labels, 100);
  CHECK(is_partition(partition, 60000));
  CHECK(smallest_and_largest(partition) == std::pair<std::size_t, std::size_t>{600, 600});
  std::set<std::size_t> numbers_of_classes;
  for (std::size_t w = 0; w < 100; ++w) numbers_of_classes.insert(classes_of(partition, w, labels));
  CHECK(numbers_of_classes == std::set<std::size_t>{1, 2});
  const Partition one = split(ShardsPartition{1}, labels, 10);
  for (std::size_t w = 0; w < 10; ++w) CHECK(classes_of(one, w, labels) == 1);
}

TEST_CASE("dirichlet shares have the law's mean and variance", "[models][data][partition]") {
  // Closed form: a share is Beta(α, (W − 1) α), so E Σ_w (share − 1/W)² = (1 − 1/W) / (W α + 1), here 0.9 / 6 = 0.15 for W = 10, α = 0.5.
  // The sum lies in [0, 0.9]; over 4000 classes its mean is within 0.03 with error probability 3·10⁻⁴ (Hoeffding). Rounding to 100 rows a
  // class adds less than 3·10⁻⁴. The mean share of a worker has deviation √(0.015 / 4000) = 0.002; 6 deviations.
  const std::size_t classes = 4000;
  const auto shares = class_shares(split(DirichletPartition{0.5}, labels_in_turn(classes * 100, classes), 10), classes * 100, classes);
  double spread = 0;
  std::vector<double> mean(10, 0);
  for (const std::vector<double>& of_class : shares) {
    for (std::size_t w = 0; w < 10; ++w) {
      spread += (of_class[w] - 0.1) * (of_class[w] - 0.1) / classes;
      mean[w] += of_class[w] / classes;
    }
  }
  CHECK(spread == Approx(0.15).margin(0.03));
  for (const double share : mean) CHECK(share == Approx(0.1).margin(0.012));
}

TEST_CASE("dirichlet with alpha 1 over two workers is uniform", "[models][data][partition]") {
  // Closed form: Beta(1, 1). Kolmogorov–Smirnov over 4000 classes: the distance exceeds 0.042 with probability 2 exp(−2 · 4000 · 0.042²) =
  // 1.5·10⁻⁶, and rounding to 100 rows a class adds up to 0.01.
  const std::size_t classes = 4000;
  const auto shares = class_shares(split(DirichletPartition{1}, labels_in_turn(classes * 100, classes), 2), classes * 100, classes);
  std::vector<double> first;
  for (const std::vector<double>& of_class : shares) first.push_back(of_class[0]);
  std::sort(first.begin(), first.end());
  double distance = 0;
  for (std::size_t i = 0; i < classes; ++i) distance = std::max(distance, std::abs(first[i] - (static_cast<double>(i) + 0.5) / classes));
  CHECK(distance < 0.052);
}

TEST_CASE("dirichlet: a huge alpha is even", "[models][data][partition]") {
  // Limit: all proportions are 1/W, and counts are within one of proportion · rows: 60 or 61 of 603 rows of a class.
  for (const double alpha : {1e9, 1e12, 1e300}) {
    const Partition partition = split(DirichletPartition{alpha}, labels_in_turn(603 * 5, 5), 10);
    for (const std::vector<double>& of_class : class_shares(partition, 603 * 5, 5))
      for (const double share : of_class) CHECK(share * 603 == Approx(60.5).margin(0.51));
  }
}

TEST_CASE("dirichlet: a tiny alpha gives each class to one worker, without 0/0", "[models][data][partition]") {
  // Limit: two rows of a class have different workers with probability 1 − (0.9 / 1.01 + 0.1) = 0.9 % for α = 10⁻³ and W = 10, ten rows
  // are split with probability below 5 %: more than 20 of 100 classes with probability below 10⁻⁷. Below α = 10⁻¹⁰ none.
  for (const double alpha : {1e-3, 1e-10, 1e-100, 5e-324}) {
    const auto shares = class_shares(split(DirichletPartition{alpha}, labels_in_turn(1000, 100), 10), 1000, 100);
    const auto split_classes = std::count_if(shares.begin(), shares.end(), [](const std::vector<double>& of_class) {
      return *std::max_element(of_class.begin(), of_class.end()) < 0.999;
    });
    CHECK(split_classes <= (alpha == 1e-3 ? 20 : 0));
  }
}

TEST_CASE("dirichlet: no worker stays without a row", "[models][data][partition]") {
  // Invariant. With α = 10⁻³ two classes go to two workers at most, nearly; the other workers get a row each from the largest shards. With
  // as many workers as rows, everyone has one.
  const std::vector<double> labels = labels_in_turn(1000, 2);
  const Partition partition = split(DirichletPartition{1e-3}, labels, 100);
  CHECK(is_partition(partition, 1000));
  CHECK(smallest_and_largest(partition).first == 1);
  CHECK(smallest_and_largest(partition).second >= 400);
  const Partition full = split(DirichletPartition{1e-3}, labels, 1000);
  CHECK(is_partition(full, 1000));
  CHECK(smallest_and_largest(full).second == 1);
}

TEST_CASE("exclusive: each class has one worker, or several share it evenly", "[models][data][partition]") {
  // Hand computation: classes 0 … 6 over 3 workers: worker 0 has 0 3 6, worker 1 has 1 4, worker 2 has 2 5.
  const std::vector<double> labels = labels_in_turn(700, 7);
  const Partition few = split(ExclusivePartition{}, labels, 3);
  CHECK(is_partition(few, 700));
  for (std::size_t w = 0; w < 3; ++w)
    for (const std::uint32_t row : few.shard(w)) CHECK(row % 7 % 3 == w);
  // As in signSGD's MNIST experiment: 10 digits over 5 workers are two each, over 10 one each.
  for (const std::size_t workers : {5, 10}) {
    const Partition digits = split(ExclusivePartition{}, labels_in_turn(100, 10), workers);
    for (std::size_t w = 0; w < workers; ++w) CHECK(classes_of(digits, w, labels_in_turn(100, 10)) == 10 / workers);
  }
  // 17 workers: classes 0 1 2 have three (w mod 7 = c), the others two; 100 rows are 34 33 33 or 50 50.
  const Partition many = split(ExclusivePartition{}, labels, 17);
  CHECK(is_partition(many, 700));
  for (std::size_t w = 0; w < 17; ++w) {
    for (const std::uint32_t row : many.shard(w)) CHECK(row % 7 == w % 7);
    CHECK(many.size(w) == (w % 7 > 2 ? 50 : w < 7 ? 34 : 33));
  }
  CHECK(shards(many) != shards(split(ExclusivePartition{}, labels, 17, 2)));
  CHECK(input_error([&] {
          (void)split(ExclusivePartition{}, {0, 0, 0, 0, 1}, 4);
        }) == "mine.json: /task/partition: must give each worker at least one row: class 1 has 1 rows for 2 workers");
}

TEST_CASE("similarity lies between sorted and iid", "[models][data][partition]") {
  // Reductions: gamma 0 is sorted, gamma 1 is iid with the same seed. Between them shards stay equal to within one row.
  const std::vector<double> labels = labels_in_turn(1003, 7);
  CHECK(shards(split(SimilarityPartition{{0}}, labels, 10)) == shards(split(SortedPartition{}, labels, 10)));
  CHECK(shards(split(SimilarityPartition{{1}}, labels, 10, 3)) == shards(split(IidPartition{}, labels, 10, 3)));
  for (const double gamma : {0.001, 0.1, 0.304, 0.5, 0.999}) {
    const Partition partition = split(SimilarityPartition{{gamma}}, labels, 10);
    CHECK(is_partition(partition, 1003));
    CHECK(smallest_and_largest(partition) == std::pair<std::size_t, std::size_t>{100, 101});
  }
  // Half of 1000 rows of 10 classes over 10 workers: 50 rows of a worker are sorted, all of its own class nearly (the classes have 50 ± 5
  // of the sorted rows), and 5 of the 50 others on average are, with deviation 2: 30 to 70 in the own class is beyond 6 deviations.
  const Partition half = split(SimilarityPartition{{0.5}}, labels_in_turn(1000, 10), 10);
  for (std::size_t w = 0; w < 10; ++w) {
    const auto own = std::count_if(half.shard(w).begin(), half.shard(w).end(), [&](std::uint32_t row) { return row % 10 == w; });
    CHECK(own >= 30);
    CHECK(own <= 75);
  }
}

TEST_CASE("size_skew: shard sizes follow the weights", "[models][data][partition]") {
  const std::vector<double> labels = labels_in_turn(1100, 7);
  const auto sizes = [](const Partition& partition) {
    std::vector<std::size_t> out;
    for (std::size_t w = 0; w < partition.workers(); ++w) out.push_back(partition.size(w));
    return out;
  };
  using Sizes = std::vector<std::size_t>;
  SizeSkewPartition spec;
  // Hand computation: weights 1, 1/2, 1/3 of 1100 rows are 600, 300, 200.
  CHECK(sizes(split(spec, labels, 3)) == Sizes{600, 300, 200});
  spec.exponent = 0;
  CHECK(sizes(split(spec, labels, 3)) == Sizes{367, 367, 366});
  // Shares 5 : 3 : 2; of 11 rows 5.5, 3.3, 2.2: the row that is left goes to the largest remainder.
  spec.shares = {5, 3, 2};
  CHECK(sizes(split(spec, labels, 3)) == Sizes{550, 330, 220});
  CHECK(sizes(split(spec, labels_in_turn(11, 2), 3)) == Sizes{6, 3, 2});
  // Nobody stays without a row: the largest gives one.
  spec.shares = {1e9, 1, 1};
  CHECK(sizes(split(spec, labels, 3)) == Sizes{1098, 1, 1});
  // A lognormal law with sigma 0 is equal, and follows the seed otherwise. Rows are dealt at random.
  SizeSkewPartition lognormal{.law = ShardSizes::lognormal, .sigma = 0, .shares = {}};
  CHECK(sizes(split(lognormal, labels, 4)) == Sizes{275, 275, 275, 275});
  lognormal.sigma = 100;  // the weights span hundreds of powers of ten
  CHECK(is_partition(split(lognormal, labels, 50), 1100));
  lognormal.sigma = 1;
  CHECK(sizes(split(lognormal, labels, 4, 1)) != sizes(split(lognormal, labels, 4, 2)));
  CHECK(is_partition(split(lognormal, labels, 4), 1100));
  CHECK(shards(split(SizeSkewPartition{}, labels, 3, 1)) != shards(split(SizeSkewPartition{}, labels, 3, 2)));
}

TEST_CASE("lognormal shard sizes have the law's spread", "[models][data][partition]") {
  // Closed form: logarithms of sizes deviate by sigma = 0.5 around their mean; over 2000 workers with 500 rows on average the sample
  // variance has relative deviation √(2 / 1999) = 3.2 %, and rounding to whole rows adds below 10⁻⁴; 6 deviations: error 2·10⁻⁹.
  const Partition partition =
      split(SizeSkewPartition{.law = ShardSizes::lognormal, .sigma = 0.5, .shares = {}}, labels_in_turn(1000000, 2), 2000);
  double sum = 0;
  double squares = 0;
  for (std::size_t w = 0; w < 2000; ++w) {
    const double log_size = std::log(static_cast<double>(partition.size(w)));
    sum += log_size / 2000;
    squares += log_size * log_size / 2000;
  }
  CHECK(squares - sum * sum == Approx(0.25).epsilon(6 * 0.032));
}

TEST_CASE("device: worker k holds the rows of device k, of k + workers and so on", "[models][data][partition]") {
  // Hand computation.
  const std::vector<double> labels(7, 0.0);
  const std::vector<std::uint32_t> devices{0, 0, 1, 2, 2, 2, 3};
  const Place place{"mine.json", "/task/partition"};
  const auto deal = [&](std::size_t workers) { return Partition(DevicePartition{}, labels, workers, 1, place, devices); };
  CHECK(shards(deal(4)) == std::vector<Rows>{{0, 1}, {2}, {3, 4, 5}, {6}});
  CHECK(shards(deal(3)) == std::vector<Rows>{{0, 1, 6}, {2}, {3, 4, 5}});
  CHECK(input_error([&] { (void)deal(5); }) ==
        "mine.json: /task/partition: must give each of 5 workers the rows of a device, but none is left for worker 4");
  CHECK(input_error([&] { (void)split(DevicePartition{}, labels, 2); }) ==
        "mine.json: /task/partition: deals rows by the device they come from, which these data do not tell (the kind \"synthetic\" does)");
}

TEST_CASE("a redealt partition deals all rows once in each epoch, and anew in the next", "[models][data][partition]") {
  // Invariants: sizes as without reshuffle, disjoint shards that hold all rows, other ones in other epochs and of other seeds.
  SizeSkewPartition skew;
  skew.shares = {1, 2, 3, 4};
  for (PartitionSpec spec : {PartitionSpec(IidPartition{}), PartitionSpec(skew)}) {
    const std::vector<double> labels = labels_in_turn(103, 3);
    const Partition once = split(spec, labels, 4);
    spec.reshuffle = Reshuffle::epoch;
    const Partition partition = split(spec, labels, 4);
    CHECK(partition.redealt());
    CHECK_FALSE(once.redealt());
    const auto rows = [](const Partition& p, std::size_t w, std::uint64_t epoch) {
      Rows out;
      for (std::uint32_t i = 0; i < p.size(w); ++i) out.push_back(p.shard(w, epoch)[i]);
      return out;
    };
    for (const std::uint64_t epoch : {0ULL, 1ULL, 5000000000ULL}) {
      Rows all;
      for (std::size_t w = 0; w < 4; ++w) {
        CHECK(partition.size(w) == once.size(w));
        const Rows own = rows(partition, w, epoch);
        all.insert(all.end(), own.begin(), own.end());
      }
      std::sort(all.begin(), all.end());
      CHECK(all == shard(split(SharedPartition{}, labels, 1), 0));
    }
    CHECK(rows(partition, 1, 0) != rows(partition, 1, 1));
    CHECK(rows(partition, 1, 0) != rows(split(spec, labels, 4, 2), 1, 0));
    CHECK(rows(partition, 1, 7) == rows(split(spec, labels, 4), 1, 7));
  }
}

TEST_CASE("over the epochs a redealt worker sees every row equally often", "[models][data][partition]") {
  // χ² with 19 degrees of freedom (nearly: a shard holds no row twice, which lowers it) over 20 rows, 8000 epochs of 5 rows: beyond 80 with
  // probability 10⁻⁹.
  PartitionSpec spec;
  spec.reshuffle = Reshuffle::epoch;
  const Partition partition = split(spec, labels_in_turn(20, 2), 4);
  std::vector<double> counts(20);
  for (std::uint64_t epoch = 0; epoch < 8000; ++epoch)
    for (std::uint32_t i = 0; i < 5; ++i) ++counts[partition.shard(2, epoch)[i]];
  double sum = 0;
  for (const double count : counts) sum += (count - 2000) * (count - 2000) / 2000;
  CHECK(sum < 80);
}

TEST_CASE("a shared partition gives everybody all rows", "[models][data][partition]") {
  const Partition partition = split(SharedPartition{}, {0, 1, 2}, 5);
  CHECK(partition.workers() == 5);
  for (std::size_t w = 0; w < 5; ++w) CHECK(shard(partition, w) == Rows{0, 1, 2});
  CHECK(partition.bytes() == 12);
}

TEST_CASE("more shards than rows are refused", "[models][data][partition]") {
  const std::vector<double> labels = labels_in_turn(50, 2);
  const PartitionSpec specs[] = {IidPartition{},       SortedPartition{},     ShardsPartition{1},
                                 DirichletPartition{}, SimilarityPartition{}, SizeSkewPartition{}};
  for (const PartitionSpec& spec : specs) {
    CHECK(input_error([&] { (void)split(spec, labels, 51); }) ==
          "mine.json: /task/partition: must give each worker at least one row: 51 workers, but only 50 training rows");
    CHECK(is_partition(split(spec, labels, 50), 50));
  }
  CHECK(input_error([&] { (void)split(ShardsPartition{6}, labels, 10); }) ==
        "mine.json: /task/partition: must leave at least one row per piece: 10 workers × 6 classes_per_worker, but only 50 training rows");
  CHECK_THAT(input_error([&] { (void)split(ShardsPartition{Count{1} << 53}, labels, 50); }),
             ContainsSubstring("but only 50 training rows"));
}

TEST_CASE("real responses are no classes for a dirichlet partition of many workers", "[models][data][partition]") {
  std::vector<double> labels(20000);
  std::iota(labels.begin(), labels.end(), 0.5);
  CHECK(input_error([&] { (void)split(DirichletPartition{}, labels, 10000); }) ==
        "mine.json: /task/partition: needs at most 1e+08 proportions, got 20000 distinct labels × 10000 workers (are the labels classes?)");
}

TEST_CASE("partitions of 60000 rows over 60000 workers", "[models][data][partition]") {
  // Invariant at size: one row each.
  const std::vector<double> labels = labels_in_turn(60000, 10);
  const PartitionSpec specs[] = {IidPartition{},       SortedPartition{},     ShardsPartition{1}, DirichletPartition{0.1},
                                 ExclusivePartition{}, SimilarityPartition{}, SizeSkewPartition{}};
  for (const PartitionSpec& spec : specs) {
    const Partition partition = split(spec, labels, 60000);
    CHECK(is_partition(partition, 60000));
    CHECK(partition.bytes() == 60000 * 4 + 60001 * 8);
  }
}
