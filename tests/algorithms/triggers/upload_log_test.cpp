#include "algorithms/triggers/upload_log.hpp"

#include "tests/test.hpp"

using namespace peloton;

namespace {

/// Worker 0 uploads in rounds 0 and 3, worker 1 in round 0 only.
UploadLog four_rounds() {
  UploadLog log(2);
  log.upload(0);
  log.upload(1);
  for (int round = 1; round < 3; ++round) {
    log.skip(0);
    log.skip(1);
  }
  log.upload(0);
  log.skip(1);
  return log;
}

}  // namespace

TEST_CASE("the age of an upload is 1 in the next round and grows with each skipped one", "[algorithms][triggers]") {
  // Hand computation.
  CHECK(UploadLog(2).age(0) == 1);
  const UploadLog log = four_rounds();
  CHECK(log.age(0) == 1);
  CHECK(log.age(1) == 4);

  // Round trip of the state.
  UploadLog original = four_rounds();
  UploadLog copy(2);
  restore_state(copy, save_state(original));
  CHECK(copy.age(1) == 4);
}

TEST_CASE("the bits of the uploads stand in the table as sent and as papers count them", "[algorithms][triggers]") {
  // Published counts: SASG's network 784-512-10, 1 % of each tensor: 4,071 of 407,050 values; 130,272 bits of values, 260,544 with int32
  // positions. Hand computation: honest = Σ k (32 + ⌈log2 d⌉) = 4014 · 51 + 5 · 41 + 51 · 45 + 1 · 36 = 207,250; positions among all
  // coordinates take ⌈log2 407,050⌉ = 19 bits: 4,071 · 51 = 207,621; a bitmap adds 407,050. Three uploads in all.
  CodecContext context;
  context.dimension = 407050;
  context.tensors = {401408, 512, 5120, 10};
  const auto codec = make_codec(TopkOptions{.ratio = {0.01}, .scope = TopkScope::tensor}, context);
  const std::vector<Table> tables = four_rounds().tables(*codec);
  REQUIRE(tables.size() == 2);
  CHECK(tables[0].name == "uploads");
  CHECK(tables[0].rows == std::vector<std::vector<std::string>>{{"0", "2", "2"}, {"1", "1", "3"}});
  CHECK(tables[1].name == "conventions");
  CHECK(tables[1].rows == std::vector<std::vector<std::string>>{{"honest", "207250", "621750"},
                                                                {"values_only", "130272", "390816"},
                                                                {"int32_index", "260544", "781632"},
                                                                {"log2_index", "207621", "622863"},
                                                                {"bitmap", "537322", "1611966"}});

  // Dense messages have no positions to count.
  CHECK(four_rounds().tables(*make_codec(IdentityOptions{}, context)).size() == 1);
}
