#include "sim/collectives/collective.hpp"

#include <array>
#include <limits>
#include <tuple>

#include "sim/base/error.hpp"
#include "tests/sim/collectives/collective_run.hpp"
#include "tests/test.hpp"

using namespace peloton;
using test::CollectiveRun;

namespace {

constexpr std::array kKinds{CollectiveKind::ring_all_reduce,  CollectiveKind::ring_all_gather,
                            CollectiveKind::tree_broadcast,   CollectiveKind::flat_broadcast,
                            CollectiveKind::tree_reduce,      CollectiveKind::flat_reduce,
                            CollectiveKind::bruck_all_gather, CollectiveKind::halving_doubling_all_reduce,
                            CollectiveKind::tree_all_reduce,  CollectiveKind::two_level_all_reduce};

constexpr std::array kAllReduces{CollectiveKind::ring_all_reduce, CollectiveKind::halving_doubling_all_reduce,
                                 CollectiveKind::tree_all_reduce, CollectiveKind::two_level_all_reduce,
                                 CollectiveKind::scattered_two_level_all_reduce};

/// Two levels: groups of two ranks that stand next to each other, the last perhaps of one.
CollectiveSpec spec(CollectiveKind kind, std::uint32_t ranks, std::uint32_t root = 0) {
  CollectiveSpec out{.kind = kind, .ranks = ranks, .root = root, .coordinates = 23, .bits_per_coordinate = 8};
  for (std::uint32_t rank = 0; rank < ranks; ++rank) out.groups.push_back(rank / 2);
  return out;
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

TEST_CASE("an all-reduce of two levels leaves the sum with every rank, whatever the groups", "[sim][collectives]") {
  // The definition, as above: groups of every size, of unequal sizes, whose ranks stand apart, and of everything among the groups.
  const auto check = [](CollectiveSpec s) {
    for (const CollectiveKind between :
         {CollectiveKind::ring_all_reduce, CollectiveKind::halving_doubling_all_reduce, CollectiveKind::tree_all_reduce}) {
      CAPTURE(static_cast<int>(s.kind), static_cast<int>(between), s.groups);
      s.between = between;
      CollectiveRun run = disordered(s);
      run.run();
      REQUIRE(run.finished() == s.ranks);
      for (std::uint32_t rank = 0; rank < s.ranks; ++rank) REQUIRE(run.result(rank) == run.everything());
    }
  };
  for (std::uint32_t n = 1; n <= 17; ++n)
    for (std::uint32_t groups = 1; groups <= n; ++groups) {
      CollectiveSpec s = spec(CollectiveKind::two_level_all_reduce, n);
      for (std::uint32_t rank = 0; rank < n; ++rank) s.groups[rank] = rank % groups;
      check(s);
      for (std::uint32_t rank = 0; rank < n; ++rank) s.groups[rank] = std::min(rank, groups - 1);
      check(s);
      if (n % groups != 0) continue;
      s.kind = CollectiveKind::scattered_two_level_all_reduce;
      for (std::uint32_t rank = 0; rank < n; ++rank) s.groups[rank] = rank % groups;
      check(s);
    }
}

TEST_CASE("all-reduces of any number of ranks leave the sum with every rank", "[sim][collectives]") {
  // The definition, and the bits: whatever the schedule, every rank but one has to give its vector away, and every rank but one to be
  // given the sum: 2 (n − 1) d b, for d a multiple of n and not, and smaller than n.
  for (const CollectiveKind kind : kAllReduces)
    for (std::uint32_t n = 1; n <= 17; ++n)
      for (const std::uint64_t d : {1ULL, 5ULL, 16ULL, 23ULL, 96ULL}) {
        if (kind == CollectiveKind::scattered_two_level_all_reduce && n % 2 != 0) continue;
        CAPTURE(static_cast<int>(kind), n, d);
        CollectiveSpec s = spec(kind, n);
        s.coordinates = d;
        CollectiveRun run = disordered(s);
        run.run();
        REQUIRE(run.finished() == n);
        for (std::uint32_t rank = 0; rank < n; ++rank) REQUIRE(run.result(rank) == run.everything());
        CHECK(run.bits() == 2 * (n - 1) * d * 8);
      }
}

TEST_CASE("a message has the bits of what it carries", "[sim][collectives]") {
  // The sizes follow from the papers' own words on what is sent (carried_by), for ranks that divide the coordinates and that do not.
  for (const CollectiveKind kind : kKinds)
    for (const std::uint32_t n : {1U, 2U, 6U, 7U, 16U}) {
      CAPTURE(static_cast<int>(kind), n);
      const CollectiveSpec s = spec(kind, n);
      CollectiveRun run = disordered(s);
      run.run();
      const std::uint64_t each = test::is_gather(kind) ? s.payload_bits() : s.bits_per_coordinate;
      for (const CollectiveRun::Sent& m : run.sent())
        REQUIRE(m.bits == each * test::carried_by(s, {.from = m.from, .to = m.to, .bits = m.bits, .step = m.step}).size);
    }
}

TEST_CASE("collectives send as many messages and bits as is said of them, each message once", "[sim][collectives]") {
  // Counting, with the bits of the table of the closed forms: a reduce or broadcast moves a payload over each of n − 1 edges, an
  // all-gather every payload to n − 1 ranks, an all-reduce twice what a reduce does.
  for (const CollectiveKind kind : kKinds) {
    CAPTURE(static_cast<int>(kind));
    constexpr std::uint32_t n = 13;
    const CollectiveSpec s = spec(kind, n, 4);
    CollectiveRun run = disordered(s);
    run.run();
    CHECK(run.sent().size() == message_count(s));
    CHECK(run.bits() == total_bits(s));
    const bool all_reduces = std::find(kAllReduces.begin(), kAllReduces.end(), kind) != kAllReduces.end();
    CHECK(run.bits() == (n - 1) * s.payload_bits() * (test::is_gather(kind) ? n : all_reduces ? 2 : 1));
    std::vector<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>> names;
    for (const CollectiveRun::Sent& m : run.sent()) names.emplace_back(m.from, m.to, m.step);
    std::sort(names.begin(), names.end());
    CHECK(std::adjacent_find(names.begin(), names.end()) == names.end());
  }
}

TEST_CASE("messages of the collectives of thirteen ranks", "[sim][collectives]") {
  // Hand count. Halving and doubling: p = 8, so 5 ranks fold and unfold, and 8 exchange in 3 + 3 rounds: 10 + 48. Two levels, groups of
  // 2, 2, 2, 2, 2, 2 and 1: 6 up, a ring of 7 with 2 · 7 · 6, 6 down. Bruck: 4 rounds of 13.
  CHECK(message_count(spec(CollectiveKind::ring_all_reduce, 13)) == 312);
  CHECK(message_count(spec(CollectiveKind::halving_doubling_all_reduce, 13)) == 58);
  CHECK(message_count(spec(CollectiveKind::tree_all_reduce, 13)) == 24);
  CHECK(message_count(spec(CollectiveKind::two_level_all_reduce, 13)) == 96);
  CHECK(message_count(spec(CollectiveKind::bruck_all_gather, 13)) == 52);
  CHECK(message_count(spec(CollectiveKind::ring_all_gather, 13)) == 156);
  CHECK(message_count(spec(CollectiveKind::tree_broadcast, 13)) == 12);
}

TEST_CASE("the root that the data decides has the least value", "[sim][collectives]") {
  // Hand: the lowest rank wins ties, a NaN counts as infinite and loses to infinity by its rank alone.
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double inf = std::numeric_limits<double>::infinity();
  CHECK(best_rank({3, 1, 2}) == 1);
  CHECK(best_rank({2, 1, 1}) == 1);
  CHECK(best_rank({nan, 5, 4}) == 2);
  CHECK(best_rank({nan, inf}) == 0);
  CHECK(best_rank({inf, nan}) == 0);
  CHECK(best_rank({nan}) == 0);
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
    CollectiveSpec s = spec(kind, n);
    for (std::uint32_t rank = 0; rank < n; ++rank) s.groups[rank] = rank / 100;
    const std::unique_ptr<Collective> operation = make_collective(s);
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
    // No collective of four ranks with root 1 begins with a message from 0 to 2.
    CHECK_THROWS_AS(operation->receive({.from = 0, .to = 2, .bits = 8, .step = 0}, out), BrokenInvariant);
    CHECK_THROWS_AS(operation->receive({.from = 4, .to = 1, .bits = 8, .step = 0}, out), BrokenInvariant);
  }
  CHECK_THROWS_AS(make_collective({.kind = CollectiveKind::tree_reduce, .ranks = 0, .root = 0}), BrokenInvariant);
  CHECK_THROWS_AS(make_collective({.kind = CollectiveKind::tree_reduce, .ranks = 3, .root = 3}), BrokenInvariant);
}
