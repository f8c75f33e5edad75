#pragma once

#include <optional>
#include <span>
#include <string>

#include "sim/base/options.hpp"
#include "sim/collectives/collective.hpp"
#include "sim/topology/topology.hpp"

namespace peloton {

struct RingReduction {
  static constexpr std::string_view kind = "ring";
  static constexpr std::string_view help = "reduce-scatter and all-gather round a ring: 2(n−1) steps of M/n";
  static auto fields() { return options(); }
};

struct HalvingDoublingReduction {
  static constexpr std::string_view kind = "halving_doubling";
  static constexpr std::string_view help = "recursive halving and doubling: 2 log2 n steps of M/2, M/4, …";
  static auto fields() { return options(); }
};

struct TreeReduction {
  static constexpr std::string_view kind = "tree";
  static constexpr std::string_view help = "up a binomial tree and down again: 2 log2 n steps of M";
  static auto fields() { return options(); }
};

/// How the ranks of a group become one towards the other groups.
enum class WithinGroup : std::uint8_t { root, scatter };
template <>
struct EnumNames<WithinGroup> {
  static constexpr std::array names = {std::pair{std::string_view("root"), WithinGroup::root},
                                       std::pair{std::string_view("scatter"), WithinGroup::scatter}};
};

/// Under the name that the context asks for.
template <FixedString Name>
struct TwoLevel {
  static constexpr std::string_view kind = Name.view();
  static constexpr std::string_view help = "within groups first, then between them: racks, or groups of a given size";

  std::optional<Count> group_size;
  WithinGroup within = WithinGroup::root;
  OneOf<"name", RingReduction, HalvingDoublingReduction, TreeReduction> between;

  static auto fields() {
    return options(field("group_size", &TwoLevel::group_size, at_least(1),
                         "consecutive workers of a group, the last perhaps smaller (default: the workers of a rack)"),
                   field("within", &TwoLevel::within,
                         "root: up and down a tree to the group's first worker, which alone speaks to other groups; scatter: each worker "
                         "sums up and speaks for a part, round a ring (groups of one size)"),
                   field("between", &TwoLevel::between, "all-reduce between the groups"));
  }
};

using TwoLevelReduction = TwoLevel<"two_level">;

/// The all-reduces by name: "ring", {"name": "two_level", "group_size": 8}. The first is the default.
using AllReduceSpec = OneOf<"name", RingReduction, HalvingDoublingReduction, TreeReduction, TwoLevelReduction>;

/// The all-reduce of a vector among workers of a cluster, in order of their numbers.
class AllReduce {
 public:
  explicit AllReduce(const AllReduceSpec& spec) : spec_(spec) {}

  /// Finds the groups where there are two levels. Workers that stand in no rack, and groups that cannot scatter: InputErrors below `place`,
  /// the spec's own.
  void validate(const Topology& topology, const Place& place);
  /// The operation of those workers, ascending, on a vector of so many coordinates; after `validate`. Where the loss of workers has left
  /// groups of different sizes, each speaks through its first worker ("within": "root").
  [[nodiscard]] CollectiveSpec collective(std::span<const NodeId> workers, std::uint64_t coordinates,
                                          std::uint64_t bits_per_coordinate) const;
  /// "two_level all-reduce: 4 groups of 8, ring between them".
  [[nodiscard]] std::string note() const;

 private:
  void find_groups(const Topology& topology, const TwoLevelReduction& options, const Place& place);

  AllReduceSpec spec_;
  std::vector<std::uint32_t> groups_;  ///< by worker, of two levels
  std::vector<std::size_t> group_sizes_;
};

}  // namespace peloton
