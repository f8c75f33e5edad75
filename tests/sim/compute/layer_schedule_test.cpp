#include "sim/compute/layer_schedule.hpp"

#include "tests/test.hpp"

using namespace peloton;

namespace {

using Tensor = LayerSchedule::Tensor;

LayerSchedule schedule(double bucket, const std::vector<Tensor>& tensors, double backward = 0.5) {
  return {{.bucket = {bucket}, .backward = {backward}}, tensors, 4};
}

std::vector<std::pair<std::size_t, std::size_t>> ranges(const LayerSchedule& s) {
  std::vector<std::pair<std::size_t, std::size_t>> out;
  for (const LayerSchedule::Bucket& b : s.buckets()) out.emplace_back(b.begin, b.end);
  return out;
}

using Ranges = std::vector<std::pair<std::size_t, std::size_t>>;

}  // namespace

TEST_CASE("buckets gather tensors from the last to the first until they are large enough", "[sim][compute][layers]") {
  // Hand computation: 10, 20, 5 and 15 numbers of 4 bytes. From the end 60 B, 20 B, 80 B, 40 B: with 70 B the first bucket takes two
  // tensors (80 B), the second one (80 B), and what is left is the third (40 B).
  const std::vector<Tensor> tensors{{10, 1}, {20, 1}, {5, 1}, {15, 1}};
  CHECK(ranges(schedule(70, tensors)) == Ranges{{30, 50}, {10, 30}, {0, 10}});
  CHECK(ranges(schedule(0, tensors)) == Ranges{{35, 50}, {30, 35}, {10, 30}, {0, 10}});
  CHECK(ranges(schedule(1e9, tensors)) == Ranges{{0, 50}});
}

TEST_CASE("tensors without numbers are in the bucket of those behind them", "[sim][compute][layers]") {
  // Hand computation: tensors of 0, 4, 0 and 6 numbers, every one in a bucket of its own where there is something to send.
  const LayerSchedule s = schedule(0, {{0, 2}, {4, 1}, {0, 1}, {6, 4}});
  CHECK(ranges(s) == Ranges{{4, 10}, {0, 4}});
  // Work from the end: 4 of 8 until the first bucket, all of it until the last.
  CHECK(s.released(0, {800}).ns == 400);
  CHECK(s.released(1, {800}).ns == 800);
}

TEST_CASE("a pass is divided by the tensors' work", "[sim][compute][layers]") {
  // Hand computation: 12 ms, of which a quarter is the backward pass: 3 ms. Work 1, 1 and 2, a bucket each, from the end: 1/2, 3/4 and all
  // of the pass until they are complete. The forward pass of 9 ms needs them after 9/2, 9/4 and 0 ms.
  const LayerSchedule s = schedule(0, {{10, 1}, {20, 1}, {5, 2}}, 0.25);
  REQUIRE(s.size() == 3);
  CHECK(s.backward({12'000'000}).ns == 3'000'000);
  CHECK(s.released(0, {3'000'000}).ns == 1'500'000);
  CHECK(s.released(1, {3'000'000}).ns == 2'250'000);
  CHECK(s.released(2, {3'000'000}).ns == 3'000'000);
  CHECK(s.needed(0, {9'000'000}).ns == 4'500'000);
  CHECK(s.needed(1, {9'000'000}).ns == 2'250'000);
  CHECK(s.needed(2, {9'000'000}).ns == 0);
}

TEST_CASE("without work the sizes stand for it", "[sim][compute][layers]") {
  // Hand computation: 30 and 10 numbers: a quarter of the pass until the last tensor is complete.
  const LayerSchedule s = schedule(0, {{30, 0}, {10, 0}});
  CHECK(s.released(0, {100}).ns == 25);
  CHECK(s.released(1, {101}).ns == 101);
}
