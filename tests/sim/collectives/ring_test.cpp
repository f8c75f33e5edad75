#include "sim/collectives/ring.hpp"

#include "tests/sim/collectives/collective_run.hpp"
#include "tests/test.hpp"

using namespace peloton;
using test::CollectiveRun;

namespace {

constexpr std::int64_t kAlpha = 50;
constexpr std::int64_t kPerBit = 3;

CollectiveSpec all_reduce(std::uint32_t ranks, std::uint64_t coordinates, std::uint64_t bits = 1) {
  return {.kind = CollectiveKind::ring_all_reduce, .ranks = ranks, .root = 0, .coordinates = coordinates, .bits_per_coordinate = bits};
}

}  // namespace

TEST_CASE("a ring all-reduce takes the α–β time", "[sim][collectives][ring]") {
  // Closed form: 2(n−1) (α + ⌈d/n⌉ b/β), with and without contention for the ports, since the larger chunks set the pace; and
  // 2(n−1) d b bits, whatever the remainder of d by n.
  for (const std::uint32_t n : {1U, 2U, 3U, 7U, 16U})
    for (const std::uint64_t d : {1ULL, 5ULL, 16ULL, 111ULL, 112ULL})
      for (const bool one_port : {false, true}) {
        CAPTURE(n, d, one_port);
        CollectiveRun run(all_reduce(n, d, 4), {.alpha = kAlpha, .per_bit = kPerBit, .one_port = one_port});
        run.join_all();
        run.run();
        const auto largest = static_cast<std::int64_t>((d + n - 1) / n * 4);
        CHECK(run.end() == 2 * (std::int64_t{n} - 1) * (kAlpha + largest * kPerBit));
        CHECK(run.bits() == 2 * (n - 1) * d * 4);
      }
}

TEST_CASE("chunks of a ring all-reduce differ by a coordinate at most", "[sim][collectives][ring]") {
  // Hand computation: d = 7 over 3 ranks gives chunks of 3, 2 and 2 coordinates; rank r sends chunk r at step 0 and chunk
  // r − 1, r − 2, r − 3 after it.
  CollectiveRun run(all_reduce(3, 7, 10), {.alpha = 1});
  run.join_all();
  run.run();
  std::vector<std::vector<std::uint64_t>> bits(3, std::vector<std::uint64_t>(4));
  for (const CollectiveRun::Sent& m : run.sent()) bits[m.from][m.step] = m.bits;
  CHECK(bits == std::vector<std::vector<std::uint64_t>>{{30, 20, 20, 30}, {20, 30, 20, 20}, {20, 20, 30, 20}});
}

TEST_CASE("a late rank delays what depends on it", "[sim][collectives][ring]") {
  // Four ranks, four coordinates of one bit, α + 1/β = 1 unit; rank 2 joins at 10, the others at 0. Chunk c travels from rank c to
  // c + 1 and on, six hops in all, one a unit, and waits at rank 2 until 10 if that is before its third hop's end:
  //   chunk 2 starts at rank 2 at 10                     its hops end at 11, 12, 13, 14, 15, 16
  //   chunk 1: 1→2 at 1, waits, 2→3 from 10              1, 11, 12, 13, 14, 15
  //   chunk 0: 0→1 at 1, 1→2 at 2, waits, 2→3 from 10    1, 2, 11, 12, 13, 14
  //   chunk 3: 3→0 at 1, 0→1 at 2, 1→2 at 3, waits       1, 2, 3, 11, 12, 13
  // Chunk c ends at rank c + 6 = c + 2 (mod 4), and a rank is done with the last of its arrivals: rank r hears chunk c on its hops
  // r − c and r − c + 4 (hop h ends at rank c + h):
  //   rank 0: chunk 2 hops 2, 6: 16; chunk 1 hop 3: 12; chunk 3 hop 5: 12; chunk 0 hop 4: 12  → 16
  //   rank 1: chunk 3 hop 6: 13; chunk 2 hop 3: 13; chunk 1 hop 4: 13; chunk 0 hop 5: 13      → 13
  //   rank 2: chunk 0 hop 6: 14; chunk 1 hop 5: 14; chunk 2 hop 4: 14; chunk 3 hop 3: 3       → 14
  //   rank 3: chunk 1 hop 6: 15; chunk 0 hop 3: 11; chunk 2 hop 5: 15; chunk 3 hop 4: 11      → 15
  CollectiveRun run(all_reduce(4, 4), {.alpha = 0, .per_bit = 1});
  for (const std::uint32_t rank : {0U, 1U, 3U}) run.join_at(0, rank);
  run.join_at(10, 2);
  run.run();
  CHECK(std::vector<std::int64_t>{run.done_at(0), run.done_at(1), run.done_at(2), run.done_at(3)} ==
        std::vector<std::int64_t>{16, 13, 14, 15});
}

