#include "algorithms/parcel.hpp"

#include "tests/test.hpp"

using namespace peloton;

namespace {

std::vector<std::array<std::size_t, 4>> rows(const Cuts& cuts) {
  std::vector<std::array<std::size_t, 4>> out;
  for (const Cuts::Cut& c : cuts.cuts()) out.push_back({c.bucket, c.shard, c.begin, c.end});
  return out;
}

using Rows = std::vector<std::array<std::size_t, 4>>;

CodecSpec codec(const char* text) { return OptionType<CodecSpec>::parse(Json(text), {}); }

}  // namespace

TEST_CASE("shards are runs of coordinates that differ by one in length", "[algorithms][parcel]") {
  // Hand computation: 8 coordinates over 3 servers: 3, 3 and 2.
  CHECK(rows(Cuts(nullptr, 8, 3)) == Rows{{0, 0, 0, 3}, {0, 1, 3, 6}, {0, 2, 6, 8}});
  CHECK(rows(Cuts(nullptr, 2, 3)) == Rows{{0, 0, 0, 1}, {0, 1, 1, 2}});
}

TEST_CASE("buckets are cut where shards end", "[algorithms][parcel]") {
  // Hand computation: tensors of 5 and 3 coordinates, a bucket each in backward order; shards of 4 and 4.
  const std::vector<LayerSchedule::Tensor> tensors{{5, 1}, {3, 1}};
  const LayerSchedule layers({.bucket = {0}}, tensors, 4);
  CHECK(rows(Cuts(&layers, 8, 2)) == Rows{{0, 1, 5, 8}, {1, 0, 0, 4}, {1, 1, 4, 5}});
}

TEST_CASE("codecs that treat coordinates or tensors apart suit cuts between them", "[algorithms][parcel]") {
  const std::vector<LayerSchedule::Tensor> tensors{{50, 1}, {30, 1}};
  const LayerSchedule layers({.bucket = {0}}, tensors, 4);
  const CodecContext context{.dimension = 80, .tensors = {50, 30}};
  const auto suits = [&](const char* text, const Cuts& cuts) { return cuts.suit(*make_codec(codec(text), context)); };
  const Cuts by_tensor(&layers, 80, 1);
  const Cuts by_shard(nullptr, 80, 2);  // 0 … 39 and 40 … 79
  for (const char* each : {"identity", "sign", "sign:keep"}) {
    CHECK(suits(each, by_tensor));
    CHECK(suits(each, by_shard));
  }
  CHECK(suits("topk:ratio=0.1,scope=tensor", by_tensor));
  CHECK_FALSE(suits("topk:ratio=0.1,scope=tensor", by_shard));
  CHECK_FALSE(suits("topk:0.1", by_tensor));
}

TEST_CASE("a part has the length that its own message would have", "[algorithms][parcel]") {
  // Oracle: the codec of a vector that is the part alone.
  for (const char* text : {"identity", "sign", "sign:keep", "topk:ratio=0.2,scope=tensor"}) {
    INFO(text);
    const auto whole = make_codec(codec(text), {.dimension = 80, .tensors = {50, 30}});
    const auto first = make_codec(codec(text), {.dimension = 50, .tensors = {50}});
    const auto second = make_codec(codec(text), {.dimension = 30, .tensors = {30}});
    CHECK(whole->bits_of(0, 50) == first->fixed_bits());
    CHECK(whole->bits_of(50, 80) == second->fixed_bits());
    CHECK(whole->bits_of(0, 80) == whole->fixed_bits());
  }
}
