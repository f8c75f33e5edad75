#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/base/options.hpp"
#include "sim/node.hpp"

namespace peloton {

/// One group of slow workers: {"share": "20%", "slowdown": 5} or {"workers": [0, 3], "slowdown": 5}.
struct StragglerSpec {
  std::optional<Fraction> share;
  std::optional<std::vector<Count>> workers;
  double slowdown = 1;

  static auto fields() {
    return options(field("share", &StragglerSpec::share, between(0, 1), "share of the workers, picked at random"),
                   field("workers", &StragglerSpec::workers, "the workers by number, instead of a share"),
                   required("slowdown", &StragglerSpec::slowdown, kPositive, "factor on their compute times"));
  }
  void validate(const Place& place) const;
};

/// Which workers are stragglers, and by which factor. Holds 4 bytes per worker, nothing when there are no stragglers.
class Stragglers {
 public:
  /// Named workers come first; then each share picks round(share · n) of the others, in the order of the list. The shares cut one
  /// random order of the workers, which depends on (n, seed) alone: a larger first share holds the smaller one. A worker number out
  /// of range or named twice, and groups of more than all workers together, are InputErrors below `place`, the place of the list.
  Stragglers(const std::vector<StragglerSpec>& groups, std::size_t workers, std::uint64_t seed, const Place& place);

  [[nodiscard]] bool contains(NodeId worker) const { return !group_.empty() && group_[worker] != 0; }
  /// The factor on the compute times of a worker; 1 for those that are no stragglers.
  [[nodiscard]] double slowdown(NodeId worker) const { return group_.empty() ? 1.0 : slowdown_[group_[worker]]; }

 private:
  std::size_t assign_named(const std::vector<StragglerSpec>& groups, const Place& place);
  void assign_shares(const std::vector<StragglerSpec>& groups, std::uint64_t seed);

  std::vector<std::uint32_t> group_;  ///< of each worker, numbered from 1; 0: no straggler
  std::vector<double> slowdown_;      ///< of each group
};

}  // namespace peloton
