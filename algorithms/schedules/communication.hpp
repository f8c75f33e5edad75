#pragma once

#include <limits>
#include <optional>
#include <vector>

#include "sim/base/options.hpp"

namespace peloton {

/// H = 1
struct EveryStepSchedule {
  static constexpr std::string_view kind = "every_step";
  static constexpr std::string_view help = "a round after every local step";
  static auto fields() { return options(); }
};

/// H local steps in each round. With T steps in all the last round is the shorter one where H does not divide T.
struct FixedSchedule {
  static constexpr std::string_view kind = "fixed";
  static constexpr std::string_view help = "the same number of local steps in each round";
  Count steps = 10;
  std::optional<Count> total;
  static auto fields() {
    return options(field("steps", &FixedSchedule::steps, at_least(1), "H, local steps in a round"),
                   field("total", &FixedSchedule::total, at_least(1), "T, local steps in all; absent: until the run stops"));
  }
};

/// H_r ≈ a (r + 1) with R rounds for T steps: τ_r = ⌊a r (r + 1) / 2⌋, a = 2T / (R (R + 1)) (Spiridonoff et al., NeurIPS 2021).
struct GrowingSchedule {
  static constexpr std::string_view kind = "growing";
  static constexpr std::string_view help = "rounds that grow linearly: τ_r = ⌊T r (r + 1) / (R (R + 1))⌋";
  Count total = 1000;
  std::optional<Count> rounds;
  static auto fields() {
    return options(field("total", &GrowingSchedule::total, at_least(1), "T, local steps in all"),
                   field("rounds", &GrowingSchedule::rounds, between(1, 1e7), "R, rounds in all; absent: as many as workers"));
  }
};

/// One averaging after T local steps.
struct OneShotSchedule {
  static constexpr std::string_view kind = "one_shot";
  static constexpr std::string_view help = "one averaging, at the end";
  Count total = 1000;
  static auto fields() { return options(field("total", &OneShotSchedule::total, at_least(1), "T, local steps in all")); }
};

using CommunicationSchedule = OneOf<"kind", EveryStepSchedule, FixedSchedule, GrowingSchedule, OneShotSchedule>;

/// The communication times 0 = τ_0 < τ_1 < … of a schedule, as the lengths of the rounds between them. T, where there is one, is the last.
class CommunicationTimes {
 public:
  CommunicationTimes() = default;
  /// Times that coincide (a growing schedule with rounds shorter than a step) count once: there are then fewer than R rounds.
  CommunicationTimes(const CommunicationSchedule& schedule, std::size_t workers);

  /// Local steps of round r = 0, 1, …; nothing when T steps have been taken.
  [[nodiscard]] std::optional<std::uint64_t> steps(std::uint64_t round) const;
  /// The most local steps of a round.
  [[nodiscard]] std::uint64_t most_steps() const;

 private:
  std::uint64_t each_ = 1;                                           ///< H
  std::uint64_t total_ = std::numeric_limits<std::uint64_t>::max();  ///< T
  std::vector<std::uint64_t> times_;                                 ///< τ_0, τ_1, …, where rounds differ in length
};

}  // namespace peloton
