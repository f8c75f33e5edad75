#pragma once

#include <cstdint>
#include <vector>

#include "sim/base/random.hpp"
#include "sim/compute/time_law.hpp"
#include "sim/time.hpp"

namespace peloton {

/// Usual and slow phases that alternate in virtual time, for each of several entities independently: an alternating renewal process.
///
/// The phase at a time is a function of (seed, purpose, process, entity, time) alone. Where each entity's walk has got to is kept, so
/// that questions in ascending time cost O(1) per phase; a question about the past starts the walk again. This memory is no state of
/// a run and is not visited. Not for several threads at once.
class Phases {
 public:
  struct Spec {
    TimeLaw usual;            ///< lengths, at least 1 ns each
    TimeLaw slow;             ///< lengths, at least 1 ns each
    bool stationary = false;  ///< starts slow with probability E slow / (E usual + E slow), which for exponential lengths makes the
                              ///< process stationary; else every entity starts with a whole usual phase
  };
  struct Source {
    std::uint64_t seed = 1;
    Purpose purpose = Purpose::test;
    std::uint32_t process = 0;  ///< tells several processes of one purpose apart; below 2^20
  };

  Phases(Spec spec, std::size_t entities, Source source);

  struct Phase {
    bool slow = false;
    Time end;  ///< the phase lasts until here, exclusive
  };
  /// The phase that an entity is in at `t` ≥ 0.
  [[nodiscard]] Phase at(std::uint32_t entity, Time t) const;

 private:
  struct Walk {
    Time start;
    Time end;  ///< equal to start: not begun
    std::uint64_t number = 0;
    bool slow = false;
  };
  [[nodiscard]] Walk first(std::uint32_t entity) const;
  void advance(std::uint32_t entity, Walk& walk) const;
  [[nodiscard]] RandomStream stream(std::uint32_t entity, std::uint64_t number) const;
  [[nodiscard]] Time end_of(const Walk& walk, RandomStream& random) const;

  Spec spec_;
  Source source_;
  mutable std::vector<Walk> walks_;
};

}  // namespace peloton
