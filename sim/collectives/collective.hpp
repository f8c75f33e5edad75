#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "sim/base/state.hpp"

/// Collective operations as message schedules, without network, time or values: who sends how many bits to whom, and after what.
///
/// Over n ranks, a payload of M = d b bits (d coordinates of b bits), an empty network with one port per rank (latency α, bandwidth β) and
/// all ranks joining at 0; p = 2^⌊log2 n⌋, G groups of g ranks (Thakur, Rabenseifner, Gropp, IJHPCA 2005):
///   ring all-reduce               2(n−1) (α + ⌈d/n⌉ b/β)                                                 2(n−1) M bits in all
///   halving–doubling all-reduce   2 log2(p) α + 2 (1 − 1/p) M/β, and 2 (α + M/β) more where n > p        2(n−1) M   (d a multiple of p)
///   tree all-reduce               2 ⌈log2 n⌉ (α + M/β)                                                   2(n−1) M
///   two-level all-reduce          2 ⌈log2 g⌉ (α + M/β) + that of M over G ranks                          2(n−1) M
///   the same, scattered           2(g−1) (α + M/(g β)) + that of M/g over G ranks                        2(n−1) M   (d a multiple of g)
///   ring reduce-scatter, ring all-gather of its chunks   (n−1) (α + ⌈d/n⌉ b/β)                           (n−1) M
///   ring all-gather               (n−1) (α + M/β)                                                        n(n−1) M
///   Bruck all-gather              ⌈log2 n⌉ α + (n−1) M/β                                                 n(n−1) M
///   tree broadcast, tree reduce   ⌈log2 n⌉ (α + M/β)                                                     (n−1) M
///   flat broadcast, flat reduce   (n−1) (α + M/β)                                                        (n−1) M
/// Where n is no power of two a tree reduce takes less: a rank hears two children at once. The flat ones send all at once: where messages
/// share links, in α + (n−1) M/β.
///
/// A broadcast whose root the data decides is an all-gather of one number from each rank, followed by a broadcast: every rank that has
/// all numbers knows the root (best_rank), and the root begins when it does. Its time is the sum of the two.
namespace peloton {

/// One message of a collective; `step` tells the receiver which.
struct CollectiveMessage {
  std::uint32_t from = 0;
  std::uint32_t to = 0;
  std::uint64_t bits = 0;
  std::uint32_t step = 0;

  void visit_state(StateVisitor& v) {
    v("from", from);
    v("to", to);
    v("bits", bits);
    v("step", step);
  }
};

/// One collective operation as a state machine. Ranks join on their own time; a message goes out as soon as its sender has what it
/// needs (in a binomial broadcast when the child before has it, in halving–doubling and Bruck's algorithm when its receiver has got as
/// far), with no hidden barrier. Messages may arrive in any order, each once. What is appended is sent in that order, by the ranks that it
/// names.
/// A rank out of range, a second join of a rank that contributes, and a message nobody sent break an invariant. O(n) memory in all.
class Collective {
 public:
  virtual ~Collective() = default;
  /// The rank has its own contribution; appends what it can now send. In a broadcast only the root contributes: other ranks need not
  /// join, and their joins change nothing.
  virtual void join(std::uint32_t rank, std::vector<CollectiveMessage>& out) = 0;
  /// A message arrived; appends what its receiver can now send. Payloads that are only passed on (see keeps_sizes) keep the
  /// size they arrived with, so the caller may set the size of a contribution on what `join` appended.
  virtual void receive(const CollectiveMessage& m, std::vector<CollectiveMessage>& out) = 0;
  /// The rank has its result, or, in a reduce, has passed on its part to a rank nearer to the root.
  [[nodiscard]] virtual bool done(std::uint32_t rank) const = 0;
  /// Ranks that are done.
  [[nodiscard]] virtual std::size_t finished() const = 0;
  /// Restores into any object of the same spec.
  virtual void visit_state(StateVisitor& v) = 0;
};

enum class CollectiveKind : std::uint32_t {
  ring_all_reduce,
  ring_all_gather,
  tree_broadcast,
  flat_broadcast,
  tree_reduce,
  flat_reduce,
  ring_reduce_scatter,    ///< the first half of a ring all-reduce: rank r ends with the sum of chunk r + 1 mod n
  ring_chunk_all_gather,  ///< its second half, from there
  bruck_all_gather,
  halving_doubling_all_reduce,
  tree_all_reduce,
  two_level_all_reduce,            ///< sums up in each group, all-reduces among the groups' first ranks, broadcasts in each group
  scattered_two_level_all_reduce,  ///< reduce-scatters in groups of one size, all-reduces each chunk, gathers the chunks in each group
};

/// True for the broadcasts and the ring all-gather, whose payloads may have a size of their own.
[[nodiscard]] bool keeps_sizes(CollectiveKind kind);
/// A collective and its size. The payload is the vector that is reduced or broadcast, or what each rank gives to an all-gather:
/// coordinates × bits_per_coordinate (a payload that is no vector: that many coordinates of 1 bit). Where it is cut, it is cut into
/// chunks that differ by one coordinate at most, the larger ones first.
struct CollectiveSpec {
  CollectiveKind kind = CollectiveKind::ring_all_reduce;
  std::uint32_t ranks = 1;  ///< n ≥ 1
  std::uint32_t root = 0;   ///< of a broadcast or reduce
  std::uint64_t coordinates = 0;
  std::uint64_t bits_per_coordinate = 32;
  CollectiveKind between = CollectiveKind::ring_all_reduce;  ///< of two levels: an all-reduce of one level
  std::vector<std::uint32_t> groups{};                       ///< of two levels: the group of each rank, 0 … G − 1, none empty
  std::vector<std::uint64_t> buckets{};  ///< coordinates: one such operation for each (BucketedCollective); empty: it is one

  [[nodiscard]] std::uint64_t payload_bits() const { return coordinates * bits_per_coordinate; }
  void visit_state(StateVisitor& v) {
    v("kind", kind);
    v("ranks", ranks);
    v("root", root);
    v("coordinates", coordinates);
    v("bits_per_coordinate", bits_per_coordinate);
    v("between", between);
    v("groups", groups);
    v("buckets", buckets);
  }
};

/// True for the operations after which every rank has the sum of a vector.
[[nodiscard]] bool is_all_reduce(CollectiveKind kind);

/// A fresh operation that no rank has joined.
[[nodiscard]] std::unique_ptr<Collective> make_collective(const CollectiveSpec& spec);

/// Messages of the whole operation, empty ones included.
[[nodiscard]] std::uint64_t message_count(const CollectiveSpec& spec);
/// Bits of the whole operation, every payload as the spec says.
[[nodiscard]] std::uint64_t total_bits(const CollectiveSpec& spec);

/// Who broadcasts where the data decides: the rank of the least value. NaN counts as infinite; the lowest rank wins ties.
[[nodiscard]] std::size_t best_rank(const std::vector<double>& values);

}  // namespace peloton
