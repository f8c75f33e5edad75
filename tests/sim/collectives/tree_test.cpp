#include "sim/collectives/tree.hpp"

#include "tests/sim/collectives/collective_run.hpp"
#include "tests/test.hpp"

using namespace peloton;
using test::CollectiveRun;

namespace {

constexpr test::AlphaBeta kOnePort{.alpha = 50, .per_bit = 3, .one_port = true};
constexpr std::int64_t kMessage = 50 + 160 * 3;  ///< time of the payload below

CollectiveSpec spec(CollectiveKind kind, std::uint32_t ranks, std::uint32_t root = 0) {
  return {.kind = kind, .ranks = ranks, .root = root, .coordinates = 20, .bits_per_coordinate = 8};
}

std::int64_t ceil_log2(std::uint32_t n) {
  std::int64_t out = 0;
  while ((std::uint64_t{1} << out) < n) ++out;
  return out;
}

}  // namespace

TEST_CASE("tree and flat collectives take the α–β time", "[sim][collectives][tree]") {
  // Closed forms with one port per rank: ⌈log2 n⌉ rounds of a binomial tree, n − 1 of a star; n − 1 payloads in all.
  for (std::uint32_t n = 1; n <= 40; ++n)
    for (const std::uint32_t root : {0U, n / 3, n - 1}) {
      CAPTURE(n, root);
      for (const CollectiveKind kind :
           {CollectiveKind::tree_broadcast, CollectiveKind::tree_reduce, CollectiveKind::flat_broadcast, CollectiveKind::flat_reduce}) {
        CAPTURE(static_cast<int>(kind));
        CollectiveRun run(spec(kind, n, root), kOnePort);
        run.join_all();
        run.run();
        const bool tree = kind == CollectiveKind::tree_broadcast || kind == CollectiveKind::tree_reduce;
        CHECK(run.end() == (tree ? ceil_log2(n) : std::int64_t{n} - 1) * kMessage);
        CHECK(run.bits() == std::uint64_t{n - 1} * 160);
      }
    }
}

TEST_CASE("a binomial tree of eight ranks", "[sim][collectives][tree]") {
  // The tree of the textbooks, root 0: 0 → 4, 2, 1; 4 → 6, 5; 2 → 3; 6 → 7. With root 3 every rank is 3 further.
  for (const std::uint32_t root : {0U, 3U}) {
    CAPTURE(root);
    const RankTree tree(8, root, TreeShape::binomial);
    const auto children = [&](std::uint32_t v) {
      std::vector<std::uint32_t> out;
      tree.for_each_child((v + root) % 8, [&](std::uint32_t child) {
        out.push_back((child + 8 - root) % 8);
        CHECK(tree.parent(child) == (v + root) % 8);
      });
      CHECK(tree.children((v + root) % 8) == out.size());
      return out;
    };
    using List = std::vector<std::uint32_t>;
    CHECK(children(0) == List{4, 2, 1});
    CHECK(children(4) == List{6, 5});
    CHECK(children(2) == List{3});
    CHECK(children(6) == List{7});
    for (const std::uint32_t leaf : {1U, 3U, 5U, 7U}) CHECK(children(leaf).empty());
  }
}

TEST_CASE("a broadcast needs the root only", "[sim][collectives][tree]") {
  // Hand computation, four ranks, root 1: positions 0 1 2 3 are the ranks 1 2 3 0; the root sends to position 2 (rank 3) and then to
  // position 1 (rank 2); position 2 to position 3 (rank 0). Rank 3 has it after one message, ranks 2 and 0 after two, from the root's join
  // at 7 on, whether they have joined or not, and also where ports are no matter: a rank sends one message at a time.
  CollectiveRun run(spec(CollectiveKind::tree_broadcast, 4, 1), {.alpha = 1});
  run.join_at(0, 3);
  run.join_at(7, 1);
  run.join_at(100, 0);
  run.run();
  CHECK(run.done_at(1) == 7);
  CHECK(run.done_at(2) == 9);
  CHECK(run.done_at(3) == 8);
  CHECK(run.done_at(0) == 9);
}

TEST_CASE("a late rank delays its ancestors in a reduce", "[sim][collectives][tree]") {
  // Hand computation, five ranks, root 0, one unit a message: 3 → 2 → 0, 1 → 0, 4 → 0; rank 3 joins at 10. Ranks 1 and 4 have
  // passed on their part at 0, rank 3 at 10, rank 2 at 11 when it has heard rank 3, and the root has the sum at 12.
  CollectiveRun run(spec(CollectiveKind::tree_reduce, 5), {.alpha = 1});
  for (const std::uint32_t rank : {0U, 1U, 2U, 4U}) run.join_at(0, rank);
  run.join_at(10, 3);
  run.run(7);  // five joins, and what ranks 1 and 4 sent
  CHECK(run.finished() == 3);
  run.run();
  std::vector<std::int64_t> done;
  for (std::uint32_t rank = 0; rank < 5; ++rank) done.push_back(run.done_at(rank));
  CHECK(done == std::vector<std::int64_t>{12, 0, 11, 10, 0});
}

TEST_CASE("a late root delays nobody else in a reduce", "[sim][collectives][tree]") {
  // Hand computation: in a star all others pass on their part at 0, and the root is done when it joins.
  CollectiveRun run(spec(CollectiveKind::flat_reduce, 4, 2), {.alpha = 1});
  for (const std::uint32_t rank : {0U, 1U, 3U}) run.join_at(0, rank);
  run.join_at(50, 2);
  run.run();
  CHECK(run.done_at(0) == 0);
  CHECK(run.done_at(2) == 50);
}