TEST_CASE("a ring all-reduce sends on each message at once, also out of order", "[sim][collectives][ring]") {
  // Hand computation: three ranks; rank 1 hears step 1 before step 0 and answers each with the step after it.
  const std::unique_ptr<Collective> ring = make_collective(all_reduce(3, 3));
  std::vector<CollectiveMessage> out;
  const auto steps = [&] {
    std::vector<std::uint32_t> names;
    for (const CollectiveMessage& m : out) names.push_back(m.step);
    out.clear();
    return names;
  };
  ring->join(1, out);
  CHECK(steps() == std::vector<std::uint32_t>{0});
  ring->receive({.from = 0, .to = 1, .bits = 1, .step = 1}, out);
  CHECK(steps() == std::vector<std::uint32_t>{2});
  ring->receive({.from = 0, .to = 1, .bits = 1, .step = 0}, out);
  CHECK(steps() == std::vector<std::uint32_t>{1});
  // Rank 2 hears both before it joins, and then sends in the order of the steps.
  ring->receive({.from = 1, .to = 2, .bits = 1, .step = 1}, out);
  ring->receive({.from = 1, .to = 2, .bits = 1, .step = 0}, out);
  CHECK(out.empty());
  ring->join(2, out);
  CHECK(steps() == std::vector<std::uint32_t>{0, 1, 2});
  CHECK_FALSE(ring->done(2));
}

TEST_CASE("an all-reduce of one rank is done when it joins", "[sim][collectives][ring]") {
  const std::unique_ptr<Collective> ring = make_collective(all_reduce(1, 100));
  std::vector<CollectiveMessage> out;
  CHECK_FALSE(ring->done(0));
  ring->join(0, out);
  CHECK(out.empty());
  CHECK(ring->done(0));
  CHECK(ring->finished() == 1);
}

TEST_CASE("a ring all-gather takes the α–β time", "[sim][collectives][ring]") {
  // Closed form: (n−1) (α + M/β) and n(n−1) M bits.
  for (const std::uint32_t n : {1U, 2U, 5U, 16U}) {
    CAPTURE(n);
    CollectiveRun run({.kind = CollectiveKind::ring_all_gather, .ranks = n, .root = 0, .coordinates = 20, .bits_per_coordinate = 8},
                      {.alpha = kAlpha, .per_bit = kPerBit, .one_port = true});
    run.join_all();
    run.run();
    CHECK(run.end() == (std::int64_t{n} - 1) * (kAlpha + 160 * kPerBit));
    CHECK(run.bits() == std::uint64_t{n} * (n - 1) * 160);
  }
}

TEST_CASE("a rank that has not joined passes on the payloads of others", "[sim][collectives][ring]") {
  // Hand computation: three ranks, one unit a message; rank 1 joins at 10. Rank 0's payload reaches rank 2 through rank 1 at 2, rank
  // 2's reaches rank 0 at 1 and rank 1 at 2. Rank 1's own reaches rank 2 at 11 and rank 0 at 12.
  CollectiveRun run({.kind = CollectiveKind::ring_all_gather, .ranks = 3, .root = 0, .coordinates = 1, .bits_per_coordinate = 1},
                    {.alpha = 0, .per_bit = 1});
  run.join_at(0, 0);
  run.join_at(10, 1);
  run.join_at(0, 2);
  run.run();
  CHECK(run.done_at(0) == 12);
  CHECK(run.done_at(1) == 10);
  CHECK(run.done_at(2) == 11);
}

TEST_CASE("a payload keeps its size around the ring", "[sim][collectives][ring]") {
  const std::unique_ptr<Collective> ring =
      make_collective({.kind = CollectiveKind::ring_all_gather, .ranks = 4, .root = 0, .coordinates = 1, .bits_per_coordinate = 100});
  std::vector<CollectiveMessage> out;
  ring->join(2, out);
  REQUIRE(out.size() == 1);
  out[0].bits = 77;
  for (std::size_t i = 0; i < out.size(); ++i) ring->receive(CollectiveMessage(out[i]), out);
  REQUIRE(out.size() == 3);
  CHECK(out[1].bits == 77);
  CHECK(out[2].bits == 77);
  CHECK(out[2].to == 1);
}
