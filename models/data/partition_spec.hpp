#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "sim/base/options.hpp"

namespace peloton {

struct IidPartition {
  static constexpr std::string_view kind = "iid";
  static constexpr std::string_view help = "rows dealt to the workers at random, shard sizes equal to within one";
  static auto fields() { return options(); }
};

struct SortedPartition {
  static constexpr std::string_view kind = "sorted";
  static constexpr std::string_view help = "rows sorted by label (file order among equals), cut into equal consecutive shards";
  static auto fields() { return options(); }
};

struct ShardsPartition {
  static constexpr std::string_view kind = "shards";
  static constexpr std::string_view help =
      "rows sorted by label, cut into workers × classes_per_worker pieces, dealt at random (McMahan et al., AISTATS 2017)";
  Count classes_per_worker = 2;
  static auto fields() {
    return options(field("classes_per_worker", &ShardsPartition::classes_per_worker, at_least(1), "pieces a worker gets"));
  }
};

struct DirichletPartition {
  static constexpr std::string_view kind = "dirichlet";
  static constexpr std::string_view help =
      "each class is split over the workers in proportions drawn from Dirichlet(alpha) (Yurochkin et al., ICML 2019)";
  double alpha = 0.5;
  static auto fields() {
    return options(field("alpha", &DirichletPartition::alpha, kPositive, "concentration: small is skewed, large is even"));
  }
};

struct ExclusivePartition {
  static constexpr std::string_view kind = "exclusive";
  static constexpr std::string_view help =
      "class c goes to worker c mod workers; with more workers than classes, the workers w with w mod classes = c share class c evenly";
  static auto fields() { return options(); }
};

struct SimilarityPartition {
  static constexpr std::string_view kind = "similarity";
  static constexpr std::string_view help =
      "a share gamma of the rows dealt at random, the rest sorted by label and cut into consecutive runs; equal shards (Hsu et al., 2019; "
      "Karimireddy et al., ICML 2020)";
  Fraction gamma{0.1};
  static auto fields() {
    return options(field("gamma", &SimilarityPartition::gamma, between(0, 1), "share dealt at random: 0 is sorted, 1 is iid"));
  }
};

/// The law of the sizes of shards.
enum class ShardSizes : std::uint8_t { power_law, lognormal, shares };

template <>
struct EnumNames<ShardSizes> {
  static constexpr std::array names = {std::pair{std::string_view("power_law"), ShardSizes::power_law},
                                       std::pair{std::string_view("lognormal"), ShardSizes::lognormal},
                                       std::pair{std::string_view("shares"), ShardSizes::shares}};
};

/// Sizes are the nearest counts to weight · rows / Σ weights that add up (largest remainders, the lowest worker on ties), at least one row.
struct SizeSkewPartition {
  static constexpr std::string_view kind = "size_skew";
  static constexpr std::string_view help = "rows dealt at random into shards of unequal sizes";
  std::optional<ShardSizes> law;
  double exponent = 1;
  double sigma = 1;
  std::vector<double> shares;

  static auto fields() {
    return options(field("law", &SizeSkewPartition::law,
                         "power_law: worker w has weight (w + 1)^−exponent; lognormal: exp N(0, sigma²) for each worker; shares: as given. "
                         "Absent: shares when they are given, else power_law"),
                   field("exponent", &SizeSkewPartition::exponent, between(0, 100), "of the power law; 0: equal shards"),
                   field("sigma", &SizeSkewPartition::sigma, between(0, 100), "deviation of the logarithm of a lognormal weight"),
                   field("shares", &SizeSkewPartition::shares, "weights, one per worker, each > 0; scaled to a sum of 1"));
  }
  void validate(const Place& place) const;
  [[nodiscard]] ShardSizes sizes() const { return law.value_or(shares.empty() ? ShardSizes::power_law : ShardSizes::shares); }
};

struct DevicePartition {
  static constexpr std::string_view kind = "device";
  static constexpr std::string_view help = "the rows of device k go to worker k mod workers; for data whose rows know their device";
  static auto fields() { return options(); }
};

struct SharedPartition {
  static constexpr std::string_view kind = "shared";
  static constexpr std::string_view help = "every worker samples the whole training set";
  static auto fields() { return options(); }
};

using PartitionScheme = OneOf<"kind", IidPartition, SortedPartition, ShardsPartition, DirichletPartition, ExclusivePartition,
                              SimilarityPartition, SizeSkewPartition, DevicePartition, SharedPartition>;

/// When rows are dealt: once, or anew for each epoch.
enum class Reshuffle : std::uint8_t { never, epoch };

template <>
struct EnumNames<Reshuffle> {
  static constexpr std::array names = {std::pair{std::string_view("never"), Reshuffle::never},
                                       std::pair{std::string_view("epoch"), Reshuffle::epoch}};
};

/// `task.partition`: a scheme with the keys that all share. Rows that are dealt anew each epoch must be dealt at random alone: iid and
/// size_skew; the shards of the other schemes are made of labels or devices, which new rows would not keep.
struct PartitionSpec {
  PartitionScheme scheme;
  Reshuffle reshuffle = Reshuffle::never;

  PartitionSpec() = default;
  template <class Scheme>
  requires(std::is_convertible_v<Scheme, PartitionScheme>)
      PartitionSpec(Scheme of)  // NOLINT(google-explicit-constructor): reads as the scheme itself
      : scheme(std::move(of)) {}

  static auto fields() {
    return options(inlined(&PartitionSpec::scheme, "which rows a worker holds"),
                   field("reshuffle", &PartitionSpec::reshuffle,
                         "epoch: iid and size_skew shards are dealt anew each epoch, disjoint within one (as DistributedSampler does)"));
  }
  void validate(const Place& place) const;
};

}  // namespace peloton
