#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "sim/base/state.hpp"

/// Collective operations as message schedules, without network, time or values: who sends how many bits to whom, and after what.
///
/// Over n ranks, a payload of M bits, an empty network with one port per rank (latency α, bandwidth β) and all ranks joining at 0
/// (Thakur, Rabenseifner, Gropp, IJHPCA 2005):
///   ring all-reduce of d coordinates, b bits each   2(n−1) (α + ⌈d/n⌉ b/β)   2(n−1) d b bits in all
///   ring all-gather                                 (n−1) (α + M/β)          n(n−1) M bits
///   tree broadcast, tree reduce                     ⌈log2 n⌉ (α + M/β)       (n−1) M bits
///   flat broadcast, flat reduce                     (n−1) (α + M/β)          (n−1) M bits
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
/// needs, with no hidden barrier. Messages may arrive in any order, each once. What is appended is sent in that order.
/// A rank out of range, a second join of a rank that contributes, and a message nobody sent break an invariant. O(n) memory in all.
class Collective {
 public:
  virtual ~Collective() = default;
  /// The rank has its own contribution; appends what it can now send. In a broadcast only the root contributes: other ranks need not
  /// join, and their joins change nothing.
  virtual void join(std::uint32_t rank, std::vector<CollectiveMessage>& out) = 0;
  /// A message arrived; appends what its receiver can now send. Payloads that are only passed on (broadcast, all-gather) keep the
  /// size they arrived with, so the caller may set the size of a contribution on what `join` appended.
  virtual void receive(const CollectiveMessage& m, std::vector<CollectiveMessage>& out) = 0;
  /// The rank has its result, or, in a reduce, has passed on its part to a rank nearer to the root.
  [[nodiscard]] virtual bool done(std::uint32_t rank) const = 0;
  /// Ranks that are done.
  [[nodiscard]] virtual std::size_t finished() const = 0;
  /// Restores into any object of the same spec.
  virtual void visit_state(StateVisitor& v) = 0;
};

enum class CollectiveKind : std::uint32_t { ring_all_reduce, ring_all_gather, tree_broadcast, flat_broadcast, tree_reduce, flat_reduce };

/// A collective and its size. The payload is the vector that is reduced or broadcast, or what each rank gives to an all-gather:
/// coordinates × bits_per_coordinate (a payload that is no vector: that many coordinates of 1 bit). Only the ring all-reduce cuts it.
struct CollectiveSpec {
  CollectiveKind kind = CollectiveKind::ring_all_reduce;
  std::uint32_t ranks = 1;  ///< n ≥ 1
  std::uint32_t root = 0;   ///< of a broadcast or reduce
  std::uint64_t coordinates = 0;
  std::uint64_t bits_per_coordinate = 32;
  std::vector<std::uint64_t> buckets{};  ///< coordinates: one such operation for each (BucketedCollective); empty: it is one

  [[nodiscard]] std::uint64_t payload_bits() const { return coordinates * bits_per_coordinate; }
  void visit_state(StateVisitor& v) {
    v("kind", kind);
    v("ranks", ranks);
    v("root", root);
    v("coordinates", coordinates);
    v("bits_per_coordinate", bits_per_coordinate);
    v("buckets", buckets);
  }
};

/// True for the operations after which every rank has the sum of a vector.
[[nodiscard]] bool is_all_reduce(CollectiveKind kind);

/// A fresh operation that no rank has joined.
[[nodiscard]] std::unique_ptr<Collective> make_collective(const CollectiveSpec& spec);

}  // namespace peloton
