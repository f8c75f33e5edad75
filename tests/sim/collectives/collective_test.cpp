#include "sim/collectives/collective.hpp"

#include <array>
#include <tuple>

#include "sim/base/error.hpp"
#include "tests/sim/collectives/collective_run.hpp"
#include "tests/test.hpp"

using namespace peloton;
using test::CollectiveRun;

namespace {

constexpr std::array kKinds{CollectiveKind::ring_all_reduce, CollectiveKind::ring_all_gather, CollectiveKind::tree_broadcast,
                            CollectiveKind::flat_broadcast,  CollectiveKind::tree_reduce,     CollectiveKind::flat_reduce};

CollectiveSpec spec(CollectiveKind kind, std::uint32_t ranks, std::uint32_t root = 0) {
  return {.kind = kind, .ranks = ranks, .root = root, .coordinates = 23, .bits_per_coordinate = 8};
}

bool is_reduce(CollectiveKind kind) { return kind == CollectiveKind::tree_reduce || kind == CollectiveKind::flat_reduce; }

/// Ranks join at random times over a network on which messages overtake each other.
CollectiveRun disordered(const CollectiveSpec& s) {
  CollectiveRun run(s, {.alpha = 5, .per_bit = 1, .jitter = 2000});
  for (std::uint32_t rank = 0; rank < s.ranks; ++rank) run.join_at(RandomStream(3, Purpose::test, rank, s.ranks).below(5000), rank);
  return run;
}

}  // namespace

TEST_CASE("collectives compute what they are for", "[sim][collectives]") {
  // The definition of each operation, on random words: messages carry what their sender has when it sends, so a message sent too early
  // or a rank done too early leaves a wrong word. Joins and arrivals are in disorder.
  for (const CollectiveKind kind : kKinds)
    for (const std::uint32_t n : {1U, 2U, 3U, 5U, 8U, 13U, 64U})
      for (const std::uint32_t root : {0U, n / 2, n - 1}) {
        CAPTURE(static_cast<int>(kind), n, root);
        CollectiveRun run = disordered(spec(kind, n, root));
        run.run();
        CHECK(run.finished() == n);
        CHECK(run.end() >= 0);
        for (std::uint32_t rank = 0; rank < n; ++rank)
          if (!is_reduce(kind) || rank == root) REQUIRE(run.result(rank) == run.everything());
      }
}

TEST_CASE("collectives send each message once", "[sim][collectives]") {
  // Counting: a ring has n links used in each of its steps, a tree n − 1 edges.
  for (const CollectiveKind kind : kKinds) {
    CAPTURE(static_cast<int>(kind));
    constexpr std::uint32_t n = 13;
    CollectiveRun run = disordered(spec(kind, n, 4));
    run.run();
    const std::size_t expected = kind == CollectiveKind::ring_all_reduce   ? 2 * n * (n - 1)
                                 : kind == CollectiveKind::ring_all_gather ? n * (n - 1)
                                                                           : n - 1;
    CHECK(run.sent().size() == expected);
    std::vector<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>> names;
    for (const CollectiveRun::Sent& m : run.sent()) names.emplace_back(m.from, m.to, m.step);
    std::sort(names.begin(), names.end());
    CHECK(std::adjacent_find(names.begin(), names.end()) == names.end());
  }
}

TEST_CASE("a collective goes on after save and restore", "[sim][collectives][state]") {
  // Invariant: a fresh object with the saved state, put in after any number of events, changes nothing of the rest.
  for (const CollectiveKind kind : kKinds) {
    CAPTURE(static_cast<int>(kind));
    const CollectiveSpec s = spec(kind, 6, 2);
    CollectiveRun whole = disordered(s);
    whole.run();
    for (std::uint64_t events = 0; events <= whole.sent().size() + s.ranks; ++events) {
      CollectiveRun cut = disordered(s);
      cut.run(events);
      cut.replace_operation();
      cut.run();
      REQUIRE(cut.sent() == whole.sent());
      REQUIRE(cut.finished() == s.ranks);
      REQUIRE(cut.end() == whole.end());
    }
  }
}

TEST_CASE("a large collective has a state of a few bytes a rank", "[sim][collectives][state]") {
  // Memory: 10^4 ranks that join one after another around the ring, the worst case for messages that come before a join.
  constexpr std::uint32_t n = 10000;
  for (const CollectiveKind kind : kKinds) {
    CAPTURE(static_cast<int>(kind));
    const std::unique_ptr<Collective> operation = make_collective(spec(kind, n));
    std::vector<CollectiveMessage> out;
    for (std::uint32_t rank = 0; rank + 1 < n; ++rank) operation->join(rank, out);
    for (std::size_t i = 0; i < out.size() && i < 3 * n; ++i) operation->receive(CollectiveMessage(out[i]), out);
    CHECK(save_state(*operation).size() < std::size_t{20} * n);
  }
}

TEST_CASE("a collective refuses what breaks its protocol", "[sim][collectives]") {
  std::vector<CollectiveMessage> out;
  for (const CollectiveKind kind : kKinds) {
    CAPTURE(static_cast<int>(kind));
    const std::unique_ptr<Collective> operation = make_collective(spec(kind, 4, 1));
    operation->join(1, out);
    CHECK_THROWS_AS(operation->join(1, out), BrokenInvariant);
    CHECK_THROWS_AS(operation->join(4, out), BrokenInvariant);
    // No collective of four ranks with root 1 sends from 3 to 2.
    CHECK_THROWS_AS(operation->receive({.from = 3, .to = 2, .bits = 8, .step = 0}, out), BrokenInvariant);
    CHECK_THROWS_AS(operation->receive({.from = 4, .to = 1, .bits = 8, .step = 0}, out), BrokenInvariant);
  }
  CHECK_THROWS_AS(make_collective({.kind = CollectiveKind::tree_reduce, .ranks = 0, .root = 0}), BrokenInvariant);
  CHECK_THROWS_AS(make_collective({.kind = CollectiveKind::tree_reduce, .ranks = 3, .root = 3}), BrokenInvariant);
}
