#pragma once

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

/// H local steps in each round.
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
                   field("rounds", &GrowingSchedule::rounds, at_least(1), "R, rounds in all; absent: as many as workers"));
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

/// The lengths of the rounds.
class CommunicationTimes {
 public:
  CommunicationTimes() = default;
  /// Times that coincide (rounds shorter than a step) count once; T is a communication time in any case.
  CommunicationTimes(const CommunicationSchedule& schedule, std::size_t workers);

  /// Local steps of round r = 0, 1, …; nothing when T steps have been taken.
  [[nodiscard]] std::optional<std::uint64_t> steps(std::uint64_t round) const;

 private:
  std::vector<std::uint64_t> times_;  ///< τ_0 = 0, τ_1, …, for schedules with an end
  std::uint64_t each_ = 0;            ///< H, for those without
};

}  // namespace peloton
