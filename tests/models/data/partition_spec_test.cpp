#include "models/data/partition_spec.hpp"

#include "tests/models/data/files.hpp"
#include "tests/test.hpp"

using namespace peloton;
using namespace peloton::test;

namespace {

PartitionSpec parse(const Json& json) { return OptionType<PartitionSpec>::parse(json, Place{"mine.json", "/task/partition"}); }
std::string error(const Json& json) {
  return input_error([&] { (void)parse(json); });
}

}  // namespace

TEST_CASE("partitions in scenarios, in long and in short", "[models][data][partition_spec]") {
  CHECK(parse("dirichlet:0.1").scheme.get<DirichletPartition>().alpha == 0.1);
  CHECK(parse("shards:3").scheme.get<ShardsPartition>().classes_per_worker == 3);
  CHECK(parse("similarity:10%").scheme.get<SimilarityPartition>().gamma.value == 0.1);
  CHECK(parse("size_skew:lognormal,sigma=2").scheme.get<SizeSkewPartition>().sigma == 2);
  CHECK(parse("exclusive").scheme.is<ExclusivePartition>());
  CHECK(parse("device").scheme.is<DevicePartition>());
  CHECK(parse("iid:reshuffle=epoch").reshuffle == Reshuffle::epoch);
  CHECK(parse({{"kind", "iid"}}).reshuffle == Reshuffle::never);
  CHECK(write_options(parse({{"kind", "iid"}, {"reshuffle", "epoch"}})) == Json{{"kind", "iid"}, {"reshuffle", "epoch"}});
  CHECK(parse({{"kind", "size_skew"}, {"shares", {1, 2}}}).scheme.get<SizeSkewPartition>().sizes() == ShardSizes::shares);
  CHECK(parse("size_skew").scheme.get<SizeSkewPartition>().sizes() == ShardSizes::power_law);
}

TEST_CASE("wrong partitions tell the place", "[models][data][partition_spec]") {
  CHECK(error("exclusiv") ==
        "mine.json: /task/partition/kind: must be one of iid, sorted, shards, dirichlet, exclusive, similarity, size_skew, device, shared, "
        "got \"exclusiv\" (did you mean \"exclusive\"?)");
  CHECK(error("similarity:1.5") == "mine.json: /task/partition/gamma: must be ≥ 0 and ≤ 1, got 1.5");
  CHECK(error("size_skew:shares") == "mine.json: /task/partition: needs the key \"shares\" (weights, one per worker)");
  CHECK(error({{"kind", "size_skew"}, {"law", "lognormal"}, {"shares", {1, 2}}}) ==
        "mine.json: /task/partition/shares: goes with the law shares, got the law lognormal");
  CHECK(error({{"kind", "size_skew"}, {"shares", {1, 0}}}) == "mine.json: /task/partition/shares/1: must be > 0, got 0");
  CHECK(error({{"kind", "sorted"}, {"reshuffle", "epoch"}}) ==
        "mine.json: /task/partition/reshuffle: epoch goes with iid and size_skew, whose rows are dealt at random alone; new rows would not "
        "keep the shards of sorted");
}
